"""How long a run may take: until its maximum duration or one of its throttles is over."""

from typing import NamedTuple

from gatlingpy.engine.stop import StopKind, StopReason
from gatlingpy.plan.run_rules import shortest_limit
from gatlingpy.plan.simulation import SimulationPlan


class TimeLimit(NamedTuple):
    """A length, from the start of the run, and what is said when it is over."""

    length_ns: int
    reason: StopReason


def time_limit(plan: SimulationPlan) -> TimeLimit | None:
    """Return the shortest of a plan's limits, or ``None`` if it has none."""
    shortest = shortest_limit(plan)
    if shortest is None:
        return None
    message = f"{shortest.what} of {shortest.length_ns / 1e9:g} s is over"
    return TimeLimit(shortest.length_ns, StopReason(StopKind.MAX_DURATION, message))
