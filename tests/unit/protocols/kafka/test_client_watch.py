"""Watching clients: reports become rows at the interval asked for, errors become marks."""

from collections.abc import Mapping, Sequence

import pytest

from gatlingpy.errors import ProtocolError
from gatlingpy.protocols.kafka.client_watch import ClientWatch, statistics_interval_ms
from gatlingpy.protocols.kafka.clients import Place
from gatlingpy.protocols.kafka.plan import KafkaProtocol
from gatlingpy.stats.events import GAUGE, MARK, GaugeEvent, MarkEvent
from gatlingpy.testing.broker import FakeCluster
from gatlingpy.testing.services import ManualServices
from tests.unit.protocols.kafka.recorded import recorded_json

MS = 1_000_000
LAG, ERRORS = "kafka-consumer-lag-max", "kafka-producer-record-error-rate"


class Cluster(FakeCluster):
    """A cluster that says what it is told to say."""

    def __init__(self, services: ManualServices) -> None:
        super().__init__(services.clock, {})
        self.members: Mapping[int, str] | None = {}
        self.ends: Mapping[Place, int] | None = {}
        self.asked: list[Sequence[Place]] = []

    def brokers(self) -> Mapping[int, str]:
        if self.members is None:
            raise ProtocolError("nobody answers")
        return self.members

    def offsets(
        self, places: Sequence[Place], *, first: bool, timeout_s: float = 10.0
    ) -> Mapping[Place, int]:
        assert (first, timeout_s) == (False, 1.0)
        self.asked.append(places)
        if self.ends is None:
            raise ProtocolError("nobody answers")
        return self.ends


class Watching:
    """A watch whose thread the test plays."""

    def __init__(self, interval_ms: int | None = 500, **plan: object) -> None:
        self.services = ManualServices()
        every_ns = None if interval_ms is None else interval_ms * MS
        protocol = KafkaProtocol(
            id=str(plan.pop("id", "kafka")),
            metric_injection_interval_ns=every_ns,
            **plan,  # type: ignore[arg-type]
        )
        self.watch = ClientWatch(protocol, self.services)
        self.cluster = Cluster(self.services)
        self.watch.start(self.cluster)

    def told(self, client: str, number: int) -> None:
        """Have a client report, after half a second."""
        self.services.clock.advance(500 * MS)
        self.watch.statistics(client, recorded_json(client)[number])
        self.play()

    def play(self) -> None:
        self.services.workers["kafka-metrics"].step()

    def gauges(self, name: str = "") -> list[GaugeEvent]:
        rows = [GaugeEvent(*event) for event in self.services.events if event[0] == GAUGE]
        return [row for row in rows if name in {"", row.name}]

    def marks(self) -> list[str]:
        return [MarkEvent(*e).text for e in self.services.events if e[0] == MARK]


@pytest.mark.parametrize(
    ("interval_ns", "expected"),
    [
        (None, (1000, 1)),
        (1_000_000_000, (1000, 1)),
        (500_000_000, (500, 1)),
        (250_500_000, (250, 1)),
        (1_000_000, (1, 1)),
        (1_500_000_000, (750, 2)),
        (10_000_000_000, (1000, 10)),
    ],
)
def test_clients_report_at_least_once_a_second(
    interval_ns: int | None, expected: tuple[int, int]
) -> None:
    """Marks need it; a longer interval takes several reports."""
    assert statistics_interval_ms(interval_ns) == expected


def test_a_row_is_made_once_every_client_has_reported() -> None:
    """It is stamped when the last of them did, and comes when the first reports again."""
    watching = Watching()
    start_ns = watching.services.clock.now_ns()
    watching.told("producer", 0)
    watching.told("consumer", 2)
    assert watching.gauges() == []
    watching.told("producer", 1)
    assert {row.at_ns - start_ns for row in watching.gauges()} == {1_000 * MS}
    assert {row.source for row in watching.gauges()} == {"Kafka Metrics"}
    assert [row.value for row in watching.gauges(LAG)] == [297 - 84]
    watching.watch.close()
    assert [row.at_ns - start_ns for row in watching.gauges(ERRORS)] == [1_000 * MS, 1_500 * MS]


def test_a_second_protocol_has_a_source_of_its_own() -> None:
    """Its marks too."""
    watching = Watching(id="kafka-2")
    watching.told("consumer", 2)
    watching.watch.failed("broken")
    watching.watch.close()
    assert {row.source for row in watching.gauges()} == {"Kafka Metrics kafka-2"}
    assert [event[1] for event in watching.services.events if event[0] == MARK] == ["kafka-2"]


def test_the_first_row_of_a_long_interval_comes_early_and_the_last_at_the_end() -> None:
    """Between them there are as many reports a row as fit."""
    watching = Watching(interval_ms=3_000)
    start_ns = watching.services.clock.now_ns()
    for number in (0, 1, 2, 3, 4, 5):
        watching.told("producer", number)
    moments = [(row.at_ns - start_ns) // MS for row in watching.gauges(ERRORS)]
    assert moments == [500, 2_000]
    watching.watch.close()
    moments = [(row.at_ns - start_ns) // MS for row in watching.gauges(ERRORS)]
    assert moments == [500, 2_000, 3_000]


def test_the_error_rate_counts_what_failed_until_the_report() -> None:
    """Not what failed until the row was made."""
    watching = Watching()
    failed = [0]
    watching.watch.failures = lambda: failed[0]
    watching.told("producer", 0)
    failed[0] = 30
    watching.told("producer", 1)
    watching.told("producer", 2)
    watching.watch.close()
    assert [row.value for row in watching.gauges(ERRORS)] == [0.0, 60.0, 0.0]


def test_failures_at_the_very_end_are_in_the_last_row() -> None:
    """When the producers have been closed, and fail what they still had."""
    watching = Watching()
    failed = [0]
    watching.watch.failures = lambda: failed[0]
    watching.told("producer", 0)
    failed[0] = 12
    watching.services.clock.advance(500 * MS)
    watching.watch.close()
    assert [row.value for row in watching.gauges(ERRORS)] == [12.0]


def test_without_an_interval_there_are_marks_and_no_metrics() -> None:
    """Leaders and lost brokers are told of all the same."""
    watching = Watching(None)
    for number in range(6):
        watching.told("producer", number)
    watching.watch.close()
    assert watching.gauges() == []
    assert len(watching.marks()) == 3


def test_committed_readers_lag_behind_what_is_committed() -> None:
    """Whose end is another one while a transaction is open."""
    text = recorded_json("consumer")[3].replace('"ls_offset": 497', '"ls_offset": 400')
    lags = []
    for level in ("read_committed", "read_uncommitted"):
        watching = Watching(consumer_properties={"isolation.level": level})
        watching.watch.statistics("consumer", text)
        watching.services.clock.advance(MS)
        watching.watch.close()
        lags += [row.value for row in watching.gauges(LAG)]
    assert lags == [486 - 92, 497 - 42]


def test_the_end_of_a_log_is_asked_for_where_its_leader_is_silent() -> None:
    """And not again for a while where nobody answers, which takes a second each time."""
    watching = Watching()
    watching.cluster.ends = {("rep", 0): 700, ("rep", 1): 172}
    watching.watch.assigned("rep", {0: 0})
    watching.told("consumer", 1)
    assert watching.cluster.asked == [[("rep", 0), ("rep", 1)]]
    watching.told("consumer", 2)
    assert len(watching.cluster.asked) == 1
    assert watching.gauges(LAG)[0].value == min(700, 700 - 189 + 324)
    watching.cluster.ends = None
    for _ in range(5):
        watching.told("consumer", 1)
    assert len(watching.cluster.asked) == 2
    assert watching.gauges(LAG)[-1].value == 189.0
    watching.services.clock.advance(5_000 * MS)
    watching.told("consumer", 1)
    assert len(watching.cluster.asked) == 3


def test_while_a_broker_is_lost_the_cluster_is_asked_once_a_second() -> None:
    """Whether it has it again; nobody's answer says nothing."""
    watching = Watching(None)
    watching.play()
    watching.watch.failed("h:1/7: refused", -195)
    watching.cluster.members = {1: "h:0"}
    watching.play()
    watching.cluster.members = None
    watching.services.clock.advance(1_000 * MS)
    watching.play()
    watching.cluster.members = {1: "h:0", 7: "h:1"}
    watching.services.clock.advance(1_000 * MS)
    watching.play()
    assert watching.marks() == [
        "broker 7 lost: refused (h:1)",
        "broker 7 is back after 2.0 s (h:1)",
    ]


def test_what_cannot_be_read_is_marked() -> None:
    """Once a second, whatever a client says."""
    watching = Watching()
    watching.watch.statistics("producer", "{")
    watching.watch.statistics("producer", "[]")
    watching.play()
    assert len(watching.marks()) == 1
    assert watching.marks()[0].startswith("statistics cannot be read: ")


def test_throttling_of_no_time_is_none() -> None:
    """Brokers tell when it is over, too."""
    watching = Watching()
    watching.watch.throttled(1, "h:1", 0)
    watching.watch.throttled(1, "h:1", 30)
    watching.play()
    assert watching.marks() == ["broker 1 throttles by 30 ms"]


def test_a_short_run_waits_for_the_first_report_of_each_client() -> None:
    """A second and a half at most, and not at all without metrics."""
    for interval_ms, waits in ((1_000, 1_500), (200, 700), (None, 0)):
        watching = Watching(interval_ms)
        watching.watch.opened("producer-0")
        before_ns = watching.services.clock.now_ns()
        watching.watch.await_report()
        assert watching.services.clock.now_ns() - before_ns == waits * MS
    watching = Watching()
    watching.watch.opened("producer")
    watching.told("producer", 0)
    before_ns = watching.services.clock.now_ns()
    watching.watch.await_report()
    assert watching.services.clock.now_ns() == before_ns


def test_closing_records_what_was_told_before_and_is_done_once() -> None:
    """Even if the thread was never started."""
    services = ManualServices()
    watch = ClientWatch(KafkaProtocol(id="kafka"), services)
    watch.failed("broken")
    watch.close()
    watch.close()
    assert [event[2] for event in services.events] == ["broken"]
    watching = Watching()
    watching.told("producer", 0)
    watching.watch.close()
    count = len(watching.services.events)
    watching.watch.close()
    assert len(watching.services.events) == count
    assert watching.services.workers["kafka-metrics"].closed
