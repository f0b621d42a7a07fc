"""A fake consumer: reads the partitions it is assigned, and may die."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Protocol

from gatlingpy.clock import Clock
from gatlingpy.protocols.kafka.clients import WireMessage
from gatlingpy.testing.truth import SentReply
from gatlingpy.testing.wire import AUTO_OFFSET_RESET, FATAL, FakeError, FakeMessage, Record


class ConsumerSide(Protocol):
    """What a consumer needs of its cluster."""

    clock: Clock
    dice: Random

    def wait_for(self, ready: Callable[[], bool], until_ns: int) -> None:
        """Return when ``ready`` says so, or at ``until_ns``."""

    def settle(self) -> None:
        """Let everything happen that is due."""

    def read(
        self, topic: str, partition: int, offset: int
    ) -> list[tuple[FakeMessage, SentReply | None]]:
        """Return what a partition holds from an offset on."""

    def watermarks(self, topic: str, partition: int) -> tuple[int, int]:
        """Return the first offset kept and the next to be written."""


class FakeConsumer:
    """A consumer of one topic of a fake cluster (``clients.ConsumerClient``)."""

    def __init__(self, cluster: ConsumerSide, topic: str, dies_ns: int | None) -> None:
        """It reads nothing yet; at ``dies_ns`` it reports that it is of no use any more."""
        self._cluster = cluster
        self.topic = topic
        self._dies_ns = dies_ns
        self.died_ns: int | None = None
        """When it reported its death."""
        self.positions: dict[int, int] = {}
        self.commits = 0
        self.closed = False

    def assign(self, positions: Mapping[int, int]) -> None:
        """Read these partitions, each from this offset."""
        self.positions = dict(positions)

    def add(self, positions: Mapping[int, int]) -> None:
        """Read these partitions as well, or from another offset."""
        self.positions.update(positions)

    def watermarks(self, partition: int) -> tuple[int, int]:
        """Return the first offset kept and the next to be written."""
        self._cluster.settle()
        return self._cluster.watermarks(self.topic, partition)

    def poll(self, timeout: float) -> WireMessage | None:
        """Return a message, or ``None`` if none came in so many seconds."""
        if not self._has_something():
            until_ns = self._cluster.clock.now_ns() + round(timeout * 1e9)
            self._cluster.wait_for(self._has_something, until_ns)
        return next(iter(self._take(1)), None)

    def consume(self, most: int) -> list[WireMessage]:
        """Return the messages that are there already, at most so many."""
        return self._take(most)

    def commit(self) -> None:
        """Count the commits."""
        self.commits += 1

    def close(self) -> None:
        """Read nothing any more."""
        self.closed = True

    def _is_dying(self) -> bool:
        return (
            self.died_ns is None
            and self._dies_ns is not None
            and self._cluster.clock.now_ns() >= self._dies_ns
        )

    def _has_something(self) -> bool:
        self._cluster.settle()
        return self._is_dying() or (self.died_ns is None and bool(self._unread()))

    def _unread(self) -> list[int]:
        ends = {p: self._cluster.watermarks(self.topic, p) for p in self.positions}
        return [p for p, at in self.positions.items() if at < ends[p][1] or at < ends[p][0]]

    def _take(self, most: int) -> list[WireMessage]:
        taken: list[WireMessage] = []
        self._cluster.settle()
        while len(taken) < most and self.died_ns is None:
            unread = self._unread()
            if not unread:
                break
            taken.append(self._next(self._cluster.dice.choice(unread)))
        if len(taken) < most and self._is_dying():
            self.died_ns = self._cluster.clock.now_ns()
            error = FakeError(FATAL, "Local: Fatal error", fatal=True)
            taken.append(FakeMessage(Record(self.topic, None, None, ()), -1, -1, error))
        return taken

    def _next(self, partition: int) -> WireMessage:
        offset = self.positions[partition]
        low, high = self._cluster.watermarks(self.topic, partition)
        if offset < low:
            self.positions[partition] = high
            error = FakeError(AUTO_OFFSET_RESET, "Local: No offset to automatically reset to")
            return FakeMessage(Record(self.topic, None, None, ()), partition, offset, error)
        message, reply = self._cluster.read(self.topic, partition, offset)[0]
        self.positions[partition] = offset + 1
        if reply is not None:
            reply.read_ns = self._cluster.clock.now_ns()
        return message
