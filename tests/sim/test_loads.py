"""Whole runs of closed populations, of populations that follow others, and of throttles."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.engine.stop import StopKind
from gatlingpy.engine.throttler import Throttler
from gatlingpy.load.concurrency import target_at_tick
from gatlingpy.plan.concurrency import ClosedInjection
from gatlingpy.plan.simulation import Population
from gatlingpy.session import Session
from gatlingpy.spi import Perform
from gatlingpy.stats.events import GAUGE, USER, USER_START, UserEvent
from gatlingpy.testing.sim import Circumstances
from gatlingpy.testing.truth import MS
from tests.sim.loads import (
    Group,
    Load,
    Loaded,
    calm,
    families,
    play_load,
    throttled_loads,
    waiting_shapes,
)
from tests.sim.oracle import assert_true
from tests.sim.shapes import Ask, Shape, conducts, runs, seeds

S = 1_000 * MS
_BREAK_NS = 40 * MS
"""Longer than the loop is ever late."""


def lives(loaded: Loaded) -> dict[str, list[tuple[int, UserEvent]]]:
    """Return for each scenario when its users started and ended, each with its place in time."""
    found: dict[str, list[tuple[int, UserEvent]]] = defaultdict(list)
    for place, event in enumerate(loaded.played.outcome.events):
        if event[0] == USER:
            user = UserEvent(*event)
            found[user.scenario].append((place, user))
    return found


def last_ends(loaded: Loaded) -> dict[int, int]:
    """Return for each user when its last request ended: that is its end, for it does no more."""
    ends: dict[int, int] = {}
    for row in loaded.played.outcome.requests():
        ends[row.user] = max(ends.get(row.user, 0), row.end_ns)
    return ends


def begins(loaded: Loaded, name: str) -> int:
    """Return when a population began: the first user of each was meant to start right then."""
    return min(user.intended_ns for _, user in lives(loaded)[name] if user.what == USER_START)


# --- closed populations --------------------------------------------------------------------------


def assert_closed(loaded: Loaded) -> None:
    """There are never more users than the profile wants, and whoever ends is replaced at once."""
    ends = last_ends(loaded)
    for name, life in lives(loaded).items():
        injection = loaded.population(name).injection
        if isinstance(injection, ClosedInjection):
            _assert_never_too_many(loaded, name, life, injection)
            if loaded.played.outcome.reason.kind is StopKind.COMPLETED:
                _assert_replaced(loaded, name, life, ends)


def _assert_never_too_many(
    loaded: Loaded, name: str, life: list[tuple[int, UserEvent]], injection: ClosedInjection
) -> None:
    alive, begin_ns = 0, begins(loaded, name)
    end_ns = begin_ns + loaded.length_ns(name)
    for _, user in life:
        if user.what != USER_START:
            alive -= 1
            continue
        alive += 1
        assert begin_ns <= user.intended_ns < end_ns
        # What counts is the tick that was last: a start that is late may come after the next one.
        target = target_at_tick(injection, (min(user.at_ns, end_ns - 1) - begin_ns) // S)
        assert target is not None
        assert alive <= target


def _assert_replaced(
    loaded: Loaded, name: str, life: list[tuple[int, UserEvent]], ends: dict[int, int]
) -> None:
    """Each that ended well before the profile did has a successor, meant for that very moment."""
    end_ns = begins(loaded, name) + loaded.length_ns(name)
    meant = Counter(user.intended_ns for _, user in life if user.what == USER_START)
    began = {user.user: user.intended_ns for _, user in life if user.what == USER_START}
    for _, user in life:
        if user.what == USER_START or user.at_ns > end_ns - _BREAK_NS:
            continue
        due_ns = ends[user.user]
        if due_ns != began[user.user]:
            assert meant[due_ns], f"nobody came for user {user.user}"
            meant[due_ns] -= 1


# --- populations that follow others --------------------------------------------------------------


def assert_in_turn(loaded: Loaded) -> None:
    """Each level begins at the moment when all that comes before it was over."""
    first = loaded.compiled.plan.populations
    assert len({begins(loaded, population.scenario) for population in first}) == 1
    for population in first:
        _ended_ns(loaded, population, begins(loaded, population.scenario), last_ends(loaded))


def _ended_ns(loaded: Loaded, population: Population, at_ns: int, ends: dict[int, int]) -> int:
    """Check a population that began at ``at_ns`` and all that follow; return when all was over."""
    assert begins(loaded, population.scenario) == at_ns
    own = [ends[user.user] for _, user in lives(loaded)[population.scenario]]
    over_ns = max(at_ns + loaded.length_ns(population.scenario), *own)
    for level in population.then:
        over_ns = max(_ended_ns(loaded, child, over_ns, ends) for child in level)
    return over_ns


# --- throttles -----------------------------------------------------------------------------------


def assert_throttled(loaded: Loaded) -> None:
    """No second of the run has more requests than it may, in all and of each population."""
    outcome = loaded.played.outcome
    begin_ns = min((event[3] for event in outcome.events if event[0] == GAUGE), default=0)
    rows = list(outcome.requests())
    for limits, names in _limits(loaded):
        mine = [row for row in rows if row.scenario in names]
        seconds = Counter((row.start_ns - begin_ns) // S for row in mine)  # type: ignore[operator]
        assert all(count <= limits for count in seconds.values()), seconds


def _limits(loaded: Loaded) -> list[tuple[int, set[str]]]:
    everybody = {population.scenario for population in loaded.populations()}
    limits = [(loaded.load.rps, everybody)]
    limits += [(group.rps, {"abcdefgh"[i]}) for i, group in enumerate(loaded.load.groups)]
    return [(rps, names) for rps, names in limits if rps is not None]


@contextmanager
def noting_queues() -> Iterator[dict[str, list[int]]]:
    """Note the users of each scenario in the order in which their requests came to a throttle."""
    came: dict[str, list[int]] = defaultdict(list)
    hold = Throttler._hold

    def noted(self: Throttler, lane: Any, perform: Perform, session: Session, *rest: Any) -> None:
        came[session.scenario].append(session.user_id)
        hold(self, lane, perform, session, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Throttler, "_hold", noted)
        yield came


def assert_first_come_first_served(loaded: Loaded, came: dict[str, list[int]]) -> None:
    """Requests of a population start in the order in which they came."""
    served: dict[str, list[int]] = defaultdict(list)
    for row in sorted(loaded.played.outcome.requests(), key=lambda row: row.token):
        served[row.scenario].append(row.user)
    for name, users in came.items():
        assert served[name] == users[: len(served[name])]
    if loaded.played.outcome.reason.kind is StopKind.COMPLETED:
        assert {name: len(users) for name, users in came.items()} == {
            name: len(served[name]) for name in came
        }


# --- the runs ------------------------------------------------------------------------------------

troubles = st.builds(Circumstances, conduct=conducts, pace=calm)


@runs(80)
@given(waiting_shapes, families, troubles, seeds)
def test_populations_start_keep_and_follow_as_they_should(
    shape: Shape, load: Load, trouble: Circumstances, seed: int
) -> None:
    """On a cluster in any trouble; every request ends once and truly."""
    loaded = play_load(shape, load, trouble, seed)
    assert loaded.played.outcome.reason.kind is StopKind.COMPLETED
    assert_true(loaded.played)
    assert_closed(loaded)
    assert_in_turn(loaded)


@runs(60)
@given(waiting_shapes, families, troubles, seeds, st.integers(1, 4_000))
def test_a_stop_finds_populations_in_any_state(
    shape: Shape, load: Load, trouble: Circumstances, seed: int, max_duration_ms: int
) -> None:
    """Nobody starts after it, in no population, and nothing is lost."""
    shape = replace(shape, max_duration_ms=max_duration_ms)
    loaded = play_load(shape, load, trouble, seed)
    assert_true(loaded.played)
    assert_closed(loaded)


@runs(80)
@given(waiting_shapes, throttled_loads, troubles, seeds)
def test_throttles_hold_whatever_happens(
    shape: Shape, load: Load, trouble: Circumstances, seed: int
) -> None:
    """In each second of the run; what still waits at its end is dropped with its users."""
    with noting_queues() as came:
        loaded = play_load(shape, load, trouble, seed)
    assert_true(loaded.played)
    assert_closed(loaded)
    assert_throttled(loaded)
    assert_first_come_first_served(loaded, came)


@runs(60)
@given(st.sampled_from(["ack", "send"]), st.integers(1, 5), troubles, seeds)
def test_what_nobody_waits_for_is_bounded(
    kind: str, most: int, trouble: Circumstances, seed: int
) -> None:
    """In a closed population: never more requests unanswered than it may have."""
    load = Load((Group("closed", 3, 1, most_in_flight=most),))
    loaded = play_load(Shape(asks=(Ask(kind, 60),)), load, trouble, seed)
    assert_true(loaded.played)
    moments = [(row.start_ns, 1) for row in loaded.played.outcome.requests()]
    moments += [(row.end_ns, -1) for row in loaded.played.outcome.requests()]
    in_flight = 0
    for _, change in sorted(moments):
        in_flight += change
        assert in_flight <= most


@runs(15)
@given(waiting_shapes, throttled_loads, troubles, seeds)
def test_a_load_can_be_played_again(
    shape: Shape, load: Load, trouble: Circumstances, seed: int
) -> None:
    """Event for event."""
    first, second = (play_load(shape, load, trouble, seed).played for _ in range(2))
    assert first.outcome.events == second.outcome.events
