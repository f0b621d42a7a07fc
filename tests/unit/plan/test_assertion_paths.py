"""An assertion on a request that the plan cannot send is warned about before the run."""

from dataclasses import replace

import pytest

from gatlingpy.plan.assertion_paths import nearest
from gatlingpy.plan.assertions import (
    Assertion,
    AssertionPath,
    Compare,
    Comparison,
    CountTarget,
    Delivery,
    DeliveryTarget,
    DetailsPath,
    ForAllPath,
    GaugeTarget,
    GlobalPath,
    LagKind,
    LagTarget,
    Metric,
    Reading,
    ResponseTimeTarget,
    Statistic,
    Target,
)
from gatlingpy.plan.code import CodeRef, Const, Expr, Template
from gatlingpy.plan.loops import Repeat
from gatlingpy.plan.steps import Group, Step
from tests.unit.plan.plans import plan_of, request

ALL = CountTarget(Metric.ALL)
STEPS: tuple[Step, ...] = (
    request("Login"),
    Group(Const("shop"), (Group(Const("till"), (Repeat(Const(2), "n", (request("Pay"),)),)),)),
)


def warnings(path: AssertionPath, *steps: Step, target: Target = ALL) -> list[str]:
    assertion = Assertion(path, target, Compare(Comparison.IS, 1), "pay.py:30")
    return list(replace(plan_of(*(steps or STEPS)), assertions=(assertion,)).warnings())


def on(*parts: str) -> DetailsPath:
    return DetailsPath(parts)


@pytest.mark.parametrize(
    "path",
    [
        GlobalPath(),
        ForAllPath(),
        on(),
        on("Login"),
        on("shop"),
        on("shop", "till"),
        on("shop", "till", "Pay"),
        on("Login-send"),
        on("Pay-store"),
    ],
    ids=str,
)
def test_what_can_be_is_not_warned_about(path: AssertionPath) -> None:
    """Requests, groups, the whole, and legs, which have no groups."""
    assert [] == warnings(path)


@pytest.mark.parametrize(
    ("path", "near"),
    [
        (on("Pay"), 'details("shop", "till", "Pay")'),
        (on("Shop", "till", "Pay"), 'details("shop", "till", "Pay")'),
        (on("Logni"), 'details("Login")'),
        (on("shop", "till", "Pay-send"), 'details("shop", "till", "Pay")'),
        (on("Pays-send"), ""),
    ],
    ids=str,
)
def test_what_cannot_be_is_told_with_the_nearest(path: DetailsPath, near: str) -> None:
    """Before the run, with the line of the assertion."""
    hint = f"; nearest is {near}" if near else ""
    (warning,) = warnings(path)
    names = ", ".join(f'"{part}"' for part in path.parts)
    assert (
        f"pay.py:30: details({names}) is no request or group of this simulation, so that the "
        f"assertion will fail{hint}"
    ) == warning


@pytest.mark.parametrize("name", [Template("Pay #{n}"), CodeRef("name", "pay.py:3"), Const(5)])
def test_nothing_is_said_where_a_name_is_known_only_while_users_run(name: Expr) -> None:
    """Of a request or of a group: either may become what the assertion wants."""
    unknown = replace(request(), name=name)
    assert [] == warnings(on("Nowhere"), request("Login"), unknown)
    assert [] == warnings(on("Nowhere"), request("Login"), Group(name, (request("Pay"),)))


@pytest.mark.parametrize(
    ("target", "warned"),
    [
        (ResponseTimeTarget(Statistic.MAX, 0, Metric.FAILED), True),
        (LagTarget(LagKind.REQUESTS, Statistic.MAX), True),
        (LagTarget(LagKind.USERS, Statistic.MAX), False),
        (GaugeTarget("depth", Reading.MAX), False),
        (DeliveryTarget(Delivery.LATE), False),
    ],
)
def test_only_requests_are_looked_for(target: Target, warned: bool) -> None:
    """A scenario, a source of gauges, and a request without its groups have other names."""
    assert warned == bool(warnings(on("Payments"), target=target))


def test_the_nearest_has_the_same_last_name_or_is_spelt_alike() -> None:
    """And where nothing is alike, there is none."""
    paths = [("Buy",), ("shop", "Pay"), ("shop",)]
    assert ("shop", "Pay") == nearest(("Pay",), paths)
    assert ("Buy",) == nearest(("Buyy",), paths)
    assert nearest(("zzzz",), paths) is None
    assert nearest((), paths) is None
