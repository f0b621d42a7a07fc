"""The consumer actor: stamps what it receives, tells what is wrong, reads on behind a gap."""

import pytest

from gatlingpy.errors import ProtocolError
from gatlingpy.protocols.kafka.clients import WireMessage
from gatlingpy.protocols.kafka.consumer import ConsumerPolicy, KafkaConsumerActor
from gatlingpy.stats.events import MARK
from gatlingpy.testing.broker import FakeCluster
from gatlingpy.testing.consumer import FakeConsumer
from gatlingpy.testing.services import ManualServices
from gatlingpy.testing.wire import FakeError, FakeMessage, Record

SECOND = 1_000_000_000
NAME = "kafka-consume-replies-0"


class Reader:
    """An actor on a fake consumer, and what it passed on."""

    def __init__(self, partitions: int = 1, most: int = 1_000, dies_ns: int | None = None) -> None:
        self.services = ManualServices()
        self.cluster = FakeCluster(self.services.clock, {"replies": partitions})
        self.client = FakeConsumer(self.cluster, "replies", dies_ns)
        self.batches: list[tuple[list[bytes | None], int]] = []
        self.deaths: list[str] = []
        self.actor = KafkaConsumerActor(
            self.client, self.services, "replies-0", ConsumerPolicy(most_records=most),
            self.replied, self.deaths.append,
        )  # fmt: skip

    def replied(self, batch: list[WireMessage], received_ns: int) -> None:
        self.batches.append(([message.value() for message in batch], received_ns))

    def write(self, *values: bytes) -> None:
        for value in values:
            self.cluster.write(Record("replies", None, value, ()))

    def play(self) -> None:
        self.services.workers[NAME].step()
        self.services.settle()


@pytest.fixture
def reader() -> Reader:
    reader = Reader()
    reader.actor.start({("replies", 0): 0})
    return reader


def test_everything_that_is_there_comes_in_one_batch_with_one_stamp(reader: Reader) -> None:
    """The time of receipt, whenever the user thread hears of it."""
    reader.write(b"1", b"2", b"3")
    received = reader.services.clock.now_ns()
    reader.services.workers[NAME].step()
    reader.services.clock.advance(SECOND)
    reader.services.settle()
    assert reader.batches == [([b"1", b"2", b"3"], received)]
    reader.play()
    assert len(reader.batches) == 1


def test_a_batch_has_a_limit() -> None:
    """The rest comes in the next."""
    reader = Reader(most=2)
    reader.actor.start({("replies", 0): 0})
    reader.write(b"1", b"2", b"3")
    reader.play()
    reader.play()
    assert [values for values, _ in reader.batches] == [[b"1", b"2"], [b"3"]]


def test_reading_begins_at_the_positions_given() -> None:
    """What was there before is not read."""
    reader = Reader()
    reader.write(b"old", b"older")
    reader.actor.start({("replies", 0): 2})
    reader.write(b"new")
    reader.play()
    assert [values for values, _ in reader.batches] == [[b"new"]]


def test_partitions_can_be_added_while_it_reads() -> None:
    """From the next step on."""
    reader = Reader(partitions=2)
    reader.actor.start({("replies", 0): 0})
    for _ in range(20):
        reader.write(b"x")
    reader.play()
    reader.actor.add({("replies", 1): 0})
    reader.play()
    reader.play()
    assert sum(len(values) for values, _ in reader.batches) == 20


def test_a_gap_is_named_counted_and_read_behind(reader: Reader) -> None:
    """Replies that retention has taken are no silence."""
    reader.write(b"1", b"2", b"3", b"4")
    reader.cluster.drop_before("replies", 0, 3)
    reader.play()
    assert reader.actor.lost_to_retention == 3
    assert [event[2] for event in reader.services.events if event[0] == MARK] == [
        "replies[0]: replies 0 to 2 are gone (retention)"
    ]
    reader.play()
    assert reader.batches[-1][0] == [b"4"]
    assert reader.deaths == []


def test_a_position_behind_the_end_is_read_from_the_end() -> None:
    """Where a topic was made anew, nothing is lost that was ever there."""
    reader = Reader()
    reader.actor.start({("replies", 0): 0})
    message = FakeMessage(
        Record("replies", None, None, ()), 0, 9, FakeError(-140, "outside the log")
    )
    reader.write(b"1")
    reader.actor._failure(message)
    assert reader.actor.lost_to_retention == 0
    assert reader.client.positions == {0: 1}


def test_a_dead_consumer_is_told_once_after_what_it_received() -> None:
    """Its last replies are still answered."""
    reader = Reader(dies_ns=0)
    reader.actor.start({("replies", 0): 0})
    order: list[str] = []
    reader.actor._on_records = lambda batch, _at: order.extend("reply" for _ in batch)
    reader.actor._on_dead = order.append
    reader.write(b"1", b"2")
    reader.play()
    reader.play()
    assert order == ["reply", "reply", "Local: Fatal error"]


def test_a_client_that_raises_is_dead_with_its_words(reader: Reader) -> None:
    """Once, and the thread goes on without spinning."""

    def poll(timeout: float) -> WireMessage | None:
        raise RuntimeError("Consumer closed")

    reader.client.poll = poll  # type: ignore[method-assign]
    before = reader.services.clock.now_ns()
    reader.play()
    reader.play()
    assert reader.deaths == ["Consumer closed"]
    assert reader.services.clock.now_ns() > before


def test_an_error_that_is_not_fatal_is_waited_out(reader: Reader) -> None:
    """The client mends it by itself; the replies beside it count."""
    error = FakeMessage(Record("replies", None, None, ()), 0, 0, FakeError(-195, "transport"))
    good = FakeMessage(Record("replies", None, b"1", ()), 0, 0)
    reader.actor._receive([error, good], 5)
    reader.services.settle()
    assert reader.batches == [([b"1"], 5)]
    assert reader.deaths == []


def test_positions_are_committed_every_few_seconds_and_at_the_end(reader: Reader) -> None:
    """Closing is idempotent, and leaves the group."""
    reader.play()
    assert reader.client.commits == 0
    reader.services.clock.advance(5 * SECOND + 1)
    reader.play()
    reader.play()
    assert reader.client.commits == 1
    reader.actor.close()
    reader.actor.close()
    assert reader.client.commits == 2
    assert reader.client.closed
    assert reader.services.workers[NAME].closed


# --- commits -------------------------------------------------------------------------------------


def commits(policy: ConsumerPolicy) -> Reader:
    reader = Reader()
    reader.actor._policy = policy
    reader.actor.start({("replies", 0): 7})
    return reader


def test_where_reading_begins_is_committed_first_for_a_group_that_is_named() -> None:
    """Before anything is read; for others there is nobody to whom it would matter."""
    reader = commits(ConsumerPolicy(commit_first=True))
    assert reader.cluster.group.committed == {("replies", 0): 7}
    assert commits(ConsumerPolicy()).cluster.group.committed == {}


def test_nothing_is_committed_where_nothing_is_to_be() -> None:
    """Not at the end either."""
    reader = commits(ConsumerPolicy(commit_interval_ns=None))
    reader.services.clock.advance(3_600 * SECOND)
    reader.play()
    reader.actor.close()
    assert reader.client.commits == 0
    assert reader.client.closed


def test_commits_follow_the_interval() -> None:
    """Fractions of a second too."""
    reader = commits(ConsumerPolicy(commit_interval_ns=SECOND // 2))
    for _ in range(4):
        reader.services.clock.advance(SECOND // 2 + 1)
        reader.play()
    assert reader.client.commits == 4


def test_a_commit_that_fails_is_counted_and_marked_and_is_no_failed_request() -> None:
    """The next one holds all that it held; also the last, when the consumer is closed."""
    reader = commits(ConsumerPolicy())
    reader.client.refusing = "Broker: Coordinator not available"
    reader.services.clock.advance(5 * SECOND + 1)
    reader.play()
    assert reader.actor.commits_failed == 1
    assert [event[2] for event in reader.services.events if event[0] == MARK] == [
        "the positions of replies-0 were not committed: Broker: Coordinator not available"
    ]
    reader.client.refusing = ""
    reader.services.clock.advance(5 * SECOND + 1)
    reader.play()
    assert reader.cluster.group.committed == {("replies", 0): 7}
    reader.client.refusing = "Local: Timed out"
    reader.actor.close()
    assert reader.actor.commits_failed == 2
    assert {event[0] for event in reader.services.events} == {MARK}


def test_partitions_can_be_let_go_with_word_of_how_far_they_were_read() -> None:
    """What comes after is not read; a partition that it does not have is no error."""
    reader = Reader(partitions=2)
    reader.actor.start({("replies", 0): 0, ("replies", 1): 0})
    for _ in range(20):
        reader.write(b"x")
    reader.play()
    reached: list[object] = []
    reader.actor.drop([("replies", 0), ("other", 0)], reached.append)
    reader.play()
    _, end = reader.cluster.watermarks("replies", 0)
    assert reached == [{("replies", 0): end}]
    assert list(reader.client.places) == [("replies", 1)]


def test_a_gap_whose_end_nobody_tells_is_a_death_and_no_crash(reader: Reader) -> None:
    """The cause is what the cluster said."""

    def refusing(place: tuple[str, int]) -> tuple[int, int]:
        raise ProtocolError(f"the end of {place[0]} cannot be read")

    reader.client.watermarks = refusing  # type: ignore[method-assign]
    gap = FakeMessage(Record("replies", None, b"", ()), 0, 5, FakeError(-140, "out of range"))
    reader.actor._receive([gap], 0)
    reader.services.settle()
    assert reader.deaths == ["the end of replies cannot be read"]


def test_leaving_waits_for_the_last_commit_and_nothing_else_does(reader: Reader) -> None:
    """However commits are waited for: leaving is what is given a limit."""
    told: list[object] = []
    reader.client.commit = lambda **how: told.append(how)  # type: ignore[method-assign]
    reader.client.close = told.append  # type: ignore[method-assign,assignment]
    reader.actor._policy = reader.actor._policy._replace(wait_for_commits=True)
    reader.actor.close(0.5)
    assert told == [{"wait": False}, 0.5]
