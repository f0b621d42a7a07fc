"""A fake consumer: reads the partitions it is assigned, and may die."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random
from typing import Protocol

from gatlingpy.clock import Clock
from gatlingpy.errors import ProtocolError
from gatlingpy.protocols.kafka.clients import Place, WireMessage
from gatlingpy.testing.group import FakeGroup, Member
from gatlingpy.testing.truth import SentReply
from gatlingpy.testing.wire import AUTO_OFFSET_RESET, FATAL, FakeError, FakeMessage, Record


class ConsumerSide(Protocol):
    """What a consumer needs of its cluster."""

    clock: Clock
    dice: Random
    group: FakeGroup

    def wait_for(self, ready: Callable[[], bool], until_ns: int) -> None:
        """Return when ``ready`` says so, or at ``until_ns``."""

    def settle(self) -> None:
        """Let everything happen that is due."""

    def topics(self) -> Mapping[str, int]:
        """Return every topic and its number of partitions."""

    def read(
        self, topic: str, partition: int, offset: int
    ) -> list[tuple[FakeMessage, SentReply | None]]:
        """Return what a partition holds from an offset on."""

    def watermarks(self, topic: str, partition: int) -> tuple[int, int]:
        """Return the first offset kept and the next to be written."""


class FakeConsumer:
    """A consumer of a fake cluster (``clients.ConsumerClient``)."""

    def __init__(self, cluster: ConsumerSide, name: str, dies_ns: int | None) -> None:
        """It reads nothing yet; at ``dies_ns`` it reports that it is of no use any more."""
        self._cluster = cluster
        self.tell: Callable[[], None] = lambda: None
        """Tells of itself; called in each poll."""
        self.taken = 0
        """How many records it has given away."""
        self.topic = name
        """What it is called after: the topic, where it reads but one."""
        self._dies_ns = dies_ns
        self.died_ns: int | None = None
        """When it reported its death."""
        self.places: dict[Place, int] = {}
        """Where it reads on, of each partition that it reads."""
        self.commits = 0
        self.refusing = ""
        """Why the broker refuses commits; empty if it does not."""
        self._failures: list[str] = []
        self._member: Member | None = None
        self.closed = False

    @property
    def positions(self) -> dict[int, int]:
        """Where it reads on, by partition, of the one topic that it reads."""
        return {partition: offset for (_, partition), offset in self.places.items()}

    def assign(self, positions: Mapping[Place, int]) -> None:
        """Read these partitions, each from this offset."""
        self.places = dict(positions)

    def add(self, positions: Mapping[Place, int]) -> None:
        """Read these partitions as well, or from another offset."""
        self.places.update(positions)

    def drop(self, places: Iterable[Place]) -> Mapping[Place, int]:
        """Read these partitions no more; returns where reading got to."""
        return {place: self.places.pop(place) for place in places if place in self.places}

    def watermarks(self, place: Place) -> tuple[int, int]:
        """Return the first offset kept and the next to be written."""
        self._cluster.settle()
        return self._cluster.watermarks(*place)

    def poll(self, timeout: float) -> WireMessage | None:
        """Return a message, or ``None`` if none came in so many seconds."""
        if not self._has_something():
            until_ns = self._cluster.clock.now_ns() + round(timeout * 1e9)
            self._cluster.wait_for(self._has_something, until_ns)
        self._rebalance()
        self.tell()
        return next(iter(self._take(1)), None)

    def consume(self, most: int) -> list[WireMessage]:
        """Return the messages that are there already, at most so many."""
        return self._take(most)

    # --- commits and groups ----------------------------------------------------------------------

    def commit(
        self,
        *,
        wait: bool,  # noqa: ARG002 - it is known at once
        positions: Mapping[Place, int] | None = None,
    ) -> None:
        """Count the commits, and keep what they hold."""
        self.commits += 1
        if self.refusing:
            self._failures.append(self.refusing)
        else:
            self._cluster.group.committed |= self.places if positions is None else positions

    def committed(self, places: Sequence[Place]) -> Mapping[Place, int]:
        """Return the committed positions, of those that have one."""
        if self.refusing:
            raise ProtocolError(self.refusing)
        committed = self._cluster.group.committed
        return {place: committed[place] for place in places if place in committed}

    def commit_failures(self) -> list[str]:
        """Return why commits failed, since this was last asked."""
        failures, self._failures = self._failures, []
        return failures

    def subscribe(
        self,
        topics: Sequence[str],
        assigned: Callable[[Sequence[Place]], Mapping[Place, int]],
        revoked: Callable[[Sequence[Place]], None],
    ) -> None:
        """Have the group assign partitions of these topics."""
        existing = self._cluster.topics()
        self._member = Member({t: existing[t] for t in topics}, assigned, revoked)
        self._cluster.group.join(self._member)

    def _rebalance(self) -> None:
        if self._member is not None and self._member.moves is not None:
            self._member.revoked(list(self.places)) if self.places else None
            self.places = dict(self._member.assigned(self._member.moves))
            self._member.moves = None

    def close(self, limit_s: float = 1.0) -> None:  # noqa: ARG002 - it leaves at once
        """Read nothing any more."""
        if self._member is not None:
            self._cluster.group.leave(self._member)
            self._member = None
        self.closed = True

    # --- reading ---------------------------------------------------------------------------------

    def _is_dying(self) -> bool:
        return (
            self.died_ns is None
            and self._dies_ns is not None
            and self._cluster.clock.now_ns() >= self._dies_ns
        )

    def _has_something(self) -> bool:
        self._cluster.settle()
        moves = self._member is not None and self._member.moves is not None
        return moves or self._is_dying() or (self.died_ns is None and bool(self._unread()))

    def _unread(self) -> list[Place]:
        ends = {place: self._cluster.watermarks(*place) for place in self.places}
        return [p for p, at in self.places.items() if at < ends[p][1] or at < ends[p][0]]

    def _take(self, most: int) -> list[WireMessage]:
        taken: list[WireMessage] = []
        self._cluster.settle()
        while len(taken) < most and self.died_ns is None:
            unread = self._unread()
            if not unread:
                break
            taken.append(self._next(self._cluster.dice.choice(unread)))
            self.taken += 1
        if len(taken) < most and self._is_dying():
            self.died_ns = self._cluster.clock.now_ns()
            error = FakeError(FATAL, "Local: Fatal error", fatal=True)
            taken.append(FakeMessage(Record(self.topic, None, None, ()), -1, -1, error))
        return taken

    def _next(self, place: Place) -> WireMessage:
        (topic, partition), offset = place, self.places[place]
        low, high = self._cluster.watermarks(topic, partition)
        if offset < low:
            self.places[place] = high
            error = FakeError(AUTO_OFFSET_RESET, "Local: No offset to automatically reset to")
            return FakeMessage(Record(topic, None, None, ()), partition, offset, error)
        message, reply = self._cluster.read(topic, partition, offset)[0]
        self.places[place] = offset + 1
        if reply is not None:
            reply.read_ns = self._cluster.clock.now_ns()
        return message
