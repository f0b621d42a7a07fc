"""The load of a plan in words: when users start, and for how long."""

from gatlingpy.plan.injection import (
    AtOnceUsers,
    ConstantUsersPerSec,
    NothingFor,
    OpenInjection,
    OpenStep,
    RampUsers,
    RampUsersPerSec,
    total_duration_ns,
    total_users,
)


def injection_text(injection: OpenInjection) -> str:
    """Return an open profile in words, with its totals."""
    steps = ", then ".join(_open_step(step) for step in injection.steps) or "nothing"
    users, duration = total_users(injection), duration_text(total_duration_ns(injection))
    return f"{steps} = {users} user{'' if users == 1 else 's'} in {duration}"


def _open_step(step: OpenStep) -> str:
    match step:
        case NothingFor(duration_ns):
            return f"nothing for {duration_text(duration_ns)}"
        case AtOnceUsers(users):
            return f"{users} at once"
        case RampUsers(users, duration_ns):
            return f"{users} over {duration_text(duration_ns)}"
        case ConstantUsersPerSec(rate, duration_ns):
            return f"{rate:g} users/s for {duration_text(duration_ns)}"
        case RampUsersPerSec(start, end, duration_ns):
            return f"{start:g} → {end:g} users/s in {duration_text(duration_ns)}"


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
