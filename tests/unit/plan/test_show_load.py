"""The load of a plan reads as what it does, with its totals."""

import pytest

from gatlingpy.plan.code import CodeRef, Const
from gatlingpy.plan.concurrency import (
    ClosedInjection,
    ClosedStep,
    ConstantConcurrentUsers,
    IncrementConcurrentUsers,
    RampConcurrentUsers,
)
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
from gatlingpy.plan.pauses import (
    ConstantPauses,
    CustomPauses,
    DisabledPauses,
    ExponentialPauses,
    NormalDurationPauses,
    NormalPercentagePauses,
    PauseType,
    UniformDurationPauses,
    UniformPercentagePauses,
)
from gatlingpy.plan.show_load import (
    duration_text,
    injection_text,
    pause_type_text,
    throttle_text,
)
from gatlingpy.plan.throttle import HoldFor, JumpToRps, ReachRps, Throttle

S = 1_000_000_000


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), "open: nothing = 0 users in 0 s"),
        ((AtOnceUsers(1),), "open: 1 at once = 1 user in 0 s"),
        ((RampUsers(10, 90 * S),), "open: 10 over 1 min 30 s = 10 users in 1 min 30 s"),
        ((ConstantUsersPerSec(2.5, 4 * S),), "open: 2.5 users/s for 4 s = 10 users in 4 s"),
        (
            (ConstantUsersPerSec(3, S, seed=7), RampUsersPerSec(1, 5.5, 4 * S, seed=8)),
            (
                "open: 3 users/s for 1 s at random (seed 7), "
                "then 1 → 5.5 users/s in 4 s at random (seed 8) = 16 users in 5 s"
            ),
        ),
        (
            (NothingFor(500_000_000), StressPeakUsers(1000, 10 * S)),
            "open: nothing for 500 ms, then 1000 in a peak of 10 s = 1000 users in 10 s 500 ms",
        ),
        (
            (IncrementUsersPerSec(5, 3, 2 * S, 2 * S, 10),),
            "open: stairs from 10 by 5 users/s: 3 levels of 2 s, ramps of 2 s = 150 users in 10 s",
        ),
        (
            (IncrementUsersPerSec(5, 1, 2 * S),),
            "open: stairs from 0 by 5 users/s: 1 level of 2 s = 0 users in 2 s",
        ),
    ],
)
def test_open(steps: tuple[OpenStep, ...], expected: str) -> None:
    """An open profile is told in words, with all its users and its whole duration."""
    assert expected == injection_text(OpenInjection(steps))


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), "closed: nobody = 0 s"),
        (
            (RampConcurrentUsers(1, 5, 10 * S), ConstantConcurrentUsers(5, 60 * S)),
            "closed: 1 → 5 at a time in 10 s, then 5 at a time for 60 s = 1 min 10 s",
        ),
        (
            (IncrementConcurrentUsers(5, 3, 2 * S, S, 0),),
            "closed: stairs from 0 by 5 at a time: 3 levels of 2 s, ramps of 1 s = 9 s",
        ),
    ],
)
def test_closed(steps: tuple[ClosedStep, ...], expected: str) -> None:
    """A closed profile is told in words, with its whole duration."""
    assert expected == injection_text(ClosedInjection(steps))


@pytest.mark.parametrize(
    ("throttle", "expected"),
    [
        (Throttle(()), "no limit = 0 s; no pauses"),
        (
            Throttle((ReachRps(100, 10 * S), HoldFor(60 * S), JumpToRps(50), HoldFor(5 * S))),
            (
                "to 100 requests/s in 10 s, then hold for 60 s, then jump to 50 requests/s, "
                "then hold for 5 s = 1 min 15 s; no pauses"
            ),
        ),
        (
            Throttle((JumpToRps(1), HoldFor(S)), queue=7),
            "jump to 1 requests/s, then hold for 1 s = 1 s, at most 7 waiting; no pauses",
        ),
    ],
)
def test_throttle(throttle: Throttle, expected: str) -> None:
    """A throttle is told in words, with its duration, a queue of another size, and what it does."""
    assert expected == throttle_text(throttle)


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        (DisabledPauses(), "none"),
        (ConstantPauses(), "as written"),
        (ExponentialPauses(), "exponential, what is written being the mean"),
        (CustomPauses(Const(1.5)), "1.5 s, whatever is written"),
        (CustomPauses(CodeRef("x", "pay.py:3")), "code pay.py:3 s, whatever is written"),
        (UniformPercentagePauses(12.5), "uniform, ± 12.5 %"),
        (UniformDurationPauses(2 * S), "uniform, ± 2 s"),
        (NormalPercentagePauses(50), "normal, standard deviation 50 %"),
        (NormalDurationPauses(S // 2), "normal, standard deviation 500 ms"),
    ],
    ids=str,
)
def test_pauses(pauses: PauseType, expected: str) -> None:
    """Each type of pause tells what becomes of the pauses that are written."""
    assert expected == pause_type_text(pauses)


@pytest.mark.parametrize(
    ("duration_ns", "expected"),
    [
        (0, "0 s"),
        (500_000_000, "500 ms"),
        (1_500_000_000, "1 s 500 ms"),
        (60 * S, "60 s"),
        (61 * S, "1 min 1 s"),
        (3600 * S, "1 h"),
        (3661 * S, "1 h 1 min 1 s"),
        (90_000 * S, "25 h"),
    ],
)
def test_durations(duration_ns: int, expected: str) -> None:
    """A duration is told in the units that it has."""
    assert expected == duration_text(duration_ns)
