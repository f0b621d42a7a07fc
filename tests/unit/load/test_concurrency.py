"""A closed profile tells at each tick how many users there are to be: Gatling's rule, exactly."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.load.concurrency import target_at_tick, target_users, total_duration_ns
from gatlingpy.load.segment import Segment
from gatlingpy.plan.concurrency import (
    ClosedInjection,
    ClosedStep,
    ConstantConcurrentUsers,
    IncrementConcurrentUsers,
    RampConcurrentUsers,
)

MS = 1_000_000
S = 1_000_000_000


def targets(*steps: ClosedStep) -> list[int]:
    injection, found = ClosedInjection(steps), []
    while (target := target_at_tick(injection, len(found))) is not None:
        found.append(target)
    return found


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), []),
        ((ConstantConcurrentUsers(5, 3 * S),), [5, 5, 5]),
        ((RampConcurrentUsers(1, 5, 4 * S),), [2, 3, 4, 5]),
        ((RampConcurrentUsers(0, 10, 4 * S),), [2, 5, 7, 10]),
        ((RampConcurrentUsers(10, 0, 3 * S),), [7, 4, 0]),
        ((RampConcurrentUsers(5, 5, 2 * S),), [5, 5]),
        ((RampConcurrentUsers(0, 1, 49 * S),), [0] * 48 + [1]),
        ((ConstantConcurrentUsers(5, 2 * S), ConstantConcurrentUsers(7, S)), [5, 5, 7]),
        ((RampConcurrentUsers(0, 4, 2 * S), ConstantConcurrentUsers(9, S)), [2, 4, 9]),
        ((ConstantConcurrentUsers(5, 0), ConstantConcurrentUsers(7, S)), [7]),
        ((IncrementConcurrentUsers(5, 3, 2 * S),), [0, 0, 5, 5, 10, 10]),
        ((IncrementConcurrentUsers(5, 2, 2 * S, 2 * S),), [2, 5, 5, 5, 7, 10, 10, 10]),
        ((IncrementConcurrentUsers(5, 3, S, 2 * S, 10),), [10, 12, 15, 15, 17, 20, 20]),
        ((IncrementConcurrentUsers(5, 2, S, 0, 10),), [10, 15]),
    ],
    ids=str,
)
def test_targets(steps: tuple[ClosedStep, ...], expected: list[int]) -> None:
    """Each tick asks for what is wanted at the end of the second after it."""
    assert expected == targets(*steps)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((ConstantConcurrentUsers(5, 500 * MS),), [5]),
        ((ConstantConcurrentUsers(5, 2500 * MS),), [5, 5, 5]),
        ((RampConcurrentUsers(0, 10, 2500 * MS),), [5, 10, 10]),
        ((RampConcurrentUsers(0, 10, 500 * MS),), [10]),
        ((ConstantConcurrentUsers(5, 500 * MS), ConstantConcurrentUsers(7, 500 * MS)), [7]),
        ((ConstantConcurrentUsers(5, 600 * MS), RampConcurrentUsers(0, 8, 800 * MS)), [4, 8]),
        ((RampConcurrentUsers(3, 9, 0), ConstantConcurrentUsers(1, S)), [1]),
        ((RampConcurrentUsers(3, 9, 0),), []),
    ],
    ids=str,
)
def test_fractions_of_a_second(steps: tuple[ClosedStep, ...], expected: list[int]) -> None:
    """A profile that ends within a second still has its users in it; a ramp counts whole seconds."""
    assert expected == targets(*steps)


def test_the_end_of_a_step_is_its_own() -> None:
    """At the moment between two steps the first one counts; after the last there is none."""
    injection = ClosedInjection((ConstantConcurrentUsers(5, S), ConstantConcurrentUsers(7, S)))
    assert 5 == target_users(injection, S)
    assert 7 == target_users(injection, S + 1)
    assert 7 == target_users(injection, 2 * S)
    assert target_users(injection, 2 * S + 1) is None


users = st.integers(0, 500)
seconds = st.integers(1, 60).map(lambda s: s * S)
closed_steps = st.one_of(
    st.builds(ConstantConcurrentUsers, users, seconds),
    st.builds(RampConcurrentUsers, users, users, seconds),
    st.builds(
        IncrementConcurrentUsers, users, st.integers(1, 4), seconds, st.just(0) | seconds, users
    ),
)


@given(st.lists(closed_steps, max_size=4))
def test_one_target_for_each_second(steps: list[ClosedStep]) -> None:
    """There are as many targets as seconds, and no more after them."""
    injection = ClosedInjection(tuple(steps))
    assert total_duration_ns(injection) == len(targets(*steps)) * S
    assert target_at_tick(injection, len(targets(*steps)) + 5) is None


@given(users, users, st.integers(1, 60))
def test_a_ramp_is_a_line_cut_to_whole_users(start: int, end: int, length: int) -> None:
    """After t of D seconds a ramp wants a, and of (b - a) / D · t the whole part; then b."""
    line = [start + int(Fraction((end - start) * t, length)) for t in range(1, length + 1)]
    found = targets(RampConcurrentUsers(start, end, length * S))
    assert line == found
    assert end == found[-1]


def laid_out(step: IncrementConcurrentUsers) -> list[ClosedStep]:
    """Return what the table of Gatling's stairs says, written down once more."""
    inc, s = step.increment, step.start_users
    parts: list[ClosedStep] = []
    for k in range(step.times):
        if step.ramp_ns == 0:
            parts.append(ConstantConcurrentUsers(k * inc + s, step.level_ns))
        elif s == 0:
            parts.append(RampConcurrentUsers(k * inc, (k + 1) * inc, step.ramp_ns))
            parts.append(ConstantConcurrentUsers((k + 1) * inc, step.level_ns))
        else:
            if k > 0:
                parts.append(RampConcurrentUsers((k - 1) * inc + s, k * inc + s, step.ramp_ns))
            parts.append(ConstantConcurrentUsers(k * inc + s, step.level_ns))
    return parts


@given(
    st.builds(
        IncrementConcurrentUsers,
        users,
        st.integers(1, 4),
        st.integers(1, 5 * S),
        st.just(0) | st.integers(1, 5 * S),
        st.just(0) | users,
    )
)
def test_stairs_are_levels_and_ramps(step: IncrementConcurrentUsers) -> None:
    """Stairs want the users of their levels and ramps, and take as long."""
    assert targets(*laid_out(step)) == targets(step)
    flat = ClosedInjection(tuple(laid_out(step)))
    assert total_duration_ns(flat) == total_duration_ns(ClosedInjection((step,)))


@given(st.lists(closed_steps, max_size=3), st.integers(1, 9))
def test_segments_share_the_target(steps: list[ClosedStep], of: int) -> None:
    """At every tick the shares of all segments are the target."""
    for target in targets(*steps):
        assert target == sum(Segment(i, of).share(target) for i in range(1, of + 1))
