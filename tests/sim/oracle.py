"""What must be true of every run, whatever went wrong in it, told from the truth of the cluster."""

from collections import Counter, defaultdict
from typing import Final

from gatlingpy.engine.stop import StopKind
from gatlingpy.stats.events import (
    GROUP,
    LEG,
    USER_END,
    USER_START,
    Ending,
    GroupEvent,
    ReplyKind,
    RequestEvent,
)
from gatlingpy.testing.truth import MS, Sending, SentReply
from gatlingpy.tracking.ids import IdSource
from tests.sim.shapes import Played, body_of, id_of, reply_topic

_GRACE_NS: Final = 5 * MS
_ANSWERED: Final = {Ending.OK, Ending.CHECK}


def assert_true(played: Played) -> None:
    """Assert all that must be true of a run."""
    assert_conserved(played)
    assert_attributed(played)
    assert_audited(played)
    assert_users_whole(played)
    assert_saved_right(played)


# --- conservation --------------------------------------------------------------------------------


def assert_conserved(played: Played) -> None:
    """Every request that was registered has exactly one row, and the counters say the same."""
    counters = played.outcome.counters
    rows = list(played.outcome.requests())
    tokens = [row.token for row in rows]
    assert sorted(tokens) == list(range(len(tokens)))
    assert counters["registered"] == len(rows)
    assert counters["in_flight"] == 0
    endings = Counter(row.ending for row in rows)
    assert {ending: counters[f"ending.{ending}"] for ending in Ending} == {
        ending: endings[ending] for ending in Ending
    }
    assert all(count == 1 for count in played.outcome.resumes)


# --- attribution ---------------------------------------------------------------------------------


def sendings_of(played: Played) -> dict[bytes, Sending]:
    """Return the truth about each message, by its body, which no other message has."""
    return {s.value or b"": s for s in played.outcome.cluster.sendings}


def assert_attributed(played: Played) -> None:
    """Every ending belongs to the request it stands in the row of, and the truth bears it out."""
    truth = sendings_of(played)
    for row in played.outcome.requests():
        ask = played.ask(row.name)
        sending = truth.get(body_of(row.user, row.name))
        due_ns = row.start_ns + ask.timeout_ms * MS
        assert row.intended_ns <= row.start_ns <= row.end_ns
        if ask.kind == "unwatched":
            _assert_fate_told(row, sending)
            continue
        assert row.end_ns <= due_ns, "an ending after the deadline"
        _PROOFS[Ending(row.ending)](played, row, sending)
    _assert_legs(played, truth)
    _assert_timeouts_noticed_soon(played)
    _assert_graced(played)


def _prove_ok(played: Played, row: RequestEvent, sending: Sending | None) -> None:
    assert sending is not None
    if played.ask(row.name).is_reply:
        assert row.end_ns in _reads(sending, intact=True)
    else:
        assert sending.error is None
        assert row.end_ns == sending.reported_ns


def _prove_check(played: Played, row: RequestEvent, _sending: Sending | None) -> None:
    assert row.end_ns in _wrong_reads(played, row)


def _prove_timeout(played: Played, row: RequestEvent, _sending: Sending | None) -> None:
    ask = played.ask(row.name)
    assert row.end_ns == row.start_ns + ask.timeout_ms * MS
    awaited = "Reply" if ask.is_reply else "Ack"
    assert row.message == f"{awaited} timeout after {ask.timeout_ms:g} ms"


def _prove_send(_played: Played, row: RequestEvent, sending: Sending | None) -> None:
    assert sending is None or sending.error is not None
    assert row.message.startswith("not delivered: ")


def _prove_consumer(played: Played, row: RequestEvent, _sending: Sending | None) -> None:
    topic = reply_topic(played.shape.number(row.name))
    consumers = played.outcome.cluster.consumers
    assert any(consumer.died for consumer in consumers if consumer.topic == topic)


def _prove_displaced(played: Played, row: RequestEvent, _sending: Sending | None) -> None:
    assert any(
        other.token > row.token
        and _id(played, other) == _id(played, row)
        and other.start_ns == row.end_ns
        for other in played.outcome.requests()
        if played.ask(other.name).is_reply
    )


def _prove_run_ended(played: Played, _row: RequestEvent, _sending: Sending | None) -> None:
    assert played.outcome.reason.kind in {
        StopKind.INTERRUPTED, StopKind.CRASHED, StopKind.INVALID,
    }  # fmt: skip


_PROOFS: Final = {
    Ending.OK: _prove_ok,
    Ending.CHECK: _prove_check,
    Ending.TIMEOUT: _prove_timeout,
    Ending.SEND: _prove_send,
    Ending.CONSUMER: _prove_consumer,
    Ending.DISPLACED: _prove_displaced,
    Ending.RUN_ENDED: _prove_run_ended,
}


def _reads(sending: Sending | None, *, intact: bool) -> set[int | None]:
    replies = [] if sending is None else sending.replies
    return {reply.read_ns for reply in replies if reply.intact == intact}


def _wrong_reads(played: Played, row: RequestEvent) -> set[int | None]:
    """When replies with this request's id came whose body is not the request's."""
    own, body = _id(played, row), body_of(row.user, row.name)
    return {
        reply.read_ns
        for reply in _replies(played)
        if reply.correlation_id == own and reply.value != body
    }


def _replies(played: Played) -> list[SentReply]:
    cluster = played.outcome.cluster
    return [r for s in cluster.sendings for r in s.replies] + cluster.strays


def _id(played: Played, row: RequestEvent) -> bytes:
    if played.shape.ids and played.ask(row.name).is_reply:
        return id_of(played.shape, row.user, row.name)
    return IdSource(played.outcome.run_id, (1, 1)).make(row.token)


def _assert_fate_told(row: RequestEvent, sending: Sending | None) -> None:
    if sending is None:
        assert row.ending == Ending.SEND
    else:
        assert row.ending == (Ending.OK if sending.error is None else Ending.SEND)
        assert row.end_ns >= sending.produced_ns


def _assert_legs(played: Played, truth: dict[bytes, Sending]) -> None:
    """Every request-reply that was handed to a producer has one ``-send`` leg, and it is true."""
    rows = {row.token: row for row in played.outcome.requests() if played.ask(row.name).is_reply}
    legs = [RequestEvent(*event) for event in played.outcome.events if event[0] == LEG]
    assert len({leg.token for leg in legs}) == len(legs)
    unsent = rows.keys() - {leg.token for leg in legs}
    for leg in legs:
        row = rows[leg.token]
        sending = truth.get(body_of(row.user, row.name))
        assert (leg.name, leg.start_ns) == (f"{row.name}-send", row.start_ns)
        failed = sending is None or sending.error is not None
        assert leg.ending == (Ending.SEND if failed else Ending.OK)
        if sending is not None and sending.reported_ns is not None:
            assert leg.end_ns == sending.reported_ns
    assert all(rows[token].ending == Ending.CONSUMER for token in unsent)


def _assert_timeouts_noticed_soon(played: Played) -> None:
    """A timeout is noticed within moments of the grace, so that its user goes on in time."""
    outcome = played.outcome
    if outcome.cluster.conduct.queue_size < 1_000:
        return  # a sender that waits for room holds the one real thread of the simulation
    for event, recorded_ns in zip(outcome.events, outcome.recorded_ns, strict=True):
        if event[0] == "REQUEST" and event[6] == Ending.TIMEOUT:
            assert recorded_ns <= event[4] + _GRACE_NS + 150 * MS


def _assert_graced(played: Played) -> None:
    """A reply that was received in time is no late one, if word of it came within the grace."""
    outcome = played.outcome
    if outcome.reason.kind is not StopKind.COMPLETED or played.shape.ids > 1:
        return  # an end at once waits for no word; an id of several requests has no one deadline
    dues = {_id(played, row): row for row in outcome.requests() if row.ending == Ending.TIMEOUT}
    for event, recorded_ns in zip(outcome.events, outcome.recorded_ns, strict=True):
        if event[0] == "REPLY" and event[5] == ReplyKind.LATE:
            row = dues.get(event[6].split(" ", 1)[1].strip("'").encode())
            if row is not None and event[2] <= row.end_ns:
                assert recorded_ns >= row.end_ns + _GRACE_NS


# --- the delivery audit --------------------------------------------------------------------------


def assert_audited(played: Played) -> None:
    """Replies that ended nothing, and late deliveries, are counted as the truth has them."""
    outcome = played.outcome
    expected = Counter({kind.value: 0 for kind in ReplyKind})
    expected += _expected_replies(played)
    expected[ReplyKind.LATE_DELIVERY] = _late_deliveries(played)
    recorded = Counter(reply.reply for reply in outcome.replies())
    counted = {kind.value: outcome.counters[f"reply.{kind}"] for kind in ReplyKind}
    assert counted == {kind.value: recorded[kind] for kind in ReplyKind}
    assert counted == {kind.value: expected[kind] for kind in ReplyKind}


def _expected_replies(played: Played) -> Counter[str]:
    """Classify by counting: what each id was read with, less the one that ended its request."""
    expected: Counter[str] = Counter()
    reads: Counter[bytes] = Counter()
    for reply in _replies(played):
        if reply.read_ns is None:
            continue
        if reply.answers is not None:
            reads[reply.correlation_id or b""] += 1
        elif reply.correlation_id and reply.correlation_id.startswith(b"gp-"):
            expected[ReplyKind.FOREIGN] += 1
        else:
            expected[ReplyKind.ORPHAN] += 1
    for correlation_id, (late, answered) in _answered(played).items():
        expected[ReplyKind.LATE] += late
        expected[ReplyKind.DUPLICATE] += reads[correlation_id] - answered - late
    return expected


def _answered(played: Played) -> dict[bytes, tuple[int, int]]:
    """Return for each id how many late replies are due, and how many ended a request.

    Told from the order in which the endings and the replies that ended nothing were recorded: the
    first such reply after an ending that was no answer is late, the others are duplicates.
    """
    late: Counter[bytes] = Counter()
    answered: Counter[bytes] = Counter()
    open_ended: dict[bytes, bool] = {}
    for event in played.outcome.events:
        if event[0] == "REQUEST":
            row = RequestEvent(*event)
            if not played.ask(row.name).is_reply:
                continue
            own = _id(played, row)
            answered[own] += row.ending in _ANSWERED
            open_ended[own] = row.ending not in _ANSWERED
        elif event[0] == "REPLY" and event[5] != ReplyKind.LATE_DELIVERY:
            own = event[6].split(" ", 1)[1].strip("'").encode()
            if open_ended.get(own):
                late[own] += 1
                open_ended[own] = False
    return {own: (late[own], answered[own]) for own in open_ended}


def _late_deliveries(played: Played) -> int:
    """How many requests timed out and were confirmed by the broker after their deadline."""
    truth = sendings_of(played)
    count = 0
    for row in played.outcome.requests():
        sending = truth.get(body_of(row.user, row.name))
        if row.ending == Ending.TIMEOUT and sending is not None and sending.error is None:
            count += sending.reported_ns is not None and sending.reported_ns > row.end_ns
    return count


# --- users ---------------------------------------------------------------------------------------


def assert_users_whole(played: Played) -> None:
    """Every user starts once and ends once, after its requests, and leaves the groups it entered."""
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    for event in played.outcome.users():
        moments = starts if event.what == USER_START else ends
        assert event.what in {USER_START, USER_END}
        assert event.user not in moments
        moments[event.user] = event.at_ns
    assert starts.keys() == ends.keys()
    assert all(ends[user] >= at_ns for user, at_ns in starts.items())
    if played.outcome.reason.kind is StopKind.COMPLETED:
        assert sorted(starts) == list(range(1, played.shape.users + 1))
        _assert_groups_true(played)


def _assert_groups_true(played: Played) -> None:
    if not played.shape.grouped:
        return
    groups = [GroupEvent(*event) for event in played.outcome.events if event[0] == GROUP]
    rows: dict[int, list[RequestEvent]] = defaultdict(list)
    for row in played.outcome.requests():
        assert row.groups == ("outer", "inner")
        rows[row.user].append(row)
    assert sorted((g.user, g.groups) for g in groups) == sorted(
        (user, path)
        for user in range(1, played.shape.users + 1)
        for path in [("outer",), ("outer", "inner")]
    )
    if all(ask.kind in {"reply", "acked"} for ask in played.shape.asks):
        for group in groups:
            mine = rows[group.user]
            spent_ns = sum(max(row.end_ns - row.start_ns, 1 * MS) for row in mine)
            assert group.cumulated_ns == spent_ns
            assert group.ok == all(row.ending == Ending.OK for row in mine)


def assert_saved_right(played: Played) -> None:
    """What a user saved from a reply is from the reply to that very request."""
    for row in played.outcome.requests():
        if played.ask(row.name).kind != "reply":
            continue
        saved = played.seen.get((row.user, row.name))
        body = body_of(row.user, row.name).decode()
        if row.ending == Ending.OK:
            assert saved in {body, None}
            assert saved == body or _ended_early(played)
        elif row.ending != Ending.CHECK:
            assert saved is None


def _ended_early(played: Played) -> bool:
    return played.outcome.reason.kind is not StopKind.COMPLETED
