"""The rules of load: populations can start somebody, throttles let something through."""

import math
from collections.abc import Iterator

from gatlingpy.plan.concurrency import (
    ClosedInjection,
    ClosedStep,
    IncrementConcurrentUsers,
    duration_ns_of,
    level_steps,
    users_at,
)
from gatlingpy.plan.injection import SECOND_NS, IncrementUsersPerSec, OpenStep, total_users
from gatlingpy.plan.simulation import Population, SimulationPlan, walk_populations
from gatlingpy.plan.throttle import HoldFor, JumpToRps, Throttle, ThrottleStep, slopes


def load_problems(plan: SimulationPlan) -> Iterator[str]:
    """Yield what is wrong with when users start and requests may go, with the line of each."""
    if not plan.populations:
        yield (
            f"{plan.where}: set_up(...) has no population; give it "
            "scenario(...).inject_open(at_once_users(1))"
        )
        return
    known = {scenario.name for scenario in plan.scenarios}
    populations = tuple(walk_populations(plan.populations))
    for population in populations:
        if population.scenario not in known:
            yield f"{population.where}: there is no scenario {population.scenario!r} in the plan"
    malformed = [text for population in populations for text in _malformed(population)]
    yield from malformed
    if not malformed:
        yield from _empty(populations)
    if plan.throttle is not None:
        yield from _throttle_problems(plan.throttle, plan.where)
    for population in populations:
        if population.throttle is not None:
            yield from _throttle_problems(population.throttle, population.where)


def _malformed(population: Population) -> Iterator[str]:
    for step in population.injection.steps:
        if not _numbers_are_possible(step):
            yield f"{population.where}: {step!r} cannot be: its numbers must be 0 or more"
        elif isinstance(step, IncrementUsersPerSec | IncrementConcurrentUsers) and not (
            step.times and step.level_ns
        ):
            yield f"{population.where}: {step!r} cannot be: stairs need a level, and time for it"


def _numbers_are_possible(step: OpenStep | ClosedStep | ThrottleStep) -> bool:
    numbers = (getattr(step, name) for name in type(step).__dataclass_fields__)
    return all(number is None or 0 <= number < math.inf for number in numbers)


def _empty(populations: tuple[Population, ...]) -> Iterator[str]:
    for population in populations:
        if isinstance(population.injection, ClosedInjection) and not _wants_users(
            population.injection
        ):
            yield (
                f"{population.where}: inject_closed(...) never wants a user; keep at least one, "
                "such as constant_concurrent_users(1).during(60)"
            )
    if not any(map(_may_start_users, populations)):
        yield (
            f"{populations[0].where}: no user is ever started; inject at least one, such as "
            "at_once_users(1)"
        )


def _may_start_users(population: Population) -> bool:
    injection = population.injection
    return isinstance(injection, ClosedInjection) or total_users(injection) > 0


def _wants_users(injection: ClosedInjection) -> bool:
    """Tell whether a profile wants anybody: a step is highest at its first second or its end."""
    return any(
        duration_ns and max(users_at(step, SECOND_NS), users_at(step, duration_ns))
        for step in level_steps(injection)
        if (duration_ns := duration_ns_of(step))
    )


def _throttle_problems(throttle: Throttle, where: str) -> Iterator[str]:
    impossible = [step for step in throttle.steps if not _can_be(step)]
    for step in impossible:
        yield (
            f"{where}: {step!r} of throttle(...) cannot be: its limit must be 0 or more, its "
            "duration whole seconds, 1 or more"
        )
    if throttle.queue < 1:
        yield f"{where}: the queue of throttle(...) must have room for 1 request or more"
    if not impossible:
        yield from _closed_throttle(throttle, where)


def _can_be(step: ThrottleStep) -> bool:
    if not _numbers_are_possible(step):
        return False
    return isinstance(step, JumpToRps) or (
        step.duration_ns > 0 and step.duration_ns % SECOND_NS == 0
    )


def _closed_throttle(throttle: Throttle, where: str) -> Iterator[str]:
    timed = tuple(slopes(throttle))
    if not timed:
        yield (
            f"{where}: throttle(...) takes no time, and when it is over the run ends; add "
            "hold_for(seconds)"
        )
    elif not any(max(slope.limit(0), slope.limit(slope.seconds - 1)) for slope in timed):
        yield (
            f"{where}: throttle(...) never lets a request through: its limit is always 0; begin "
            "with reach_rps(n).in_(seconds) or jump_to_rps(n)"
        )
    elif isinstance(throttle.steps[0], HoldFor):
        yield (
            f"{where}: throttle(...) begins with hold_for(...), which holds a limit of 0: nothing "
            "would be sent; begin with reach_rps(n).in_(seconds) or jump_to_rps(n)"
        )
