"""What must be true of every run, whatever went wrong in it, told from the truth of the cluster."""

from collections import Counter
from typing import Final

from gatlingpy.engine.stop import StopKind
from gatlingpy.stats.events import (
    LEG,
    Ending,
    ReplyKind,
    RequestEvent,
)
from gatlingpy.testing.truth import MS, Sending
from tests.sim.audit import assert_audited
from tests.sim.courses import assert_courses_right
from tests.sim.evidence import id_in, id_told, own_id, replies_of, sendings_of
from tests.sim.shapes import Played, reply_topic

_GRACE_NS: Final = 5 * MS
_LONG_NS: Final = 150 * MS
"""Longer than word of anything is under way, stalls included."""
NOT_COMMITTED: Final = ("not delivered: ", "transaction aborted: ", "fenced: ", "in doubt: ")
"""How the message begins of a request that was sent in a transaction which was not committed."""


def assert_true(played: Played) -> None:
    """Assert all that must be true of a run."""
    assert_conserved(played)
    assert_attributed(played)
    assert_audited(played)
    assert_courses_right(played)
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


def assert_attributed(played: Played) -> None:
    """Every ending belongs to the request it stands in the row of, and the truth bears it out."""
    truth = sendings_of(played)
    for row in played.outcome.requests():
        ask = played.ask(row.name)
        sending = truth.get(played.body(row))
        due_ns = row.start_ns + ask.timeout_ms * MS
        assert row.intended_ns <= row.start_ns <= row.end_ns
        if ask.kind == "unwatched":
            _assert_fate_told(played, row, sending)
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


def _prove_timeout(played: Played, row: RequestEvent, sending: Sending | None) -> None:
    ask = played.ask(row.name)
    if sending is not None and _reported_long_before(sending, row.end_ns):
        assert ask.is_reply
        assert sending.error is None
    assert row.end_ns == row.start_ns + ask.timeout_ms * MS
    awaited = "Reply" if ask.is_reply else "Ack"
    assert row.message == f"{awaited} timeout after {ask.timeout_ms:g} ms"


def _reported_long_before(sending: Sending, moment_ns: int) -> bool:
    return sending.reported_ns is not None and sending.reported_ns + _LONG_NS < moment_ns


def _prove_send(played: Played, row: RequestEvent, sending: Sending | None) -> None:
    if played.shape.commit:
        assert sending is None or sending.error is not None
        assert row.message.startswith(NOT_COMMITTED)
        return
    # A full queue is back-pressure: who waits for room times out before the wait has its bound.
    assert sending is not None
    assert sending.error is not None
    assert row.message.startswith("not delivered: ")


def _prove_consumer(played: Played, row: RequestEvent, sending: Sending | None) -> None:
    topic = reply_topic(played.shape.number(row.name))
    consumers = [c for c in played.outcome.cluster.consumers if c.topic == topic]
    deaths = [consumer.died_ns for consumer in consumers if consumer.died_ns is not None]
    first_ns = min(deaths)
    assert row.end_ns >= first_ns
    replies = [] if sending is None or played.shape.ids > 1 else sending.replies
    assert not any(r.read_ns is not None and r.read_ns <= first_ns for r in replies)


def _prove_displaced(played: Played, row: RequestEvent, _sending: Sending | None) -> None:
    assert any(
        other.token > row.token
        and own_id(played, other) == own_id(played, row)
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
    own, body = own_id(played, row), played.body(row)
    return {
        reply.read_ns
        for reply in replies_of(played)
        if reply.answers is not None and id_in(played, reply) == own and reply.value != body
    }


def _assert_fate_told(played: Played, row: RequestEvent, sending: Sending | None) -> None:
    """An unwatched send is as long as it took the client to accept it, and ok if delivered."""
    if sending is None:
        assert row.ending == Ending.SEND
        assert played.outcome.counters["queue_full"] or played.shape.commit
        return
    assert row.ending == (Ending.OK if sending.error is None else Ending.SEND)
    accepted = {sending.produced_ns}
    if played.outcome.counters["queue_full"]:
        accepted.add(sending.reported_ns or 0)  # the report can be quicker than word of acceptance
    if played.shape.commit:
        accepted.add(row.start_ns)  # there is room before the client has it
    assert row.end_ns in accepted


def _assert_legs(played: Played, truth: dict[bytes, Sending]) -> None:
    """Every request-reply that was handed to a producer has one ``-send`` leg, and it is true."""
    rows = {row.token: row for row in played.outcome.requests() if played.ask(row.name).is_reply}
    legs = [RequestEvent(*event) for event in played.outcome.events if event[0] == LEG]
    assert len({leg.token for leg in legs}) == len(legs)
    unsent = rows.keys() - {leg.token for leg in legs}
    for leg in legs:
        row = rows[leg.token]
        sending = truth.get(played.body(row))
        assert (leg.name, leg.start_ns) == (f"{row.name}-send", row.start_ns)
        failed = sending is None or sending.error is not None
        assert leg.ending == (Ending.SEND if failed else Ending.OK)
        if sending is not None and sending.reported_ns is not None:
            assert leg.end_ns == sending.reported_ns
    assert all(rows[token].ending == Ending.CONSUMER for token in unsent)


def _assert_timeouts_noticed_soon(played: Played) -> None:
    """A timeout is noticed within moments of the grace, so that its user goes on in time."""
    outcome = played.outcome
    for event, recorded_ns in zip(outcome.events, outcome.recorded_ns, strict=True):
        if event[0] == "REQUEST" and event[6] == Ending.TIMEOUT:
            assert recorded_ns <= event[4] + _GRACE_NS + _LONG_NS


def _assert_graced(played: Played) -> None:
    """A reply that was received in time is no late one, if word of it came within the grace."""
    outcome = played.outcome
    if outcome.reason.kind is not StopKind.COMPLETED or played.shape.ids > 1:
        return  # an end at once waits for no word; an id of several requests has no one deadline
    dues = {own_id(played, row): row for row in outcome.requests() if row.ending == Ending.TIMEOUT}
    for event, recorded_ns in zip(outcome.events, outcome.recorded_ns, strict=True):
        if event[0] == "REPLY" and event[5] == ReplyKind.LATE:
            row = dues.get(id_told(played, event[6]))
            if row is not None and event[2] <= row.end_ns:
                assert recorded_ns >= row.end_ns + _GRACE_NS


# --- what users saw ----------------------------------------------------------------------------------


def assert_saved_right(played: Played) -> None:
    """What a user saved from a reply is from the reply to that very request."""
    for row in played.outcome.requests():
        if played.ask(row.name).kind != "reply":
            continue
        saved = played.seen.get((row.user, row.name))
        body = played.body(row).decode()
        if row.ending == Ending.OK:
            assert saved in {body, None}
            assert saved == body or _ended_early(played)
        elif row.ending != Ending.CHECK:
            assert saved is None


def _ended_early(played: Played) -> bool:
    return played.outcome.reason.kind is not StopKind.COMPLETED
