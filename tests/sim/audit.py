"""The delivery audit of a run, told from the truth of the cluster."""

from collections import Counter
from typing import Final

from gatlingpy.stats.events import Ending, ReplyKind, RequestEvent
from tests.sim.evidence import id_in, id_told, own_id, replies_of, sendings_of
from tests.sim.shapes import Played

_ANSWERED: Final = {Ending.OK, Ending.CHECK}


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
    for reply in replies_of(played):
        if reply.read_ns is None:
            continue
        if reply.answers is not None:
            reads[id_in(played, reply)] += 1
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
            own = own_id(played, row)
            answered[own] += row.ending in _ANSWERED
            open_ended[own] = row.ending not in _ANSWERED
        elif event[0] == "REPLY" and event[5] != ReplyKind.LATE_DELIVERY:
            own = id_told(played, event[6])
            if open_ended.get(own):
                late[own] += 1
                open_ended[own] = False
    return {own: (late[own], answered[own]) for own in open_ended}


def _late_deliveries(played: Played) -> int:
    """How many requests timed out and were confirmed by the broker after their deadline."""
    truth = sendings_of(played)
    count = 0
    for row in played.outcome.requests():
        sending = truth.get(played.body(row))
        if row.ending == Ending.TIMEOUT and sending is not None and sending.error is None:
            count += sending.reported_ns is not None and sending.reported_ns > row.end_ns
    return count
