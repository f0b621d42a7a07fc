"""What keeps a load from being run is told at once, each with its line: populations, throttles."""

from dataclasses import replace

import pytest

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
    RampUsersPerSec,
    StressPeakUsers,
)
from gatlingpy.plan.load_rules import load_problems
from gatlingpy.plan.profile import Injection
from gatlingpy.plan.simulation import Population, SimulationPlan
from gatlingpy.plan.throttle import HoldFor, JumpToRps, ReachRps, Throttle, ThrottleStep
from tests.unit.plan.plans import plan_of

S = 1_000_000_000
AT = "pay.py:11"


def population(injection: Injection, **more: object) -> Population:
    return replace(Population("Payments", injection, where=AT), **more)  # type: ignore[arg-type]


def opened(*steps: OpenStep, **more: object) -> Population:
    return population(OpenInjection(steps), **more)


def closed(*steps: ClosedStep, **more: object) -> Population:
    return population(ClosedInjection(steps), **more)


def plan_with(*populations: Population, throttle: Throttle | None = None) -> SimulationPlan:
    return replace(plan_of(), populations=populations, throttle=throttle)


def problems(*populations: Population, throttle: Throttle | None = None) -> list[str]:
    return list(load_problems(plan_with(*populations, throttle=throttle)))


@pytest.mark.parametrize(
    "population",
    [
        opened(AtOnceUsers(1)),
        opened(NothingFor(S), StressPeakUsers(1, S)),
        opened(IncrementUsersPerSec(5.0, 2, S)),
        opened(ConstantUsersPerSec(1.0, S, seed=5)),
        closed(ConstantConcurrentUsers(1, S)),
        closed(RampConcurrentUsers(0, 1, S)),
        closed(RampConcurrentUsers(2, 0, 2 * S)),
        closed(IncrementConcurrentUsers(1, 2, S)),
        closed(IncrementConcurrentUsers(1, 1, S, S)),
        closed(IncrementConcurrentUsers(0, 1, S, 0, 1)),
        closed(ConstantConcurrentUsers(1, 1)),
        opened(then=((opened(AtOnceUsers(1)),),)),
        opened(NothingFor(S), then=((closed(ConstantConcurrentUsers(1, S)),),)),
    ],
    ids=str,
)
def test_nothing_wrong(population: Population) -> None:
    """A profile that starts anybody at any time can be run, an empty one before others too."""
    assert [] == problems(population)


def test_an_empty_one_beside_others() -> None:
    """An open population may be empty as long as another starts somebody."""
    assert [] == problems(opened(), opened(AtOnceUsers(1)))


@pytest.mark.parametrize(
    "population",
    [
        closed(),
        closed(ConstantConcurrentUsers(0, S)),
        closed(ConstantConcurrentUsers(5, 0)),
        closed(RampConcurrentUsers(0, 0, S)),
        closed(RampConcurrentUsers(1, 0, S)),
        closed(IncrementConcurrentUsers(5, 1, S)),
        closed(IncrementConcurrentUsers(0, 3, S, S)),
    ],
    ids=str,
)
def test_a_closed_profile_that_never_wants_anybody(population: Population) -> None:
    """A closed population that no second wants a user of is refused, beside others too."""
    (problem,) = problems(opened(AtOnceUsers(1)), population)
    assert problem == (
        f"{AT}: inject_closed(...) never wants a user; keep at least one, such as "
        "constant_concurrent_users(1).during(60)"
    )


def test_nobody_anywhere() -> None:
    """A plan that starts nobody is refused, those that follow others included."""
    empty = opened(NothingFor(S), then=((opened(AtOnceUsers(0)),),))
    assert problems(empty) == [
        f"{AT}: no user is ever started; inject at least one, such as at_once_users(1)"
    ]


@pytest.mark.parametrize(
    ("population", "what"),
    [
        (opened(StressPeakUsers(-1, S)), "its numbers must be 0 or more"),
        (opened(ConstantUsersPerSec(1.0, S, seed=-1)), "its numbers must be 0 or more"),
        (opened(RampUsersPerSec(0.0, float("inf"), S)), "its numbers must be 0 or more"),
        (opened(IncrementUsersPerSec(-1.0, 3, S)), "its numbers must be 0 or more"),
        (opened(IncrementUsersPerSec(1.0, 0, S)), "stairs need a level, and time for it"),
        (opened(IncrementUsersPerSec(1.0, 3, 0)), "stairs need a level, and time for it"),
        (closed(ConstantConcurrentUsers(-1, S)), "its numbers must be 0 or more"),
        (closed(RampConcurrentUsers(0, -1, S)), "its numbers must be 0 or more"),
        (closed(IncrementConcurrentUsers(1, 3, S, -1)), "its numbers must be 0 or more"),
        (closed(IncrementConcurrentUsers(1, 0, S)), "stairs need a level, and time for it"),
    ],
    ids=str,
)
def test_impossible_steps(population: Population, what: str) -> None:
    """A step that no DSL call could have made is refused, and its sums are not tried."""
    (step,) = population.injection.steps
    assert problems(population) == [f"{AT}: {step!r} cannot be: {what}"]


def test_those_that_follow_are_looked_at() -> None:
    """A problem of a population that starts after others is told at its own line."""
    child = replace(opened(AtOnceUsers(-1)), scenario="Else", where="pay.py:99")
    assert problems(opened(AtOnceUsers(1), then=((child,),))) == [
        "pay.py:99: there is no scenario 'Else' in the plan",
        f"pay.py:99: {AtOnceUsers(-1)!r} cannot be: its numbers must be 0 or more",
    ]


# --- throttles -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "steps",
    [
        (ReachRps(100, 10 * S), HoldFor(60 * S)),
        (JumpToRps(5), HoldFor(S)),
        (ReachRps(1, 100 * S),),
        (JumpToRps(5), HoldFor(S), JumpToRps(0), HoldFor(S)),
        (JumpToRps(5), ReachRps(0, 2 * S)),
    ],
    ids=str,
)
def test_throttles(steps: tuple[ThrottleStep, ...]) -> None:
    """A throttle that lets something through in any second is right."""
    assert [] == problems(opened(AtOnceUsers(1)), throttle=Throttle(steps))


@pytest.mark.parametrize(
    ("steps", "what"),
    [
        ((), "takes no time, and when it is over the run ends; add hold_for(seconds)"),
        ((JumpToRps(5),), "takes no time"),
        ((HoldFor(5 * S),), "never lets a request through: its limit is always 0"),
        ((JumpToRps(0), HoldFor(5 * S)), "never lets a request through"),
        ((JumpToRps(5), JumpToRps(0), HoldFor(5 * S)), "never lets a request through"),
        ((JumpToRps(5), ReachRps(0, S)), "never lets a request through"),
        ((HoldFor(S), JumpToRps(5), HoldFor(S)), "begins with hold_for(...), which holds a limit"),
        ((ReachRps(-1, S),), "cannot be: its limit must be 0 or more"),
        ((ReachRps(1, 0),), "its duration whole seconds, 1 or more"),
        ((ReachRps(1, 1_500_000_000),), "its duration whole seconds, 1 or more"),
        ((JumpToRps(1), HoldFor(S // 2)), "its duration whole seconds, 1 or more"),
        ((JumpToRps(-1), HoldFor(S)), "its limit must be 0 or more"),
    ],
    ids=str,
)
def test_throttles_that_cannot_be(steps: tuple[ThrottleStep, ...], what: str) -> None:
    """One that lets nothing through is refused, at the set-up's line or the population's."""
    throttle = Throttle(steps)
    (problem,) = problems(opened(AtOnceUsers(1)), throttle=throttle)
    assert problem.startswith("simulations/pay.py: ")
    assert what in problem
    (problem,) = problems(opened(AtOnceUsers(1), throttle=throttle))
    assert problem.startswith(f"{AT}: ")
    assert what in problem


def test_no_room_in_the_queue() -> None:
    """A queue has room for a request at least."""
    throttle = Throttle((JumpToRps(1), HoldFor(S)), queue=0)
    (problem,) = problems(opened(AtOnceUsers(1)), throttle=throttle)
    assert "must have room for 1 request or more" in problem
