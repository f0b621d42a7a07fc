"""Who starts when, over all populations: the load of a plan, listed before it is run."""

import heapq
from collections.abc import Iterator
from itertools import repeat
from operator import itemgetter

from gatlingpy.load.arrivals import arrivals
from gatlingpy.plan.injection import OpenInjection
from gatlingpy.plan.simulation import SimulationPlan, walk_populations


def arrivals_of(plan: SimulationPlan) -> Iterator[tuple[int, str]]:
    """Yield the intended start of every user of the open populations that start with the run.

    Each is an offset from the start of the run, in nanoseconds, and the name of the scenario; in
    order, and at the same moment in the order of the populations.  Nothing is held but one user of
    each population.
    """
    return heapq.merge(
        *(
            zip(arrivals(population.injection), repeat(population.scenario), strict=False)
            for population in plan.populations
            if isinstance(population.injection, OpenInjection)
        ),
        key=itemgetter(0),
    )


def unlisted(plan: SimulationPlan) -> Iterator[tuple[str, str]]:
    """Yield each scenario that ``arrivals_of`` leaves out, and why it cannot tell."""
    first = {id(population) for population in plan.populations}
    for population in walk_populations(plan.populations):
        if id(population) not in first:
            yield population.scenario, "starts when others have ended"
        elif not isinstance(population.injection, OpenInjection):
            yield population.scenario, "closed: users start when others end"
