"""Populations as users write them: what each has of its own, and what follows what."""

from datetime import timedelta

import pytest

from gatlingpy.dsl.closed_injection import constant_concurrent_users
from gatlingpy.dsl.open_injection import at_once_users
from gatlingpy.dsl.pauses import custom_pauses, exponential_pauses
from gatlingpy.dsl.population import Population
from gatlingpy.dsl.scenario import scenario
from gatlingpy.dsl.setup import Simulation, compile_simulation
from gatlingpy.dsl.throttle import hold_for, jump_to_rps
from gatlingpy.errors import PlanError, UsageError
from gatlingpy.plan import pauses as plan
from gatlingpy.plan.simulation import Population as PopulationPlan
from gatlingpy.plan.simulation import SimulationPlan, walk_populations
from gatlingpy.plan.throttle import HoldFor, JumpToRps, Throttle
from gatlingpy.plan.validate import validate
from gatlingpy.protocols.kafka.dsl import kafka
from gatlingpy.session import Session

S = 1_000_000_000
HERE = r"test_population\.py:\d+: "


def idle(name: str) -> Population:
    """Return a population of one user that pauses."""
    return scenario(name).pause(1).inject_open(at_once_users(1))


def planned(*populations: Population) -> SimulationPlan:
    """Return the plan of a simulation with these populations."""

    class Sample(Simulation):
        def __init__(self) -> None:
            self.set_up(*populations)

    return compile_simulation(Sample).plan


def first(population: Population) -> PopulationPlan:
    return planned(population).populations[0]


def names(levels: tuple[tuple[PopulationPlan, ...], ...]) -> list[list[str]]:
    return [[population.scenario for population in level] for level in levels]


def test_and_then_makes_a_level_each_time() -> None:
    """Those of one call start together, those of the next when these are over."""
    family = idle("a").and_then(idle("b"), idle("c").and_then(idle("d"))).and_then(idle("e"))
    parent = first(family)
    assert names(parent.then) == [["b", "c"], ["e"]]
    assert names(parent.then[0][1].then) == [["d"]]
    plan = planned(family, idle("f"))
    order = ["a", "b", "c", "d", "e", "f"]
    assert [population.scenario for population in walk_populations(plan.populations)] == order
    assert [scenario.name for scenario in plan.scenarios] == order
    assert validate(plan) == ()


def test_a_population_is_a_value() -> None:
    """What follows it, its throttle and its pauses are those of the copy."""
    parent = idle("a")
    changed = parent.and_then(idle("b")).throttle(jump_to_rps(1), hold_for(9)).disable_pauses()
    assert parent.then == ()
    assert parent.own_throttle is None
    assert parent.own_pauses is None
    assert changed.then != ()


@pytest.mark.parametrize(
    ("write", "text"),
    [
        (lambda: idle("a").and_then(), r"and_then\(...\) has no population"),
        (lambda: idle("a").and_then(scenario("b")), r"and_then\(...\) takes populations, got Scen"),
    ],
)
def test_what_cannot_follow_is_refused(write: object, text: str) -> None:
    """At the line where it was written."""
    with pytest.raises(UsageError, match=HERE + text):
        write()  # type: ignore[operator]


def test_a_population_cannot_follow_itself() -> None:
    """Nor further down."""
    parent = idle("a")
    for child in (parent, idle("b").and_then(parent)):
        with pytest.raises(UsageError, match=HERE + "scenario 'a' cannot follow itself"):
            parent.and_then(child)


def test_names_are_unique_over_all_that_follows() -> None:
    """One of a child must not be that of a population that starts with the run."""
    problems = validate(planned(idle("a").and_then(idle("b")), idle("b")))
    assert ["scenario 'b'" in problem for problem in problems] == [True]


def test_each_population_has_the_protocols_of_its_own_or_the_set_up() -> None:
    """And not those of the one that it follows."""

    def asking(name: str) -> Population:
        ask = kafka(name).request_reply().topics("requests", "replies").value("x")
        return scenario(name).exec(ask).inject_open(at_once_users(1))

    mine = kafka().bootstrap_servers("mine:9092")

    class Sample(Simulation):
        def __init__(self) -> None:
            self.set_up(
                asking("a").protocols(mine).and_then(asking("b"), asking("c").protocols(mine))
            ).protocols(kafka().bootstrap_servers("ours:9092"))

    plan = compile_simulation(Sample).plan
    bound = {s.name: s.steps[0].protocol for s in plan.scenarios}  # type: ignore[union-attr]
    assert bound["a"] == bound["c"] != bound["b"]


def test_a_throttle_becomes_that_of_the_plan() -> None:
    """With its queue; a second one is refused."""
    population = idle("a").throttle(jump_to_rps(5), hold_for(60), queue=7)
    assert first(population).throttle == Throttle((JumpToRps(5), HoldFor(60 * S)), 7)
    with pytest.raises(UsageError, match=HERE + r"throttle\(...\) was given twice"):
        population.throttle(jump_to_rps(5), hold_for(60))


@pytest.mark.parametrize(
    ("population", "expected"),
    [
        (idle("a"), None),
        (idle("a").disable_pauses(), plan.DisabledPauses()),
        (idle("a").disable_pauses().constant_pauses(), plan.ConstantPauses()),
        (idle("a").exponential_pauses(), plan.ExponentialPauses()),
        (idle("a").pauses(exponential_pauses), plan.ExponentialPauses()),
        (idle("a").uniform_pauses(20), plan.UniformPercentagePauses(20.0)),
        (idle("a").uniform_pauses("500ms"), plan.UniformDurationPauses(S // 2)),
        (idle("a").uniform_pauses(timedelta(seconds=1)), plan.UniformDurationPauses(S)),
        (idle("a").normal_pauses_with_std_dev_duration(2), plan.NormalDurationPauses(2 * S)),
        (idle("a").normal_pauses_with_percentage_duration(9), plan.NormalPercentagePauses(9.0)),
    ],
)
def test_pause_types_become_those_of_the_plan(
    population: Population, expected: plan.PauseType | None
) -> None:
    """Each by its own call, or by ``pauses``; the last one counts."""
    assert first(population).pauses == expected


def test_custom_pauses_name_a_function() -> None:
    """Of the session; by either call."""

    def three(_session: Session) -> float:
        return 3.0

    for population in (idle("a").custom_pauses(three), idle("a").pauses(custom_pauses(three))):
        pauses = first(population).pauses
        assert isinstance(pauses, plan.CustomPauses)


def test_what_is_no_pause_type_is_refused() -> None:
    """At the line where it was written."""
    with pytest.raises(UsageError, match=HERE + r"pauses\(...\) takes a pause type"):
        idle("a").pauses(3)  # type: ignore[arg-type]


def test_a_bound_on_what_is_in_flight() -> None:
    """Is for closed populations."""
    club = scenario("a").pause(1).inject_closed(constant_concurrent_users(1).during(5))
    assert first(club.max_in_flight(7)).max_in_flight == 7
    assert first(club).max_in_flight is None
    with pytest.raises(UsageError, match=HERE + r"max_in_flight\(...\) takes a number"):
        club.max_in_flight(0)
    with pytest.raises(UsageError, match=HERE + r"max_in_flight\(...\) is for inject_closed"):
        idle("a").max_in_flight(7)


def test_names_are_on_one_line() -> None:
    """As Gatling has them."""
    assert first(idle(" a\tb\nc ")).scenario == "a b c"


def test_a_simulation_takes_populations_alone() -> None:
    """A scenario has nobody yet."""
    with pytest.raises((UsageError, PlanError), match=r"set_up\(...\) takes populations, got Scen"):
        planned(scenario("a"))  # type: ignore[arg-type]
