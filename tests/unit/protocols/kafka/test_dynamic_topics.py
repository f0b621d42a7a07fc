"""Topics that users name: read when they are needed, let go when they are not, never leaked."""

from collections.abc import Mapping

import pytest

from gatlingpy.dsl.checks import body_string
from gatlingpy.errors import ProtocolError
from gatlingpy.protocols.kafka import dynamic_topics
from gatlingpy.protocols.kafka.clients import Place
from gatlingpy.protocols.kafka.dsl import consume, kafka
from gatlingpy.protocols.kafka.dynamic_topics import DynamicTopics
from gatlingpy.session import Session
from gatlingpy.testing.truth import MS, Conduct
from gatlingpy.testing.wire import Record
from tests.unit.protocols.kafka.broker_side import PROMPT, Bench

SECOND = 1_000 * MS
PROTOCOL = kafka().bootstrap_servers("fake:9092")
ASK = (
    kafka("Ask").request_reply().request_topic("to-#{u}").response_topic("from-#{u}")
    .value("hello #{u}").check(body_string().save_as("m")).timeout(1)
)  # fmt: skip
TAKE = consume("Take", "events-#{u}").save_as("m").timeout(1)


class Desk(Bench):
    """A bench with topics for some users, on which the system answers."""

    def __init__(self, *actions: object, users: int = 5, protocol: object = PROTOCOL) -> None:
        names = [f"{kind}-{u}" for u in range(users) for kind in ("to", "from", "events")]
        super().__init__(
            protocol,
            *actions,
            topics=dict.fromkeys([*names, "requests", "replies"], 2),  # type: ignore[arg-type]
        )
        for u in range(users):
            self.cluster._answers[f"to-{u}"] = f"from-{u}"

    @property
    def topics(self) -> DynamicTopics:
        topics = self.runtime._reading.dynamic
        assert topics is not None
        return topics

    def user(self, u: int | str, number: int = 0) -> None:
        self.perform(number, Session("Shop", len(self.resumed) + 1, {"u": u}))

    def open(self) -> None:
        """Let what is asked for be found and assigned."""
        self.play("kafka-topics")
        self.play("kafka-consume-topics-0")

    def play_ms(self, length: int) -> None:
        for _ in range(length):
            self.after_ms(1)

    def places(self) -> list[Place]:
        return [place for client in self.cluster.consumers for place in client.places]

    def saved(self) -> list[object]:
        return [session.get("m") for session, _ in self.resumed]


def test_a_request_begins_when_its_reply_topic_is_positioned() -> None:
    """Not before: nothing is sent, and the wait is neither response time nor lag."""
    desk = Desk(ASK)
    desk.cluster.write(Record("from-1", None, b"old", ()))
    desk.user(1)
    asked = desk.now
    desk.services.advance(300 * MS)
    assert desk.cluster.sendings == []
    assert (desk.runtime.in_flight(), desk.runtime.counters()["registered"]) == (1, 0)
    desk.play("kafka-topics")
    assert desk.cluster.sendings == [], "its partitions are not assigned yet"
    desk.play("kafka-consume-topics-0")
    assert len(desk.cluster.sendings) == 1
    desk.play_ms(5)
    (row,) = desk.rows()
    assert desk.saved() == ["hello 1"]
    assert row.start_ns == row.intended_ns == asked + 300 * MS
    assert row.ending == "ok"
    assert row.end_ns - row.start_ns < 5 * MS
    counters = desk.runtime.counters()
    assert (counters["topics_opened"], counters["topics_waited_for"]) == (1, 1)
    assert counters["topics_waited_for_ms"] == 300
    assert desk.replies() == []


def test_users_who_name_the_same_topic_share_it() -> None:
    """It is opened once, and let go when the last has gone."""
    desk = Desk(ASK)
    for _ in range(3):
        desk.user(1)
    desk.user(2)
    desk.open()
    desk.play_ms(5)
    assert sorted(desk.saved()) == ["hello 1"] * 3 + ["hello 2"]  # type: ignore[type-var]
    assert desk.runtime.counters()["topics_opened"] == 2
    assert sorted(desk.places()) == [(f"from-{u}", p) for u in (1, 2) for p in (0, 1)]
    desk.user(1)
    assert len(desk.cluster.sendings) == 5, "a topic that is open is used at once"


def test_an_idle_topic_is_let_go_after_its_grace_and_read_anew_from_its_end() -> None:
    """What was produced in between belongs to nobody who waits."""
    desk = Desk(ASK)
    desk.user(1)
    desk.open()
    desk.play_ms(5)
    desk.services.advance(29 * SECOND)
    desk.play("kafka-consume-topics-0")
    assert desk.places()
    desk.services.advance(2 * SECOND)
    desk.play("kafka-consume-topics-0")
    assert desk.places() == []
    assert desk.topics.get("from-1") is None
    desk.cluster.write(Record("from-1", None, b"nobody", ()))
    desk.user(1)
    desk.open()
    desk.play_ms(5)
    assert desk.saved() == ["hello 1", "hello 1"]
    assert desk.replies() == []


def test_a_user_that_comes_while_a_topic_is_let_go_has_it_opened_again() -> None:
    """It waits for both, and nothing is read twice."""
    desk = Desk(ASK)
    desk.user(1)
    desk.open()
    desk.play_ms(5)
    desk.services.advance(31 * SECOND)
    desk.user(1)
    assert len(desk.cluster.sendings) == 1
    desk.play("kafka-consume-topics-0")
    desk.open()
    desk.play_ms(5)
    assert desk.saved() == ["hello 1", "hello 1"]


def test_a_topic_in_use_is_never_let_go() -> None:
    """Its grace begins with the last ending."""
    desk = Desk(ASK.timeout(100))
    desk.runtime._connection.cluster().conduct = Conduct(ack=PROMPT, lost=1.0)  # type: ignore[attr-defined]
    desk.user(1)
    desk.open()
    desk.services.advance(90 * SECOND)
    desk.play("kafka-consume-topics-0")
    assert len(desk.places()) == 2


def test_a_topic_that_one_user_has_left_stays_open_for_another() -> None:
    """However long the other needs it."""
    desk = Desk(ASK, ASK.timeout(100))
    desk.user(1)
    desk.open()
    desk.play_ms(5)
    desk.cluster.conduct = Conduct(ack=PROMPT, lost=1.0)
    desk.user(1, 1)
    desk.user(1, 0)
    desk.services.advance(2 * SECOND)
    assert desk.endings() == ["ok", "timeout"]
    desk.services.advance(40 * SECOND)
    desk.play("kafka-consume-topics-0")
    assert len(desk.places()) == 2
    desk.services.advance(100 * SECOND)
    desk.play("kafka-consume-topics-0")
    assert desk.places() == []


def test_a_topic_that_does_not_exist_is_a_failed_request() -> None:
    """Named as what it is; the user goes on."""
    desk = Desk(ASK, TAKE)
    desk.user("nobody")
    desk.user("nobody", 1)
    desk.open()
    assert [(row.name, row.ending, row.message) for row in desk.rows()] == [
        ("Ask", "consumer", "no such topic: 'from-nobody'; create it before it is needed"),
        ("Take", "consumer", "no such topic: 'events-nobody'; create it before it is needed"),
    ]
    assert [session.is_failed for session, _ in desk.resumed] == [True, True]
    assert desk.cluster.sendings == []
    assert desk.runtime.in_flight() == 0
    assert desk.topics.get("from-nobody") is None


def test_a_topic_whose_end_cannot_be_read_keeps_no_other_from_being_read() -> None:
    """They are asked for together, and alone where that fails."""
    desk = Desk(ASK)
    offsets = desk.cluster.offsets

    def refusing(
        places: list[Place], *, first: bool, timeout_s: float = 10.0
    ) -> Mapping[Place, int]:
        if any(topic == "from-1" for topic, _ in places):
            raise ProtocolError("no leader")
        return offsets(places, first=first, timeout_s=timeout_s)

    desk.cluster.offsets = refusing  # type: ignore[method-assign,assignment]
    desk.user(1)
    desk.user(2)
    desk.open()
    desk.play_ms(5)
    assert sorted((row.ending, row.message) for row in desk.rows()) == [
        ("consumer", "no leader"), ("ok", ""),
    ]  # fmt: skip


def test_a_cluster_that_does_not_answer_is_a_failed_request_and_no_crash() -> None:
    """With what the cluster says; the next user asks anew."""
    desk = Desk(ASK)
    topics = desk.cluster.topics

    def failing() -> Mapping[str, int]:
        raise ProtocolError("no broker can be reached")

    desk.cluster.topics = failing  # type: ignore[method-assign]
    desk.user(1)
    desk.open()
    assert desk.rows()[0].message == "no broker can be reached"
    desk.cluster.topics = topics  # type: ignore[method-assign]
    desk.user(1)
    desk.open()
    desk.play_ms(5)
    assert desk.endings() == ["consumer", "ok"]


def test_no_more_topics_are_open_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is idle makes room at once; if none is, the next user waits for one."""
    monkeypatch.setattr(dynamic_topics, "MOST_OPEN", 2)
    desk = Desk(ASK)
    for u in (0, 1, 2):
        desk.user(u)
    desk.open()
    assert [sending.topic for sending in desk.cluster.sendings] == ["to-0", "to-1"]
    desk.play_ms(10)
    assert desk.saved().count("hello 2") == 1
    desk.user(3)
    desk.play_ms(10)
    assert sorted(desk.saved()) == [f"hello {u}" for u in range(4)]  # type: ignore[type-var]
    counters = desk.runtime.counters()
    assert counters["topics_held_back"] == 2
    assert counters["topics_open"] <= 2


def test_a_thousand_topics_one_after_another_leave_nothing() -> None:
    """No place, no topic, no timer, no more consumers and threads than at first."""
    desk = Desk(ASK, users=1_000)
    workers, consumers = set(desk.services.workers), len(desk.cluster.consumers)
    for u in range(1_000):
        desk.user(u)
        desk.open()
        desk.play_ms(3)
        desk.services.advance(2 * SECOND)
    assert desk.endings() == ["ok"] * 1_000
    desk.services.advance(31 * SECOND)
    desk.play("kafka-consume-topics-0")
    assert desk.places() == []
    topics = desk.topics
    left = (topics._topics, topics._idle, topics._queue, topics._left)
    assert [len(what) for what in left] == [0, 0, 0, 0]  # type: ignore[arg-type]
    assert (topics._admitted, topics.waiting) == (0, 0)
    assert set(desk.services.workers) == workers
    assert len(desk.cluster.consumers) == consumers == 1
    assert desk.runtime.counters()["topics_opened"] == 1_000


def test_users_share_a_pool_of_consumers() -> None:
    """As many as the protocol asks for, however many topics."""
    desk = Desk(ASK, users=20, protocol=PROTOCOL.num_consumers(2))
    for u in range(20):
        desk.user(u)
    for _ in range(5):
        desk.after_ms(1)
    assert desk.endings() == ["ok"] * 20
    assert [bool(client.places) for client in desk.cluster.consumers] == [True, True]


def test_a_dead_consumer_ends_its_requests_and_is_used_no_more() -> None:
    """With its cause, at once; topics are opened on what is left, and if nothing is, told."""
    desk = Desk(ASK.timeout(100), protocol=PROTOCOL.num_consumers(2))
    desk.cluster.conduct = Conduct(ack=PROMPT, lost=1.0)
    for u in range(5):
        desk.user(u)
    desk.play("kafka-topics")
    desk.play("kafka-consume-topics-0")
    desk.play("kafka-consume-topics-1")
    of_first = {topic for topic, _ in desk.cluster.consumers[0].places}
    assert 0 < len(of_first) < 5
    desk.cluster.consumers[0]._dies_ns = 0
    desk.play("kafka-consume-topics-0")
    cause = "the consumer of topics that users name died: Local: Fatal error"
    assert [(row.ending, row.message) for row in desk.rows()] == [("consumer", cause)] * len(
        of_first
    )
    desk.cluster.conduct = Conduct(ack=PROMPT, reply=PROMPT)
    desk.user(of_first.pop().removeprefix("from-"))
    desk.play("kafka-topics")
    desk.play_ms(5)
    assert desk.endings()[-1] == "ok"
    desk.cluster.consumers[1]._dies_ns = 0
    desk.play("kafka-consume-topics-1")
    desk.user(0)
    desk.play("kafka-topics")
    assert desk.rows()[-1].message == cause
    assert desk.runtime.in_flight() == 0


def test_a_consumer_that_dies_while_it_is_given_a_topic_keeps_nobody_waiting() -> None:
    """Whether it has taken the order or not."""
    desk = Desk(ASK)
    desk.user(1)
    desk.play("kafka-topics")
    desk.cluster.consumers[0].add = _raise  # type: ignore[method-assign]
    desk.play("kafka-consume-topics-0")
    assert desk.endings() == ["consumer"]
    assert desk.runtime.in_flight() == 0


def _raise(_positions: Mapping[Place, int]) -> None:
    raise RuntimeError("Consumer closed")


def test_the_end_of_the_run_lets_go_who_waits_for_a_topic() -> None:
    """Its request has never begun, so it has no row."""
    desk = Desk(ASK)
    desk.user(1)
    assert desk.runtime.latest_due_ns() > desk.now
    desk.runtime.end_all()
    assert len(desk.resumed) == 1
    assert desk.rows() == []
    assert desk.runtime.in_flight() == 0
    assert desk.runtime.counters()["registered"] == 0


def test_a_run_that_stops_lets_go_who_waits_for_a_topic() -> None:
    """Nothing begins any more, be the topic found in that moment; what has begun may end."""
    desk = Desk(ASK)
    desk.user(1)
    desk.open()
    desk.user(2)
    desk.runtime.stop()
    assert len(desk.resumed) == 1
    desk.open()
    desk.user(3)
    desk.user(2)
    assert len(desk.resumed) == 3
    desk.runtime.stop()
    assert len(desk.resumed) == 3
    desk.play_ms(5)
    assert [(row.ending, row.user) for row in desk.rows()] == [("ok", 1)]
    assert desk.runtime.in_flight() == 0


def test_users_who_go_on_before_the_reply_keep_the_topic_until_it_has_come() -> None:
    """And who counts what is in flight is told once for each."""
    settled: list[int] = []
    desk = Desk(ASK.resume_on("send").check())
    ask = kafka("Ask").request_reply().topics("to-#{u}", "from-#{u}").value("x").timeout(1)
    desk = Desk(ask.resume_on("send"))
    perform = desk.runtime.bind(desk.requests[0], lambda: settled.append(1))
    perform(Session("Shop", 1, {"u": 1}), desk.now, lambda s, at: desk.resumed.append((s, at)))
    desk.open()
    assert len(desk.resumed) == 1
    topic = desk.topics.get("from-1")
    assert topic is not None
    assert (topic.users, settled) == (1, [])
    desk.play_ms(5)
    assert (topic.users, settled) == (0, [1])
    assert desk.endings() == ["ok"]
    perform(Session("Shop", 2), desk.now, lambda s, at: desk.resumed.append((s, at)))
    assert settled == [1, 1]
    assert "No attribute" in desk.services.errors[0]


def test_records_of_a_topic_that_a_user_names_are_taken_as_of_any_other() -> None:
    """From its end when it is first needed; what is left when it is let go is counted."""
    desk = Desk(TAKE)
    desk.cluster.write(Record("events-1", None, b"old", ()))
    desk.user(1)
    desk.open()
    for value in (b"a", b"b"):
        desk.cluster.write(Record("events-1", None, value, ()))
    desk.play("kafka-consume-topics-0")
    assert len(desk.saved()) == 1
    desk.user(1)
    assert sorted(desk.saved()) == ["a", "b"]  # type: ignore[type-var]
    desk.cluster.write(Record("events-1", None, b"c", ()))
    desk.play("kafka-consume-topics-0")
    desk.services.advance(31 * SECOND)
    desk.play("kafka-consume-topics-0")
    assert desk.runtime.counters()["records_not_consumed"] == 1
    assert desk.runtime._consumed._queues == {}
    assert desk.replies() == []


def test_from_the_start_no_record_is_read_twice_however_often_its_topic_is_opened() -> None:
    """Reading goes on where it had got to."""
    desk = Desk(TAKE)
    desk.topics._from_start = desk.topics._lookup._from_start = True
    desk.cluster.write(Record("events-1", None, b"a", ()))
    for _ in range(2):
        desk.user(1)
        desk.open()
        desk.play("kafka-consume-topics-0")
        desk.services.advance(31 * SECOND)
        desk.play("kafka-consume-topics-0")
    assert desk.saved() == ["a", None]
    assert desk.endings() == ["ok", "timeout"]


def test_a_topic_may_be_named_by_some_and_fixed_for_others() -> None:
    """It is read once, by the consumers of the fixed ones, and serves both."""
    fixed = kafka("Fixed").request_reply().topics("to-1", "from-1").value("x").timeout(1)
    desk = Desk(ASK, fixed, consume("Also", "from-#{u}").save_as("m").timeout(1))
    desk.user(1)
    assert len(desk.cluster.sendings) == 1
    desk.user(1, 1)
    desk.user(1, 2)
    desk.play_ms(5)
    assert sorted((row.name, row.ending) for row in desk.rows()) == [
        ("Also", "ok"), ("Ask", "ok"), ("Fixed", "ok"),
    ]  # fmt: skip
    assert desk.runtime.counters()["topics_opened"] == 0
    assert desk.replies() == []


def test_new_partitions_of_an_open_topic_are_read_from_their_start() -> None:
    """Within a look of the thread that finds topics."""
    desk = Desk(ASK)
    desk.user(1)
    desk.open()
    desk.play_ms(5)
    desk.cluster.create_topics({"from-1": 3})
    lookup = desk.topics._lookup
    lookup._asked.take = lambda until_ns: (  # type: ignore[method-assign]
        desk.services.clock.move_to(until_ns), [],  # type: ignore[arg-type]
    )[1]  # fmt: skip
    desk.play("kafka-topics")
    desk.play("kafka-consume-topics-0")
    assert sorted(desk.places()) == [("from-1", p) for p in range(3)]


def test_a_topic_that_cannot_be_named_is_a_failed_user() -> None:
    """As any expression that fails."""
    desk = Desk(ASK, TAKE)
    for number in (0, 1):
        desk.perform(number, Session("Shop", number + 1))
    assert [session.is_failed for session, _ in desk.resumed] == [True, True]
    assert all("No attribute named 'u'" in error for error in desk.services.errors)
    assert desk.rows() == []


def test_what_cannot_be_compiled_is_told_before_the_run() -> None:
    """Not when the first user names a topic."""
    with pytest.raises(ProtocolError, match="cannot write"):
        Desk(ASK.request_topic("requests").value({"a": 1}).as_string())


def test_closing_stops_every_thread() -> None:
    """Twice is no error."""
    desk = Desk(ASK)
    desk.user(1)
    desk.runtime.close()
    desk.runtime.close()
    assert all(worker.closed for worker in desk.services.workers.values())
    assert all(client.closed for client in desk.cluster.consumers)
