"""Records of one topic that came before anybody waited for them: bounded, and found by id.

Whoever takes a record, by its age or by an id in it, takes it for all: an entry that is gone stays
in the other queues as a husk until it is met, or until the husks outnumber the living and all are
swept.  So every operation takes the same time, however many records there are.
"""

from collections import deque
from typing import Final, Generic, TypeAlias, TypeVar

M = TypeVar("M")

MOST_BYTES: Final = 64 * 1024 * 1024
"""How many bytes of values wait for a topic's users at most, whatever their number."""
_SWEEP_ABOVE: Final = 1_024

Ids: TypeAlias = tuple[bytes | None, ...]
"""What each way to find a record found in it; ``None`` for nothing."""


class EarlyRecord(Generic[M]):
    """A record that nobody has taken yet, and when it was received."""

    __slots__ = ("ids", "is_gone", "message", "received_ns", "size")

    def __init__(self, message: M, received_ns: int, ids: Ids, size: int) -> None:
        """``size`` is that of its value, in bytes."""
        self.message = message
        self.received_ns = received_ns
        self.ids = ids
        self.size = size
        self.is_gone = False


class EarlyRecords(Generic[M]):
    """The early records of one topic.  Thread: one."""

    def __init__(self, most: int, ways: int, most_bytes: int = MOST_BYTES) -> None:
        """``most`` records are kept, or fewer of so many bytes; ``ways`` is the length of ids."""
        self._most = most
        self._most_bytes = most_bytes
        self._all: deque[EarlyRecord[M]] = deque()
        self._by_id: list[dict[bytes, deque[EarlyRecord[M]]]] = [{} for _ in range(ways)]
        self._count = 0
        self._bytes = 0
        self._husks = 0
        self.dropped = 0
        """How many made room for younger ones before anybody took them."""

    def __len__(self) -> int:
        return self._count

    def add(self, message: M, received_ns: int, ids: Ids, size: int) -> None:
        """Keep a record; the oldest ones make room for it."""
        record = EarlyRecord(message, received_ns, ids, size)
        self._all.append(record)
        self._count += 1
        self._bytes += size
        for index, found in zip(self._by_id, ids, strict=True):
            if found is not None:
                index.setdefault(found, deque()).append(record)
        while self._count > self._most or (self._bytes > self._most_bytes and self._count > 1):
            self.take()
            self.dropped += 1

    def take(self) -> EarlyRecord[M] | None:
        """Take the oldest record."""
        return self._first(self._all)

    def take_with(self, way: int, wanted: bytes) -> EarlyRecord[M] | None:
        """Take the oldest record in which this way found this id."""
        queue = self._by_id[way].get(wanted)
        if queue is None:
            return None
        record = self._first(queue)
        if not queue:
            self._by_id[way].pop(wanted, None)
        return record

    def _first(self, queue: deque[EarlyRecord[M]]) -> EarlyRecord[M] | None:
        while queue:
            record = queue.popleft()
            if not record.is_gone:
                self._gone(record)
                return record
        return None

    def _gone(self, record: EarlyRecord[M]) -> None:
        record.is_gone = True
        self._count -= 1
        self._bytes -= record.size
        self._husks += 1
        if self._husks > max(_SWEEP_ABOVE, self._count):
            self._sweep()

    def _sweep(self) -> None:
        """Forget the husks; those who hold a queue meanwhile find it emptied of them."""
        self._husks = 0
        _keep_living(self._all)
        for index in self._by_id:
            for found, queue in list(index.items()):
                _keep_living(queue)
                if not queue:
                    del index[found]


def _keep_living(queue: deque[EarlyRecord[M]]) -> None:
    living = [record for record in queue if not record.is_gone]
    queue.clear()
    queue.extend(living)
