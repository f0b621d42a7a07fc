"""Fetches schemas that replies name and nobody knows yet, away from the user thread.

Guarantees: a batch in which every schema is known goes straight on; another waits, already
stamped, until a thread of its own has asked the registry, and then goes on whatever it said.
Since when batches wait is told, so that nobody takes a reply in them for one that did not come.
Assumes: ``take`` is called on the user thread, and so is what ``before`` returns.
"""

from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import TypeAlias

from gatlingpy.mailbox import Mailbox, Worker
from gatlingpy.protocols.kafka.clients import WireMessage
from gatlingpy.protocols.kafka.codecs.codec import Reader
from gatlingpy.protocols.kafka.codecs.frame import PREFIX, BareReader
from gatlingpy.spi import Services
from gatlingpy.tracking.alarm import NOTHING_UNREAD

TakeBatch: TypeAlias = Callable[[list[WireMessage], int], None]
"""Takes messages and when they were received (ns)."""

_Unread: TypeAlias = tuple[list[tuple[Reader, bytes]], TakeBatch, list[WireMessage], int]


class Learner:
    """Stands before those who take batches."""

    def __init__(self, services: Services) -> None:
        """No thread is started before a batch needs one."""
        self._services = services
        self._readers: list[tuple[str, Reader]] = []
        self._held: deque[int] = deque()
        """When the batches that wait were received, as they will go on.  Thread: user."""
        self._lock = Lock()
        self._waiting: Mailbox[_Unread] | None = None
        self._worker: Worker | None = None
        self._closed = False

    def unread_since_ns(self) -> int:
        """Return when the oldest batch that waits was received, or ``NOTHING_UNREAD``."""
        return min(self._held, default=NOTHING_UNREAD)

    def watch(self, topic: str, reader: Reader) -> None:
        """Take note of who reads a topic; an empty one is any topic."""
        if not isinstance(reader, BareReader) and (topic, reader) not in self._readers:
            self._readers.append((topic, reader))

    def before(self, take: TakeBatch) -> TakeBatch:
        """Return what takes batches, and passes them on once they can be read."""
        readers = self._readers

        def learn_then_take(batch: list[WireMessage], received_ns: int) -> None:
            if readers:
                starts = {value[:PREFIX] for message in batch if (value := message.value())}
                if not all(reader.knows(start) for start in starts for _, reader in readers):
                    unread = self._unread(batch)
                    if unread:
                        self._await(unread, take, batch, received_ns)
                        return
            take(batch, received_ns)

        return learn_then_take

    def _unread(self, batch: list[WireMessage]) -> list[tuple[Reader, bytes]]:
        """Return who must learn what: only those who read the topic that it came from."""
        found: dict[tuple[int, bytes], tuple[Reader, bytes]] = {}
        for message in batch:
            start, topic = (message.value() or b"")[:PREFIX], message.topic()
            for wanted, reader in self._readers:
                if wanted in {"", topic} and not reader.knows(start):
                    found[id(reader), start] = reader, start
        return list(found.values())

    def _await(
        self,
        unread: list[tuple[Reader, bytes]],
        take: TakeBatch,
        batch: list[WireMessage],
        received_ns: int,
    ) -> None:
        with self._lock:  # or closing could miss a thread that is just being started
            if not self._closed:
                if self._waiting is None:
                    self._waiting = self._services.mailbox(0)
                    self._worker = self._services.spawn(
                        "kafka-schemas", self._step, self._waiting.wake
                    )
                self._held.append(received_ns)
                self._waiting.put((unread, take, batch, received_ns))
                return
        take(batch, received_ns)

    def _step(self) -> None:
        """Ask for what the next batches need.  Thread: its own."""
        if self._waiting is None:
            return
        for unread, take, batch, received_ns in self._waiting.take(None):
            for reader, start in unread:
                if not self._closed and not reader.knows(start):
                    reader.learn(start)
            self._services.post(self._pass_on, take, batch, received_ns)

    def _pass_on(self, take: TakeBatch, batch: list[WireMessage], received_ns: int) -> None:
        self._held.popleft()
        take(batch, received_ns)

    def close(self) -> None:
        """Stop the thread, and pass on what it has not come to, unread.  Idempotent."""
        with self._lock:
            self._closed = True
        if self._worker is not None:
            self._worker.close()
            self._worker = None
        if self._waiting is not None:
            for _, take, batch, received_ns in self._waiting.take_now():
                self._services.post(self._pass_on, take, batch, received_ns)
