"""Metrics of a whole protocol on a fake cluster, whose truth is known."""

from itertools import pairwise

from gatlingpy.protocols.kafka.dsl import kafka
from gatlingpy.stats.events import GAUGE, GaugeEvent
from gatlingpy.testing.truth import Conduct
from gatlingpy.testing.wire import Record
from tests.unit.protocols.kafka.broker_side import PROMPT, Bench

PROTOCOL = kafka().bootstrap_servers("fake:9092").metric_injection_interval("100ms")
ASK = kafka("Ask").request_reply().topics("requests", "replies").value("x").timeout(1)
LOG = kafka("Log").send().topic("events").value("x")
LAG, ERRORS = "kafka-consumer-lag-max", "kafka-producer-record-error-rate"


def gauges(bench: Bench, name: str) -> list[GaugeEvent]:
    rows = [GaugeEvent(*event) for event in bench.services.events if event[0] == GAUGE]
    return [row for row in rows if row.name == name]


def failed(bench: Bench) -> float:
    """Return how many failed by the rates and the times that they cover."""
    begun = GaugeEvent(GAUGE, "", "", 1_000_000_000, 0.0)  # where the clock of a bench begins
    rows = [begun, *gauges(bench, ERRORS)]
    return sum(b.value * (b.at_ns - a.at_ns) / 1e9 for a, b in pairwise(rows))


def played(conduct: Conduct, *sent: int) -> Bench:
    """Return a bench on which requests of these numbers were sent, to its end."""
    bench = Bench(PROTOCOL, ASK, LOG, LOG.no_ack(), conduct=conduct)
    for number in sent:
        bench.perform(number)
        bench.after_ms(50)
    bench.after_ms(200)
    bench.runtime.close()
    bench.services.settle()
    return bench


def test_every_message_that_is_not_delivered_is_an_error() -> None:
    """Of each kind of request; whether the client refuses it, or the broker later."""
    for conduct in (Conduct(ack=PROMPT, failed=1.0), Conduct(ack=PROMPT, refused=1.0)):
        bench = played(conduct, 0, 1, 2, 2, 0)
        assert round(failed(bench), 6) == 5
        assert bench.runtime.counters()["ending.send"] == 5


def test_where_all_is_delivered_the_error_rate_is_zero() -> None:
    """A zero that was read, not one that is missing."""
    bench = played(Conduct(ack=PROMPT, reply=PROMPT), 0, 1, 2)
    assert len(gauges(bench, ERRORS)) >= 2
    assert {row.value for row in gauges(bench, ERRORS)} == {0.0}
    assert max(row.value for row in gauges(bench, "kafka-producer-record-send-rate")) > 0


def test_the_lag_is_what_the_consumer_has_not_been_given() -> None:
    """When it tells, which is before it takes what is there."""
    bench = Bench(PROTOCOL, ASK)
    bench.after_ms(100)
    for _ in range(7):
        bench.cluster.write(Record("replies", None, b"x", ()))
    bench.after_ms(100)
    bench.after_ms(100)
    bench.after_ms(100)
    bench.runtime.close()
    assert [row.value for row in gauges(bench, LAG)] == [0.0, 7.0, 0.0, 0.0]


def test_a_run_without_an_interval_has_no_metrics() -> None:
    """Nor do its fake clients tell anything."""
    bench = Bench(kafka().bootstrap_servers("fake:9092"), ASK)
    bench.perform()
    bench.after_ms(2_000)
    bench.runtime.close()
    assert [event for event in bench.services.events if event[0] == GAUGE] == []
