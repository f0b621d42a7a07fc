"""The plans of the documentation, made short: few users, a second a step, the same shape."""

from dataclasses import replace
from typing import Final

from gatlingpy.plan.concurrency import (
    ClosedInjection,
    ClosedStep,
    ConstantConcurrentUsers,
    IncrementConcurrentUsers,
    RampConcurrentUsers,
)
from gatlingpy.plan.injection import (
    AtOnceUsers,
    ConstantUsersPerSec,
    IncrementUsersPerSec,
    NothingFor,
    OpenInjection,
    OpenStep,
    RampUsers,
    RampUsersPerSec,
    StressPeakUsers,
)
from gatlingpy.plan.profile import Injection
from gatlingpy.plan.simulation import Population, SimulationPlan
from gatlingpy.plan.throttle import HoldFor, JumpToRps, ReachRps, Throttle, ThrottleStep

_SECOND_NS: Final = 1_000_000_000
_LONGEST_NS: Final = 2 * _SECOND_NS
_WARM_UP_NS: Final = _SECOND_NS // 5
_MOST_USERS: Final = 20
_MOST_AT_A_TIME: Final = 5
_MOST_LEVELS: Final = 2


def shortened(plan: SimulationPlan) -> SimulationPlan:
    """Return a plan that runs for seconds, whatever it was written for."""
    return replace(
        plan,
        populations=tuple(map(_population, plan.populations)),
        throttle=plan.throttle and _throttle(plan.throttle),
        max_duration_ns=plan.max_duration_ns and min(plan.max_duration_ns, _LONGEST_NS),
        warm_up_ns=min(plan.warm_up_ns, _WARM_UP_NS),
    )


def _population(population: Population) -> Population:
    return replace(
        population,
        injection=_injection(population.injection),
        throttle=population.throttle and _throttle(population.throttle),
        then=tuple(tuple(map(_population, level)) for level in population.then),
    )


def _injection(injection: Injection) -> Injection:
    if isinstance(injection, OpenInjection):
        return OpenInjection(tuple(map(_open, injection.steps)))
    return ClosedInjection(tuple(map(_closed, injection.steps)))


def _open(step: OpenStep) -> OpenStep:
    match step:
        case NothingFor(duration_ns):
            return NothingFor(min(duration_ns, _SECOND_NS // 10))
        case AtOnceUsers(users):
            return AtOnceUsers(min(users, _MOST_USERS))
        case RampUsers(users, duration_ns) | StressPeakUsers(users, duration_ns):
            return type(step)(min(users, _MOST_USERS), _second(duration_ns))
        case ConstantUsersPerSec(rate, duration_ns, seed):
            return ConstantUsersPerSec(_rate(rate), _second(duration_ns), seed)
        case RampUsersPerSec(start, end, duration_ns, seed):
            return RampUsersPerSec(_rate(start), _rate(end), _second(duration_ns), seed)
        case IncrementUsersPerSec(increment, times, level_ns, ramp_ns, start):
            lengths = _second(level_ns), _second(ramp_ns)
            levels = min(times, _MOST_LEVELS)
            return IncrementUsersPerSec(_rate(increment), levels, *lengths, _rate(start))


def _closed(step: ClosedStep) -> ClosedStep:
    match step:
        case ConstantConcurrentUsers(users, duration_ns):
            return ConstantConcurrentUsers(_at_a_time(users), _second(duration_ns))
        case RampConcurrentUsers(start, end, duration_ns):
            return RampConcurrentUsers(_at_a_time(start), _at_a_time(end), _second(duration_ns))
        case IncrementConcurrentUsers(increment, times, level_ns, ramp_ns, start):
            lengths = _second(level_ns), _second(ramp_ns)
            levels = min(times, _MOST_LEVELS)
            users = _at_a_time(increment), _at_a_time(start)
            return IncrementConcurrentUsers(users[0], levels, *lengths, users[1])


def _throttle(throttle: Throttle) -> Throttle:
    return Throttle(tuple(map(_throttle_step, throttle.steps)), throttle.queue)


def _throttle_step(step: ThrottleStep) -> ThrottleStep:
    match step:
        case ReachRps(rps):
            return ReachRps(rps, _SECOND_NS)
        case HoldFor():
            return HoldFor(_SECOND_NS)
        case JumpToRps():
            return step


def _second(duration_ns: int) -> int:
    return min(duration_ns, _SECOND_NS)


def _rate(rate: float) -> float:
    return min(rate, float(_MOST_USERS))


def _at_a_time(users: int) -> int:
    return min(users, _MOST_AT_A_TIME)
