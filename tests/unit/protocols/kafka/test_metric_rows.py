"""Metrics of all clients of a protocol: each number computed by hand from recorded reports."""

import pytest

from gatlingpy.protocols.kafka.client_statistics import PartitionStatistics
from gatlingpy.protocols.kafka.metric_rows import MetricRows, lag_of, unheard
from gatlingpy.stats import client_metrics as names
from tests.unit.protocols.kafka.recorded import recorded

PRODUCER, CONSUMER = recorded("producer"), recorded("consumer")
SECOND = 1_000_000_000


def row_between(rows: MetricRows, *reports: object, errors: int = 0) -> dict[str, float]:
    """Return the row of the last report; those before it belong to the row before."""
    for report in reports[:-1]:
        rows.add(report)  # type: ignore[arg-type]
    rows.row(0, SECOND)
    rows.add(reports[-1])  # type: ignore[arg-type]
    return dict(rows.row(errors, SECOND))


def test_the_row_of_a_producer() -> None:
    """Rates are differences, averages are weighted, the room is that of the fullest queue."""
    row = row_between(MetricRows(), *PRODUCER[:3])
    span = (24_316_527_132 - 24_315_526_578) / 1e6
    assert row == {
        names.ERROR_RATE: 0.0,
        names.REQUEST_LATENCY: pytest.approx((344_271 + 1_031_356) / (74 + 205) / 1000),
        f"{names.REQUEST_LATENCY}-broker-2": pytest.approx(1_031_356 / 205 / 1000),
        f"{names.REQUEST_LATENCY}-broker-3": pytest.approx(344_271 / 74 / 1000),
        names.QUEUE_TIME: pytest.approx((790_710 + 2_249_979) / (188 + 521) / 1000),
        f"{names.QUEUE_TIME}-broker-2": pytest.approx(2_249_979 / 521 / 1000),
        f"{names.QUEUE_TIME}-broker-3": pytest.approx(790_710 / 188 / 1000),
        names.OUTBUF_LATENCY: pytest.approx((8_088 + 11_737) / (74 + 203) / 1000),
        f"{names.OUTBUF_LATENCY}-broker-2": pytest.approx(11_737 / 203 / 1000),
        f"{names.OUTBUF_LATENCY}-broker-3": pytest.approx(8_088 / 74 / 1000),
        names.ACK_LATENCY: pytest.approx(4.930563 + 4.288701 + 0.071570, abs=1e-4),
        names.SEND_RATE: pytest.approx((1970 - 1261) / span),
        names.BYTE_RATE: pytest.approx((985_985 - 631_132) / span),
        names.QUEUE_LENGTH: 4.0,
        names.BUFFER_AVAILABLE: 1_073_741_824.0 - 2_000,
        names.BATCH_SIZE: pytest.approx(30_730 / 277),
        names.BATCH_RECORDS: pytest.approx(709 / 277),
        names.COMPRESSION: pytest.approx(30_730 / (985_985 - 631_132)),
        names.IN_FLIGHT: 2.0,
        names.RETRY_RATE: 0.0,
        names.TIMEOUT_RATE: 0.0,
        names.PRODUCER_THROTTLE: 0.0,
    }


def test_the_row_of_a_consumer() -> None:
    """The latency is that of its fetches, without the coordinator's."""
    row = row_between(MetricRows(), *CONSUMER[:4])
    span = (24_316_513_128 - 24_315_512_808) / 1e6
    assert row == {
        names.LAG: 455.0,
        names.ERROR_RATE: 0.0,
        names.FETCH_LATENCY: pytest.approx((957_214 + 1_018_237) / (75 + 72) / 1000),
        f"{names.FETCH_LATENCY}-broker-2": pytest.approx(1_018_237 / 72 / 1000),
        f"{names.FETCH_LATENCY}-broker-3": pytest.approx(957_214 / 75 / 1000),
        names.CONSUMED_RATE: pytest.approx((983 - 621) / span),
        names.CONSUMED_BYTES: pytest.approx((491_500 - 310_500) / span),
        names.FETCHED: 849.0,
        names.CONSUMER_THROTTLE: 0.0,
    }


def test_every_name_is_in_the_catalogue() -> None:
    """So that the report knows its unit."""
    rows = MetricRows()
    both = row_between(rows, PRODUCER[0], CONSUMER[0], PRODUCER[1]).keys()
    assert {names.whole_and_broker(name)[0] for name in both} <= names.BY_NAME.keys()


def test_several_reports_and_several_clients_make_one_row() -> None:
    """A rate is what all sent together; a client that has no report before counts from its start."""
    rows = MetricRows()
    for report in PRODUCER[:3]:
        rows.add(report)
        rows.add(report._replace(client="other"))
    row = dict(rows.row(10, 4 * SECOND))
    assert row[names.SEND_RATE] == pytest.approx(2 * 1970 / 4.04068)
    assert row[names.QUEUE_LENGTH] == 8.0
    assert row[names.ERROR_RATE] == 2.5
    assert row[names.IN_FLIGHT] == 4.0


def test_the_lag_is_the_greatest_that_was_told() -> None:
    """Of all partitions and all reports; a new row begins anew."""
    rows = MetricRows()
    for report in CONSUMER[2:4]:
        rows.add(report)
    assert dict(rows.row(0, SECOND))[names.LAG] == 455.0
    rows.add(CONSUMER[2])
    assert dict(rows.row(0, SECOND))[names.LAG] == 297 - 84


def test_until_a_record_was_taken_the_lag_counts_from_where_reading_began() -> None:
    """Which librdkafka does not tell: there is none where nobody does."""
    rows = MetricRows()
    rows.add(CONSUMER[0])
    assert names.LAG not in dict(rows.row(0, SECOND))
    rows.add(CONSUMER[1])
    assert dict(rows.row(0, SECOND))[names.LAG] == 172 - 37
    rows.assigned("rep", {0: 10, 1: -1})
    rows.add(CONSUMER[1])
    assert dict(rows.row(0, SECOND))[names.LAG] == 189 - 10


def partition(**changes: object) -> PartitionStatistics:
    plain = PartitionStatistics("t", 0, 1, 0, 100, 90, 60, 100, 40, True)
    return plain._replace(**changes)


@pytest.mark.parametrize(
    ("changes", "committed", "lag"),
    [
        ({}, False, 40),
        ({}, True, 30),
        ({"fetched": 5}, False, 5),  # a gap in the log: only five more wait, and all is fetched
        ({"fetched": 0}, False, 0),
        ({"fetched": 5, "next_fetch": 80}, False, 25),
        ({"position": 100}, False, 0),
        ({"position": 120}, False, 0),  # the end that is known is an old one
        ({"end": -1}, False, None),
        ({"end": -1001}, False, None),
        ({"position": -1001}, False, None),
        ({"is_read": False}, False, None),
        ({"next_fetch": 0, "fetched": 0}, False, 40),  # nothing is fetched yet
    ],
)
def test_lag(changes: dict[str, object], committed: bool, lag: int | None) -> None:
    """By offsets, but never more than there can be records; what is not known is no number."""
    assert lag_of(partition(**changes), None, read_committed=committed) == lag


def test_who_knows_the_end_better_is_believed() -> None:
    """A client whose broker is silent cannot know that the log has grown."""
    idle = partition(position=100, fetched=0)
    assert lag_of(idle, None, read_committed=False) == 0
    assert lag_of(idle, None, 170, read_committed=False) == 70
    rows = MetricRows()
    report = CONSUMER[3]
    rows.add(report, {("rep", 1): 1_000})
    assert dict(rows.row(0, SECOND))[names.LAG] == min(1_000 - 92, 1_000 - 486 + 849)


def test_partitions_of_silent_leaders_are_unheard_of() -> None:
    """Those that are read; a producer reads none."""
    report = CONSUMER[1]
    assert unheard(report) == [("rep", 0), ("rep", 1)]  # both silent for more than 0.1 s
    assert unheard(CONSUMER[3]) == []
    assert unheard(PRODUCER[2]) == []
    others = report._replace(partitions=(report.partitions[0]._replace(is_read=False),))
    assert unheard(others) == []


def test_a_counter_that_shrinks_is_no_negative_rate() -> None:
    """As where a broker with its retries leaves a client's list."""
    rows = MetricRows()
    first = PRODUCER[1]
    retried = first._replace(brokers=tuple(broker._replace(retries=9) for broker in first.brokers))
    row = row_between(rows, retried, PRODUCER[2])
    assert row[names.RETRY_RATE] == 0.0


def test_throttling_transactions_and_rebalances_are_told_where_there_are_any() -> None:
    """Times in milliseconds, the age in seconds."""
    report = PRODUCER[2]
    held = tuple(
        broker._replace(throttle_ms=type(broker.rtt_us)(2, 300)) for broker in report.brokers
    )
    rows = MetricRows()
    rows.add(report._replace(brokers=held, transaction_age_ms=1500))
    rows.add(CONSUMER[2]._replace(rebalances=2))
    row = dict(rows.row(0, SECOND))
    assert row[names.PRODUCER_THROTTLE] == 150.0
    assert row[names.TRANSACTION_AGE] == 1.5
    assert row[names.REBALANCES] == 2.0
