"""A plan as a tree for people: what ``python -m gatlingpy plan`` prints.

Secrets cannot show: a plan holds ``Env`` nodes, which print as ``${NAME}``.
"""

from collections.abc import Iterator

from gatlingpy.plan.assertion_text import assertion_text
from gatlingpy.plan.codec import fingerprint
from gatlingpy.plan.show_load import (
    duration_text,
    injection_text,
    pause_type_text,
    throttle_text,
)
from gatlingpy.plan.show_steps import StepPrinter
from gatlingpy.plan.show_tree import Line, tree
from gatlingpy.plan.simulation import Population, SimulationPlan


def show(plan: SimulationPlan) -> str:
    """Return the whole plan as a tree, line by line; the same plan gives the same text."""
    root = (
        f"{plan.name}   {plan.where or plan.source.module}   fingerprint {fingerprint(plan)[:12]}"
    )
    return tree(root, _lines(plan))


def _lines(plan: SimulationPlan) -> list[Line]:
    steps = StepPrinter({feeder.id: feeder for feeder in plan.feeders})
    lines = [Line(f"param     {parameter.describe()}") for parameter in plan.parameters]
    lines += [Line(protocol.describe()) for protocol in plan.protocols]
    lines += [_population(plan, population, steps) for population in plan.populations]
    if plan.pauses is not None:
        lines.append(Line(f"pauses    {pause_type_text(plan.pauses)}"))
    if plan.throttle is not None:
        lines.append(Line(f"throttle  {throttle_text(plan.throttle)}"))
    if plan.warm_up_ns:
        lines.append(Line(f"warm-up   {duration_text(plan.warm_up_ns)}, which do not count"))
    if plan.max_duration_ns is not None:
        lines.append(Line(f"stop      after {duration_text(plan.max_duration_ns)}"))
    if plan.seed:
        lines.append(Line(f"seed      {plan.seed}"))
    return lines + [Line(f"assert    {assertion_text(a)}") for a in plan.assertions]


def _population(plan: SimulationPlan, population: Population, steps: StepPrinter) -> Line:
    text = f"{population.scenario}   {injection_text(population.injection)}"
    followers = (
        Line("then", [_population(plan, child, steps) for child in level])
        for level in population.then
    )
    own = steps.lines(plan.scenario(population.scenario).steps)
    return Line(text, [*_settings(population), *own, *followers])


def _settings(population: Population) -> Iterator[Line]:
    if population.pauses is not None:
        yield Line(f"pauses    {pause_type_text(population.pauses)}")
    if population.throttle is not None:
        yield Line(f"throttle  {throttle_text(population.throttle)}")
    if population.max_in_flight is not None:
        yield Line(f"in flight {population.max_in_flight} at most")
