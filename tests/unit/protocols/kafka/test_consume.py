"""Consumes: each record goes to one user, each user gets its own, and no time is invented."""

from collections.abc import Callable

import pytest

from gatlingpy.dsl.checks import (
    body_string,
    header,
    json_path,
    message_check,
    response_equals,
)
from gatlingpy.dsl.compiler import Compiler
from gatlingpy.errors import ProtocolError, UsageError
from gatlingpy.protocols.kafka import consumed_topics
from gatlingpy.protocols.kafka.consume_builder import KafkaConsumeBuilder
from gatlingpy.protocols.kafka.dsl import consume, kafka
from gatlingpy.session import Session
from gatlingpy.spi import Message
from gatlingpy.testing.truth import MS
from gatlingpy.testing.wire import Record
from tests.unit.protocols.kafka.broker_side import Bench

PROTOCOL = kafka().bootstrap_servers("fake:9092")
TAKE = consume("Take", "events").save_as("m").timeout(1)
READER = "kafka-consume-events-0"


class Topic(Bench):
    """A bench whose topic ``events`` users consume."""

    def write(self, *values: bytes | None, key: bytes | None = None, **headers: bytes) -> None:
        for value in values:
            self.cluster.write(Record("events", key, value, list(headers.items())))

    def read(self) -> None:
        self.play(READER)

    def user(self, number: int, **attributes: object) -> None:
        self.perform(0, Session("Shop", number, attributes))

    def saved(self) -> dict[int, object]:
        """What each user has saved, of those that went on."""
        return {s.user_id: s.get("m", "nothing") for s, _ in self.resumed}


def topic(
    action: KafkaConsumeBuilder = TAKE, *more: KafkaConsumeBuilder, partitions: int = 1
) -> Topic:
    return Topic(PROTOCOL, action, *more, topics={"events": partitions})


def test_the_next_record_goes_to_the_user_that_has_waited_longest() -> None:
    """In the order of asking, one each; it measures from asking to receipt."""
    bench = topic()
    bench.user(1)
    bench.services.advance(3 * MS)
    bench.user(2)
    bench.write(b"a", b"b")
    bench.read()
    assert bench.saved() == {1: "a", 2: "b"}
    assert [(r.name, r.ending, r.end_ns - r.start_ns) for r in bench.rows()] == [
        ("Take", "ok", 3 * MS), ("Take", "ok", 0),
    ]  # fmt: skip
    assert bench.legs() == bench.replies() == []
    counters = bench.runtime.counters()
    assert (counters["registered"], counters["ending.ok"]) == (2, 2)
    assert counters["records_not_consumed"] == 0


def test_a_record_may_precede_the_user_that_takes_it() -> None:
    """It was there: no time is spent waiting.  What nobody takes is counted, and no orphan."""
    bench = topic()
    bench.write(b"a", b"b", b"c")
    bench.read()
    bench.services.advance(50 * MS)
    bench.user(1)
    assert bench.saved() == {1: "a"}
    (row,) = bench.rows()
    assert (row.end_ns, bench.resumed[0][1]) == (row.start_ns, bench.now)
    assert bench.runtime.counters()["records_not_consumed"] == 2
    assert bench.replies() == []


def test_a_record_that_was_there_before_the_run_is_not_read() -> None:
    """Reading begins at the end of the topic."""
    bench = topic()
    old = Topic(PROTOCOL, TAKE, topics={"events": 1})
    old.write(b"old")
    assert old.cluster.offsets([("events", 0)], first=False) == {("events", 0): 1}
    assert bench.cluster.consumers[0].positions == {0: 0}


def test_a_user_that_has_timed_out_never_swallows_a_record() -> None:
    """It ends under the request's own name; the record goes to who waits still."""
    bench = topic()
    bench.user(1)
    bench.services.advance(900 * MS)
    bench.user(2)
    bench.services.advance(110 * MS)
    assert [(r.name, r.ending, r.message, r.end_ns - r.start_ns) for r in bench.rows()] == [
        ("Take", "timeout", "Record timeout after 1000 ms", 1_000 * MS)
    ]
    bench.write(b"a")
    bench.read()
    assert bench.saved() == {1: "nothing", 2: "a"}


def test_a_record_received_after_the_deadline_goes_to_the_next_although_no_timer_has_rung() -> None:
    """The deadline counts, not when it is noticed."""
    bench = topic()
    bench.user(1)
    bench.services.clock.advance(500 * MS)
    bench.user(2)
    bench.services.clock.advance(501 * MS)
    bench.write(b"a")
    bench.read()
    assert bench.saved() == {1: "nothing", 2: "a"}
    assert bench.endings() == ["timeout", "ok"]


def test_a_record_received_before_the_deadline_is_in_time_if_told_within_the_grace() -> None:
    """As with replies."""
    bench = topic()
    bench.user(1)
    bench.services.clock.advance(999 * MS)
    bench.write(b"a")
    bench.services.workers[READER].step()
    bench.services.clock.advance(4 * MS)
    bench.services.settle()
    assert bench.endings() == ["ok"]


@pytest.mark.parametrize(
    ("action", "record"),
    [
        (TAKE.match_key("#{id}"), {"key": b"7"}),
        (TAKE.match_header("order", "#{id}"), {"order": b"7"}),
        (TAKE.match_body(json_path("$.id"), "#{id}"), {}),
        (TAKE.match(header("order"), lambda s: s["id"]), {"order": b"7"}),
        (TAKE.match(lambda message: message.key, "#{id}"), {"key": b"7"}),
    ],
)
def test_a_record_is_known_by_key_header_body_or_function(
    action: KafkaConsumeBuilder, record: dict[str, bytes]
) -> None:
    """It goes to the user that looks for it, be it there before or come after."""
    bench = topic(action)
    bench.write(b'{"id": 8}', key=b"8", order=b"8")
    bench.write(b'{"id": 7}', **record)  # type: ignore[arg-type]
    bench.user(1, id=7)
    bench.read()
    assert bench.saved() == {1: '{"id": 7}'}
    bench.user(2, id="8")
    assert bench.saved()[2] == '{"id": 8}'
    bench.user(3, id=7)
    assert len(bench.resumed) == 2
    bench.write(b'{"id": 7}', **record)  # type: ignore[arg-type]
    bench.read()
    assert bench.saved()[3] == '{"id": 7}'


def test_a_record_goes_to_its_own_user_before_whoever_waits_for_any() -> None:
    """And to one of them alone."""
    bench = topic(TAKE, TAKE.match_key("#{id}"))
    bench.perform(0, Session("Shop", 1))
    bench.perform(1, Session("Shop", 2, {"id": "x"}))
    bench.perform(1, Session("Shop", 3, {"id": "x"}))
    bench.write(b"first", b"second", key=b"x")
    bench.write(b"any", key=b"y")
    bench.read()
    assert bench.saved() == {2: "first", 3: "second", 1: "any"}


def test_a_record_without_the_place_to_look_at_is_for_others() -> None:
    """One that cannot be read is counted."""
    bench = topic(TAKE.match_body(json_path("$.id"), "7"), TAKE)
    bench.user(1)
    bench.write(b"no json", b'{"other": 1}')
    bench.read()
    assert bench.resumed == []
    bench.perform(1, Session("Shop", 2))
    assert bench.saved() == {2: "no json"}
    assert bench.runtime.counters()["records_without_readable_id"] == 1


def test_what_to_look_for_must_be_there() -> None:
    """A user without it fails, and nobody waits."""
    bench = topic(TAKE.match_key("#{id}"))
    bench.user(1, id="")
    bench.user(2)
    bench.user(3, id=1.5)
    assert [session.is_failed for session, _ in bench.resumed] == [True, True, True]
    assert "is absent or empty; give it a value" in bench.services.errors[0]
    assert "No attribute" in bench.services.errors[1]
    assert "is no id" in bench.services.errors[2]
    assert bench.rows() == []


def test_checks_see_the_record_those_of_the_protocol_first() -> None:
    """What compares a reply with its request is not asked of a record."""
    protocol = PROTOCOL.check(response_equals(), header("type").is_("created"))
    bench = Topic(protocol, TAKE.check(body_string().is_("good")), topics={"events": 1})
    for number in (1, 2, 3):
        bench.user(number)
    bench.write(b"good", type=b"created")
    bench.write(b"bad", type=b"created")
    bench.write(b"bad", type=b"deleted")
    bench.read()
    rows = bench.rows()
    assert [row.ending for row in rows] == ["ok", "check", "check"]
    assert rows[1].message.startswith("bodyString")
    assert rows[2].message.startswith("header(type)")
    assert [session.is_failed for session, _ in bench.resumed] == [False, True, True]


def test_a_record_is_decoded_once_whoever_asks() -> None:
    """Checks and ``save_as`` share what they read."""
    bench = topic(TAKE.as_json().check(json_path("$.n").is_(1)))
    bench.user(1)
    bench.write(b'{"n": 1}')
    bench.read()
    assert bench.saved() == {1: {"n": 1}}


@pytest.mark.parametrize(
    ("how", "value", "saved"),
    [
        (lambda b: b, b"text", "text"),
        (lambda b: b.as_string(), b"text", "text"),
        (lambda b: b.as_bytes(), b"\xff", b"\xff"),
        (lambda b: b.as_json(), b'{"a": [1]}', {"a": [1]}),
        (lambda b: b.as_json(), None, None),
        (lambda b: b.save_as("m", lambda r: (r.key, r.topic, r.offset)), b"x", (b"k", "events", 0)),
        (lambda b: b.save_as("m", lambda r: None), b"x", None),
    ],
)
def test_the_value_is_saved_as_it_is_declared(
    how: Callable[[KafkaConsumeBuilder], KafkaConsumeBuilder], value: bytes | None, saved: object
) -> None:
    """Text unless told; a tombstone is ``None``; or what a function makes of the record."""
    bench = topic(how(TAKE))
    bench.user(1)
    bench.write(value, key=b"k")
    bench.read()
    assert bench.saved() == {1: saved}
    assert bench.endings() == ["ok"]


def _crash(_record: Message) -> object:
    raise RuntimeError("no")


@pytest.mark.parametrize(
    ("how", "message"),
    [
        (lambda b: b, "saveAs(m): the record is not UTF-8 text"),
        (lambda b: b.as_json(), "saveAs(m): the record is not JSON"),
        (lambda b: b.save_as("m", _crash), "saveAs(m) crashed: "),
    ],
)
def test_a_record_that_cannot_be_saved_is_a_failed_check(
    how: Callable[[KafkaConsumeBuilder], KafkaConsumeBuilder], message: str
) -> None:
    """With its reason; the user goes on, failed."""
    bench = topic(how(TAKE))
    bench.user(1)
    bench.write(b"\xff")
    bench.read()
    (row,) = bench.rows()
    assert row.ending == "check"
    assert row.message.startswith(message)
    assert bench.saved() == {1: "nothing"}


def test_without_save_as_a_record_of_any_kind_will_do() -> None:
    """Nothing is decoded."""
    bench = topic(consume("Take", "events"))
    bench.user(1)
    bench.write(b"\xff")
    bench.read()
    assert bench.endings() == ["ok"]


def test_too_many_early_records_drop_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    """That is counted."""
    monkeypatch.setattr(consumed_topics, "EARLY_RECORDS", 2)
    bench = topic()
    bench.write(b"a", b"b", b"c")
    bench.read()
    bench.user(1)
    counters = bench.runtime.counters()
    assert bench.saved() == {1: "b"}
    assert (counters["records_not_consumed"], counters["records_dropped_early"]) == (2, 1)


def test_a_consumer_that_dies_ends_who_waits_and_who_comes_after_with_its_cause() -> None:
    """At once, not by their timeouts."""
    bench = topic()
    bench.user(1)
    bench.cluster.consumers[0]._dies_ns = 0
    bench.read()
    bench.user(2)
    assert [(row.ending, row.message) for row in bench.rows()] == [
        ("consumer", "the consumer of events died: Local: Fatal error")
    ] * 2
    assert len(bench.resumed) == 2


def test_the_end_of_the_run_ends_who_waits() -> None:
    """Named as what it is."""
    bench = topic()
    bench.user(1)
    bench.runtime.end_all()
    assert [(row.ending, row.message) for row in bench.rows()] == [
        ("run-ended", "the run ended before a record came")
    ]


def test_silent_consumes_are_in_no_statistics() -> None:
    """Their users go on all the same."""
    bench = topic(TAKE.silent())
    bench.user(1)
    bench.write(b"a")
    bench.read()
    assert bench.saved() == {1: "a"}
    assert bench.rows() == []
    assert bench.runtime.counters()["registered"] == 0


def test_a_topic_may_be_consumed_and_hold_replies() -> None:
    """Each record is offered to both; one that answers nobody is no orphan."""
    ask = kafka("Ask").request_reply().topics("requests", "replies").value("x").timeout(1)
    bench = Topic(PROTOCOL, consume("Take", "replies").save_as("m"), ask)
    bench.perform(0)
    bench.perform(0, Session("Shop", 2))
    bench.perform(1, Session("Shop", 3))
    bench.cluster.write(Record("replies", None, b"other", ()))
    for _ in range(5):
        bench.after_ms(1)
    assert sorted((row.name, row.ending) for row in bench.rows()) == [
        ("Ask", "ok"), ("Take", "ok"), ("Take", "ok"),
    ]  # fmt: skip
    assert bench.saved() == {1: "other", 2: "x", 3: "nothing"}
    assert bench.replies() == []


def test_users_that_have_ended_leave_no_trace() -> None:
    """Whatever they looked for: a thousand ids that never came are forgotten."""
    bench = topic(TAKE.match_key("#{id}").timeout("1ms"))
    for number in range(3_000):
        bench.user(number, id=str(number))
        bench.services.advance(MS)
    bench.services.advance(10 * MS)
    bench.user(0, id="last")
    queue = bench.runtime._consumed.open("events")
    assert len(queue._waiting_for[0]) <= 1_030


def test_a_missing_topic_is_named_before_the_run() -> None:
    """As for other requests."""
    with pytest.raises(ProtocolError, match="no such topic at fake:9092: 'events'"):
        Topic(PROTOCOL, TAKE, topics={"other": 1})


# --- how it is written ---------------------------------------------------------------------------


def test_the_forms_of_writing_it_mean_the_same() -> None:
    """``consume("topic")`` is called ``kafka-consume``."""
    short, full = topic(consume("events")), topic(kafka("N").consume().topic("events"))
    assert short.requests[0].label == "kafka-consume"
    assert full.requests[0].label == "N"
    assert short.requests[0].topic == full.requests[0].topic  # type: ignore[attr-defined]
    with pytest.raises(UsageError, match=r"consume\(...\) takes a topic, or a name and a topic"):
        consume("a", "b", "c")


@pytest.mark.parametrize(
    ("action", "problem"),
    [
        (kafka("N").consume(), "'N' has no topic"),
        (TAKE.match_key(""), "looks for a record whose id is empty"),
        (TAKE.check(response_equals()), "compares a reply with its request"),
        (TAKE.timeout(0), "has a timeout of 0"),
    ],
)
def test_what_cannot_be_is_a_problem_of_the_plan(action: KafkaConsumeBuilder, problem: str) -> None:
    """Told before the run."""
    assert any(problem in text for text in _problems(action))


def _problems(action: KafkaConsumeBuilder) -> list[str]:
    compiler = Compiler()
    compiler.bind((PROTOCOL,))
    return list(action.compile(compiler, "Shop/0").problems())


def test_a_match_must_be_a_place_in_the_record() -> None:
    """With the user's line."""
    with pytest.raises(UsageError, match=r"match\(...\) takes an extractor"):
        TAKE.match("$.id", "7")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="gives the first value as it is"):
        _problems(TAKE.match(json_path("$.id").count(), "7"))


def test_a_message_check_of_the_record_alone_is_asked() -> None:
    """Its function takes the record's value."""

    @message_check("Positive")
    def positive(response: dict[str, int]) -> str | None:
        return None if response["n"] > 0 else "not positive"

    bench = topic(TAKE.as_json().check(positive))
    bench.user(1)
    bench.user(2)
    bench.write(b'{"n": 1}', b'{"n": 0}')
    bench.read()
    assert bench.endings() == ["ok", "check"]
