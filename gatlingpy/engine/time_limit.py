"""How long a run may take: until its maximum duration or one of its throttles is over."""

from collections.abc import Iterator
from typing import NamedTuple

from gatlingpy.engine.stop import StopKind, StopReason
from gatlingpy.plan.simulation import SimulationPlan, walk_populations
from gatlingpy.plan.throttle import total_duration_ns


class TimeLimit(NamedTuple):
    """A length, from the start of the run, and what is said when it is over."""

    length_ns: int
    reason: StopReason


def time_limit(plan: SimulationPlan) -> TimeLimit | None:
    """Return the shortest of a plan's limits, or ``None`` if it has none."""
    return min(_limits(plan), key=lambda limit: limit.length_ns, default=None)


def _limits(plan: SimulationPlan) -> Iterator[TimeLimit]:
    if plan.max_duration_ns is not None:
        yield _limit(plan.max_duration_ns, "the maximum duration")
    if plan.throttle is not None:
        yield _limit(total_duration_ns(plan.throttle), "the throttle")
    for population in walk_populations(plan.populations):
        if population.throttle is not None:
            what = f"the throttle of {population.scenario!r}"
            yield _limit(total_duration_ns(population.throttle), what)


def _limit(length_ns: int, what: str) -> TimeLimit:
    message = f"{what} of {length_ns / 1e9:g} s is over"
    return TimeLimit(length_ns, StopReason(StopKind.MAX_DURATION, message))
