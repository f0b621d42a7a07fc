"""Random arrivals: as many as the rate gives, sorted, and spread as the rate says, by chance."""

import math
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatlingpy.load import random_arrivals as load
from gatlingpy.load.random_arrivals import random_arrivals, share_of_time, sorted_uniforms
from gatlingpy.plan.injection import ConstantUsersPerSec, RampUsersPerSec, users_of

S = 1_000_000_000
Step = ConstantUsersPerSec | RampUsersPerSec

rates = st.floats(0, 100, allow_nan=False)
shares = st.floats(0, 1)
durations = st.integers(1, 60 * S)
seeds = st.integers(0, 2**48)


@pytest.mark.parametrize(
    ("step", "users"),
    [
        (ConstantUsersPerSec(2.5, 4 * S, seed=1), 10),
        (ConstantUsersPerSec(0.7, 10 * S, seed=1), 7),
        (ConstantUsersPerSec(0.19, 10 * S, seed=1), 1),
        (ConstantUsersPerSec(10, 1500 * 1_000_000, seed=1), 10),
        (ConstantUsersPerSec(10, 250 * 1_000_000, seed=1), 2),
        (RampUsersPerSec(1, 5, 4 * S, seed=1), 12),
        (RampUsersPerSec(0, 5, S, seed=1), 2),
        (RampUsersPerSec(0, 0, S, seed=1), 0),
    ],
    ids=str,
)
def test_as_many_as_gatling(step: Step, users: int) -> None:
    """There are as many users as fit under the rate, whatever the chance; as in Gatling 3.15.1."""
    assert users == users_of(step) == len(list(random_arrivals(step)))


@given(
    st.one_of(
        st.builds(ConstantUsersPerSec, rates, durations, seeds),
        st.builds(RampUsersPerSec, rates, rates, durations, seeds),
    )
)
@settings(deadline=None)
def test_sorted_within_the_step(step: Step) -> None:
    """Arrivals are in order, inside the counted part of the step, and as many as the total."""
    starts = list(random_arrivals(step))
    counted_ns = step.duration_ns // S * S if step.duration_ns >= S else step.duration_ns
    assert sorted(starts) == starts
    assert all(0 <= start < counted_ns for start in starts)
    assert users_of(step) == len(starts)


@given(seeds)
def test_seeds_decide(seed: int) -> None:
    """The same seed gives the same arrivals, another one others."""
    first = list(random_arrivals(RampUsersPerSec(1, 9, 10 * S, seed)))
    assert first == list(random_arrivals(RampUsersPerSec(1, 9, 10 * S, seed)))
    assert first != list(random_arrivals(RampUsersPerSec(1, 9, 10 * S, seed + 1)))


def test_arrivals_stay_the_same() -> None:
    """A seed gives these arrivals, computed once with fifty decimals, in every version."""
    starts = random_arrivals(RampUsersPerSec(1, 2, 4 * S, seed=42))
    assert [848143531, 869200940, 1178988896, 1461134973, 2815843981, 3637272304] == [
        pytest.approx(start, abs=2) for start in starts
    ]


@given(shares, rates, rates, st.integers(0, 50).map(float))
def test_the_inverse_turns_the_cumulative_rate_back(
    u: float, start: float, end: float, low: float
) -> None:
    """After the share of time t, the share u of the users has started: a t + (b - a) t² / 2."""
    a, b = start + low, end + low
    if a + b < 1e-3:
        return
    t = share_of_time(u, a, b)
    assert 0 <= t <= 1 + 1e-12
    assert math.isclose(u, (a * t + (b - a) * t * t / 2) / ((a + b) / 2), abs_tol=1e-9)


@given(shares, rates, rates)
def test_the_inverse_is_gatlings(u: float, a: float, b: float) -> None:
    """Where a and b are well apart it is the textbook's (sqrt((1 - u) a² + u b²) - a) / (b - a)."""
    if abs(a - b) < 0.1:
        return
    textbook = (math.sqrt((1 - u) * a * a + u * b * b) - a) / (b - a)
    assert math.isclose(textbook, share_of_time(u, a, b), abs_tol=1e-6)


# --- chance --------------------------------------------------------------------------------------

STEPS = [
    ConstantUsersPerSec(20, 50 * S),
    RampUsersPerSec(0, 40, 50 * S),
    RampUsersPerSec(40, 0, 50 * S),
    RampUsersPerSec(10, 30, 50 * S),
]


def started_by(step: Step, t: float) -> float:
    """Return the share of users that start before the share ``t`` of the time."""
    a, b = (
        (step.rate,) * 2
        if isinstance(step, ConstantUsersPerSec)
        else (step.start_rate, step.end_rate)
    )
    return (a * t + (b - a) * t * t / 2) / ((a + b) / 2)


def kolmogorov(step: Step, seed: int) -> float:
    """Return sqrt(n) times the greatest distance between what is drawn and what is expected."""
    of_the_seed = (
        ConstantUsersPerSec(step.rate, step.duration_ns, seed)
        if isinstance(step, ConstantUsersPerSec)
        else RampUsersPerSec(step.start_rate, step.end_rate, step.duration_ns, seed)
    )
    expected = [
        started_by(step, start / step.duration_ns) for start in random_arrivals(of_the_seed)
    ]
    n = len(expected)
    distance = max(max(f - i / n, (i + 1) / n - f) for i, f in enumerate(expected))
    return distance * math.sqrt(n)


@pytest.mark.parametrize("step", STEPS, ids=str)
def test_moments_follow_the_rate(step: Step) -> None:
    """Kolmogorov and Smirnov see no difference from the rate, nor too little of it.

    Their statistic has mean 0.869 and deviation 0.260, and is above 1.95 once in a thousand; evenly
    spread users would give 0.03.
    """
    statistics = [kolmogorov(step, seed) for seed in range(100)]
    assert max(statistics) < 1.95
    assert 0.79 < sum(statistics) / len(statistics) < 0.95


@pytest.mark.parametrize("n", [1, 2, 5])
def test_sorted_uniforms_have_the_means_of_order_statistics(n: int) -> None:
    """Number k of n is k / (n + 1) in the mean."""
    dice, rounds = Random(7), 20_000
    sums = [0.0] * n
    for _ in range(rounds):
        for k, u in enumerate(sorted_uniforms(n, dice)):
            sums[k] += u
    assert all(abs(total / rounds - (k + 1) / (n + 1)) < 0.01 for k, total in enumerate(sums))


class Loaded(Random):
    """Dice that always show the same."""

    def __init__(self, value: float) -> None:
        super().__init__(0)
        self.value = value

    def random(self) -> float:
        return self.value


def test_the_least_that_dice_can_show() -> None:
    """Dice that always show 0 put everybody at the beginning."""
    assert [0.0, 0.0, 0.0] == list(sorted_uniforms(3, Loaded(0.0)))


def test_the_most_that_dice_can_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dice that always show the most they can leave everybody inside the step."""
    assert 1.0 == list(sorted_uniforms(1000, Loaded(1 - 2**-53)))[-1]
    monkeypatch.setattr(load, "Random", lambda seed: Loaded(1 - 2**-53))
    assert S - 1 == list(random_arrivals(ConstantUsersPerSec(1000, S, seed=1)))[-1]
