"""All arrivals of a plan, in order, and the names of those that cannot be told."""

import itertools
from dataclasses import replace

from gatlingpy.load.listing import arrivals_of, unlisted
from gatlingpy.plan.concurrency import ClosedInjection, ConstantConcurrentUsers
from gatlingpy.plan.injection import AtOnceUsers, NothingFor, OpenInjection, OpenStep, RampUsers
from gatlingpy.plan.simulation import Population, SimulationPlan
from tests.unit.plan.plans import plan_of

MS = 1_000_000
S = 1_000_000_000
CLOSED = ClosedInjection((ConstantConcurrentUsers(1, S),))


def opened(
    name: str, *steps: OpenStep, then: tuple[tuple[Population, ...], ...] = ()
) -> Population:
    return Population(name, OpenInjection(steps), then=then)


def plan_with(*populations: Population) -> SimulationPlan:
    return replace(plan_of(), populations=populations)


def test_populations_are_merged_in_order() -> None:
    """Users of several populations come by their time, at the same one as the populations do."""
    plan = plan_with(
        opened("b", RampUsers(4, 2 * S)),
        opened("a", NothingFor(S), AtOnceUsers(2), RampUsers(2, S)),
        opened("c", AtOnceUsers(1)),
    )
    expected = [
        (0, "b"), (0, "c"), (500, "b"), (1000, "b"), (1000, "a"), (1000, "a"), (1000, "a"),
        (1500, "b"), (1500, "a"),
    ]  # fmt: skip
    assert expected == [(start // MS, name) for start, name in arrivals_of(plan)]
    assert [] == list(unlisted(plan))


def test_those_that_cannot_be_told_are_named() -> None:
    """Closed populations and those that follow others are left out, and why is said."""
    last = opened("last", AtOnceUsers(1))
    plan = plan_with(
        opened("first", AtOnceUsers(1), then=((opened("next", AtOnceUsers(5)),), (last,))),
        Population("crowd", CLOSED),
        Population("parent", CLOSED, then=((Population("child", CLOSED),),)),
    )
    assert [(0, "first")] == list(arrivals_of(plan))
    assert [
        ("next", "starts when others have ended"),
        ("last", "starts when others have ended"),
        ("crowd", "closed: users start when others end"),
        ("parent", "closed: users start when others end"),
        ("child", "starts when others have ended"),
    ] == list(unlisted(plan))


def test_an_equal_population_that_follows_is_left_out() -> None:
    """One that follows is left out even where it looks like one that begins."""
    twin = opened("twin", AtOnceUsers(1))
    also = opened("twin", AtOnceUsers(1))
    plan = plan_with(twin, opened("parent", AtOnceUsers(1), then=((also,),)))
    assert [("twin", "starts when others have ended")] == list(unlisted(plan))


def test_millions_are_had_one_by_one() -> None:
    """The first lines are had without the others."""
    plan = plan_with(*(opened(name, AtOnceUsers(10_000_000)) for name in "ab"))
    assert [(0, "a")] * 3 == list(itertools.islice(arrivals_of(plan), 3))


def test_no_population() -> None:
    """A plan of closed populations has no line."""
    assert [] == list(arrivals_of(plan_with(Population("crowd", CLOSED))))
