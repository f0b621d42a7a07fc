"""Thousands of whole runs on a cluster that delays, drops, doubles, reorders, corrupts and fails."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.engine.stop import StopKind
from gatlingpy.testing.sim import Circumstances
from gatlingpy.testing.truth import MS
from tests.sim.oracle import assert_true
from tests.sim.shapes import Shape, play, runs, seeds, shapes, troubles


@runs(200)
@given(shapes, seeds)
def test_a_faultless_cluster_gives_a_faultless_run(shape: Shape, seed: int) -> None:
    """Where everything is answered soon, everything is ok, and nothing is late or left over."""
    shape = replace(shape, ids=min(shape.ids, 1))
    asks = tuple(replace(ask, timeout_ms=5_000) for ask in shape.asks)
    played = play(replace(shape, asks=asks), Circumstances(), seed)
    assert_true(played)
    counters = played.outcome.counters
    assert counters["ending.ok"] == counters["registered"] > 0
    assert not any(count for name, count in counters.items() if name.startswith("reply."))


@runs(1_200)
@given(shapes, troubles, seeds)
def test_whatever_goes_wrong_every_request_ends_once_and_truly(
    shape: Shape, trouble: Circumstances, seed: int
) -> None:
    """Conservation, attribution, the audit and the users hold on a cluster in any trouble."""
    played = play(shape, trouble, seed)
    assert_true(played)
    assert played.outcome.reason.kind is StopKind.COMPLETED


@runs(500)
@given(shapes, troubles, seeds, st.integers(0, 300))
def test_a_run_that_reaches_its_maximum_duration_is_as_true(
    shape: Shape, trouble: Circumstances, seed: int, max_duration_ms: int
) -> None:
    """After a stop no step begins, and what is in flight may still end as it would have."""
    shape = replace(shape, max_duration_ms=max(1, max_duration_ms))
    assert_true(play(shape, trouble, seed))


@runs(500)
@given(shapes, troubles, seeds, st.lists(st.integers(1, 300), min_size=1, max_size=3))
def test_a_run_that_is_interrupted_is_as_true(
    shape: Shape, trouble: Circumstances, seed: int, interrupts_ms: list[int]
) -> None:
    """Ctrl-C stops gently the first time and at once the second, and loses nothing."""
    moments = tuple(ms * MS for ms in sorted(interrupts_ms))
    assert_true(play(shape, replace(trouble, interrupts_ns=moments), seed))


@runs(200)
@given(shapes, troubles, seeds, st.integers(1, 6))
def test_a_run_whose_feeder_is_exhausted_is_as_true(
    shape: Shape, trouble: Circumstances, seed: int, records: int
) -> None:
    """A queue feeder with too few records stops the run; no user goes on without its record."""
    played = play(replace(shape, records=records, grouped=False), trouble, seed)
    assert_true(played)
    outcome = played.outcome
    asking = {row.user for row in outcome.requests()}
    assert len(asking) <= records
    if records < shape.users:
        assert outcome.reason.kind is StopKind.EXHAUSTED


@runs(100)
@given(shapes, troubles, seeds)
def test_the_same_seed_gives_the_same_events(
    shape: Shape, trouble: Circumstances, seed: int
) -> None:
    """A run can be played again, event for event."""
    first, second = play(shape, trouble, seed), play(shape, trouble, seed)
    assert first.outcome.events == second.outcome.events
    assert first.outcome.recorded_ns == second.outcome.recorded_ns
