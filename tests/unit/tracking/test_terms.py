"""The terms of a request: silent ones, other starts and ends; and several trackers in one run."""

from collections.abc import Callable

import pytest

from gatlingpy.session import Session
from gatlingpy.spi import Message, PlainMessage
from gatlingpy.stats.closing import count_problems
from gatlingpy.stats.events import REPLY, REQUEST, Ending, ReplyEvent, RequestEvent
from gatlingpy.testing.services import ManualServices
from gatlingpy.tracking.pending import Pending, Terms
from gatlingpy.tracking.tracker import Tracker

MS = 1_000_000
SECOND = 1_000 * MS
ANN = Session("Pay", 1, {"id": "tea"})


class Desk:
    """A tracker, its services, and whoever was resumed."""

    def __init__(self, services: ManualServices | None = None, protocol: str = "") -> None:
        self.services = services or ManualServices()
        self.clock = self.services.clock
        self.tracker: Tracker[Message] = Tracker(self.services, lambda m: m, protocol)
        self.resumed: list[tuple[Session, int]] = []

    @property
    def now(self) -> int:
        return self.clock.now_ns()

    def open(
        self, terms: Terms, session: Session = ANN, given: bytes | None = None, before_ns: int = 0
    ) -> Pending:
        def wake(session: Session, due_ns: int) -> None:
            self.resumed.append((session, due_ns))

        intended = self.now - before_ns
        return self.tracker.open(terms, "Pay", session, wake, self.now, intended, None, given)

    def answer(self, correlation_id: bytes, timestamp_ms: int = 0) -> None:
        reply = PlainMessage("replies", None, b"", (), 0, 7, timestamp_ms)
        self.tracker.answered(correlation_id, self.now, reply)

    def rows(self) -> list[RequestEvent]:
        return [RequestEvent(*e) for e in self.services.events if e[0] == REQUEST]

    def kinds(self) -> list[str]:
        return [ReplyEvent(*e).reply for e in self.services.events if e[0] == REPLY]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def refuse(_value: bytes | None, _reply: Message, session: Session) -> tuple[Session, str | None]:
    return session.set("saved", 1), "no good"


# --- silent --------------------------------------------------------------------------------------

SILENT = Terms(100 * MS, None, "replies", silent=True)


@pytest.mark.parametrize(
    ("end", "ok"),
    [
        (lambda d, p: d.answer(p.correlation_id), True),
        (lambda d, p: d.services.advance(SECOND), False),
        (lambda d, p: d.tracker.send_failed(p, d.now, "gone"), False),
        (lambda d, p: d.tracker.consumer_failed("replies", d.now, "dead"), False),
        (lambda d, p: d.open(SILENT, given=p.correlation_id), False),
        (lambda d, p: d.tracker.end_all(), False),
    ],
)
def test_a_silent_request_ends_once_and_leaves_no_row(
    desk: Desk, end: Callable[[Desk, Pending], None], ok: bool
) -> None:
    """It is waited for and wakes its user; it is counted apart, so that the books balance."""
    inside = ANN.enter_group("group", desk.now)
    pending = desk.open(SILENT, inside)
    assert desk.tracker.in_flight() == 1
    assert desk.tracker.counters()["in_flight"] == 0
    end(desk, pending)
    session, _ = desk.resumed[0]
    assert session == inside
    assert desk.rows() == []
    desk.tracker.end_all()
    counters = desk.tracker.counters()
    assert counters["registered"] == 0
    assert not any(counters[f"ending.{ending}"] for ending in Ending)
    assert counters["silent_ok"] == ok
    assert counters["silent"] == counters["silent_ok"] + counters["silent_failed"]
    assert list(count_problems(counters)) == []


def test_what_a_silent_request_saves_reaches_its_user(desk: Desk) -> None:
    """Its failure does not mark the user, as in Gatling: the user would fail for nothing shown."""
    pending = desk.open(SILENT._replace(verdict=refuse))
    desk.clock.advance(3 * MS)
    desk.answer(pending.correlation_id)
    ((session, due_ns),) = desk.resumed
    assert (session.is_failed, session["saved"], due_ns) == (False, 1, desk.now)
    assert desk.tracker.counters()["silent_failed"] == 1


def test_replies_to_silent_requests_are_told_apart_as_others_are(desk: Desk) -> None:
    """The audit is of replies, and theirs come all the same."""
    pending = desk.open(SILENT)
    desk.answer(pending.correlation_id)
    desk.answer(pending.correlation_id)
    assert desk.kinds() == ["duplicate"]


def test_a_lost_silent_request_breaks_the_books() -> None:
    """Of silent requests, too, each that was registered has ended."""
    (problem,) = count_problems({"silent": 3, "silent_ok": 1, "silent_failed": 1})
    assert "3 silent requests were registered, but 2 have ended" in problem


# --- another start -------------------------------------------------------------------------------


def test_a_request_that_began_before_is_measured_from_there(desk: Desk) -> None:
    """Its deadline counts from the sending; its groups add what its row says."""
    inside = ANN.enter_group("group", desk.now)
    desk.clock.advance(SECOND)
    terms = Terms(100 * MS, None, "replies", begun_before=True)
    start = desk.now
    pending = desk.open(terms, inside, before_ns=700 * MS)
    assert pending.due_ns == start + 100 * MS
    desk.clock.advance(50 * MS)
    desk.answer(pending.correlation_id)
    (row,) = desk.rows()
    assert (row.start_ns, row.intended_ns) == (start - 700 * MS, start - 700 * MS)
    assert row.end_ns == start + 50 * MS
    assert desk.resumed[0][0].blocks[0].cumulated_ns == 750 * MS  # type: ignore[union-attr]


def test_a_reply_that_is_older_than_the_sending_does_not_end_it(desk: Desk) -> None:
    """Although it is younger than the start that the user gave."""
    desk.clock.advance(SECOND)
    terms = Terms(100 * MS, None, "replies", begun_before=True)
    pending = desk.open(terms, given=b"tea", before_ns=700 * MS)
    reply = PlainMessage("replies", None, b"", (), 0, 7, 0)
    desk.tracker.answered(pending.correlation_id, desk.now - 10 * MS, reply)
    assert desk.rows() == []
    assert desk.tracker.in_flight() == 1


# --- another end ---------------------------------------------------------------------------------

STAMPED = Terms(SECOND, None, "replies", to_timestamp=True)


@pytest.mark.parametrize("took_ms", [8, 0, -5, -60_000])
def test_a_request_may_end_at_the_timestamp_of_its_reply(desk: Desk, took_ms: int) -> None:
    """Its user goes on at the receipt; a negative time is kept as it is, and counted."""
    start_ns = desk.now
    pending = desk.open(STAMPED)
    desk.clock.advance(20 * MS)
    stamp_ms = (start_ns + desk.clock.epoch_offset_ns) // MS + took_ms
    desk.answer(pending.correlation_id, stamp_ms)
    (row,) = desk.rows()
    assert (row.ending, row.end_ns - row.start_ns) == ("ok", took_ms * MS)
    assert desk.resumed == [(ANN, start_ns + 20 * MS)]
    assert desk.tracker.counters()["negative_durations"] == (took_ms < 0)


def test_a_deadline_is_that_of_the_receipt_whatever_the_timestamp(desk: Desk) -> None:
    """A reply stamped in time and received too late is late, and the other way round."""
    stamp_ms = (desk.now + desk.clock.epoch_offset_ns) // MS
    late = desk.open(STAMPED)
    desk.services.advance(2 * SECOND)
    desk.answer(late.correlation_id, stamp_ms + 5)
    early = desk.open(STAMPED)
    desk.answer(early.correlation_id, stamp_ms + 60_000)
    assert [row.ending for row in desk.rows()] == ["timeout", "ok"]
    assert desk.kinds() == ["late"]


def test_a_reply_without_a_timestamp_ends_its_request_at_the_receipt(desk: Desk) -> None:
    """That is counted, too; a failed check ends at the timestamp like an answer."""
    pending = desk.open(STAMPED)
    desk.clock.advance(20 * MS)
    desk.answer(pending.correlation_id, -1)
    failed = desk.open(STAMPED._replace(verdict=refuse))
    stamp_ms = (desk.now + desk.clock.epoch_offset_ns) // MS
    desk.answer(failed.correlation_id, stamp_ms - 3)
    assert [(row.ending, row.end_ns - row.start_ns) for row in desk.rows()] == [
        ("ok", 20 * MS), ("check", -3 * MS),
    ]  # fmt: skip
    counters = desk.tracker.counters()
    assert counters["replies_without_timestamp"] == counters["negative_durations"] == 1


@pytest.mark.parametrize("timestamp_ms", [1, -1])
def test_timestamps_of_replies_to_silent_requests_are_not_counted(
    desk: Desk, timestamp_ms: int
) -> None:
    """They are in no statistics."""
    pending = desk.open(STAMPED._replace(silent=True))
    desk.answer(pending.correlation_id, timestamp_ms)
    assert not any("timestamp" in name or "negative" in name for name in desk.tracker.counters())


# --- several trackers ----------------------------------------------------------------------------

PLAIN = Terms(100 * MS, None, "replies")


def test_tokens_and_ids_of_two_trackers_differ() -> None:
    """A run's log names each sending once, whatever protocol it went through."""
    first = Desk()
    second = Desk(first.services, "2")
    pendings = [desk.open(PLAIN) for desk in (first, second, second, first)]
    assert [pending.token for pending in pendings] == [0, 1, 2, 3]
    assert len({pending.correlation_id for pending in pendings}) == 4
    assert [d.tracker.counters()["registered"] for d in (first, second)] == [2, 2]


def test_what_another_tracker_asked_for_is_nothing_to_report() -> None:
    """It tells of it itself, exactly: late and duplicate are told apart between the two."""
    first = Desk()
    second = Desk(first.services, "2")
    mine, theirs = first.open(PLAIN), second.open(PLAIN)
    for pending in (mine, theirs, theirs):
        for desk in (first, second):
            desk.answer(pending.correlation_id)
    assert [(row.token, row.ending) for row in first.rows()] == [(0, "ok"), (1, "ok")]
    assert first.kinds() == ["duplicate"]
    assert first.tracker.counters()["replies_of_other_protocols"] == 2
    assert second.tracker.counters()["replies_of_other_protocols"] == 1


def test_both_of_two_trackers_keep_only_what_waits() -> None:
    """Each sweeps its own queues, although the other takes half of the tokens."""
    first = Desk()
    second = Desk(first.services, "2")
    for _ in range(5_000):
        for desk in (first, second):
            desk.answer(desk.open(Terms(600 * SECOND, None, "replies")).correlation_id)
    for desk in (first, second):
        assert sum(map(len, desk.tracker._deadlines.queues.values())) <= 2_100


def test_a_reply_with_an_id_of_another_protocol_is_that_one_s_whatever_else_it_holds() -> None:
    """Although its key was that of a request of this one."""
    desk, other = Desk(), Desk(protocol="2")
    desk.answer(desk.open(PLAIN, given=b"tea").correlation_id)
    reply = PlainMessage("replies", None, b"", (), 0, 7, 0)
    desk.tracker.unclaimed([other.open(PLAIN).correlation_id, b"tea"], desk.now, reply)
    assert desk.kinds() == []
    desk.tracker.unclaimed([b"other", b"tea"], desk.now, reply)
    assert desk.kinds() == ["duplicate"]
