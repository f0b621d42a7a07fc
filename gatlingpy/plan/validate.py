"""Every rule that a whole plan must keep; all problems are found at once.

Nothing is run and nothing is opened here: a feeder's file is ``feeds``' business.  A problem is a
complete sentence that begins with the user's ``file:line``.
"""

import re
from collections.abc import Iterator
from typing import Final

from gatlingpy.plan.counter_rules import counter_problems
from gatlingpy.plan.load_rules import load_problems
from gatlingpy.plan.meeting_rules import meeting_problems
from gatlingpy.plan.run_rules import run_problems, shortest_limit
from gatlingpy.plan.simulation import Scenario, SimulationPlan
from gatlingpy.plan.step_rules import StepRules
from gatlingpy.plan.steps import walk_steps

_PLACE: Final = re.compile(r"(?:[^\n:]+\.py|<[^\n>]+>):\d+: ")


def validate(plan: SimulationPlan) -> tuple[str, ...]:
    """Return every problem that would keep a plan from being run; empty if it can be run."""
    load = tuple(load_problems(plan))
    problems = [
        *_scenario_problems(plan),
        *load,
        *_protocol_problems(plan),
        *_step_problems(plan),
        # Users can be counted only where the load makes sense.
        *(() if load else meeting_problems(plan)),
        *run_problems(plan),
    ]
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


def _protocol_problems(plan: SimulationPlan) -> Iterator[str]:
    for protocol in plan.protocols:
        for text in protocol.problems():
            yield _placed(protocol.where, text)


def _step_problems(plan: SimulationPlan) -> Iterator[str]:
    protocols = {protocol.id: protocol for protocol in plan.protocols}
    feeders = frozenset(feeder.id for feeder in plan.feeders)
    rules = StepRules(protocols, feeders, ends=_is_sure_to_end(plan))
    for scenario in plan.scenarios:
        yield from counter_problems(scenario.steps)
        for step in walk_steps(scenario.steps):
            for text in rules.problems(step):
                yield _placed(step.where, text)


def _placed(where: str, text: str) -> str:
    """Return a problem with its place, unless it names one that is nearer."""
    return text if _PLACE.match(text) else f"{where}: {text}"


def _is_sure_to_end(plan: SimulationPlan) -> bool:
    """Tell whether the run ends whatever users do: a throttle ends it as well."""
    return shortest_limit(plan) is not None
