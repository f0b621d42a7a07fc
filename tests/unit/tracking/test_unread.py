"""Replies that were received in time, but must wait to be read, are no timeouts."""

from gatlingpy.session import Session
from gatlingpy.spi import Message, PlainMessage
from gatlingpy.stats.events import REPLY, REQUEST, ReplyEvent, RequestEvent
from gatlingpy.testing.services import ManualServices
from gatlingpy.tracking.alarm import NOTHING_UNREAD
from gatlingpy.tracking.pending import Pending, Terms
from gatlingpy.tracking.tracker import Tracker

MS = 1_000_000


class Desk:
    """A tracker, and since when replies wait to be read."""

    def __init__(self) -> None:
        self.services = ManualServices()
        self.unread_since_ns = NOTHING_UNREAD
        self.tracker: Tracker[Message] = Tracker(
            self.services, lambda message: message, "", lambda: self.unread_since_ns
        )

    def open(self, timeout_ms: int = 100) -> Pending:
        now = self.services.clock.now_ns()
        terms = Terms(timeout_ms * MS, None, "replies")
        return self.tracker.open(terms, "Pay", Session("Pay", 1), None, now, now, None)

    def pass_on(self, pending: Pending) -> None:
        """Let the reply come that has waited."""
        received_ns, self.unread_since_ns = self.unread_since_ns, NOTHING_UNREAD
        reply = PlainMessage("replies", None, b"", (), 0, 0, 0)
        self.tracker.answered(pending.correlation_id, received_ns, reply)

    def rows(self) -> list[tuple[str, int]]:
        rows = [RequestEvent(*e) for e in self.services.events if e[0] == REQUEST]
        return [(row.ending, (row.end_ns - row.start_ns) // MS) for row in rows]

    def kinds(self) -> list[str]:
        return [ReplyEvent(*e).reply for e in self.services.events if e[0] == REPLY]


def test_a_reply_in_time_ends_its_request_however_late_it_can_be_read() -> None:
    """The response time is that of the receipt."""
    desk = Desk()
    pending = desk.open()
    desk.services.advance(90 * MS)
    desk.unread_since_ns = desk.services.clock.now_ns()
    desk.services.advance(5_000 * MS)
    assert desk.rows() == []
    desk.pass_on(pending)
    assert desk.rows() == [("ok", 90)]
    desk.services.advance(1_000 * MS)
    assert (len(desk.rows()), desk.kinds()) == (1, [])


def test_a_reply_received_at_the_deadline_is_in_time() -> None:
    """As it is without a wait."""
    desk = Desk()
    pending = desk.open()
    desk.services.advance(100 * MS)
    desk.unread_since_ns = desk.services.clock.now_ns()
    desk.services.advance(1_000 * MS)
    desk.pass_on(pending)
    assert desk.rows() == [("ok", 100)]


def test_who_was_due_before_anything_was_received_times_out_at_once() -> None:
    """No reply that waits can be in time for it."""
    desk = Desk()
    pending = desk.open()
    desk.services.advance(101 * MS)
    desk.unread_since_ns = desk.services.clock.now_ns()
    desk.services.advance(10 * MS)
    assert desk.rows() == [("timeout", 100)]
    desk.pass_on(pending)
    assert (len(desk.rows()), desk.kinds()) == (1, ["late"])


def test_who_got_nothing_times_out_when_all_is_read() -> None:
    """Stamped at the deadline, within moments, and later deadlines are kept as ever."""
    desk = Desk()
    desk.open()
    desk.services.advance(50 * MS)
    desk.unread_since_ns = desk.services.clock.now_ns()
    desk.services.advance(500 * MS)
    desk.unread_since_ns = NOTHING_UNREAD
    desk.services.advance(10 * MS)
    assert desk.rows() == [("timeout", 100)]
    desk.open(30)
    desk.services.advance(35 * MS)
    assert desk.rows() == [("timeout", 100), ("timeout", 30)]


def test_who_comes_while_the_alarm_waits_is_not_forgotten() -> None:
    """Though its deadline is later than the one that has passed."""
    desk = Desk()
    desk.open()
    desk.unread_since_ns = desk.services.clock.now_ns()
    desk.services.advance(200 * MS)
    desk.open(20)
    desk.unread_since_ns = NOTHING_UNREAD
    desk.services.advance(30 * MS)
    assert desk.rows() == [("timeout", 100), ("timeout", 20)]
