"""The set-up: what holds for the whole run, given once and before the constructor returns."""

from collections.abc import Callable

import pytest

from gatlingpy.dsl.assertions import global_
from gatlingpy.dsl.chain import pause, repeat
from gatlingpy.dsl.open_injection import at_once_users
from gatlingpy.dsl.pauses import exponential_pauses
from gatlingpy.dsl.scenario import scenario
from gatlingpy.dsl.setup import SetUp, Simulation, compile_simulation
from gatlingpy.dsl.throttle import hold_for, jump_to_rps, reach_rps
from gatlingpy.errors import UsageError
from gatlingpy.plan.pauses import ExponentialPauses, UniformPercentagePauses
from gatlingpy.plan.show import show
from gatlingpy.plan.simulation import SimulationPlan
from gatlingpy.plan.throttle import HoldFor, JumpToRps, Throttle
from gatlingpy.plan.validate import validate

S = 1_000_000_000
HERE = r"test_setup\.py:\d+: "


def planned(add: Callable[[SetUp], object]) -> SimulationPlan:
    """Return the plan of a simulation whose set-up is completed so."""

    class Sample(Simulation):
        def __init__(self) -> None:
            add(self.set_up(scenario("Idle").pause(1).inject_open(at_once_users(1))))

    return compile_simulation(Sample).plan


def test_all_that_holds_for_the_whole_run() -> None:
    """Each call returns the set-up, so that they can follow each other."""
    plan = planned(
        lambda set_up: (
            set_up.throttle(jump_to_rps(5), hold_for(60), queue=9)
            .exponential_pauses()
            .warm_up("5s")
            .max_duration("1m")
            .seed(7)
        )
    )
    assert plan.throttle == Throttle((JumpToRps(5), HoldFor(60 * S)), 9)
    assert plan.pauses == ExponentialPauses()
    assert (plan.warm_up_ns, plan.max_duration_ns, plan.seed) == (5 * S, 60 * S, 7)
    assert validate(plan) == ()


def test_a_set_up_has_nothing_by_default() -> None:
    """No throttle, no pause type, no warm-up, no end."""
    plan = planned(lambda set_up: set_up)
    assert (plan.throttle, plan.pauses, plan.warm_up_ns, plan.max_duration_ns) == (None,) * 2 + (
        0, None,
    )  # fmt: skip


@pytest.mark.parametrize("depth", [63, 64, 1_000])
def test_blocks_that_are_nested_too_deeply(depth: int) -> None:
    """They are a mistake of the user's, whatever Python would have followed."""

    class Abyss(Simulation):
        def __init__(self) -> None:
            steps = pause(1)
            for _ in range(depth):
                steps = repeat(2).on(steps)
            self.set_up(scenario("Deep").exec(steps).inject_open(at_once_users(1)))

    if depth < 64:
        plan = compile_simulation(Abyss).plan
        assert validate(plan) == ()
        assert plan.scenarios[0].name in show(plan)
        return
    with pytest.raises(UsageError, match=r"test_setup.*: blocks stand inside each other more than"):
        compile_simulation(Abyss)


def test_the_last_pause_type_counts() -> None:
    """As everywhere where one replaces the other."""
    plan = planned(lambda set_up: set_up.pauses(exponential_pauses).uniform_pauses(10))
    assert plan.pauses == UniformPercentagePauses(10.0)


@pytest.mark.parametrize(
    ("add", "text"),
    [
        (lambda s: s.throttle(jump_to_rps(1)).throttle(jump_to_rps(1)), r"throttle\(...\) was giv"),
        (lambda s: s.throttle(reach_rps(10)), r"reach_rps\(10\) has no duration"),
        (lambda s: s.warm_up(-1), r"warm_up\(...\) must not be negative"),
        (lambda s: s.max_duration("soon"), r"max_duration\(...\) must be seconds"),
        (lambda s: s.seed("7"), r"seed\(...\) takes a whole number, got str '7'"),
        (lambda s: s.seed(1.5), r"seed\(...\) takes a whole number, got float 1.5"),
        (lambda s: s.pauses("long"), r"pauses\(...\) takes a pause type"),
    ],
)
def test_what_cannot_be_is_refused(add: Callable[[SetUp], object], text: str) -> None:
    """At the line where it was written."""
    with pytest.raises(UsageError, match=HERE + text):
        planned(add)


@pytest.mark.parametrize(
    "call",
    [
        lambda s: s.throttle(jump_to_rps(1), hold_for(1)),
        lambda s: s.warm_up(1),
        lambda s: s.disable_pauses(),
        lambda s: s.max_duration(1),
        lambda s: s.seed(1),
        lambda s: s.protocols(),
        lambda s: s.assertions(),
    ],
)
def test_a_set_up_is_sealed_when_the_constructor_returns(call: Callable[[SetUp], object]) -> None:
    """What comes later would never be seen."""
    kept: list[SetUp] = []
    planned(kept.append)
    with pytest.raises(UsageError, match=HERE + r".* was called after the simulation's const"):
        call(kept[0])


@pytest.mark.parametrize(
    ("add", "limit"),
    [
        (lambda s: s.warm_up(60).max_duration(60), "the maximum duration"),
        (
            lambda s: s.warm_up(9).throttle(jump_to_rps(1), hold_for(8)).max_duration(60),
            "the throttle",
        ),
    ],
)
def test_a_warm_up_that_leaves_nothing_is_refused(
    add: Callable[[SetUp], object], limit: str
) -> None:
    """Where it is certain: the run ends no later than its warm-up."""
    (problem,) = validate(planned(add))
    assert "warm_up(...)" in problem
    assert limit in problem


def test_a_maximum_duration_of_nothing_is_refused() -> None:
    """The run would end before it began."""
    (problem,) = validate(planned(lambda s: s.max_duration(0)))
    assert "max_duration(...) must be above 0" in problem


@pytest.mark.parametrize(
    ("unfinished", "told"),
    [
        (global_(), "one that is not finished; say of which number"),
        (global_().failed_requests(), "one that is not finished; say of which number"),
        (global_().response_time(), "one that is not finished; say of which number"),
        (global_().response_time().max(), "one without a condition; end it with .lt(...)"),
        ("fast", "got 'fast'"),
    ],
)
def test_what_is_no_assertion_is_told_what_it_lacks(unfinished: object, told: str) -> None:
    """Its last words are the easiest to forget."""
    with pytest.raises(UsageError) as raised:
        SetUp((), "here").assertions(unfinished)  # type: ignore[arg-type]
    assert told in str(raised.value)
    assert "test_setup.py:" in str(raised.value)
