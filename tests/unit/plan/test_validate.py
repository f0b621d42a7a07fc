"""A plan that cannot be run is refused with every problem at once, each at the user's line."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from gatlingpy.plan.code import CodeRef, Const, Template
from gatlingpy.plan.feeders import CsvSource, Feeder
from gatlingpy.plan.injection import (
    AtOnceUsers,
    ConstantUsersPerSec,
    NothingFor,
    OpenInjection,
    OpenStep,
    RampUsers,
    RampUsersPerSec,
)
from gatlingpy.plan.loops import Forever, Repeat
from gatlingpy.plan.pauses import CustomPauses, Pause, RendezVous
from gatlingpy.plan.simulation import Population, Scenario, SimulationPlan
from gatlingpy.plan.steps import Exec, Feed, Group
from gatlingpy.plan.throttle import ReachRps, Throttle
from gatlingpy.plan.validate import validate
from tests.unit.plan.plans import EchoProtocol, S, plan_of, request, whole_plans

AT = "pay.py:30"
BAD = Template("#{")
LIMIT = Throttle((ReachRps(10, S),))


def test_a_good_plan() -> None:
    """A plan of every kind of step has no problem."""
    plan = replace(
        plan_of(
            Feed("feeder-1", where=AT),
            Group(Template("#{shop}"), (request(),), AT),
            Repeat(Const(2), "i", (Pause(Const(1.0), Const(2.0), where=AT),), AT),
            Repeat(Template("#{n}"), "i", (Exec(CodeRef("x", AT), where=AT),), AT),
            Forever("j", (Pause(Template("#{think}"), where=AT),), AT),
            injected=(NothingFor(S), AtOnceUsers(0), RampUsersPerSec(0.0, 1.0, 2 * S)),
        ),
        feeders=(Feeder("feeder-1", CsvSource("users.csv")),),
        max_duration_ns=S,
    )
    assert () == validate(plan)


def problem_of(plan: SimulationPlan) -> str:
    (problem,) = validate(plan)
    return problem


def test_same_name_twice() -> None:
    """Two scenarios of one name are told by both their lines."""
    plan, step = plan_of(), (request(),)
    plan = replace(plan, scenarios=(*plan.scenarios, Scenario("Payments", step, "pay.py:40")))
    assert (
        "pay.py:40: scenario 'Payments' has the name of the one at pay.py:10; give each its own"
        == problem_of(plan)
    )


def test_same_scenario_twice() -> None:
    """One scenario in two populations is told as that."""
    plan = plan_of()
    plan = replace(plan, scenarios=plan.scenarios * 2)
    assert problem_of(plan).startswith("pay.py:10: scenario 'Payments' is in set_up(...) twice")


def test_no_name_and_no_steps() -> None:
    """A scenario needs a name and a step, and each lack is told."""
    plan = plan_of()
    population = replace(plan.populations[0], scenario=" ")
    plan = replace(plan, scenarios=(Scenario(" ", (), "pay.py:40"),), populations=(population,))
    assert (
        'pay.py:40: a scenario has an empty name; name it: scenario("...")',
        "pay.py:40: scenario ' ' has no steps; add .exec(...)",
    ) == validate(plan)


def test_no_population() -> None:
    """A set-up without populations is refused."""
    plan = replace(plan_of(), populations=(), scenarios=())
    assert problem_of(plan).startswith("simulations/pay.py: set_up(...) has no population")


def test_unknown_scenario() -> None:
    """A population whose scenario is not there is named."""
    plan = plan_of()
    one = OpenInjection((AtOnceUsers(1),))
    plan = replace(plan, populations=(*plan.populations, Population("Else", one, where=AT)))
    assert f"{AT}: there is no scenario 'Else' in the plan" == problem_of(plan)


@pytest.mark.parametrize(
    "step",
    [
        NothingFor(S),
        AtOnceUsers(0),
        RampUsers(0, S),
        ConstantUsersPerSec(0.1, S),
        RampUsersPerSec(0.0, 0.5, S),
    ],
    ids=str,
)
def test_nothing_injected(step: OpenStep) -> None:
    """Profiles that start no user at all are refused."""
    assert problem_of(plan_of(injected=(step,))).startswith("pay.py:11: no user is ever started")


@pytest.mark.parametrize(
    "step",
    [
        AtOnceUsers(-1),
        RampUsers(1, -1),
        ConstantUsersPerSec(float("nan"), S),
        RampUsersPerSec(0.0, float("inf"), S),
    ],
    ids=str,
)
def test_impossible_numbers(step: OpenStep) -> None:
    """A step that no DSL call could have made is refused, and its sums are not tried."""
    assert "its numbers must be 0 or more" in problem_of(plan_of(injected=(step,)))


def test_own_problems_of_protocols_and_requests() -> None:
    """What a protocol or request says of itself is told at its line."""
    plan = replace(
        plan_of(replace(request(), trouble="'Pay' has no topic")),
        protocols=(EchoProtocol(id="echo", trouble="echo() has no wall", where="pay.py:5"),),
    )
    assert ("pay.py:5: echo() has no wall", "pay.py:20: 'Pay' has no topic") == validate(plan)


def test_problems_of_all_kinds_at_once() -> None:
    """Steps, counters, meeting points and load are all looked at, whatever else is wrong."""
    inner = Repeat(Const(-1), "i", (RendezVous(2, "pay.py:33"),), "pay.py:32")
    told = validate(plan_of(Repeat(Const(2), "i", (inner,), "pay.py:31"), Pause(BAD, where=AT)))
    assert [
        "pay.py:32: repeat(...) would",
        "pay.py:32: repeat(...) must",
        "pay.py:30: column 1",
        "pay.py:33: rendez_vous(2) would",
    ] == [" ".join(problem.split()[:3]) for problem in told]


def test_a_load_that_makes_no_sense_is_told_alone() -> None:
    """Users that cannot be counted are not counted for meeting points."""
    plan = plan_of(RendezVous(2, AT), injected=(AtOnceUsers(-1),))
    assert "its numbers must be 0 or more" in problem_of(plan)


@pytest.mark.parametrize(
    ("change", "ends"),
    [
        ({}, False),
        ({"max_duration_ns": S}, True),
        ({"throttle": LIMIT}, True),
        ({"populations": (replace(plan_of().populations[0], throttle=LIMIT),)}, True),
        (
            {
                "populations": (
                    replace(
                        plan_of().populations[0],
                        then=((replace(plan_of().populations[0], throttle=LIMIT),),),
                    ),
                )
            },
            True,
        ),
    ],
    ids=["nothing", "max_duration", "throttle", "a population's", "a later population's"],
)
def test_what_ends_a_run(change: dict[str, object], ends: bool) -> None:
    """A longest duration ends loops without end, and so does a throttle, whoever has it."""
    plan = replace(plan_of(Forever("i", (request(),), AT)), **change)  # type: ignore[arg-type]
    assert ends == (validate(plan) == ())


def test_no_time() -> None:
    """A longest duration of nothing is refused."""
    plan = replace(plan_of(), max_duration_ns=0)
    assert "simulations/pay.py: max_duration(...) must be above 0" == problem_of(plan)


def test_pause_types_of_the_set_up_and_of_populations() -> None:
    """They must be able to tell a time, as those of single pauses must."""
    plan = plan_of(request())
    (population,) = plan.populations
    told = "takes seconds as a number, a timedelta or text such as '500ms', 0 or more, got 'soon'"

    def problems(duration: Const | Template) -> tuple[str, ...]:
        pauses = CustomPauses(duration)
        whole = replace(plan, pauses=pauses)
        return validate(replace(whole, populations=(replace(population, pauses=pauses),)))

    assert problems(Const("soon")) == (
        f"simulations/pay.py: custom_pauses(...) of set_up(...) {told}",
        f"pay.py:11: custom_pauses(...) of a population {told}",
    )
    of_the_run, of_the_population = problems(BAD)
    assert of_the_run.startswith("simulations/pay.py: column 1 of '#{'")
    assert of_the_population.startswith("pay.py:11: column 1 of '#{'")
    assert problems(Template("#{think}")) == ()


def test_a_shared_chain_tells_its_problem_once() -> None:
    """A step that two scenarios share has its problem told once."""
    plan = plan_of(Pause(BAD, where=AT))
    other = replace(plan.scenarios[0], name="Refunds", where="pay.py:12")
    problem_of(replace(plan, scenarios=(*plan.scenarios, other)))


@given(whole_plans)
@settings(deadline=None)
def test_any_plan_can_be_asked(plan: SimulationPlan) -> None:
    """Whatever plan is drawn, its problems are told and none of them is an exception."""
    assert all(isinstance(problem, str) for problem in validate(plan))
