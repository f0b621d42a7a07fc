"""The load of a plan in words: when users start, how fast requests may go, how long pauses take."""

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
    OpenStep,
    RampUsers,
    RampUsersPerSec,
    StressPeakUsers,
    total_users,
)
from gatlingpy.plan.pauses import (
    ConstantPauses,
    CustomPauses,
    DisabledPauses,
    ExponentialPauses,
    NormalDurationPauses,
    NormalPercentagePauses,
    PauseType,
    UniformDurationPauses,
    UniformPercentagePauses,
)
from gatlingpy.plan.profile import Injection, length_ns
from gatlingpy.plan.steps import show_expression
from gatlingpy.plan.throttle import (
    DEFAULT_QUEUE,
    HoldFor,
    JumpToRps,
    ReachRps,
    Throttle,
    ThrottleStep,
    total_duration_ns,
)


def injection_text(injection: Injection) -> str:
    """Return an open or closed profile in words, with its totals as far as they are known."""
    duration = duration_text(length_ns(injection))
    if isinstance(injection, ClosedInjection):
        steps = ", then ".join(_closed_step(step) for step in injection.steps) or "nobody"
        return f"closed: {steps} = {duration}"
    steps = ", then ".join(_open_step(step) for step in injection.steps) or "nothing"
    users = total_users(injection)
    return f"open: {steps} = {users} user{'' if users == 1 else 's'} in {duration}"


def _open_step(step: OpenStep) -> str:
    match step:
        case NothingFor(duration_ns):
            return f"nothing for {duration_text(duration_ns)}"
        case AtOnceUsers(users):
            return f"{users} at once"
        case RampUsers(users, duration_ns):
            return f"{users} over {duration_text(duration_ns)}"
        case StressPeakUsers(users, duration_ns):
            return f"{users} in a peak of {duration_text(duration_ns)}"
    return _rates(step)


def _rates(step: ConstantUsersPerSec | RampUsersPerSec | IncrementUsersPerSec) -> str:
    match step:
        case ConstantUsersPerSec(rate, duration_ns, seed):
            return f"{rate:g} users/s for {duration_text(duration_ns)}{_random(seed)}"
        case RampUsersPerSec(start, end, duration_ns, seed):
            return f"{start:g} → {end:g} users/s in {duration_text(duration_ns)}{_random(seed)}"
        case IncrementUsersPerSec(increment, times, level_ns, ramp_ns, start):
            return _stairs(f"{increment:g} users/s", f"{start:g}", times, level_ns, ramp_ns)


def _random(seed: int | None) -> str:
    return "" if seed is None else f" at random (seed {seed})"


def _closed_step(step: ClosedStep) -> str:
    match step:
        case ConstantConcurrentUsers(users, duration_ns):
            return f"{users} at a time for {duration_text(duration_ns)}"
        case RampConcurrentUsers(start, end, duration_ns):
            return f"{start} → {end} at a time in {duration_text(duration_ns)}"
        case IncrementConcurrentUsers(increment, times, level_ns, ramp_ns, start):
            return _stairs(f"{increment} at a time", f"{start}", times, level_ns, ramp_ns)


def _stairs(increment: str, start: str, times: int, level_ns: int, ramp_ns: int) -> str:
    levels = f"{times} level{'' if times == 1 else 's'} of {duration_text(level_ns)}"
    ramps = f", ramps of {duration_text(ramp_ns)}" if ramp_ns else ""
    return f"stairs from {start} by {increment}: {levels}{ramps}"


def throttle_text(throttle: Throttle) -> str:
    """Return the limits of a throttle in words."""
    steps = ", then ".join(_throttle_step(step) for step in throttle.steps) or "no limit"
    duration = duration_text(total_duration_ns(throttle))
    queue = "" if throttle.queue == DEFAULT_QUEUE else f", at most {throttle.queue} waiting"
    return f"{steps} = {duration}{queue}; no pauses"


def _throttle_step(step: ThrottleStep) -> str:
    match step:
        case ReachRps(rps, duration_ns):
            return f"to {rps} requests/s in {duration_text(duration_ns)}"
        case HoldFor(duration_ns):
            return f"hold for {duration_text(duration_ns)}"
        case JumpToRps(rps):
            return f"jump to {rps} requests/s"


def pause_type_text(pauses: PauseType) -> str:
    """Return in words what becomes of the pauses of a scenario."""
    match pauses:
        case DisabledPauses():
            return "none"
        case ConstantPauses():
            return "as written"
        case ExponentialPauses():
            return "exponential, what is written being the mean"
        case CustomPauses(duration):
            return f"{show_expression(duration)} s, whatever is written"
    return _spread(pauses)


def _spread(
    pauses: UniformPercentagePauses
    | UniformDurationPauses
    | NormalPercentagePauses
    | NormalDurationPauses,
) -> str:
    match pauses:
        case UniformPercentagePauses(percentage):
            return f"uniform, ± {percentage:g} %"
        case UniformDurationPauses(half_width_ns):
            return f"uniform, ± {duration_text(half_width_ns)}"
        case NormalPercentagePauses(percentage):
            return f"normal, standard deviation {percentage:g} %"
        case NormalDurationPauses(std_dev_ns):
            return f"normal, standard deviation {duration_text(std_dev_ns)}"


def duration_text(duration_ns: int) -> str:
    """Return a duration in hours, minutes, seconds and milliseconds, those that are not zero."""
    ms = duration_ns // 1_000_000
    parts = (
        (ms // 3_600_000, "h"),
        (ms // 60_000 % 60 if ms > 60_000 else 0, "min"),
        (ms // 1000 % 60 if ms > 60_000 else ms // 1000, "s"),
        (ms % 1000, "ms"),
    )
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 s"
