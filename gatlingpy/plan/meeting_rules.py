"""Meeting points that can open: as many users as they wait for must be able to come."""

from collections.abc import Iterator

from gatlingpy.plan.concurrency import ClosedInjection, duration_ns_of, level_steps, users_at
from gatlingpy.plan.injection import total_users
from gatlingpy.plan.pauses import RendezVous
from gatlingpy.plan.profile import Injection
from gatlingpy.plan.simulation import SimulationPlan, walk_populations
from gatlingpy.plan.steps import walk_steps


def meeting_problems(plan: SimulationPlan) -> Iterator[str]:
    """Yield each meeting point that waits for more users than can ever be there together."""
    most: dict[str, int] = {}
    for population in walk_populations(plan.populations):
        users = _most_together(population.injection)
        most[population.scenario] = most.get(population.scenario, 0) + users
    for scenario in plan.scenarios:
        users = most.get(scenario.name, 0)
        for step in walk_steps(scenario.steps):
            if isinstance(step, RendezVous) and step.users > users:
                yield (
                    f"{step.where}: rendez_vous({step.users}) would never open: scenario "
                    f"{scenario.name!r} never has more than {users} "
                    f"user{'' if users == 1 else 's'} at a time"
                )
            elif isinstance(step, RendezVous) and step.users < 1:
                yield f"{step.where}: rendez_vous({step.users}) must wait for 1 user or more"


def _most_together(injection: Injection) -> int:
    """Return how many users can wait at one place: in a closed profile nobody replaces them."""
    if not isinstance(injection, ClosedInjection):
        return total_users(injection)
    return max(
        (
            max(users_at(step, 0), users_at(step, duration_ns_of(step)))
            for step in level_steps(injection)
        ),
        default=0,
    )
