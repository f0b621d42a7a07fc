"""A meeting point that can never open is told before users wait at it."""

from dataclasses import replace

import pytest

from gatlingpy.plan.branches import If
from gatlingpy.plan.code import Const, Template
from gatlingpy.plan.concurrency import (
    ClosedInjection,
    ConstantConcurrentUsers,
    IncrementConcurrentUsers,
    RampConcurrentUsers,
)
from gatlingpy.plan.conditions import Truth
from gatlingpy.plan.injection import AtOnceUsers, NothingFor, OpenInjection, RampUsers
from gatlingpy.plan.meeting_rules import meeting_problems
from gatlingpy.plan.pauses import RendezVous
from gatlingpy.plan.profile import Injection
from gatlingpy.plan.simulation import Population, SimulationPlan
from gatlingpy.plan.steps import Group
from tests.unit.plan.plans import S, plan_of, request

AT = "pay.py:30"


def meeting(users: int, injection: Injection) -> SimulationPlan:
    """Return a plan whose users meet, deep inside blocks."""
    inside = If(Truth(Template("#{x}")), (request(),), (RendezVous(users, AT),))
    plan = plan_of(Group(Const("g"), (inside,)))
    return replace(plan, populations=(replace(plan.populations[0], injection=injection),))


@pytest.mark.parametrize(
    ("injection", "most"),
    [
        (OpenInjection((AtOnceUsers(7), NothingFor(S), RampUsers(3, S))), 10),
        (ClosedInjection((ConstantConcurrentUsers(10, S),)), 10),
        (ClosedInjection((ConstantConcurrentUsers(2, S), RampConcurrentUsers(1, 10, 5 * S))), 10),
        (ClosedInjection((RampConcurrentUsers(10, 0, 5 * S),)), 10),
        (ClosedInjection((IncrementConcurrentUsers(5, 2, S, S),)), 10),
        (ClosedInjection((IncrementConcurrentUsers(4, 2, S, 0, 6),)), 10),
    ],
    ids=str,
)
def test_as_many_as_can_be_there(injection: Injection, most: int) -> None:
    """As many as ever wait together may be waited for, and not one more."""
    assert [] == list(meeting_problems(meeting(most, injection)))
    (problem,) = meeting_problems(meeting(most + 1, injection))
    assert problem == (
        f"{AT}: rendez_vous({most + 1}) would never open: scenario 'Payments' never has more than "
        f"{most} users at a time"
    )


def test_one_user() -> None:
    """One user is not told as several."""
    (problem,) = meeting_problems(meeting(2, OpenInjection((AtOnceUsers(1),))))
    assert problem.endswith("never has more than 1 user at a time")


def test_users_of_a_population_that_starts_later() -> None:
    """A scenario's users are counted wherever its population stands."""
    plan = meeting(5, OpenInjection((AtOnceUsers(5),)))
    (mine,) = plan.populations
    first = Population("Else", OpenInjection((AtOnceUsers(1),)), then=((mine,),))
    assert [] == list(meeting_problems(replace(plan, populations=(first,))))


def test_nobody_is_waited_for() -> None:
    """A meeting point of no users is none."""
    (problem,) = meeting_problems(meeting(0, OpenInjection((AtOnceUsers(5),))))
    assert f"{AT}: rendez_vous(0) must wait for 1 user or more" == problem
