"""The fake cluster: does what its conduct says, and keeps the truth of it."""

from random import Random

import pytest

from gatlingpy.protocols.kafka.clients import Cluster, WireError, WireMessage
from gatlingpy.testing.broker import FakeCluster
from gatlingpy.testing.clock import ManualClock
from gatlingpy.testing.consumer import FakeConsumer
from gatlingpy.testing.producer import FakeProducer
from gatlingpy.testing.truth import MS, Conduct, Delay
from gatlingpy.testing.wire import FakeKafkaException

AT_ONCE = Delay(0, 0)


class Site:
    """A cluster with one producer and one consumer of the reply topic."""

    def __init__(self, conduct: Conduct, seed: int = 0) -> None:
        self.clock = ManualClock()
        self.cluster = FakeCluster(
            self.clock, {"requests": 1, "replies": 2}, conduct, answers={"requests": "replies"},
            dice=Random(seed),
        )  # fmt: skip
        producer, consumer = self.cluster.producer(0), self.cluster.consumer("replies", 0)
        assert isinstance(producer, FakeProducer)
        assert isinstance(consumer, FakeConsumer)
        self.producer, self.consumer = producer, consumer
        self.consumer.assign({("replies", 0): 0, ("replies", 1): 0})
        self.reports: list[WireError | None] = []

    def send(self, value: bytes = b"x") -> None:
        def told(error: WireError | None, _message: WireMessage | None) -> None:
            self.reports.append(error)

        headers: list[tuple[str, bytes | str | None]] = [("correlationId", b"id-" + value)]
        self.producer.produce("requests", value, b"k", -1, told, headers=headers)

    def read(self) -> list[WireMessage]:
        first = self.consumer.poll(0)
        return [] if first is None else [first, *self.consumer.consume(100)]


def test_a_fake_cluster_serves_wherever_a_cluster_does() -> None:
    """It has the same contract."""
    cluster: Cluster = FakeCluster(ManualClock(), {"t": 2})
    assert cluster.topics() == {"t": 2}


def test_a_message_is_reported_written_and_answered_in_its_time() -> None:
    """The reply carries the id and the body of its request."""
    site = Site(Conduct(ack=Delay(5 * MS, 5 * MS), reply=Delay(3 * MS, 3 * MS)))
    site.send()
    assert len(site.producer) == 1
    assert site.producer.poll(0) == 0
    site.clock.advance(5 * MS)
    assert site.producer.poll(0) == 1
    assert site.reports == [None]
    site.clock.advance(3 * MS)
    (reply,) = site.read()
    assert (reply.value(), reply.headers()) == (b"x", [("correlationId", b"id-x")])
    (sending,) = site.cluster.sendings
    assert sending.reported_ns == 5 * MS
    assert sending.replies[0].read_ns == 8 * MS
    assert sending.replies[0].intact


@pytest.mark.parametrize(
    ("conduct", "bodies"),
    [
        (Conduct(AT_ONCE, AT_ONCE, lost=1.0), []),
        (Conduct(AT_ONCE, AT_ONCE, doubled=1.0), [b"x", b"x"]),
        (Conduct(AT_ONCE, AT_ONCE, corrupted=1.0), [b"x (corrupted)"]),
        (Conduct(AT_ONCE, AT_ONCE, failed=1.0), []),
        (Conduct(AT_ONCE, AT_ONCE, failed=1.0, failed_but_written=1.0), [b"x"]),
        (Conduct(AT_ONCE, AT_ONCE, lost=1.0, stray=1.0), [b"stray|nobody-sent-this|"]),
    ],
)
def test_conduct_decides_what_comes_back(conduct: Conduct, bodies: list[bytes]) -> None:
    """Nothing, twice, something else, or somebody else's."""
    site = Site(conduct)
    site.send()
    site.producer.poll(0)
    assert [message.value() for message in site.read()] == bodies
    assert [error is not None for error in site.reports] == [conduct.failed == 1.0]


def test_a_message_may_be_refused_or_find_no_room() -> None:
    """A refusal is a sending with its truth; no room is none."""
    site = Site(Conduct(refused=1.0))
    with pytest.raises(FakeKafkaException) as refusal:
        site.send()
    assert refusal.value.args[0].str() == "Broker: Message size too large"
    assert site.cluster.sendings[0].error == "Broker: Message size too large"
    full = Site(Conduct(queue_size=1))
    full.send(b"1")
    with pytest.raises(BufferError):
        full.send(b"2")
    assert len(full.cluster.sendings) == 1


def test_what_is_purged_fails_once() -> None:
    """A report that was on its way does not come as well."""
    site = Site(Conduct(ack=Delay(5 * MS, 5 * MS)))
    site.send()
    site.producer.purge()
    assert site.producer.flush(1.0) == 0
    site.clock.advance(10 * MS)
    assert site.producer.poll(0) == 0
    assert [error and error.str() for error in site.reports] == ["Local: Purged in queue"]


def test_a_consumer_dies_at_its_time_after_what_it_could_read() -> None:
    """Once, and reads nothing afterwards."""
    site = Site(Conduct(AT_ONCE, AT_ONCE, death_chance=1.0, death_by_ns=1))
    site.send()
    site.producer.poll(0)
    *good, death = site.read()
    assert [message.value() for message in good] == [b"x"]
    error = death.error()
    assert error is not None
    assert error.fatal()
    site.send()
    assert site.read() == []


def test_the_same_dice_give_the_same_truth() -> None:
    """Down to each moment."""
    conduct = Conduct(lost=0.3, doubled=0.3, corrupted=0.3, failed=0.3, stray=0.3)

    def history(seed: int) -> list[tuple[object, ...]]:
        site = Site(conduct, seed)
        for i in range(20):
            site.send(b"%d" % i)
            site.clock.advance(1 * MS)
            site.producer.poll(0)
            site.read()
        return [
            (s.error, s.reported_ns, s.written_ns, [(r.value, r.read_ns) for r in s.replies])
            for s in site.cluster.sendings
        ]

    assert history(1) == history(1)
    assert history(1) != history(2)
