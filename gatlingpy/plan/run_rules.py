"""The rules of how long a run takes, of what part of it counts, and of what its pauses take."""

from collections.abc import Iterator
from typing import NamedTuple

from gatlingpy.plan import constant_rules as constants
from gatlingpy.plan.concurrency import ClosedInjection
from gatlingpy.plan.pauses import PauseType
from gatlingpy.plan.simulation import SimulationPlan, walk_populations
from gatlingpy.plan.template_rules import template_problems
from gatlingpy.plan.throttle import total_duration_ns


class Limit(NamedTuple):
    """What ends a run, whatever its users do, and when (ns from its start)."""

    what: str
    length_ns: int


def limits(plan: SimulationPlan) -> Iterator[Limit]:
    """Yield all that ends a run."""
    if plan.max_duration_ns is not None:
        yield Limit("the maximum duration", plan.max_duration_ns)
    if plan.throttle is not None:
        yield Limit("the throttle", total_duration_ns(plan.throttle))
    for population in walk_populations(plan.populations):
        if population.throttle is not None:
            what = f"the throttle of {population.scenario!r}"
            yield Limit(what, total_duration_ns(population.throttle))


def shortest_limit(plan: SimulationPlan) -> Limit | None:
    """Return what ends a run first, or ``None`` if nothing is sure to end it."""
    return min(limits(plan), key=lambda limit: limit.length_ns, default=None)


def run_problems(plan: SimulationPlan) -> Iterator[str]:
    """Yield what is wrong with a run's length, its warm-up, its pauses and what bounds users."""
    if plan.max_duration_ns is not None and plan.max_duration_ns <= 0:
        yield f"{plan.where}: max_duration(...) must be above 0"
    elif plan.warm_up_ns:
        yield from _warm_up_problems(plan)
    yield from _pause_problems(plan.pauses, plan.where, "set_up(...)")
    for population in walk_populations(plan.populations):
        yield from _pause_problems(population.pauses, population.where, "a population")
        most, closed = population.max_in_flight, isinstance(population.injection, ClosedInjection)
        if most is not None and (most < 1 or not closed):
            yield (
                f"{population.where}: max_in_flight({most}) cannot be: it allows 1 request or "
                "more, and is for inject_closed(...)"
            )


def _pause_problems(kind: PauseType | None, where: str, what: str) -> Iterator[str]:
    for text in (*constants.pause_type(kind, what), *template_problems(kind)):
        yield f"{where}: {text}"


def _warm_up_problems(plan: SimulationPlan) -> Iterator[str]:
    if plan.warm_up_ns < 0:
        yield f"{plan.where}: warm_up(...) must not be negative"
    shortest = shortest_limit(plan)
    if shortest is not None and shortest.length_ns <= plan.warm_up_ns:
        yield (
            f"{plan.where}: warm_up(...) leaves nothing to measure: it takes "
            f"{plan.warm_up_ns / 1e9:g} s, and {shortest.what} is over after "
            f"{shortest.length_ns / 1e9:g} s; shorten the one or lengthen the other"
        )
