"""A fake cluster with a system behind it, which answers, and the truth about what both did.

It stands where librdkafka stands (``protocols.kafka.clients``).  Nothing happens but by its clock:
acks, writes and replies are events at moments that dice choose, and take place when a client next
looks.  The cluster is driven by one thread.
"""

import heapq
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Final, Protocol

from gatlingpy.clock import Clock
from gatlingpy.protocols.kafka.clients import (
    ConsumerClient,
    Place,
    ProducerClient,
    TransactionalClient,
)
from gatlingpy.testing.consumer import FakeConsumer
from gatlingpy.testing.group import FakeGroup
from gatlingpy.testing.producer import FakeProducer
from gatlingpy.testing.transaction import FakeTransactionalProducer
from gatlingpy.testing.truth import Conduct, Sending, SentReply
from gatlingpy.testing.wire import FakeMessage, Record

_FOREIGN_ID: Final = b"gp-0123456789-1-2a"
_UNKNOWN_ID: Final = b"nobody-sent-this"
_STRAYS: Final = (None, b"", _FOREIGN_ID, _UNKNOWN_ID)


class Waiting(Protocol):
    """How a client waits; simulated threads let others play."""

    def wait_for(self, ready: Callable[[], bool], until_ns: int | None) -> None:
        """Return when ``ready`` says so, or at ``until_ns``."""


class NoWaiting:
    """Clients that return at once with what there is."""

    def wait_for(self, ready: Callable[[], bool], until_ns: int | None) -> None:
        """Return at once."""


class FakeCluster:
    """Topics, producers and consumers, and a system that answers (``clients.Cluster``)."""

    def __init__(
        self,
        clock: Clock,
        topics: Mapping[str, int],
        conduct: Conduct | None = None,
        *,
        answers: Mapping[str, str] | None = None,
        dice: Random | None = None,
        waiting: Waiting | None = None,
        header: str = "correlationId",
    ) -> None:
        """``answers`` says on which topic the requests of a topic are answered."""
        self.clock = clock
        self.conduct = conduct or Conduct()
        self.dice = dice or Random(0)
        self.wait_for = (waiting or NoWaiting()).wait_for
        self.sendings: list[Sending] = []
        """The truth: every message that a producer was given, in order."""
        self.strays: list[SentReply] = []
        """The truth: every reply that belongs to nobody."""
        self.producers: list[FakeProducer] = []
        self.consumers: list[FakeConsumer] = []
        self.group = FakeGroup()
        self._answers = dict(answers or {})
        self.header = header
        self._topics = dict(topics)
        self._logs: dict[tuple[str, int], list[tuple[FakeMessage, SentReply | None]]] = {}
        self._first: dict[tuple[str, int], int] = {}
        self._events: list[tuple[int, int, Callable[[], None]]] = []
        self._sequence = 0

    # --- clients.Cluster -------------------------------------------------------------------------

    def topics(self) -> Mapping[str, int]:
        """Return every topic and its number of partitions."""
        return dict(self._topics)

    def offsets(
        self,
        places: Sequence[Place],
        *,
        first: bool,
        timeout_s: float = 10.0,  # noqa: ARG002 - it answers at once
    ) -> Mapping[Place, int]:
        """Return the next offset to be written of each, or the first that is kept."""
        self.settle()
        return {place: self.watermarks(*place)[0 if first else 1] for place in places}

    def brokers(self) -> Mapping[int, str]:
        """Return the one broker there is."""
        return {1: "fake:9092"}

    def create_topics(self, topics: Mapping[str, int]) -> None:
        """Create topics; ones that exist get the partitions they lack."""
        for topic, partitions in topics.items():
            self._topics[topic] = max(partitions, self._topics.get(topic, 0))

    def producer(self, number: int) -> ProducerClient:  # noqa: ARG002 - they are all alike
        """Return a new producer."""
        client = FakeProducer(self)
        self.producers.append(client)
        return client

    def transactional_producer(self, number: int, transactional_id: str) -> TransactionalClient:  # noqa: ARG002
        """Return a new producer with this id."""
        client = FakeTransactionalProducer(self, transactional_id)
        self.producers.append(client)
        return client

    def consumer(self, name: str, number: int) -> ConsumerClient:  # noqa: ARG002 - as above
        """Return a new consumer, which may be bound to die."""
        dies_ns = None
        if self.conduct.death_chance and self.dice.random() < self.conduct.death_chance:
            dies_ns = self.clock.now_ns() + self.dice.randrange(self.conduct.death_by_ns)
            self.at(dies_ns, lambda: None)
        client = FakeConsumer(self, name, dies_ns)
        self.consumers.append(client)
        return client

    def close(self) -> None:
        """Do nothing: the truth stays readable."""

    # --- time ------------------------------------------------------------------------------------

    def at(self, due_ns: int, happen: Callable[[], None]) -> None:
        """Let something happen at a moment."""
        self._sequence += 1
        heapq.heappush(self._events, (due_ns, self._sequence, happen))

    def settle(self) -> None:
        """Let everything happen that is due."""
        now = self.clock.now_ns()
        while self._events and self._events[0][0] <= now:
            heapq.heappop(self._events)[2]()

    def next_ns(self) -> int | None:
        """Return when the next thing happens, or ``None`` if nothing does."""
        return self._events[0][0] if self._events else None

    # --- partitions ------------------------------------------------------------------------------

    def write(self, record: Record, reply: SentReply | None = None) -> FakeMessage:
        """Append a message to some partition of its topic."""
        partition = self.dice.randrange(self._topics[record.topic])
        log = self._logs.setdefault((record.topic, partition), [])
        message = FakeMessage(record, partition, len(log))
        log.append((message, reply))
        return message

    def read(
        self, topic: str, partition: int, offset: int
    ) -> list[tuple[FakeMessage, SentReply | None]]:
        """Return what a partition holds from an offset on."""
        return self._logs.get((topic, partition), [])[offset:]

    def watermarks(self, topic: str, partition: int) -> tuple[int, int]:
        """Return the first offset kept and the next to be written."""
        low = self._first.get((topic, partition), 0)
        return low, len(self._logs.get((topic, partition), []))

    def drop_before(self, topic: str, partition: int, offset: int) -> None:
        """Let retention take everything before an offset."""
        self._first[topic, partition] = offset

    # --- the system ------------------------------------------------------------------------------

    def accept(self, sending: Sending) -> None:
        """Write a request to its topic and let the system answer it, or not."""
        sending.written_ns = self.clock.now_ns()
        answer_topic = self._answers.get(sending.topic)
        if answer_topic is None:
            return
        conduct, dice = self.conduct, self.dice
        if dice.random() >= conduct.lost:
            times = 2 if dice.random() < conduct.doubled else 1
            for _ in range(times):
                self._answer(sending, answer_topic)
        if dice.random() < conduct.stray:
            stray_id = dice.choice(_STRAYS)
            body = b"stray" if stray_id is None else b"stray|%b|" % stray_id
            stray = SentReply(stray_id, body, None, intact=False)
            self.strays.append(stray)
            self._later(answer_topic, stray)

    def _answer(self, sending: Sending, topic: str) -> None:
        intact = self.dice.random() >= self.conduct.corrupted
        value = sending.value if intact else (sending.value or b"") + b" (corrupted)"
        reply = SentReply(sending.correlation_id, value, sending, intact)
        sending.replies.append(reply)
        self._later(topic, reply)

    def _later(self, topic: str, reply: SentReply) -> None:
        due_ns = self.clock.now_ns() + self.conduct.reply.draw(self.dice)
        self.at(due_ns, lambda: self._write_reply(topic, reply))

    def _write_reply(self, topic: str, reply: SentReply) -> None:
        reply.written_ns = self.clock.now_ns()
        carries, key = self.conduct.carries, reply.correlation_id
        if reply.answers is not None:
            key = reply.answers.key
        headers = []
        if "header" in carries and reply.correlation_id is not None:
            headers = [(self.header, reply.correlation_id)]
        stamp_ns = reply.written_ns + self.conduct.skew_ns + self.clock.epoch_offset_ns
        carried_key = key if "key" in carries else None
        record = Record(topic, carried_key, reply.value, headers, stamp_ns // 1_000_000)
        self.write(record, reply)
