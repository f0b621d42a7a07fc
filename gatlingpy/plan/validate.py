"""Every rule that a whole plan must keep; all problems are found at once.

Nothing is run and nothing is opened here: a feeder's file is ``feeds``' business.  A problem is a
complete sentence that begins with the user's ``file:line``.
"""

import math
from collections.abc import Iterator

from gatlingpy.plan.injection import OpenStep, duration_ns_of, total_users
from gatlingpy.plan.simulation import Population, Scenario, SimulationPlan
from gatlingpy.plan.step_rules import StepRules
from gatlingpy.plan.steps import walk_steps


def validate(plan: SimulationPlan) -> tuple[str, ...]:
    """Return every problem that would keep a plan from being run; empty if it can be run."""
    problems = [
        *_scenario_problems(plan),
        *_injection_problems(plan),
        *_protocol_problems(plan),
        *_step_problems(plan),
    ]
    if plan.max_duration_ns is not None and plan.max_duration_ns <= 0:
        problems.append(f"{plan.where}: max_duration(...) must be above 0")
    # A chain that several scenarios share would tell its problems once for each.
    return tuple(dict.fromkeys(problems))


def _scenario_problems(plan: SimulationPlan) -> Iterator[str]:
    first: dict[str, Scenario] = {}
    for scenario in plan.scenarios:
        if not scenario.name.strip():
            yield f'{scenario.where}: a scenario has an empty name; name it: scenario("...")'
        elif scenario.name in first:
            yield _twice(scenario, first[scenario.name])
        first.setdefault(scenario.name, scenario)
        if not scenario.steps:
            yield f"{scenario.where}: scenario {scenario.name!r} has no steps; add .exec(...)"


def _twice(scenario: Scenario, first: Scenario) -> str:
    if scenario.where == first.where:
        return (
            f"{scenario.where}: scenario {scenario.name!r} is in set_up(...) twice; give its "
            "inject_open(...) all the steps, or make one scenario for each"
        )
    return (
        f"{scenario.where}: scenario {scenario.name!r} has the name of the one at {first.where}; "
        "give each its own"
    )


def _injection_problems(plan: SimulationPlan) -> Iterator[str]:
    if not plan.populations:
        yield (
            f"{plan.where}: set_up(...) has no population; give it "
            "scenario(...).inject_open(at_once_users(1))"
        )
        return
    known = {scenario.name for scenario in plan.scenarios}
    malformed = False
    for population in plan.populations:
        if population.scenario not in known:
            yield f"{population.where}: there is no scenario {population.scenario!r} in the plan"
        for step in population.injection.steps:
            if not _well_formed(step):
                malformed = True
                yield f"{population.where}: {step!r} cannot be: its numbers must be 0 or more"
    if not malformed and not any(_starts_users(population) for population in plan.populations):
        yield (
            f"{plan.populations[0].where}: no user is ever started; inject at least one, such as "
            "at_once_users(1)"
        )


def _well_formed(step: OpenStep) -> bool:
    numbers = (getattr(step, name) for name in type(step).__dataclass_fields__)
    return all(n is None or 0 <= n < math.inf for n in numbers) and duration_ns_of(step) >= 0


def _starts_users(population: Population) -> bool:
    return total_users(population.injection) > 0


def _protocol_problems(plan: SimulationPlan) -> Iterator[str]:
    for protocol in plan.protocols:
        for text in protocol.problems():
            yield f"{protocol.where}: {text}"


def _step_problems(plan: SimulationPlan) -> Iterator[str]:
    protocols = {protocol.id: protocol for protocol in plan.protocols}
    feeders = frozenset(feeder.id for feeder in plan.feeders)
    rules = StepRules(protocols, feeders, ends=plan.max_duration_ns is not None)
    for scenario in plan.scenarios:
        for step in walk_steps(scenario.steps):
            for text in rules.problems(step):
                yield f"{step.where}: {text}"
