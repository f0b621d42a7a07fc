"""Fetches schemas that replies name and nobody knows yet, away from the user thread.

Guarantees: a batch in which every schema is known goes straight on; another waits, already
stamped, until a thread of its own has asked the registry, and then goes on whatever it said.
Assumes: ``take`` is called on the user thread, and so is what ``before`` returns.
"""

from collections.abc import Callable
from typing import TypeAlias

from gatlingpy.mailbox import Mailbox, Worker
from gatlingpy.protocols.kafka.clients import WireMessage
from gatlingpy.protocols.kafka.codecs.codec import Reader
from gatlingpy.protocols.kafka.codecs.frame import PREFIX, BareReader
from gatlingpy.spi import Services

TakeBatch: TypeAlias = Callable[[list[WireMessage], int], None]
"""Takes messages and when they were received (ns)."""

_Unread: TypeAlias = tuple[list[tuple[Reader, bytes]], TakeBatch, list[WireMessage], int]


class Learner:
    """Stands before those who take batches."""

    def __init__(self, services: Services) -> None:
        """No thread is started before a batch needs one."""
        self._services = services
        self._readers: list[tuple[str, Reader]] = []
        self._waiting: Mailbox[_Unread] | None = None
        self._worker: Worker | None = None

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
        if self._waiting is None:
            self._waiting = self._services.mailbox(0)
            self._worker = self._services.spawn("kafka-schemas", self._step, self._waiting.wake)
        self._waiting.put((unread, take, batch, received_ns))

    def _step(self) -> None:
        """Ask for what the next batches need.  Thread: its own."""
        if self._waiting is None:
            return
        for unread, take, batch, received_ns in self._waiting.take(None):
            for reader, start in unread:
                if not reader.knows(start):
                    reader.learn(start)
            self._services.post(take, batch, received_ns)

    def close(self) -> None:
        """Stop the thread.  Idempotent."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None
