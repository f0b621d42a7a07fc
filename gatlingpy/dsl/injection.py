"""When users start, as users write it: the open steps, in Gatling's words.

Each function gives a finished step, or a builder that still wants its duration:
``ramp_users(100).during(60)`` and ``ramp_users(100, during=60)`` are the same step.
"""

import math
from dataclasses import dataclass
from typing import overload

from gatlingpy.dsl.duration import Duration, to_ns
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.injection import (
    AtOnceUsers,
    ConstantUsersPerSec,
    NothingFor,
    OpenStep,
    RampUsers,
    RampUsersPerSec,
)

__all__ = [
    "as_step",
    "at_once_users",
    "constant_users_per_sec",
    "nothing_for",
    "ramp_users",
    "ramp_users_per_sec",
]


def nothing_for(duration: Duration) -> NothingFor:
    """Start no user for so long."""
    return NothingFor(_ns(duration, "nothing_for(...)"))


def at_once_users(users: int) -> AtOnceUsers:
    """Start so many users at the same moment; takes no time."""
    return AtOnceUsers(_count(users, "at_once_users(...)"))


@dataclass(frozen=True, slots=True)
class RampUsersBuilder:
    """A number of users that still wants a duration."""

    users: int

    def during(self, duration: Duration) -> RampUsers:
        """Spread the users evenly over so long; the first starts at once."""
        return RampUsers(self.users, _ns(duration, f"ramp_users({self.users}).during(...)"))


@overload
def ramp_users(users: int) -> RampUsersBuilder: ...
@overload
def ramp_users(users: int, during: Duration) -> RampUsers: ...
def ramp_users(users: int, during: Duration | None = None) -> RampUsersBuilder | RampUsers:
    """Start a number of users, evenly spread over a duration; a duration of 0 starts all at once.

    A duration of a second or more counts in whole seconds: its fraction only adds a wait.
    """
    builder = RampUsersBuilder(_count(users, "ramp_users(...)"))
    return builder if during is None else builder.during(during)


@dataclass(frozen=True, slots=True)
class ConstantUsersPerSecBuilder:
    """A rate that still wants a duration."""

    rate: float

    def during(self, duration: Duration) -> ConstantUsersPerSec:
        """Keep the rate for so long."""
        what = f"constant_users_per_sec({self.rate:g}).during(...)"
        ns = _ns(duration, what)
        _needs_time(ns, self.rate, what)
        return ConstantUsersPerSec(self.rate, ns)


@overload
def constant_users_per_sec(rate: float) -> ConstantUsersPerSecBuilder: ...
@overload
def constant_users_per_sec(rate: float, during: Duration) -> ConstantUsersPerSec: ...
def constant_users_per_sec(
    rate: float, during: Duration | None = None
) -> ConstantUsersPerSecBuilder | ConstantUsersPerSec:
    """Start users at a steady rate; ``0.1`` is one every ten seconds.

    A duration of a second or more counts in whole seconds: its fraction only adds a wait.
    """
    builder = ConstantUsersPerSecBuilder(_rate(rate, "constant_users_per_sec(...)"))
    return builder if during is None else builder.during(during)


@dataclass(frozen=True, slots=True)
class RampUsersPerSecBuilder:
    """A start rate that still wants the rate to go to."""

    rate: float

    @overload
    def to(self, rate: float) -> "RampToBuilder": ...
    @overload
    def to(self, rate: float, during: Duration) -> RampUsersPerSec: ...
    def to(self, rate: float, during: Duration | None = None) -> "RampToBuilder | RampUsersPerSec":
        """Say at which rate the ramp ends; it still wants ``.during(...)``, or takes it here."""
        what = f"ramp_users_per_sec({self.rate:g}).to(...)"
        builder = RampToBuilder(self.rate, _rate(rate, what))
        return builder if during is None else builder.during(during)


@dataclass(frozen=True, slots=True)
class RampToBuilder:
    """Two rates that still want a duration."""

    start_rate: float
    end_rate: float

    def during(self, duration: Duration) -> RampUsersPerSec:
        """Go from the one rate to the other in so long."""
        what = f"ramp_users_per_sec({self.start_rate:g}).to({self.end_rate:g}).during(...)"
        ns = _ns(duration, what)
        _needs_time(ns, max(self.start_rate, self.end_rate), what)
        return RampUsersPerSec(self.start_rate, self.end_rate, ns)


def ramp_users_per_sec(rate: float) -> RampUsersPerSecBuilder:
    """Start users at a rate that goes in a straight line to another.

    ``ramp_users_per_sec(10).to(100).during(60)``: from 10 users a second to 100 in one minute.  A
    duration of a second or more counts in whole seconds: its fraction only adds a wait.
    """
    return RampUsersPerSecBuilder(_rate(rate, "ramp_users_per_sec(...)"))


def as_step(value: object) -> OpenStep:
    """Return a finished step as it is; raises UsageError, with the user's line, for all else."""
    match value:
        case NothingFor() | AtOnceUsers() | RampUsers() | ConstantUsersPerSec() | RampUsersPerSec():
            return value
        case RampUsersBuilder(users):
            raise _unfinished(f"ramp_users({users})", "has no duration; add .during(seconds)")
        case ConstantUsersPerSecBuilder(rate):
            raise _unfinished(
                f"constant_users_per_sec({rate:g})", "has no duration; add .during(seconds)"
            )
        case RampUsersPerSecBuilder(rate):
            raise _unfinished(
                f"ramp_users_per_sec({rate:g})",
                "has no end; add .to(users_per_sec).during(seconds)",
            )
        case RampToBuilder(start, end):
            raise _unfinished(
                f"ramp_users_per_sec({start:g}).to({end:g})",
                "has no duration; add .during(seconds)",
            )
    raise UsageError(
        f"{user_line()}: inject_open(...) takes steps such as at_once_users(10) or "
        f"ramp_users(100).during(60), got {value!r}"
    )


def _unfinished(what: str, remedy: str) -> UsageError:
    return UsageError(f"{user_line()}: {what} {remedy}")


def _ns(duration: Duration, what: str) -> int:
    return to_ns(duration, f"{user_line()}: {what}")


def _count(users: object, what: str) -> int:
    if type(users) is not int or users < 0:
        raise UsageError(f"{user_line()}: {what} takes a number of users, 0 or more, got {users!r}")
    return users


def _rate(rate: object, what: str) -> float:
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate < math.inf:
        raise UsageError(f"{user_line()}: {what} takes users per second, 0 or more, got {rate!r}")
    return float(rate)


def _needs_time(duration_ns: int, rate: float, what: str) -> None:
    if duration_ns == 0 and rate > 0:
        raise UsageError(
            f"{user_line()}: {what} needs a duration above 0: a rate starts nobody in no time; "
            "to start users at one moment write at_once_users(n)"
        )
