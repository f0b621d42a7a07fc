"""Arrivals are Gatling's to the millisecond, in order, and as many as the totals say."""

import itertools
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatlingpy.load.arrivals import arrivals, total_duration_ns, total_users
from gatlingpy.plan.injection import (
    AtOnceUsers,
    ConstantUsersPerSec,
    NothingFor,
    OpenInjection,
    OpenStep,
    RampUsers,
    RampUsersPerSec,
)

MS = 1_000_000
S = 1_000_000_000


def starts_ms(*steps: OpenStep) -> list[int]:
    starts = list(arrivals(OpenInjection(steps)))
    assert all(start % MS == 0 for start in starts)
    return [start // MS for start in starts]


def per_second(*steps: OpenStep) -> list[int]:
    counts = Counter(start // 1000 for start in starts_ms(*steps))
    seconds = total_duration_ns(OpenInjection(steps)) // S
    return [counts[second] for second in range(seconds)]


GOLDEN: list[tuple[OpenStep, list[int]]] = [
    (RampUsers(10, 5 * S), [0, 500, 1000, 1500, 2000, 2500, 3000, 3500, 4000, 4500]),
    (RampUsers(3, 10 * S), [0, 3000, 6000]),
    (RampUsers(7, 3 * S), [0, 333, 666, 1000, 1500, 2000, 2500]),
    (RampUsers(5, 1500 * MS), [0, 200, 400, 600, 800]),
    (RampUsers(4, 0), [0, 0, 0, 0]),
    (AtOnceUsers(3), [0, 0, 0]),
    (NothingFor(5 * S), []),
    (ConstantUsersPerSec(2.5, 4 * S), [0, 333, 666, 1000, 1500, 2000, 2333, 2666, 3000, 3500]),
    (ConstantUsersPerSec(0.1, 25 * S), [0, 8000, 16000]),
    (ConstantUsersPerSec(3, 1500 * MS), [0, 333, 666]),
    (
        RampUsersPerSec(1, 5, 4 * S),
        [0, 1000, 1333, 1666, 2000, 2333, 2666, 3000, 3200, 3400, 3600, 3800],
    ),
    (
        RampUsersPerSec(0.5, 1.5, 10 * S),
        [1000, 3000, 4000, 5000, 6000, 7000, 7500, 8000, 9000, 9500],
    ),
]


@pytest.mark.parametrize(("step", "expected"), GOLDEN, ids=lambda value: str(value)[:40])
def test_starts_are_those_of_gatling(step: OpenStep, expected: list[int]) -> None:
    """Each step starts its users at the milliseconds at which Gatling 3.9.5 does."""
    assert expected == starts_ms(step)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (RampUsers(100, 7 * S), [15, 14, 14, 15, 14, 14, 14]),
        (RampUsersPerSec(0, 10, 5 * S), [1, 3, 5, 7, 9]),
        (RampUsersPerSec(10, 0, 5 * S), [9, 7, 5, 3, 1]),
    ],
    ids=str,
)
def test_seconds_hold_as_many_as_in_gatling(step: OpenStep, expected: list[int]) -> None:
    """Each second of a step holds as many users as in Gatling 3.9.5."""
    assert expected == per_second(step)


def test_last_of_an_uneven_ramp() -> None:
    """The last of 100 users over 7 s starts where Gatling starts it."""
    assert 6928 == starts_ms(RampUsers(100, 7 * S))[-1]


def test_more_users_than_milliseconds() -> None:
    """2500 users in one second share milliseconds as in Gatling."""
    starts = starts_ms(RampUsers(2500, S))
    assert [0, 0, 0, 1, 1, 2, 2, 2, 3, 3, 4, 4] == starts[:12]
    assert 999 == starts[-1]


def test_rounding_twice_starts_a_user_one_millisecond_early() -> None:
    """User 7 of 35 starts at 199 ms, as in Gatling, where exact sums would say 200."""
    assert 199 == starts_ms(RampUsers(35, S))[7]


@pytest.mark.parametrize("step", [RampUsers(2007, S), RampUsers(29, 7 * S), RampUsers(25, 11 * S)])
def test_rounding_invents_nobody(step: RampUsers) -> None:
    """The last bucket holds what is left, even where N / B · B comes out above N."""
    assert step.users == len(starts_ms(step))


def test_a_hair_below_a_user_is_a_user() -> None:
    """A ramp's area is rounded to ten decimals before it is cut, as in Gatling."""
    assert [1] == per_second(RampUsersPerSec(1 - 4e-11, 1 - 4e-11, S))
    assert [0] == per_second(RampUsersPerSec(1 - 6e-11, 1 - 6e-11, S))


def test_steps_follow_each_other() -> None:
    """A step is moved by the whole duration of those before it, fractions of a second included."""
    steps = NothingFor(2500 * MS), AtOnceUsers(2), RampUsers(2, 1500 * MS), AtOnceUsers(1)
    assert [2500, 2500, 2500, 3000, 4000] == starts_ms(*steps)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (RampUsers(5, 500 * MS), [0, 100, 200, 300, 400]),
        (RampUsers(3, 1), [0, 0, 0]),
        (ConstantUsersPerSec(10, 200 * MS), [0, 100]),
        (ConstantUsersPerSec(10, 50 * MS), [0]),
        (ConstantUsersPerSec(10, 49 * MS), []),
        (RampUsersPerSec(0, 40, 100 * MS), [0, 50]),
        (RampUsersPerSec(10, 10, 0), []),
    ],
    ids=str,
)
def test_less_than_a_second_is_a_short_window(step: OpenStep, expected: list[int]) -> None:
    """A duration under a second starts its users in that time, where Gatling starts nobody."""
    assert expected == starts_ms(step)


durations = st.one_of(st.just(0), st.integers(0, 3 * S), st.integers(0, 90).map(lambda s: s * S))
rates = st.one_of(
    st.integers(0, 200).map(float),
    st.floats(0, 200, allow_nan=False),
    st.decimals(0, 50, places=2).map(float),
)
steps = st.one_of(
    st.builds(NothingFor, durations),
    st.builds(AtOnceUsers, st.integers(0, 500)),
    st.builds(RampUsers, st.integers(0, 3000), durations),
    st.builds(ConstantUsersPerSec, rates, durations),
    st.builds(RampUsersPerSec, rates, rates, durations),
)
injections = st.lists(steps, max_size=4).map(lambda items: OpenInjection(tuple(items)))


@given(injections)
@settings(max_examples=300, deadline=None)
def test_as_many_as_the_total(injection: OpenInjection) -> None:
    """There are exactly as many arrivals as ``total_users`` says."""
    assert total_users(injection) == sum(1 for _ in arrivals(injection))


@given(injections)
@settings(deadline=None)
def test_in_order_and_in_time(injection: OpenInjection) -> None:
    """Arrivals never go back, and none lies outside the duration of its profile."""
    starts = list(arrivals(injection))
    assert sorted(starts) == starts
    assert all(0 <= start <= total_duration_ns(injection) for start in starts)


@given(rates, rates, st.integers(1, 120))
@settings(deadline=None)
def test_a_ramp_starts_the_area_under_it(start: float, end: float, seconds: int) -> None:
    """A ramp starts the whole users under its line, within what ten decimals can tell."""
    users = total_users(OpenInjection((RampUsersPerSec(start, end, seconds * S),)))
    area = (start + end) / 2 * seconds
    assert users - 1e-6 <= area < users + 1 + 1e-6


@given(rates, st.integers(1, 60))
@settings(deadline=None)
def test_a_level_ramp_is_gatlings_ramp(rate: float, seconds: int) -> None:
    """A ramp between equal rates never has a second that is more than one user off the rate."""
    counts = per_second(RampUsersPerSec(rate, rate, seconds * S))
    assert all(abs(count - rate) < 1 + 1e-6 for count in counts)


def test_nothing_is_held() -> None:
    """Ten million users can be begun at once: they are counted only when they are asked for."""
    injection = OpenInjection((AtOnceUsers(10_000_000), RampUsers(10_000_000, 60 * S)))
    assert [0, 0, 0] == list(itertools.islice(arrivals(injection), 3))
    assert 20_000_000 == total_users(injection)
