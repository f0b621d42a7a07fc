"""Marks of what happens to brokers and partitions: each change once, whoever notices it."""

from collections.abc import Mapping

from gatlingpy.protocols.kafka.broker_events import BrokerEvents
from gatlingpy.protocols.kafka.client_statistics import ClientStatistics
from gatlingpy.protocols.kafka.marks import Marks
from tests.unit.protocols.kafka.recorded import recorded

SECOND = 1_000_000_000
PRODUCER, CONSUMER = recorded("producer"), recorded("consumer")
REFUSED = (
    "127.0.0.1:31708/2: Connect to ipv4#127.0.0.1:31708 failed: Connection refused "
    "(after 0ms in state CONNECT)"
)
TRANSPORT, TIMED_OUT, AUTHENTICATION = -195, -185, -169
MEMBERS = {1: "127.0.0.1:29400", 2: "127.0.0.1:31708", 3: "127.0.0.1:22918"}


class Watching:
    """Broker events, and the marks they made."""

    def __init__(self) -> None:
        self._events: list[tuple[object, ...]] = []
        self.marks = Marks("kafka", self._events.append)  # type: ignore[arg-type]
        self.events = BrokerEvents(self.marks)
        self.second = 100

    def report(self, *reports: ClientStatistics) -> None:
        for report in reports:
            self.second += 1
            self.events.report(report, self.second * SECOND)

    def error(self, text: str = REFUSED, code: int = TRANSPORT, *, fatal: bool = False) -> None:
        self.second += 1
        self.events.error(text, code, self.second * SECOND, fatal=fatal)

    def members(self, members: Mapping[int, str]) -> None:
        self.second += 1
        self.events.members(members, self.second * SECOND)

    def texts(self) -> list[str]:
        return [str(event[2]) for event in self._events]


def test_a_broker_that_dies_is_marked_with_what_it_led() -> None:
    """As two clients told it when it was killed: one mark for each thing that happened."""
    watching = Watching()
    for one, other in zip(PRODUCER, CONSUMER[1:], strict=True):
        watching.report(one, other)
    assert watching.texts() == [
        "broker 2 lost, leader of req[0], rep[0]: disconnected (producer) (127.0.0.1:31708)",
        "req[0], rep[0]: no leader, it was broker 2",
        "req[0], rep[0]: leader moved from broker 2 to broker 3",
    ]


def test_an_error_is_quicker_than_a_report_and_marks_the_same_loss() -> None:
    """Further errors and reports about a broker that is lost say nothing new."""
    watching = Watching()
    watching.report(PRODUCER[1], CONSUMER[3])
    for _ in range(5):
        watching.error()
        watching.error("GroupCoordinator: 127.0.0.1:31708: Connect to 127.0.0.1:31708 failed")
    watching.report(PRODUCER[3], CONSUMER[4])
    why = "Connect to ipv4#127.0.0.1:31708 failed: Connection refused (127.0.0.1:31708)"
    assert watching.texts() == [f"broker 2 lost, leader of req[0], rep[0]: {why}"]


def test_a_broker_of_which_no_report_tells_is_named_by_its_address() -> None:
    """Which is all that is known of it."""
    watching = Watching()
    watching.error("sasl_ssl://kafka.test:9093/bootstrap: Failed to resolve", -193)
    watching.error("kafka.test:9094/7: 3 request(s) timed out: disconnect", TIMED_OUT)
    assert watching.texts() == [
        "broker kafka.test:9093 lost: Failed to resolve",
        "broker 7 lost: 3 request(s) timed out: disconnect (kafka.test:9094)",
    ]


def test_other_errors_are_marked_as_they_are() -> None:
    """They lose no broker; the same within a second is told once."""
    watching = Watching()
    watching.error("127.0.0.1:1/1: SASL authentication error", AUTHENTICATION)
    watching.error("3/3 brokers are down", -187)
    watching.events.error("3/3 brokers are down", -187, watching.second * SECOND + 5)
    assert watching.texts() == ["127.0.0.1:1/1: SASL authentication error", "3/3 brokers are down"]
    assert not watching.events.has_lost


def test_a_fatal_error_is_called_so() -> None:
    """Without librdkafka's note on the state it was in."""
    watching = Watching()
    watching.error("Fenced by a newer one (after 12ms in state UP)", -144, fatal=True)
    assert watching.texts() == ["fatal error: Fenced by a newer one"]


def test_a_broker_is_back_once_the_cluster_has_had_to_do_without_it() -> None:
    """For some seconds a cluster goes on naming one that is dead."""
    watching = Watching()
    watching.report(PRODUCER[1])
    watching.error()
    watching.members(MEMBERS)
    assert watching.events.has_lost
    watching.members({1: MEMBERS[1], 3: MEMBERS[3]})
    watching.members(MEMBERS)
    assert watching.texts()[-1] == "broker 2 is back after 3.0 s (127.0.0.1:31708)"
    assert not watching.events.has_lost


def test_a_broker_that_the_cluster_never_missed_is_back_when_it_cannot_be_dead_any_more() -> None:
    """It was gone for too short a time to be missed, and no client goes back to it unasked."""
    watching = Watching()
    watching.error()
    watching.second += 14
    watching.members(MEMBERS)
    assert watching.events.has_lost
    watching.members(MEMBERS)
    assert watching.texts()[-1].endswith("is back after 16.0 s (127.0.0.1:31708)")


def test_a_connection_that_has_not_noticed_yet_is_no_return() -> None:
    """One that was made after the loss is, and tells when it was."""
    watching = Watching()
    watching.report(PRODUCER[2])
    watching.error()
    watching.report(CONSUMER[3])  # up for four seconds: since before
    assert watching.events.has_lost
    up = tuple(
        broker._replace(is_up=True, state_age_us=200_000) if broker.id == 2 else broker
        for broker in PRODUCER[3].brokers
    )
    watching.second += 1
    watching.report(PRODUCER[3]._replace(brokers=up))
    assert watching.texts()[-1] == "broker 2 is back after 2.8 s (127.0.0.1:31708)"


def changed(report: ClientStatistics, **changes: int) -> ClientStatistics:
    """Return a report in which the counters of broker 2 have grown by so much."""
    return report._replace(
        brokers=tuple(
            broker._replace(**{name: getattr(broker, name) + n for name, n in changes.items()})
            if broker.id == 2
            else broker
            for broker in report.brokers
        )
    )


def test_timeouts_retries_and_broken_connections_are_marked_with_their_client() -> None:
    """As the counters of two reports tell them."""
    watching = Watching()
    before = PRODUCER[1]
    watching.report(before, changed(before, timeouts=3, retries=1, disconnects=1))
    watching.report(changed(before, timeouts=4, retries=3, disconnects=1))
    name = "broker 2"
    assert watching.texts() == [
        f"{name}: connection broken and made again (producer)",
        f"{name}: 3 requests timed out (producer)",
        f"{name}: 1 request was sent again (producer)",
        f"{name}: 1 request timed out (producer)",
        f"{name}: 2 requests were sent again (producer)",
    ]


def test_a_connection_that_is_not_needed_any_more_is_no_loss() -> None:
    """It was closed, and nobody tries to make it again."""
    watching = Watching()
    idle = tuple(
        broker._replace(is_up=False, is_tried=False, disconnects=1) if broker.id == 2 else broker
        for broker in PRODUCER[1].brokers
    )
    watching.report(PRODUCER[1], PRODUCER[2]._replace(brokers=idle))
    assert watching.texts() == []


def test_throttling_is_marked_with_the_broker_and_the_time() -> None:
    """Once a second for each broker."""
    watching = Watching()
    for at in (0, 10, SECOND):
        watching.events.throttled(2, "h:1", 512, SECOND + at)
    assert watching.texts() == ["broker 2 throttles by 512 ms"] * 2


def led(client: str, leader: int, epoch: int, partitions: int = 1) -> ClientStatistics:
    """Return a report of who leads some partitions."""
    one = PRODUCER[2].partitions[0]
    return PRODUCER[2]._replace(
        client=client,
        brokers=(),
        partitions=tuple(
            one._replace(topic="t", number=n, leader=leader, epoch=epoch) for n in range(partitions)
        ),
    )


def test_clients_that_learn_later_tell_nothing_new() -> None:
    """Nor does one that has missed two moves and tells the first of them."""
    watching = Watching()
    watching.report(led("a", 1, 5), led("b", 1, 5), led("a", 2, 6), led("b", 1, 5))
    watching.report(led("b", 2, 6), led("a", 1, 7), led("b", 2, 6), led("b", 1, 7))
    assert watching.texts() == [
        "t[0]: leader moved from broker 1 to broker 2",
        "t[0]: leader moved from broker 2 to broker 1",
    ]
    late = Watching()
    late.report(led("a", 1, 5), led("b", 1, 5), led("a", 2, 6), led("a", 1, 7), led("b", 2, 6))
    assert len(late.texts()) == 2


def test_many_partitions_that_move_alike_are_one_mark() -> None:
    """The first three are named."""
    watching = Watching()
    watching.report(led("a", 1, 0, 50), led("a", -1, -1, 50), led("a", 1, 1, 50))
    assert watching.texts() == [
        "t[0], t[1], t[2] and 47 more: no leader, it was broker 1",
        "t[0], t[1], t[2] and 47 more: broker 1 leads again",
    ]


def test_what_is_known_from_the_start_is_no_change() -> None:
    """A leader that a client learns of is not a new one; one without a leader gets its first."""
    watching = Watching()
    watching.report(led("a", -1, -1), led("a", 3, 0), led("b", 3, 0))
    assert watching.texts() == []
