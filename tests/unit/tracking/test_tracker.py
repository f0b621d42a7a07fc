"""The tracker: every request ends exactly once, as itself, and stamped with its own times."""

from collections.abc import Callable

import pytest

from gatlingpy.session import Session
from gatlingpy.spi import Message, PlainMessage
from gatlingpy.stats.events import REPLY, REQUEST, Ending, ReplyEvent, RequestEvent
from gatlingpy.testing.services import ManualServices
from gatlingpy.tracking.pending import Pending, Terms, Verdict
from gatlingpy.tracking.tracker import Tracker

MS = 1_000_000
SECOND = 1_000 * MS
GRACE_NS = 5 * MS


class Desk:
    """A tracker, its services, and whoever was resumed."""

    def __init__(self) -> None:
        self.services = ManualServices()
        self.clock = self.services.clock
        self.tracker: Tracker[Message] = Tracker(self.services, lambda message: message)
        self.resumed: list[tuple[Session, int]] = []

    @property
    def now(self) -> int:
        return self.clock.now_ns()

    def open(
        self,
        given: bytes | None = None,
        *,
        timeout_ms: int = 100,
        verdict: Verdict | None = None,
        session: Session | None = None,
        resume: Callable[[Session, int], None] | None = None,
        value: bytes | None = None,
        topic: str = "replies",
        intended_ns: int | None = None,
    ) -> Pending:
        def wake(session: Session, due_ns: int) -> None:
            self.resumed.append((session, due_ns))

        session = Session("Pay", 1) if session is None else session
        return self.tracker.open(
            Terms(timeout_ms * MS, verdict, topic), "Pay", session, resume or wake, self.now,
            self.now if intended_ns is None else intended_ns, value, given,
        )  # fmt: skip

    def answer(self, correlation_id: bytes | None, at_ns: int | None = None) -> None:
        reply = PlainMessage("replies", None, b"body", (), 0, 7, 0)
        self.tracker.answered(correlation_id, self.now if at_ns is None else at_ns, reply)

    def rows(self) -> list[RequestEvent]:
        return [RequestEvent(*e) for e in self.services.events if e[0] == REQUEST]

    def replies(self) -> list[ReplyEvent]:
        return [ReplyEvent(*e) for e in self.services.events if e[0] == REPLY]

    def endings(self) -> list[tuple[int, str]]:
        return [(row.token, row.ending) for row in self.rows()]

    def kinds(self) -> list[str]:
        return [reply.reply for reply in self.replies()]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def refuse(value: bytes | None, reply: Message, session: Session) -> tuple[Session, str | None]:
    return session.set("seen", reply.value), f"{value!r} was answered with {reply.value!r}"


def approve(value: bytes | None, reply: Message, session: Session) -> tuple[Session, str | None]:
    return session.set("seen", reply.value), None


# --- answers -------------------------------------------------------------------------------------


def test_a_reply_ends_the_request_it_belongs_to(desk: Desk) -> None:
    """Its row says who, when and for how long; the user goes on at the receipt of the reply."""
    start = desk.now
    pending = desk.open(intended_ns=start - 3 * MS)
    desk.clock.advance(10 * MS)
    desk.answer(pending.correlation_id, start + 8 * MS)
    assert desk.rows() == [
        (REQUEST, (), "Pay", start, start + 8 * MS, start - 3 * MS, "ok", "", 0, 1, "Pay")
    ]
    assert desk.resumed == [(Session("Pay", 1), start + 8 * MS)]


def test_a_failed_check_ends_the_request_and_fails_its_user(desk: Desk) -> None:
    """The verdict's message is the row's; what passing checks saved is kept."""
    pending = desk.open(verdict=refuse, value=b"question")
    desk.answer(pending.correlation_id)
    assert [(row.ending, row.message) for row in desk.rows()] == [
        ("check", "b'question' was answered with b'body'")
    ]
    ((session, _),) = desk.resumed
    assert session.is_failed
    assert session["seen"] == b"body"


def test_a_passed_check_hands_its_session_on(desk: Desk) -> None:
    """What checks save reaches the user."""
    pending = desk.open(verdict=approve)
    desk.answer(pending.correlation_id)
    assert desk.resumed == [(Session("Pay", 1, {"seen": b"body"}), desk.now)]
    assert desk.endings() == [(0, "ok")]


def test_a_request_adds_its_duration_to_the_groups_of_its_user(desk: Desk) -> None:
    """The row names the groups; the session that goes on has the time in each of them."""
    inside = Session("Pay", 1).enter_group("outer", desk.now).enter_group("inner", desk.now)
    pending = desk.open(session=inside)
    desk.clock.advance(4 * MS)
    desk.answer(pending.correlation_id)
    assert desk.rows()[0].groups == ("outer", "inner")
    ((session, _),) = desk.resumed
    assert [block.cumulated_ns for block in session.blocks] == [4 * MS, 4 * MS]


def test_a_detached_user_is_not_woken_by_the_reply(desk: Desk) -> None:
    """Without a resume the row is written, and that is all."""
    pending = desk.tracker.open(
        Terms(SECOND, None, "replies"), "Pay", Session("Pay", 1), None, desk.now, desk.now, None
    )
    desk.answer(pending.correlation_id)
    assert desk.endings() == [(0, "ok")]


def test_ids_of_our_own_are_different(desk: Desk) -> None:
    """Every sending has a token, and an id made of it."""
    first, second = desk.open(), desk.open()
    assert (first.token, second.token) == (0, 1)
    assert first.correlation_id != second.correlation_id
    desk.answer(second.correlation_id)
    assert desk.endings() == [(1, "ok")]


# --- deadlines -----------------------------------------------------------------------------------


def test_a_request_without_a_reply_times_out_at_its_deadline(desk: Desk) -> None:
    """It is noticed after the grace, and stamped at the deadline."""
    due = desk.open().due_ns
    desk.services.advance(100 * MS + GRACE_NS - 1)
    assert desk.rows() == []
    desk.services.advance(1)
    (row,) = desk.rows()
    assert (row.ending, row.end_ns, row.message) == (
        "timeout", due, "Reply timeout after 100 ms",
    )  # fmt: skip
    ((session, due_ns),) = desk.resumed
    assert session.is_failed
    assert due_ns == due


def test_a_timeout_noticed_late_is_stamped_at_the_deadline_all_the_same(desk: Desk) -> None:
    """A busy loop moves no stamp."""
    due = desk.open().due_ns
    desk.clock.advance(SECOND)
    desk.services.settle()
    assert [row.end_ns for row in desk.rows()] == [due]


def test_a_shorter_timeout_is_noticed_while_a_longer_one_is_waited_for(desk: Desk) -> None:
    """The timer is set for the earliest deadline, whichever request was first."""
    desk.open(timeout_ms=10_000)
    desk.services.advance(MS)
    short = desk.open(timeout_ms=50)
    desk.services.advance(50 * MS + GRACE_NS)
    assert desk.endings() == [(short.token, "timeout")]
    desk.services.advance(10 * SECOND)
    assert desk.endings() == [(short.token, "timeout"), (0, "timeout")]


def test_one_timer_at_a_time_is_heeded(desk: Desk) -> None:
    """Timers that earlier deadlines have overtaken do nothing when they fire."""
    for timeout_ms in (300, 200, 100):
        desk.open(timeout_ms=timeout_ms)
    for _ in range(3):
        desk.services.advance(100 * MS)
        desk.open(timeout_ms=300)
    desk.services.advance(SECOND)
    assert [row.end_ns - row.start_ns for row in desk.rows()] == [
        100 * MS, 200 * MS, 300 * MS, 300 * MS, 300 * MS, 300 * MS,
    ]  # fmt: skip
    assert desk.services.loop.next_due_ns() is None


def test_a_reply_at_the_deadline_is_in_time(desk: Desk) -> None:
    """The last moment still counts."""
    pending = desk.open()
    desk.clock.move_to(pending.due_ns)
    desk.answer(pending.correlation_id)
    assert desk.endings() == [(0, "ok")]


def test_word_of_a_reply_may_come_within_the_grace(desk: Desk) -> None:
    """What was received before the deadline is no timeout, even if it is told of afterwards."""
    pending = desk.open()
    desk.services.advance(100 * MS + GRACE_NS - 1)
    desk.answer(pending.correlation_id, pending.due_ns - 1)
    desk.services.advance(SECOND)
    assert desk.endings() == [(0, "ok")]
    assert desk.rows()[0].end_ns == pending.due_ns - 1


def test_a_reply_after_the_deadline_never_ends_its_request_as_ok(desk: Desk) -> None:
    """The request times out at its deadline, and the reply is late, with its age."""
    pending = desk.open(verdict=approve)
    received = pending.due_ns + 1
    desk.clock.move_to(received)
    desk.answer(pending.correlation_id)
    assert [(row.ending, row.end_ns) for row in desk.rows()] == [("timeout", pending.due_ns)]
    (late,) = desk.replies()
    assert (late.reply, late.at_ns, late.age_ns, late.token, late.name) == (
        "late", received, 100 * MS + 1, 0, "Pay",
    )  # fmt: skip
    assert len(desk.resumed) == 1


def test_the_grace_is_each_requests_own(desk: Desk) -> None:
    """One that is due a moment later has its moment more."""
    desk.open()
    desk.services.advance(4 * MS)
    second = desk.open()
    desk.services.advance(96 * MS + GRACE_NS)
    assert desk.endings() == [(0, "timeout")]
    desk.answer(second.correlation_id, second.due_ns)
    assert desk.endings() == [(0, "timeout"), (1, "ok")]


def test_a_request_ended_by_another_ones_timeout_is_not_ended_again(desk: Desk) -> None:
    """A user that is woken may use the id of one that is due in the same moment."""

    def use_the_id_of_the_other(_session: Session, _due_ns: int) -> None:
        desk.open(b"other", timeout_ms=500)

    desk.open(b"first", resume=use_the_id_of_the_other)
    desk.open(b"other")
    desk.services.advance(100 * MS + GRACE_NS)
    assert desk.endings() == [(0, "timeout"), (1, "timeout")]
    desk.answer(b"other")
    assert desk.endings() == [(0, "timeout"), (1, "timeout"), (2, "ok")]


# --- sends ---------------------------------------------------------------------------------------


def test_a_failed_delivery_ends_its_request(desk: Desk) -> None:
    """With the client's words, and at the time of the report."""
    pending = desk.open()
    desk.clock.advance(5 * MS)
    desk.tracker.send_failed(pending, desk.now, "not delivered: it broke")
    assert [(row.ending, row.message, row.end_ns) for row in desk.rows()] == [
        ("send", "not delivered: it broke", desk.now)
    ]


def test_a_failed_delivery_changes_nothing_for_a_request_that_was_answered(desk: Desk) -> None:
    """Failed but replied: the reply was first, and ends it once."""
    pending = desk.open()
    desk.answer(pending.correlation_id)
    desk.tracker.send_failed(pending, desk.now, "not delivered")
    assert desk.endings() == [(0, "ok")]
    assert len(desk.resumed) == 1


def test_a_failed_delivery_ends_only_the_sending_that_failed(desk: Desk) -> None:
    """An id that was used again is no identity: the younger request goes on waiting."""
    older = desk.open(b"same")
    younger = desk.open(b"same")
    desk.tracker.send_failed(older, desk.now, "not delivered")
    assert desk.endings() == [(older.token, "displaced")]
    desk.answer(b"same")
    assert desk.endings() == [(older.token, "displaced"), (younger.token, "ok")]


def test_a_failure_reported_after_the_deadline_finds_the_request_timed_out(desk: Desk) -> None:
    """Nothing is stamped after the deadline, whoever notices first."""
    pending = desk.open()
    desk.clock.move_to(pending.due_ns + MS)
    desk.tracker.send_failed(pending, desk.now, "not delivered")
    assert [(row.ending, row.end_ns) for row in desk.rows()] == [("timeout", pending.due_ns)]


def test_an_ack_ends_a_send_that_waits_for_it(desk: Desk) -> None:
    """At the time of the report."""
    pending = desk.open()
    desk.clock.advance(7 * MS)
    desk.tracker.acked(pending, desk.now)
    assert [(row.ending, row.end_ns) for row in desk.rows()] == [("ok", desk.now)]
    assert desk.replies() == []


def test_an_ack_after_the_deadline_is_a_timeout_and_a_late_delivery(desk: Desk) -> None:
    """Both are told: the request's own ending, and that the message did arrive."""
    pending = desk.open()
    at = pending.due_ns + MS
    desk.clock.move_to(at)
    desk.tracker.acked(pending, at)
    assert [(row.ending, row.end_ns) for row in desk.rows()] == [("timeout", pending.due_ns)]
    assert [(r.reply, r.at_ns, r.age_ns, r.token) for r in desk.replies()] == [
        ("late-delivery", at, 101 * MS, 0)
    ]


def test_an_ack_long_after_the_timeout_is_a_late_delivery_once(desk: Desk) -> None:
    """The request has ended long ago and stays as it is."""
    pending = desk.open()
    desk.services.advance(SECOND)
    desk.tracker.acked(pending, desk.now)
    assert desk.endings() == [(0, "timeout")]
    assert desk.kinds() == ["late-delivery"]


def test_a_delivery_confirmed_in_the_grace_counts_if_the_request_then_times_out(
    desk: Desk,
) -> None:
    """Not before: word of a reply may still come."""
    pending = desk.open()
    desk.clock.move_to(pending.due_ns + MS)
    desk.tracker.delivered_late(pending, desk.now)
    assert desk.replies() == []
    desk.services.advance(GRACE_NS)
    assert desk.endings() == [(0, "timeout")]
    assert desk.kinds() == ["late-delivery"]


def test_a_delivery_confirmed_late_is_none_for_a_request_that_was_answered(desk: Desk) -> None:
    """A reply that overtook its ack is an ok request like any other."""
    early, graced = desk.open(), desk.open()
    desk.answer(early.correlation_id)
    desk.clock.move_to(early.due_ns + MS)
    desk.tracker.delivered_late(early, desk.now)
    desk.tracker.delivered_late(graced, desk.now)
    desk.answer(graced.correlation_id, graced.due_ns)
    desk.services.advance(SECOND)
    assert desk.endings() == [(0, "ok"), (1, "ok")]
    assert desk.replies() == []


# --- other endings -------------------------------------------------------------------------------


def test_the_same_id_again_displaces_the_request_that_waits(desk: Desk) -> None:
    """The older one ends, visibly, at the start of the younger; each is resumed once."""
    older = desk.open(b"same")
    desk.clock.advance(3 * MS)
    younger = desk.open(b"same")
    assert [(row.token, row.ending, row.end_ns) for row in desk.rows()] == [
        (older.token, "displaced", younger.start_ns)
    ]
    desk.services.advance(SECOND)
    assert desk.endings() == [(older.token, "displaced"), (younger.token, "timeout")]
    assert desk.rows()[1].end_ns == younger.due_ns
    assert len(desk.resumed) == 2


def test_an_id_used_again_after_the_deadline_finds_the_older_request_timed_out(
    desk: Desk,
) -> None:
    """It was over before the younger one began."""
    older = desk.open(b"same")
    desk.clock.move_to(older.due_ns + MS)
    desk.open(b"same")
    assert [(row.ending, row.end_ns) for row in desk.rows()] == [("timeout", older.due_ns)]


def test_a_reply_older_than_its_request_is_none_of_its_own(desk: Desk) -> None:
    """It answered an earlier request with the same id; the present one goes on waiting."""
    first = desk.open(b"same")
    desk.answer(b"same")
    received = desk.now + MS
    desk.clock.advance(2 * MS)
    second = desk.open(b"same")
    desk.answer(b"same", received)
    assert desk.endings() == [(first.token, "ok")]
    assert desk.kinds() == ["duplicate"]
    desk.answer(b"same")
    assert desk.endings() == [(first.token, "ok"), (second.token, "ok")]


def test_a_dead_consumer_ends_those_that_wait_for_its_topic(desk: Desk) -> None:
    """With its cause; requests that wait on other topics go on."""
    lost = desk.open(topic="dead")
    other = desk.open(topic="alive")
    desk.clock.advance(MS)
    desk.tracker.consumer_failed("dead", desk.now, "the consumer died")
    assert [(row.token, row.ending, row.message) for row in desk.rows()] == [
        (lost.token, "consumer", "the consumer died")
    ]
    desk.answer(other.correlation_id)
    assert desk.endings()[1] == (other.token, "ok")


def test_the_end_of_the_run_ends_whatever_waits(desk: Desk) -> None:
    """As run-ended, now; those past their deadline as timeouts."""
    old = desk.open(timeout_ms=10)
    desk.clock.advance(11 * MS)
    young = desk.open(timeout_ms=1_000)
    desk.tracker.end_all()
    assert [(row.token, row.ending, row.end_ns) for row in desk.rows()] == [
        (old.token, "timeout", old.due_ns),
        (young.token, "run-ended", desk.now),
    ]
    assert desk.tracker.in_flight() == 0
    assert len(desk.resumed) == 2


def test_a_user_that_sends_again_while_the_run_ends_is_ended_too(desk: Desk) -> None:
    """Opening from inside a resume is safe, whatever loop is under way."""
    desk.open(resume=lambda _session, _due: desk.open(timeout_ms=500) and None)
    desk.services.advance(SECOND)
    assert desk.endings() == [(0, "timeout"), (1, "timeout")]


# --- replies that end nothing --------------------------------------------------------------------


def test_replies_to_our_own_ids_are_named_exactly(desk: Desk) -> None:
    """Answered before: duplicate.  Ended otherwise: late, and duplicate from then on."""
    answered, timed_out = desk.open(), desk.open()
    desk.answer(answered.correlation_id)
    desk.services.advance(SECOND)
    for pending in (answered, timed_out, timed_out, timed_out):
        desk.answer(pending.correlation_id)
    assert [(r.reply, r.token) for r in desk.replies()] == [
        ("duplicate", 0), ("late", 1), ("duplicate", 1), ("duplicate", 1),
    ]  # fmt: skip


def test_a_failed_check_counts_as_an_answer(desk: Desk) -> None:
    """A second reply to it is a duplicate."""
    pending = desk.open(verdict=refuse)
    desk.answer(pending.correlation_id)
    desk.answer(pending.correlation_id)
    assert desk.kinds() == ["duplicate"]


def test_replies_to_ids_of_users_are_named_by_the_last_ending(desk: Desk) -> None:
    """As exactly as ours, within the endings that are remembered."""
    desk.open(b"one")
    desk.answer(b"one")
    desk.answer(b"one")
    pending = desk.open(b"two")
    desk.tracker.send_failed(pending, desk.now, "no")
    desk.answer(b"two")
    desk.answer(b"two")
    assert desk.kinds() == ["duplicate", "late", "duplicate"]


def test_replies_that_nobody_asked_for_are_orphans_or_foreign(desk: Desk) -> None:
    """No id, an unknown one, a token not given out yet; an id of another run or segment."""
    other_segment = Tracker[Message](ManualServices(segment=(2, 2)), lambda message: message)
    desk.open()
    ours = desk.open().correlation_id
    not_yet = ours[:-1] + b"2"
    theirs = other_segment.open(
        Terms(SECOND, None, ""), "Pay", Session("Pay", 1), None, 0, 0, None
    ).correlation_id
    for correlation_id in (None, b"who?", not_yet, theirs, b"gp-anything"):
        desk.answer(correlation_id)
    assert desk.kinds() == ["orphan", "orphan", "orphan", "foreign", "foreign"]
    assert [r.detail for r in desk.replies()][:2] == [
        "replies[0]@7 no correlation id", "replies[0]@7 'who?'",
    ]  # fmt: skip
    assert {(r.token, r.age_ns) for r in desk.replies()} == {(-1, -1)}


# --- figures -------------------------------------------------------------------------------------


def test_the_counters_say_what_the_rows_say(desk: Desk) -> None:
    """Conservation, at any moment: registered is what has ended and what is in flight."""
    answered = desk.open()
    desk.open()
    desk.answer(answered.correlation_id)
    desk.answer(answered.correlation_id)
    desk.tracker.token()
    counters = desk.tracker.counters()
    assert counters["registered"] == 2
    assert counters["in_flight"] == desk.tracker.in_flight() == 1
    assert {e: counters[f"ending.{e}"] for e in Ending} == {
        **dict.fromkeys(Ending, 0), Ending.OK: 1,
    }  # fmt: skip
    assert counters["reply.duplicate"] == 1
    assert counters["reply.late"] == 0


def test_the_latest_due_time_is_that_of_the_last_to_fall_due(desk: Desk) -> None:
    """Whatever the order of opening; none is 0."""
    assert desk.tracker.latest_due_ns() == 0
    slow = desk.open(timeout_ms=500)
    desk.open(timeout_ms=100)
    assert desk.tracker.latest_due_ns() == slow.due_ns


def test_a_long_run_keeps_only_what_waits(desk: Desk) -> None:
    """Answered requests leave the queues of deadlines, although theirs are far away."""
    for _ in range(5_000):
        desk.answer(desk.open(timeout_ms=600_000).correlation_id)
    kept = sum(len(queue) for queue in desk.tracker._deadlines.queues.values())
    assert kept <= 2_100
