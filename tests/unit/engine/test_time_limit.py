"""How long a run may take: the shortest of its maximum duration and its throttles."""

from gatlingpy.engine.stop import StopKind
from gatlingpy.engine.time_limit import time_limit
from gatlingpy.plan.injection import AtOnceUsers, OpenInjection
from gatlingpy.plan.simulation import Population, SimulationPlan, SourceRef
from gatlingpy.plan.throttle import HoldFor, JumpToRps, Throttle

S = 1_000_000_000
ONE = OpenInjection((AtOnceUsers(1),))


def throttle(seconds: int) -> Throttle:
    return Throttle((JumpToRps(1), HoldFor(seconds * S)))


def plan(
    maximum_s: int | None = None, whole_s: int | None = None, child_s: int | None = None
) -> SimulationPlan:
    """Return a plan with these limits; the last is that of a population that follows another."""
    child = Population("b", ONE, throttle=None if child_s is None else throttle(child_s))
    return SimulationPlan(
        "Sample",
        SourceRef("sample", "Sample", ""),
        (),
        (Population("a", ONE, then=((child,),)),),
        throttle=None if whole_s is None else throttle(whole_s),
        max_duration_ns=None if maximum_s is None else maximum_s * S,
    )


def said(a_plan: SimulationPlan) -> tuple[int, str] | None:
    limit = time_limit(a_plan)
    if limit is None:
        return None
    assert limit.reason.kind is StopKind.MAX_DURATION
    return limit.length_ns // S, limit.reason.message


def test_a_plan_may_have_none() -> None:
    """Then the run lasts as long as its users."""
    assert said(plan()) is None


def test_the_shortest_counts_and_is_named() -> None:
    """Of whatever population it is."""
    assert said(plan(5, 6, 7)) == (5, "the maximum duration of 5 s is over")
    assert said(plan(9, 6, 7)) == (6, "the throttle of 6 s is over")
    assert said(plan(9, 8, 7)) == (7, "the throttle of 'b' of 7 s is over")
