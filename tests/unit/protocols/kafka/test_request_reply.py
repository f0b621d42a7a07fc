"""One request-reply, step by step: registered, sent, reported, answered, and the user woken."""

from typing import Literal

import pytest

from gatlingpy.dsl.checks import body_string, response_equals
from gatlingpy.protocols.kafka.dsl import kafka
from gatlingpy.protocols.kafka.request_builders import KafkaRequestReplyBuilder
from gatlingpy.session import Session
from gatlingpy.testing.truth import MS, Conduct, Delay
from tests.unit.protocols.kafka.broker_side import ANN, PROMPT, Bench

SECOND = 1_000_000_000


def ask() -> KafkaRequestReplyBuilder:
    return kafka("Pay").request_reply().topics("requests", "replies").value("#{what}").timeout(1)


def bench(request: KafkaRequestReplyBuilder | None = None, conduct: Conduct | None = None) -> Bench:
    return Bench(kafka().bootstrap_servers("fake:9092"), request or ask(), conduct=conduct)


ASKING = ANN.set("what", "tea")


def test_a_request_is_registered_before_it_is_sent() -> None:
    """A reply that is quicker than the line after the send still finds it."""
    b = bench()
    in_flight_at_send: list[int] = []
    produce = b.cluster.producers[0].produce

    def spying(*args: object, **kwargs: object) -> None:
        in_flight_at_send.append(b.runtime.in_flight())
        produce(*args, **kwargs)  # type: ignore[arg-type]

    b.runtime._producers.next()._produce = spying  # type: ignore[assignment]
    b.perform(session=ASKING)
    assert in_flight_at_send == [1]


def test_a_request_is_answered_and_its_user_woken_at_the_receipt() -> None:
    """One row, one leg, one wake."""
    b = bench()
    start = b.now
    b.perform(session=ASKING)
    assert [s.value for s in b.cluster.sendings] == [b"tea"]
    assert b.cluster.sendings[0].correlation_id is not None
    assert b.resumed == []
    b.after_ms(1)
    assert [(leg.name, leg.ending, leg.end_ns) for leg in b.legs()] == [
        ("Pay-send", "ok", start + 1 * MS)
    ]
    b.after_ms(5)
    assert [(row.ending, row.start_ns, row.end_ns) for row in b.rows()] == [("ok", start, b.now)]
    assert b.resumed == [(ASKING, b.now)]
    assert b.runtime.in_flight() == 0


def test_checks_see_the_request_and_what_they_save_reaches_the_user() -> None:
    """The reply is the request's own."""
    b = bench(ask().check(response_equals(), body_string().save_as("reply")))
    b.perform(session=ASKING)
    b.after_ms(1)
    b.after_ms(5)
    assert b.endings() == ["ok"]
    assert b.resumed[0][0]["reply"] == "tea"


def test_a_corrupted_reply_fails_its_check() -> None:
    """And its user."""
    b = bench(ask().check(response_equals()), Conduct(ack=PROMPT, reply=PROMPT, corrupted=1.0))
    b.perform(session=ASKING)
    b.after_ms(1)
    b.after_ms(5)
    assert b.endings() == ["check"]
    assert b.resumed[0][0].is_failed


@pytest.mark.parametrize("broken", ["#{missing}", lambda s: 1 / 0])
def test_a_message_that_cannot_be_made_is_no_request(broken: object) -> None:
    """An error with the request's place, and the user goes on, failed."""
    b = bench(ask().value(broken))
    b.perform(session=ASKING)
    assert b.rows() == []
    assert b.runtime.counters()["registered"] == 0
    assert [session.is_failed for session, _ in b.resumed] == [True]
    (error,) = b.services.errors
    assert "test_request_reply.py" in error


# --- correlation ---------------------------------------------------------------------------------


def test_an_id_that_the_user_gives_is_used_as_it_is() -> None:
    """In the one header that carries it."""
    b = bench(ask().header("correlationId", "order-#{what}").header("kind", "x"))
    b.perform(session=ASKING)
    (sending,) = b.cluster.sendings
    assert sending.correlation_id == b"order-tea"
    b.after_ms(1)
    b.after_ms(5)
    assert b.endings() == ["ok"]


@pytest.mark.parametrize("given", [lambda s: None, lambda s: ""])
def test_an_id_that_is_absent_or_empty_is_refused_before_sending(given: object) -> None:
    """With the remedy; nothing is registered."""
    b = bench(ask().header("correlationId", given))
    b.perform(session=ASKING)
    assert b.cluster.sendings == []
    assert b.runtime.counters()["registered"] == 0
    assert "absent or empty" in b.services.errors[0]
    assert b.resumed[0][0].is_failed


def test_another_header_may_carry_the_id() -> None:
    """Both ways."""
    protocol = kafka().bootstrap_servers("fake:9092").correlation_header_name("x-id")
    b = Bench(protocol, ask())
    b.cluster.header = "x-id"
    b.perform(session=ASKING)
    assert b.cluster.sendings[0].correlation_id is not None
    b.after_ms(1)
    b.after_ms(5)
    assert b.endings() == ["ok"]


# --- what the user waits for ---------------------------------------------------------------------


def test_a_user_that_resumes_on_ack_goes_on_at_the_report() -> None:
    """The reply ends the request, and wakes nobody."""
    b = bench(ask().resume_on("ack"))
    start = b.now
    b.perform(session=ASKING)
    assert b.resumed == []
    b.after_ms(1, "kafka-poll-0")
    assert b.resumed == [(ASKING, start + 1 * MS)]
    assert b.runtime.in_flight() == 1
    b.after_ms(5)
    assert b.endings() == ["ok"]
    assert len(b.resumed) == 1


def test_a_user_that_resumes_on_send_goes_on_at_once() -> None:
    """Neither report nor reply wakes it again."""
    b = bench(ask().resume_on("send"))
    b.perform(session=ASKING)
    assert b.resumed == [(ASKING, b.now)]
    b.after_ms(1)
    b.after_ms(5)
    assert b.endings() == ["ok"]
    assert len(b.resumed) == 1


# --- deliveries ----------------------------------------------------------------------------------


def test_a_failed_delivery_ends_the_request_on_its_own_row() -> None:
    """And its leg says the same."""
    b = bench(conduct=Conduct(ack=PROMPT, failed=1.0))
    b.perform(session=ASKING)
    b.after_ms(1)
    said = "not delivered: Local: Message timed out"
    assert [(row.ending, row.message) for row in b.rows()] == [("send", said)]
    assert [(leg.ending, leg.message) for leg in b.legs()] == [("send", said)]
    assert [session.is_failed for session, _ in b.resumed] == [True]


def test_a_failed_delivery_fails_the_user_that_waits_for_the_ack() -> None:
    """Its request has ended with it."""
    b = bench(ask().resume_on("ack"), Conduct(ack=PROMPT, failed=1.0))
    b.perform(session=ASKING)
    b.after_ms(1)
    assert b.endings() == ["send"]
    assert [session.is_failed for session, _ in b.resumed] == [True]


def test_a_message_that_failed_and_was_written_all_the_same_is_answered_late() -> None:
    """The failure was first: the reply is named, and ends nothing."""
    late = Delay(20 * MS, 20 * MS)
    b = bench(conduct=Conduct(ack=PROMPT, reply=late, failed=1.0, failed_but_written=1.0))
    b.perform(session=ASKING)
    b.after_ms(1)
    b.after_ms(30)
    assert b.endings() == ["send"]
    assert [reply.reply for reply in b.replies()] == ["late"]


def test_a_reply_may_overtake_its_ack() -> None:
    """The request is answered; the leg is written when the ack comes, however late."""
    b = bench(conduct=Conduct(ack=Delay(5 * SECOND, 5 * SECOND), reply=PROMPT))
    b.perform(session=ASKING)
    (sending,) = b.cluster.sendings
    b.cluster.accept(sending)
    b.after_ms(2)
    assert b.endings() == ["ok"]
    b.after_ms(6_000)
    assert [(leg.ending, leg.end_ns) for leg in b.legs()] == [("ok", sending.reported_ns)]
    assert "late-delivery" not in [reply.reply for reply in b.replies()]


def test_a_request_that_timed_out_and_was_delivered_then_is_a_late_delivery() -> None:
    """Beside its row, which stays a timeout."""
    b = bench(conduct=Conduct(ack=Delay(2 * SECOND, 2 * SECOND), lost=1.0))
    b.perform(session=ASKING)
    b.after_ms(1_500)
    assert b.endings() == ["timeout"]
    b.after_ms(1_000)
    assert b.endings() == ["timeout"]
    assert [reply.reply for reply in b.replies()] == ["late-delivery"]


# --- dead consumers ------------------------------------------------------------------------------


@pytest.mark.parametrize("resume_on", ["reply", "ack", "send"])
def test_a_request_whose_replies_nobody_reads_ends_at_once(resume_on: str) -> None:
    """It is not sent, its cause is named, and its user goes on, whatever it would wait for."""
    b = bench(ask().resume_on(resume_on))  # type: ignore[arg-type]
    b.runtime._reading._on_dead("replies", "Local: Fatal error")
    b.perform(session=ASKING)
    assert [(row.ending, row.message) for row in b.rows()] == [
        ("consumer", "the consumer of replies died: Local: Fatal error")
    ]
    assert b.cluster.sendings == []
    assert [session.is_failed for session, _ in b.resumed] == [True]


def test_requests_in_flight_end_with_the_consumer_that_dies() -> None:
    """Each as itself."""
    b = bench(conduct=Conduct(ack=PROMPT, lost=1.0))
    b.perform(session=ASKING)
    b.perform(session=Session("Shop", 2, {"what": "milk"}))
    b.runtime._reading._on_dead("replies", "Local: Fatal error")
    assert [(row.user, row.ending) for row in b.rows()] == [(1, "consumer"), (2, "consumer")]
    assert len(b.resumed) == 2


@pytest.mark.parametrize("detached", ["ack", "send"])
def test_a_detached_request_tells_once_when_it_has_ended(detached: Literal["ack", "send"]) -> None:
    """Also if it could not be made at all; long after its user went on."""
    b = bench(ask().resume_on(detached), Conduct(ack=PROMPT, reply=Delay(50 * MS, 50 * MS)))
    settled: list[int] = []
    perform = b.runtime.bind(b.requests[0], lambda: settled.append(b.now))
    start = b.now
    perform(ASKING, start, lambda session, due_ns: b.resumed.append((session, due_ns)))
    b.after_ms(10, "kafka-poll-0")
    assert len(b.resumed) == 1
    assert settled == []
    b.after_ms(50)
    assert len(settled) == 1
    assert b.endings() == ["ok"]
    perform(ANN, b.now, lambda session, due_ns: b.resumed.append((session, due_ns)))
    assert len(b.services.errors) == 1
    assert len(settled) == 2
    assert len(b.resumed) == 2
