"""What is measured changes what is written of a run, and nothing of its course."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.stats.closing import count_problems
from gatlingpy.stats.events import GROUP, LEG, REPLY, REQUEST, USER, Ending, RequestEvent
from gatlingpy.testing.sim import Circumstances, SimulatedOutcome
from gatlingpy.testing.truth import MS
from tests.sim.shapes import Played, Shape, play, runs, seeds, shapes, troubles

BEFORE_S = 1_700_000_000.5
"""Half a second before simulated runs begin."""
_ANSWERED = {Ending.OK, Ending.CHECK}


def of_kinds(outcome: SimulatedOutcome, *kinds: str) -> list[tuple[object, ...]]:
    return [tuple(event) for event in outcome.events if event[0] in kinds]


def rows(outcome: SimulatedOutcome) -> list[RequestEvent]:
    return list(outcome.requests())


def assert_same_course(played: Played, other: Played) -> None:
    """Users came and went, replies were told of, and everything was sent, at the same moments."""
    for kinds in ((USER,), (REPLY,)):
        assert of_kinds(played.outcome, *kinds) == of_kinds(other.outcome, *kinds)
    sent, sent_there = (
        [(s.value, s.produced_ns, s.error) for s in p.outcome.cluster.sendings]
        for p in (played, other)
    )
    assert sent == sent_there
    assert played.outcome.resumes == other.outcome.resumes


@runs(300)
@given(shapes, troubles, seeds)
def test_a_silent_run_is_the_same_run_without_a_trace(
    shape: Shape, trouble: Circumstances, seed: int
) -> None:
    """Not a row, leg or group time, and each of its requests is counted as silent, once."""
    loud, silent = play(shape, trouble, seed), play(replace(shape, silent=True), trouble, seed)
    if any(ask.kind == "unwatched" for ask in shape.asks):
        # Such a send has no deadline, and a silent one has: it may end before it is confirmed.
        assert list(count_problems(silent.outcome.counters)) == []
        return
    assert_same_course(loud, silent)
    assert of_kinds(silent.outcome, REQUEST, LEG) == []
    assert all(event[4] == 0 and event[5] for event in of_kinds(silent.outcome, GROUP))
    counters, expected = silent.outcome.counters, Counter(r.ending for r in rows(loud.outcome))
    assert counters["registered"] == counters["in_flight"] == 0
    assert counters.get("silent", 0) == len(rows(loud.outcome))
    assert counters.get("silent_ok", 0) == expected[Ending.OK]
    assert list(count_problems(counters)) == []


@runs(300)
@given(shapes, troubles, seeds)
def test_a_given_start_moves_the_start_and_nothing_else(
    shape: Shape, trouble: Circumstances, seed: int
) -> None:
    """Every row starts there, and its end is where it was."""
    usual, early = play(shape, trouble, seed), play(replace(shape, began=BEFORE_S), trouble, seed)
    assert_same_course(usual, early)
    began_ns = round(BEFORE_S * 1e9) - usual.outcome.cluster.clock.epoch_offset_ns
    assert rows(early.outcome) == [
        row._replace(start_ns=began_ns, intended_ns=began_ns) for row in rows(usual.outcome)
    ]


@runs(300)
@given(shapes, troubles, seeds, st.sampled_from([0, -70 * MS, 70 * MS]))
def test_timestamps_move_the_ends_of_what_was_answered_and_nothing_else(
    shape: Shape, trouble: Circumstances, seed: int, skew_ns: int
) -> None:
    """To when the reply was written, by its own clock; negative times are kept and counted."""
    trouble = replace(trouble, conduct=replace(trouble.conduct, skew_ns=skew_ns))
    usual, stamped = play(shape, trouble, seed), play(replace(shape, stamped=True), trouble, seed)
    assert_same_course(usual, stamped)
    negative = 0
    for before, after in zip(rows(usual.outcome), rows(stamped.outcome), strict=True):
        assert after._replace(end_ns=before.end_ns) == before
        if usual.ask(before.name).is_reply and before.ending in _ANSWERED:
            written = _written(stamped, after, before.end_ns)
            assert after.end_ns in {(ns + skew_ns) // MS * MS for ns in written}
            negative += after.end_ns < after.start_ns
        else:
            assert after.end_ns == before.end_ns
    assert stamped.outcome.counters.get("negative_durations", 0) == negative


def _written(played: Played, _row: RequestEvent, received_ns: int) -> set[int]:
    """When the replies were written that were read at that moment."""
    return {
        reply.written_ns
        for sending in played.outcome.cluster.sendings
        for reply in sending.replies
        if reply.read_ns == received_ns
    }
