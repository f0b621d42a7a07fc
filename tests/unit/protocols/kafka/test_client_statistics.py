"""What librdkafka tells of a client: read as it is, and nothing made up where it is silent."""

import pytest

from gatlingpy.protocols.kafka.client_statistics import Window, read_statistics
from tests.unit.protocols.kafka.recorded import recorded


def test_a_producer_tells_what_it_has_sent_and_how_long_that_took() -> None:
    """Counters since its start, windows since the report before."""
    report = recorded("producer")[2]
    assert report.is_producer
    assert (report.sent, report.sent_bytes, report.queued) == (1970, 985_985, 4)
    assert report.most_bytes - report.queued_bytes == 1_073_739_824
    assert report.batch_bytes == Window(277, 30_730)
    assert report.transaction_age_ms is None
    two = next(broker for broker in report.brokers if broker.id == 2)
    assert (two.name, two.is_up, two.in_flight) == ("127.0.0.1:31708", True, 2)
    assert (two.rtt_us, two.queue_us) == (Window(205, 1_031_356), Window(521, 2_249_979))


def test_a_consumer_tells_how_far_it_has_come() -> None:
    """Its coordinator is a broker once more, and is left out; so is the partition of no number."""
    report = recorded("consumer")[3]
    assert not report.is_producer
    assert sorted(broker.id for broker in report.brokers) == [1, 2, 3]
    assert [(p.topic, p.number) for p in report.partitions] == [("rep", 0), ("rep", 1)]
    first = report.partitions[0]
    assert (first.end, first.position, first.next_fetch, first.is_read) == (497, 42, 497, True)
    assert report.rebalances is None


def test_a_broker_is_up_tried_or_not_needed() -> None:
    """One that is not needed is neither."""
    before, after = recorded("consumer")[3], recorded("consumer")[4]
    states = [{b.id: (b.is_up, b.is_tried) for b in report.brokers} for report in (before, after)]
    assert states[0] == {1: (False, False), 2: (True, False), 3: (True, False)}
    assert states[1][2] == (False, True)
    assert [next(b.disconnects for b in r.brokers if b.id == 2) for r in (before, after)] == [0, 1]


def test_a_report_that_holds_nothing_counts_as_nothing() -> None:
    """Whatever a later librdkafka leaves out."""
    report = read_statistics("c", "{}")
    assert (report.sent, report.brokers, report.partitions) == (0, (), ())
    assert report.batch_bytes == Window(0, 0)
    bare = read_statistics("c", '{"brokers": {"x": {"nodeid": 1}}, "topics": {"t": {"partitions": '
                           '{"0": {"partition": 0}}}}}')  # fmt: skip
    assert (bare.brokers[0].is_up, bare.brokers[0].silent_us) == (False, -1)
    assert (bare.partitions[0].leader, bare.partitions[0].end) == (-1, -1)


@pytest.mark.parametrize("text", ["", "[1]", "{", "7"])
def test_what_is_no_report_is_refused(text: str) -> None:
    """As a ValueError, which the watch turns into a mark."""
    with pytest.raises(ValueError, match=r"."):
        read_statistics("c", text)


def test_transactions_and_groups_are_told_of_where_there_are_any() -> None:
    """Otherwise there is nothing to tell."""
    report = read_statistics(
        "c",
        '{"eos": {"txn_state": "InTransaction", "txn_stateage": 1500}, '
        '"cgrp": {"join_state": "steady", "rebalance_cnt": 3}}',
    )
    assert (report.transaction_age_ms, report.rebalances) == (1500, 3)
