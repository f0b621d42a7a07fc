"""Arrivals are Gatling's to the millisecond, in order, and as many as the totals say."""

import itertools
import math
import tracemalloc
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatlingpy.load.arrivals import arrivals, total_duration_ns, total_users
from gatlingpy.load.segment import Segment
from gatlingpy.plan.injection import (
    AtOnceUsers,
    ConstantUsersPerSec,
    IncrementUsersPerSec,
    NothingFor,
    OpenInjection,
    OpenStep,
    RampUsers,
    RampUsersPerSec,
    StressPeakUsers,
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
    (
        StressPeakUsers(10, 20 * S),
        [0, 3004, 5122, 6885, 8478, 10000, 11521, 13114, 14877, 16995],
    ),
    (StressPeakUsers(1, 20 * S), [0]),
    (StressPeakUsers(2, 20 * S), [0, 10000]),
    (StressPeakUsers(3, 0), [0, 0, 0]),
    (IncrementUsersPerSec(1, 3, 2 * S), [2000, 3000, 4000, 4500, 5000, 5500]),
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
        (StressPeakUsers(1000, 10 * S), [6, 25, 77, 160, 232, 233, 160, 77, 25, 5]),
        (IncrementUsersPerSec(5, 3, 2 * S), [0, 0, 5, 5, 10, 10]),
        (
            IncrementUsersPerSec(5, 3, 2 * S, ramp_ns=2 * S),
            [1, 4, 5, 5, 6, 9, 10, 10, 11, 14, 15, 15],
        ),
        (
            IncrementUsersPerSec(5, 3, 2 * S, ramp_ns=2 * S, start_rate=10),
            [10, 10, 11, 14, 15, 15, 16, 19, 20, 20],
        ),
        (IncrementUsersPerSec(5, 2, 2 * S, start_rate=10), [10, 10, 15, 15]),
        (IncrementUsersPerSec(5, 1, 2 * S, ramp_ns=2 * S, start_rate=10), [10, 10]),
    ],
    ids=str,
)
def test_seconds_hold_as_many_as_in_gatling(step: OpenStep, expected: list[int]) -> None:
    """Each second of a step holds as many users as in Gatling 3.9.5."""
    assert expected == per_second(step)


@pytest.mark.parametrize(
    ("stairs", "users"),
    [
        (IncrementUsersPerSec(5, 3, 2 * S), 30),
        (IncrementUsersPerSec(5, 3, 2 * S, ramp_ns=2 * S), 105),
        (IncrementUsersPerSec(5, 3, 2 * S, ramp_ns=2 * S, start_rate=10), 150),
    ],
    ids=str,
)
def test_totals_of_stairs(stairs: IncrementUsersPerSec, users: int) -> None:
    """Stairs start as many users as in Gatling 3.9.5."""
    assert users == total_users(OpenInjection((stairs,)))


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
        (StressPeakUsers(2, 500 * MS), [0, 250]),
        (StressPeakUsers(3, 1), [0, 0, 0]),
        (IncrementUsersPerSec(10, 2, 200 * MS, start_rate=10), [0, 100, 200, 250, 300, 350]),
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
seeds = st.one_of(st.none(), st.integers(0, 2**48))
some_time = st.integers(1, 20 * S)
stairs = st.builds(
    IncrementUsersPerSec,
    st.floats(0, 20, allow_nan=False),
    st.integers(1, 5),
    some_time,
    st.one_of(st.just(0), some_time),
    st.one_of(st.just(0.0), st.floats(0, 20, allow_nan=False)),
)
steps = st.one_of(
    st.builds(NothingFor, durations),
    st.builds(AtOnceUsers, st.integers(0, 500)),
    st.builds(RampUsers, st.integers(0, 3000), durations),
    st.builds(ConstantUsersPerSec, rates, durations, seeds),
    st.builds(RampUsersPerSec, rates, rates, durations, seeds),
    st.builds(StressPeakUsers, st.integers(0, 3000), durations),
    stairs,
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


@given(injections)
@settings(deadline=None)
def test_again_the_same(injection: OpenInjection) -> None:
    """A profile gives the same arrivals each time, those by chance included."""
    assert list(arrivals(injection)) == list(arrivals(injection))


@given(injections, st.integers(1, 12))
@settings(deadline=None)
def test_segments_share_the_arrivals(injection: OpenInjection, of: int) -> None:
    """The arrivals of all segments are those of the whole, each in one segment, in order."""
    whole = list(arrivals(injection))
    parts = [list(Segment(i, of).take(arrivals(injection))) for i in range(1, of + 1)]
    assert whole == sorted(itertools.chain.from_iterable(parts))
    assert [len(part) for part in parts] == [
        Segment(i, of).share(len(whole)) for i in range(1, of + 1)
    ]
    assert all(part == sorted(part) for part in parts)


@given(steps, steps)
@settings(deadline=None)
def test_a_step_is_moved_as_a_whole(first: OpenStep, second: OpenStep) -> None:
    """The users of a second step come as if it stood alone, moved by the whole first step."""
    moved = total_duration_ns(OpenInjection((first,)))
    alone = [start + moved for start in arrivals(OpenInjection((second,)))]
    before = total_users(OpenInjection((first,)))
    assert alone == list(arrivals(OpenInjection((first, second))))[before:]


@given(rates, rates, st.integers(1, 120))
@settings(deadline=None)
def test_a_ramp_starts_the_area_under_it(start: float, end: float, seconds: int) -> None:
    """A ramp starts the whole users under its line, within what ten decimals can tell."""
    users = total_users(OpenInjection((RampUsersPerSec(start, end, seconds * S),)))
    area = (start + end) / 2 * seconds
    assert users - 1e-6 <= area < users + 1 + 1e-6


@given(rates, rates, st.integers(1, 60))
@settings(deadline=None)
def test_seconds_of_a_ramp_carry_their_rest(start: float, end: float, seconds: int) -> None:
    """After each second of a ramp as many users have started as whole ones fit under its line."""
    a, b = Fraction(str(start)), Fraction(str(end))
    started = itertools.accumulate(per_second(RampUsersPerSec(start, end, seconds * S)))
    for t, users in enumerate(started, 1):
        area = a * t + (b - a) * t * t / (2 * seconds)
        assert users - Fraction(1, 10**10) <= area < users + 1


@given(rates, st.integers(1, 60))
@settings(deadline=None)
def test_a_level_ramp_is_gatlings_ramp(rate: float, seconds: int) -> None:
    """A ramp between equal rates never has a second that is more than one user off the rate."""
    counts = per_second(RampUsersPerSec(rate, rate, seconds * S))
    assert all(abs(count - rate) < 1 + 1e-6 for count in counts)


def laid_out(step: IncrementUsersPerSec) -> list[OpenStep]:
    """Return what the table of Gatling's stairs says, written down once more."""
    inc, s = step.increment, step.start_rate
    parts: list[OpenStep] = []
    for k in range(step.times):
        if step.ramp_ns == 0:
            parts.append(ConstantUsersPerSec(k * inc + s, step.level_ns))
        elif s == 0:
            parts.append(RampUsersPerSec(k * inc, (k + 1) * inc, step.ramp_ns))
            parts.append(ConstantUsersPerSec((k + 1) * inc, step.level_ns))
        else:
            if k > 0:
                parts.append(RampUsersPerSec((k - 1) * inc + s, k * inc + s, step.ramp_ns))
            parts.append(ConstantUsersPerSec(k * inc + s, step.level_ns))
    return parts


@given(stairs)
@settings(deadline=None)
def test_stairs_are_levels_and_ramps(step: IncrementUsersPerSec) -> None:
    """Stairs start the users of their levels and ramps, at the same times, and take as long."""
    flat, whole = OpenInjection(tuple(laid_out(step))), OpenInjection((step,))
    assert list(arrivals(flat)) == list(arrivals(whole))
    assert total_users(flat) == total_users(whole)
    assert total_duration_ns(flat) == total_duration_ns(whole)


@given(st.integers(1, 2000), st.integers(1, 600))
@settings(deadline=None)
def test_a_stress_peak_is_a_mirror(users: int, seconds: int) -> None:
    """User i from the front and user n + 2 - i lie as far from the middle, within a millisecond."""
    starts = starts_ms(StressPeakUsers(users, seconds * S))
    assert 0 == starts[0]
    for i in range(1, (users + 2) // 2 + 1):
        if i > 1 or users + 2 - i <= users:
            assert abs(starts[i - 1] + starts[users + 1 - i] - seconds * 1000) <= 1


@pytest.mark.parametrize("users", [100, 999, 5000])
def test_a_stress_peak_has_the_shape_of_a_bell(users: int) -> None:
    """By each moment as many users have started as the normal distribution says, but for one."""
    starts = starts_ms(StressPeakUsers(users, 600 * S))
    scale = 1 / (2 * erfinv(1 - 2 / (users + 2)))
    for share in (0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9):
        x = (2 * share - 1) * 0.5 / scale
        expected = (users + 2) * (1 + math.erf(x)) / 2
        assert abs(sum(1 for start in starts if start < share * 600_000) - expected) <= 1


def erfinv(y: float) -> float:
    """Return the inverse of the error function, found by halving."""
    low, high = -6.0, 6.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if math.erf(middle) < y else (low, middle)
    return low


@pytest.mark.parametrize(
    "step",
    [
        RampUsers(10_000_000, 3600 * S),
        ConstantUsersPerSec(10_000, 1000 * S),
        ConstantUsersPerSec(10_000, 1000 * S, seed=1),
        RampUsersPerSec(0, 20_000, 1000 * S, seed=1),
        StressPeakUsers(10_000_000, 3600 * S),
        IncrementUsersPerSec(10, 1000, 2 * S),
    ],
    ids=str,
)
def test_ten_million_users_take_no_memory(step: OpenStep) -> None:
    """The first users of ten million are had without the others."""
    injection = OpenInjection((step,))
    assert total_users(injection) >= 9_990_000
    tracemalloc.start()
    try:
        assert 20_000 == sum(1 for _ in itertools.islice(arrivals(injection), 20_000))
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_nothing_is_held() -> None:
    """Ten million users can be begun at once: they are counted only when they are asked for."""
    injection = OpenInjection((AtOnceUsers(10_000_000), RampUsers(10_000_000, 60 * S)))
    assert [0, 0, 0] == list(itertools.islice(arrivals(injection), 3))
    assert 20_000_000 == total_users(injection)
