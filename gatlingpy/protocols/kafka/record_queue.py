"""The records of one topic and the users who wait for them: each record goes to one of them.

A record goes to the user who waits for its id, else to whoever has waited longest for any record,
else it waits itself (``early_records.py``).  A user whose request has ended is passed over, so no
record is lost to one that waits no more.
"""

from collections import deque
from collections.abc import Callable, Hashable, Mapping
from typing import Final, TypeAlias

from gatlingpy.errors import CheckFailed
from gatlingpy.protocols.kafka.clients import WireMessage
from gatlingpy.protocols.kafka.early_records import EarlyRecords, Ids
from gatlingpy.protocols.kafka.reply import Reply
from gatlingpy.spi import Message
from gatlingpy.tracking.ids import as_id
from gatlingpy.tracking.pending import Pending

_SWEEP_ABOVE: Final = 1_024

Read: TypeAlias = Callable[[Message], object]
"""Finds an id in a record, or MISSING; raises CheckFailed for one that cannot be read."""
Offer: TypeAlias = Callable[[Pending, int, WireMessage], bool]
"""Gives a record, received then, to a user; tells whether it was taken (``Tracker.offered``)."""


class RecordQueue:
    """One topic's records and waiting users.  Thread: user."""

    def __init__(
        self,
        ways: Mapping[Hashable, Read],
        most_early: int,
        offer: Offer,
        is_waiting: Callable[[Pending], bool],
    ) -> None:
        """``ways`` are all the ways in which users look for their own record."""
        self._offer = offer
        self._is_waiting = is_waiting
        self._reads = tuple(ways.values())
        self._way_of = {way: number for number, way in enumerate(ways)}
        self._early: EarlyRecords[WireMessage] = EarlyRecords(most_early, len(ways))
        self._waiting: deque[Pending] = deque()
        self._waiting_for: list[dict[bytes, deque[Pending]]] = [{} for _ in ways]
        self._entries = 0
        self._sweep_above = _SWEEP_ABOVE
        self.taken = 0
        """How many records users have taken."""
        self.unreadable = 0
        """How often a record could not be read where an id was looked for in it."""

    @property
    def untaken(self) -> int:
        """How many records wait for nobody, those included that were dropped."""
        return len(self._early) + self._early.dropped

    @property
    def dropped(self) -> int:
        """How many of them were dropped to make room."""
        return self._early.dropped

    # --- users -----------------------------------------------------------------------------------

    def serve(self, pending: Pending, way: Hashable = None, wanted: bytes = b"") -> None:
        """Give a user a record that is there, or let it wait; for its own if ``way`` is given."""
        number = None if way is None else self._way_of[way]
        early = self._early
        record = early.take() if number is None else early.take_with(number, wanted)
        if record is not None:
            self.taken += self._offer(pending, record.received_ns, record.message)
            return
        if number is None:
            self._waiting.append(pending)
        else:
            self._waiting_for[number].setdefault(wanted, deque()).append(pending)
        self._entries += 1
        if self._entries > self._sweep_above:
            self._sweep()

    def _sweep(self) -> None:
        """Forget users whose requests have ended."""
        _keep(self._waiting, self._is_waiting)
        self._entries = len(self._waiting)
        for waiting_for in self._waiting_for:
            for wanted, queue in list(waiting_for.items()):
                _keep(queue, self._is_waiting)
                self._entries += len(queue)
                if not queue:
                    del waiting_for[wanted]
        self._sweep_above = max(_SWEEP_ABOVE, 2 * self._entries)

    # --- records ---------------------------------------------------------------------------------

    def received(self, batch: list[WireMessage], received_ns: int) -> None:
        """Give each record to a user, or keep it."""
        for message in batch:
            ids = self._ids(message) if self._reads else ()
            if not self._is_taken(message, received_ns, ids):
                size = len(message.value() or b"")
                self._early.add(message, received_ns, ids, size)

    def _ids(self, message: WireMessage) -> Ids:
        record = Reply(message)
        return tuple([self._id(read, record) for read in self._reads])

    def _id(self, read: Read, record: Message) -> bytes | None:
        try:
            return as_id(read(record))
        except CheckFailed:
            self.unreadable += 1
            return None

    def _is_taken(self, message: WireMessage, received_ns: int, ids: Ids) -> bool:
        for waiting_for, found in zip(self._waiting_for, ids, strict=True):
            queue = waiting_for.get(found) if found is not None else None
            if queue is None:
                continue
            taken = self._is_given(queue, message, received_ns)
            if not queue and waiting_for.get(found) is queue:  # type: ignore[arg-type]
                del waiting_for[found]  # type: ignore[arg-type]
            if taken:
                return True
        return self._is_given(self._waiting, message, received_ns)

    def _is_given(self, queue: deque[Pending], message: WireMessage, received_ns: int) -> bool:
        """Give a record to the first who still waits."""
        while queue:
            self._entries -= 1
            if self._offer(queue.popleft(), received_ns, message):
                self.taken += 1
                return True
        return False


def _keep(queue: deque[Pending], is_waiting: Callable[[Pending], bool]) -> None:
    living = [pending for pending in queue if is_waiting(pending)]
    queue.clear()
    queue.extend(living)
