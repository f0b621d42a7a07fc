"""A send, with and without waiting for the ack: one row each, written when its fate is known."""

import pytest

from gatlingpy.protocols.kafka.dsl import kafka
from gatlingpy.protocols.kafka.request_builders import KafkaSendBuilder
from gatlingpy.testing.truth import MS, Conduct, Delay
from tests.unit.protocols.kafka.broker_side import ANN, PROMPT, Bench

SECOND = 1_000_000_000


def send() -> KafkaSendBuilder:
    return kafka("Log").send().topic("events").value("hello").timeout(1)


def bench(action: KafkaSendBuilder, conduct: Conduct | None = None) -> Bench:
    return Bench(kafka().bootstrap_servers("fake:9092"), action, conduct=conduct)


def test_a_send_ends_with_its_ack() -> None:
    """And wakes its user then."""
    b = bench(send())
    start = b.now
    b.perform()
    assert b.resumed == []
    assert b.runtime.in_flight() == 1
    b.after_ms(1)
    assert [(row.name, row.ending, row.start_ns, row.end_ns) for row in b.rows()] == [
        ("Log", "ok", start, start + 1 * MS)
    ]
    assert b.resumed == [(ANN, start + 1 * MS)]
    assert b.legs() == []


def test_a_send_that_is_not_delivered_fails() -> None:
    """With the client's words."""
    b = bench(send(), Conduct(ack=PROMPT, failed=1.0))
    b.perform()
    b.after_ms(1)
    assert [(row.ending, row.message) for row in b.rows()] == [
        ("send", "not delivered: Local: Message timed out")
    ]
    assert b.resumed[0][0].is_failed


def test_a_send_that_is_not_confirmed_in_time_is_a_timeout() -> None:
    """An ack that comes later is a late delivery."""
    b = bench(send(), Conduct(ack=Delay(2 * SECOND, 2 * SECOND)))
    start = b.now
    b.perform()
    b.after_ms(1_500)
    b.after_ms(1_000)
    assert [(row.ending, row.end_ns) for row in b.rows()] == [("timeout", start + SECOND)]
    assert [reply.reply for reply in b.replies()] == ["late-delivery"]
    assert len(b.resumed) == 1


def test_a_user_that_does_not_wait_goes_on_at_acceptance() -> None:
    """The row is written when the fate is known; its time is that of acceptance."""
    b = bench(send().no_ack())
    start = b.now
    b.perform()
    assert b.resumed == [(ANN, start)]
    assert b.rows() == []
    assert b.runtime.in_flight() == 1
    b.after_ms(1)
    assert [(row.ending, row.start_ns, row.end_ns) for row in b.rows()] == [("ok", start, start)]
    assert b.runtime.in_flight() == 0
    assert len(b.resumed) == 1


def test_an_unwatched_send_that_fails_is_ko() -> None:
    """Its user has gone on long since; the counters know."""
    b = bench(send().no_ack(), Conduct(ack=PROMPT, failed=1.0))
    b.perform()
    b.after_ms(1)
    assert b.endings() == ["send"]
    counters = b.runtime.counters()
    assert (counters["registered"], counters["ending.send"], counters["in_flight"]) == (1, 1, 0)
    assert [session.is_failed for session, _ in b.resumed] == [False]


def test_an_unwatched_send_that_is_refused_is_ko_at_once() -> None:
    """One row, and the user goes on."""
    b = bench(send().no_ack(), Conduct(refused=1.0))
    b.perform()
    assert [(row.ending, row.message) for row in b.rows()] == [
        ("send", "not delivered: Broker: Message size too large")
    ]
    assert len(b.resumed) == 1
    b.after_ms(1)
    assert b.runtime.in_flight() == 0


def test_an_unwatched_send_without_room_holds_its_user() -> None:
    """Until the client has it; the wait is in the row."""
    b = bench(send().no_ack(), Conduct(ack=Delay(10 * MS, 10 * MS), queue_size=1))
    b.perform()
    start = b.now
    b.perform()
    assert len(b.resumed) == 1
    b.after_ms(10, "kafka-poll-0", "kafka-send-0")
    accepted = b.resumed[1][1]
    assert accepted >= start + 10 * MS
    b.after_ms(10)
    assert [(row.ending, row.end_ns) for row in b.rows()] == [("ok", start), ("ok", accepted)]
    assert b.runtime.counters()["queue_full"] == 1
    assert b.runtime.counters()["in_flight"] == 0


def test_what_is_in_flight_unwatched_counts_until_its_timeout() -> None:
    """So that a run waits for its fate, but not for ever."""
    b = bench(send().no_ack())
    assert b.runtime.latest_due_ns() == 0
    b.perform()
    assert b.runtime.latest_due_ns() == b.now + SECOND


@pytest.mark.parametrize("action", [send().value("#{missing}"), send().no_ack().key("#{missing}")])
def test_a_message_that_cannot_be_made_is_no_request(action: KafkaSendBuilder) -> None:
    """An error, and the user goes on, failed."""
    b = bench(action)
    b.perform()
    assert b.rows() == []
    assert b.runtime.counters()["registered"] == 0
    assert b.resumed[0][0].is_failed
    assert "No attribute named 'missing'" in b.services.errors[0]


def test_a_send_names_its_groups() -> None:
    """Waited for or not."""
    inside = ANN.enter_group("buy", 0)
    for action in (send(), send().no_ack()):
        b = bench(action)
        b.perform(session=inside)
        b.after_ms(1)
        assert [row.groups for row in b.rows()] == [("buy",)]
