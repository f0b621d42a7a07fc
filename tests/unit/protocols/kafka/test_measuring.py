"""What is measured of Kafka's requests: silent ones, starts that users give, timestamps, the store."""

from datetime import UTC, datetime

import pytest

from gatlingpy.dsl.checks import body_string, response_equals
from gatlingpy.dsl.compiler import ActionBuilder
from gatlingpy.protocols.kafka.dsl import kafka
from gatlingpy.protocols.kafka.protocol_builder import KafkaProtocolBuilder
from gatlingpy.protocols.kafka.request_builders import KafkaRequestReplyBuilder
from gatlingpy.protocols.kafka.send_builder import KafkaSendBuilder
from gatlingpy.session import Session
from gatlingpy.testing.truth import MS, Conduct
from tests.unit.protocols.kafka.broker_side import ANN, PROMPT, Bench

SECOND = 1_000 * MS
LOST = Conduct(ack=PROMPT, reply=PROMPT, lost=1.0)
FAILING = Conduct(ack=PROMPT, reply=PROMPT, failed=1.0)


def protocol() -> KafkaProtocolBuilder:
    return kafka().bootstrap_servers("fake:9092")


def ask() -> KafkaRequestReplyBuilder:
    return kafka("Pay").request_reply().topics("requests", "replies").value("tea").timeout(1)


def tell() -> KafkaSendBuilder:
    return kafka("Tell").send().topic("events").value("tea").timeout(1)


def bench(action: ActionBuilder, conduct: Conduct | None = None) -> Bench:
    return Bench(protocol(), action, conduct=conduct)


def epoch_s(b: Bench, ns: int) -> float:
    return (ns + b.services.clock.epoch_offset_ns) / 1e9


# --- silent --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "conduct", "ok"),
    [
        (ask(), None, True),
        (ask(), LOST, False),
        (ask().check(body_string().is_("coffee")), None, False),
        (ask().resume_on("ack"), None, True),
        (ask().resume_on("ack"), FAILING, False),
        (ask().resume_on("send"), None, True),
        (tell(), None, True),
        (tell(), FAILING, False),
        (tell().no_ack(), None, True),
        (tell().no_ack(), FAILING, False),
    ],
)
def test_a_silent_request_is_done_and_leaves_no_trace(
    action: KafkaRequestReplyBuilder | KafkaSendBuilder, conduct: Conduct | None, ok: bool
) -> None:
    """No row, no leg, no mark on its user; the run waits for it and counts it apart."""
    b = bench(action.silent(), conduct)
    b.perform(session=ANN)
    assert len(b.cluster.sendings) == 1
    assert b.runtime.in_flight() == 1
    for _ in range(3):
        b.after_ms(400)
    b.after_ms(10)
    assert (b.rows(), b.legs()) == ([], [])
    assert [session for session, _ in b.resumed] == [ANN]
    counters = b.runtime.counters()
    assert counters["registered"] == counters["in_flight"] == 0
    assert (counters["silent"], counters["silent_ok"]) == (1, ok)
    assert counters["silent_failed"] == (not ok)
    assert b.runtime.in_flight() == 0


def test_what_a_silent_request_saves_is_saved() -> None:
    """Its checks are run as others are."""
    b = bench(ask().check(response_equals(), body_string().save_as("seen")).silent())
    b.perform(session=ANN)
    b.after_ms(1)
    b.after_ms(5)
    assert b.resumed[0][0]["seen"] == "tea"


# --- starts that users give ----------------------------------------------------------------------


@pytest.mark.parametrize("action", [ask(), tell(), tell().no_ack()])
def test_a_request_is_measured_from_the_start_that_its_user_gives(
    action: KafkaRequestReplyBuilder | KafkaSendBuilder,
) -> None:
    """The row starts there, and was intended there; the leg is of the sending alone."""
    b = bench(action.start_time(lambda session: session["began"]))
    b.services.advance(10 * SECOND)
    sent_ns, began_ns = b.now, b.now - 2 * SECOND
    b.perform(session=ANN.set("began", epoch_s(b, began_ns)))
    b.after_ms(1)
    b.after_ms(5)
    (row,) = b.rows()
    assert row.ending == "ok"
    assert abs(row.start_ns - began_ns) < 1_000  # what a float of seconds can tell
    assert row.start_ns == row.intended_ns
    assert row.end_ns >= sent_ns
    assert {leg.start_ns for leg in b.legs()} <= {sent_ns}


def test_the_deadline_counts_from_the_sending() -> None:
    """However long ago the request began."""
    b = bench(ask().start_time("#{began}"), LOST)
    b.services.advance(10 * SECOND)
    sent_ns = b.now
    b.perform(session=ANN.set("began", f"{epoch_s(b, b.now - 5 * SECOND):.6f}"))
    for _ in range(3):
        b.after_ms(400)
    (row,) = b.rows()
    assert (row.ending, row.end_ns) == ("timeout", sent_ns + SECOND)
    assert row.end_ns - row.start_ns == pytest.approx(6 * SECOND, abs=2_000)


def test_a_datetime_is_a_start_and_a_start_that_is_about_now_is_now() -> None:
    """The wall clock may have been set since the run began."""
    b = bench(ask().start_time("#{began}"))
    b.services.advance(10 * SECOND)
    for ahead_ms in (-500, 0, 900):
        moment = datetime.fromtimestamp(epoch_s(b, b.now + ahead_ms * MS), UTC)
        b.perform(session=ANN.set("began", moment))
    sent_ns = b.now
    b.after_ms(1)
    b.after_ms(5)
    lags = sorted(row.start_ns - sent_ns for row in b.rows())
    assert lags[0] == pytest.approx(-500 * MS, abs=2_000)
    assert lags[1:] == [pytest.approx(0, abs=2_000), 0]


@pytest.mark.parametrize(
    ("began", "reason"),
    [
        (lambda b: epoch_s(b, b.now + 60 * SECOND), "start_time(...) is 60 s from now"),
        (lambda b: epoch_s(b, b.now) * 1_000, "start_time(...) must be epoch seconds"),
        (lambda b: "noon", "start_time(...) must be epoch seconds"),
        (lambda b: None, "start_time(...) must be epoch seconds"),
    ],
)
@pytest.mark.parametrize("action", [ask(), tell()])
def test_a_start_that_is_none_is_an_error_of_the_user(
    action: KafkaRequestReplyBuilder | KafkaSendBuilder, began: object, reason: str
) -> None:
    """Nothing is sent; the error says what was got."""
    b = bench(action.start_time("#{began}"))
    b.perform(session=ANN.set("began", began(b)))  # type: ignore[operator]
    assert b.cluster.sendings == []
    assert reason in b.services.errors[0]
    assert [session.is_failed for session, _ in b.resumed] == [True]


# --- timestamps ----------------------------------------------------------------------------------


@pytest.mark.parametrize("skew_ms", [0, -30_000, 30_000])
def test_response_times_may_end_at_the_timestamps_of_replies(skew_ms: int) -> None:
    """Another machine's clock is in them: a note says so, and negative ones are counted."""
    how = protocol().use_timestamp_header()
    conduct = Conduct(ack=PROMPT, reply=PROMPT, skew_ns=skew_ms * MS)
    b = Bench(how, ask(), conduct=conduct)
    start_ns = b.now
    b.perform(session=ANN)
    b.after_ms(1)
    b.after_ms(5)
    (row,) = b.rows()
    written_ns = b.cluster.sendings[0].replies[0].written_ns
    assert row.end_ns == (written_ns + skew_ms * MS) // MS * MS
    assert b.resumed == [(ANN, b.now)]
    assert b.runtime.counters()["negative_durations"] == (row.end_ns < start_ns)
    assert any("use_timestamp_header" in note for note in b.runtime.notes)


def test_without_it_nothing_is_said_of_timestamps() -> None:
    """Neither a note nor a counter."""
    b = bench(ask())
    assert not any("timestamp" in note for note in b.runtime.notes)
    assert not any("timestamp" in name for name in b.runtime.counters())


# --- the store -----------------------------------------------------------------------------------


def test_the_time_of_registering_is_a_leg_where_it_is_asked_for() -> None:
    """``Pay-store`` beside ``Pay-send``; a silent request has neither."""
    how = protocol().measure_store_latency()
    b = Bench(how, ask(), ask().silent())
    start_ns = b.now
    b.perform(0)
    b.perform(1)
    b.after_ms(1)
    assert [(leg.name, leg.start_ns, leg.token) for leg in b.legs()] == [
        ("Pay-store", start_ns, 0), ("Pay-send", start_ns, 0),
    ]  # fmt: skip


# --- what is kept while a reply is awaited -------------------------------------------------------


def kept(action: KafkaRequestReplyBuilder, session: Session) -> tuple[Bench, Session]:
    b = bench(action)
    b.perform(session=session)
    (pending,) = b.runtime._tracker._waiting.values()
    return b, pending.session


def test_a_detached_request_keeps_only_the_attributes_that_are_named() -> None:
    """For checks; its user goes on with all of them, in its groups."""
    full = ANN.set("id", 7).set("huge", "x" * 1_000).enter_group("group", 5)
    action = ask().check(body_string().is_("#{id}")).store_session("id", "missing")
    b, session = kept(action.resume_on("ack"), full)
    assert session.attributes == {"id": 7}
    assert (session.user_id, session.scenario) == (full.user_id, full.scenario)
    b.after_ms(1)
    assert [woken for woken, _ in b.resumed] == [full]
    b.after_ms(5)
    (row,) = b.rows()
    assert (row.groups, row.ending) == (("group",), "check")
    assert "is(7)" in row.message


def test_a_user_who_waits_keeps_everything() -> None:
    """It goes on with it."""
    full = ANN.set("id", 7).set("huge", "x")
    _, session = kept(ask().store_session("id"), full)
    assert session == full


@pytest.mark.parametrize(
    ("action", "value"),
    [
        (ask(), None),
        (ask().check(body_string()), None),
        (ask().check(response_equals()), b"tea"),
        (ask().check(body_string()).skip_payload_storage(), None),
    ],
)
def test_the_value_is_kept_where_a_check_needs_it(
    action: KafkaRequestReplyBuilder, value: bytes | None
) -> None:
    """And nowhere else."""
    b = bench(action)
    b.perform(session=ANN)
    assert [pending.value for pending in b.runtime._tracker._waiting.values()] == [value]
