"""The Kafka protocol of one run: topics checked, positions resolved, actors wired, all closed."""

import pytest

from gatlingpy.errors import ProtocolError
from gatlingpy.plan.code import Const
from gatlingpy.plan.steps import ProtocolPlan, RequestPlan
from gatlingpy.protocols.kafka.dsl import kafka
from gatlingpy.protocols.kafka.runtime import kafka_runtime
from gatlingpy.testing.services import ManualServices
from gatlingpy.testing.truth import Conduct
from gatlingpy.testing.wire import Record
from tests.unit.protocols.kafka.broker_side import PROMPT, Bench

PROTOCOL = kafka().bootstrap_servers("fake:9092")
ASK = kafka("Ask").request_reply().topics("requests", "replies").value("x").timeout(1)
LOG = kafka("Log").send().topic("events").value("x")
WATCH_MS = 10_000


def test_a_topic_that_is_missing_is_named_before_the_run() -> None:
    """With the remedy."""
    with pytest.raises(ProtocolError, match=r"no such topic at fake:9092: 'replies', 'requests'"):
        Bench(PROTOCOL, ASK, topics={"events": 1})
    with pytest.raises(ProtocolError, match=r"'events'.*create_topics"):
        Bench(PROTOCOL, LOG, topics={"requests": 1, "replies": 1})


def test_topics_to_be_created_are_created_where_they_are_missing() -> None:
    """Those that exist stay as they are."""
    protocol = PROTOCOL.create_topics({"requests": 3, "replies": 2})
    bench = Bench(protocol, ASK, topics={"requests": 1})
    assert bench.cluster.topics() == {"requests": 1, "replies": 2}


def test_consumers_share_the_partitions_of_a_reply_topic() -> None:
    """No more of them than there are partitions, each from the end."""
    topics = {"requests": 1, "replies": 5, "events": 1}
    bench = Bench(PROTOCOL.num_consumers(2), ASK, topics=topics)
    assert [client.positions for client in bench.cluster.consumers] == [
        {0: 0, 2: 0, 4: 0}, {1: 0, 3: 0},
    ]  # fmt: skip
    assert len(Bench(PROTOCOL.num_consumers(9), ASK, topics=topics).cluster.consumers) == 5


def test_replies_that_were_there_before_the_run_are_not_read() -> None:
    """Reading begins at the end, as it was before the first request."""
    bench = Bench(PROTOCOL, ASK)
    bench.cluster.write(Record("replies", None, b"old", ()))
    before = Bench(PROTOCOL, ASK)
    before.cluster.write(Record("replies", None, b"old", ()))
    assert bench.cluster.consumers[0].positions == {0: 0}
    places = [("replies", 0)]
    assert before.cluster.offsets(places, first=False) == {places[0]: 1}
    assert before.cluster.offsets(places, first=True) == {places[0]: 0}


def test_requests_take_producers_in_turn() -> None:
    """Where there is more than one."""
    bench = Bench(PROTOCOL.num_producers(2), ASK)
    for _ in range(6):
        bench.perform()
    assert [len(producer) for producer in bench.cluster.producers] == [3, 3]


def test_without_request_replies_nothing_is_consumed() -> None:
    """Neither consumers nor a watcher."""
    bench = Bench(PROTOCOL, LOG)
    assert bench.cluster.consumers == []
    assert sorted(bench.services.workers) == ["kafka-metrics", "kafka-poll-0", "kafka-send-0"]


def test_new_partitions_of_a_reply_topic_are_read_from_their_start() -> None:
    """Within a look of the watcher; those known are left alone."""
    bench = Bench(PROTOCOL.num_consumers(2), ASK, topics={"requests": 1, "replies": 2})
    bench.cluster.create_topics({"replies": 4})
    bench.play("kafka-watch")
    bench.after_ms(1)
    assert [sorted(c.positions) for c in bench.cluster.consumers] == [[0], [1]]
    watcher = bench.services.workers["kafka-watch"]
    replies = bench.runtime._reading.topics
    assert replies is not None
    replies._doorbell.take = lambda until_ns: (  # type: ignore[method-assign,assignment]
        bench.services.clock.move_to(until_ns), [],
    )[1]  # fmt: skip
    watcher.step()
    bench.after_ms(1)
    assert [c.positions for c in bench.cluster.consumers] == [{0: 0, 2: 0}, {1: 0, 3: 0}]
    watcher.step()
    bench.after_ms(1)
    assert [sorted(c.positions) for c in bench.cluster.consumers] == [[0, 2], [1, 3]]


def test_the_last_of_several_id_headers_counts_and_an_empty_one_is_none() -> None:
    """As everywhere in Kafka."""
    bench = Bench(PROTOCOL, ASK, conduct=Conduct(ack=PROMPT, lost=1.0))
    bench.perform()
    own = bench.cluster.sendings[0].correlation_id
    for headers in (
        [("correlationId", own), ("correlationId", b"")],
        [("correlationId", own), ("other", b"x"), ("correlationId", b"x")],
        [],
        [("correlationId", b"x"), ("correlationId", own)],
    ):
        bench.cluster.write(Record("replies", None, b"x", headers))
    bench.after_ms(1)
    assert [reply.reply for reply in bench.replies()] == ["orphan", "orphan", "orphan"]
    assert bench.endings() == ["ok"]


def test_the_counters_add_what_nobody_waits_for() -> None:
    """Conservation covers every request of the protocol."""
    bench = Bench(PROTOCOL, ASK, LOG.no_ack())
    bench.perform(0)
    bench.perform(1)
    assert bench.runtime.in_flight() == 2
    bench.after_ms(1)
    bench.after_ms(5)
    counters = bench.runtime.counters()
    assert (counters["registered"], counters["ending.ok"], counters["in_flight"]) == (2, 2, 0)
    assert counters["queue_full"] == counters["replies_lost_to_retention"] == 0


def test_broken_connections_are_marked_and_not_repeated() -> None:
    """The same words at most once a second."""
    bench = Bench(PROTOCOL, ASK)
    for text in ("broker down", "broker down", "other"):
        bench.runtime._connection._on_error(text)
        bench.play("kafka-metrics")
    bench.services.advance(2_000_000_000)
    bench.runtime._connection._on_error("other")
    bench.play("kafka-metrics")
    assert [mark.text for mark in bench.marks()] == ["broker down", "other", "other"]


def test_closing_stops_every_thread_and_leaves_the_group() -> None:
    """Twice is no error; what was in flight without a watcher gets its fate."""
    bench = Bench(PROTOCOL, ASK, LOG.no_ack())
    bench.perform(1)
    bench.runtime.close()
    bench.services.settle()
    bench.runtime.close()
    assert all(worker.closed for worker in bench.services.workers.values())
    assert all(client.closed for client in bench.cluster.consumers)
    assert bench.endings() == ["send"]
    assert bench.runtime.in_flight() == 0
    bench.runtime.release()
    bench.runtime.release()


def test_a_runtime_is_for_its_own_protocol_and_requests() -> None:
    """Anything else is a mistake of ours."""
    with pytest.raises(TypeError, match="is no Kafka protocol"):
        kafka_runtime(ProtocolPlan(id="x"), ManualServices())
    bench = Bench(PROTOCOL, ASK)
    with pytest.raises(TypeError, match="is no Kafka request"):
        bench.runtime.bind(RequestPlan(name=Const("x"), protocol="kafka"))


def test_what_cannot_be_written_is_told_before_the_run_where_it_is_constant() -> None:
    """With the request's place."""
    with pytest.raises(ProtocolError, match=r"test_runtime\.py.*as_json"):
        Bench(PROTOCOL, LOG.value({"a": 1}).as_string())


def test_a_run_waits_for_replies_that_wait_to_be_read() -> None:
    """However late that is: they were received in time."""
    bench = Bench(PROTOCOL, ASK)
    bench.perform()
    bench.services.clock.advance(60_000 * 1_000_000)
    assert bench.runtime.latest_due_ns() < bench.now
    bench.runtime._encodings.unread_since_ns = lambda: 5  # type: ignore[method-assign]
    assert bench.runtime.latest_due_ns() == bench.now


def test_all_consumers_together_have_five_seconds_to_leave() -> None:
    """Those that come last have a moment at least."""
    topics = {"requests": 1, "replies": 4, "events": 1}
    bench = Bench(PROTOCOL.num_consumers(4), ASK, topics=topics)
    limits: list[float] = []

    def leaving(limit_s: float) -> None:
        limits.append(limit_s)
        bench.services.clock.advance(2_000_000_000)

    for client in bench.cluster.consumers:
        client.close = leaving  # type: ignore[method-assign]
    bench.runtime.close()
    assert limits == [5, 3, 1, 0.2]
