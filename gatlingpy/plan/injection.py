"""How many users start, and when: the open steps, frozen, and their totals.

``load/arrivals.py`` says when each user starts; what both must agree on stands here.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from gatlingpy.plan.stairs import length_ns, stretches

SECOND_NS: Final = 1_000_000_000
_HALF_OF_THE_TENTH_DECIMAL: Final = Fraction(1, 20_000_000_000)


@dataclass(frozen=True, slots=True)
class NothingFor:
    """No user starts for a while."""

    duration_ns: int


@dataclass(frozen=True, slots=True)
class AtOnceUsers:
    """All users start at once; the step takes no time."""

    users: int


@dataclass(frozen=True, slots=True)
class RampUsers:
    """A number of users, spread evenly."""

    users: int
    duration_ns: int


@dataclass(frozen=True, slots=True)
class ConstantUsersPerSec:
    """A steady arrival rate; with ``seed``, at random moments instead of evenly spread ones."""

    rate: float
    duration_ns: int
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class RampUsersPerSec:
    """An arrival rate that goes from one value to another in a straight line.

    With ``seed``, users start at random moments instead of evenly spread ones.
    """

    start_rate: float
    end_rate: float
    duration_ns: int
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class StressPeakUsers:
    """A number of users, more and more of them up to the middle of the step and then fewer."""

    users: int
    duration_ns: int


@dataclass(frozen=True, slots=True)
class IncrementUsersPerSec:
    """Stairs: ``times`` levels, each ``increment`` users a second higher, with ramps between."""

    increment: float
    times: int
    level_ns: int
    ramp_ns: int = 0
    start_rate: float = 0.0


OpenStep: TypeAlias = (
    NothingFor
    | AtOnceUsers
    | RampUsers
    | ConstantUsersPerSec
    | RampUsersPerSec
    | StressPeakUsers
    | IncrementUsersPerSec
)


@dataclass(frozen=True, slots=True)
class OpenInjection:
    """An open profile: its steps follow each other, whatever the system under test does."""

    steps: tuple[OpenStep, ...]


def total_users(injection: OpenInjection) -> int:
    """Return how many users a profile starts, exactly: as many as there are arrivals."""
    return sum(users_of(step) for step in injection.steps)


def total_duration_ns(injection: OpenInjection) -> int:
    """Return how long a profile takes, in nanoseconds."""
    return sum(duration_ns_of(step) for step in injection.steps)


def duration_ns_of(step: OpenStep) -> int:
    """Return how far a step moves the ones after it, in nanoseconds."""
    match step:
        case AtOnceUsers():
            return 0
        case IncrementUsersPerSec(_, times, level_ns, ramp_ns, start_rate):
            return length_ns(times, start_rate, level_ns, ramp_ns)
    return step.duration_ns


def users_of(step: OpenStep) -> int:
    """Return how many users a step starts."""
    match step:
        case NothingFor():
            return 0
        case AtOnceUsers(users) | RampUsers(users, _) | StressPeakUsers(users, _):
            return users
        case ConstantUsersPerSec(rate, duration_ns, None):
            return math.floor(rate * counted_seconds(duration_ns) + 0.5)
        case ConstantUsersPerSec(rate, duration_ns):
            return users_of(RampUsersPerSec(rate, rate, duration_ns))
        case RampUsersPerSec():
            return ramp_users_by(step, counted_seconds(step.duration_ns))
        case IncrementUsersPerSec():
            return sum(users_of(stretch) for stretch in steps_of_stairs(step))


def steps_of_stairs(
    stairs: IncrementUsersPerSec,
) -> Iterator[ConstantUsersPerSec | RampUsersPerSec]:
    """Yield the levels and ramps of stairs, each as the step that it is."""
    for start, end, duration_ns, is_ramp in stretches(
        stairs.increment, stairs.times, stairs.start_rate, stairs.level_ns, stairs.ramp_ns
    ):
        if is_ramp:
            yield RampUsersPerSec(start, end, duration_ns)
        else:
            yield ConstantUsersPerSec(end, duration_ns)


def counted_seconds(duration_ns: int) -> int | Fraction:
    """Return the seconds of a duration that users are spread over.

    Whole seconds, as in Gatling; a duration of less than one second counts as it is.
    """
    if duration_ns >= SECOND_NS:
        return duration_ns // SECOND_NS
    return Fraction(duration_ns, SECOND_NS)


def ramp_users_by(step: RampUsersPerSec, seconds: int | Fraction) -> int:
    """Return how many users of a ramp have started after so many seconds.

    The area under a line from rate a to rate b, over D seconds: a t + (b - a) t² / 2D, exactly, and
    rounded half-up to ten decimals before the fraction is cut off, as Gatling's decimals are.
    """
    length = counted_seconds(step.duration_ns)
    if not length:
        return 0
    start, end = _decimal(step.start_rate), _decimal(step.end_rate)
    area = start * seconds + (end - start) * seconds * seconds / (2 * length)
    return math.floor(area + _HALF_OF_THE_TENTH_DECIMAL)


def _decimal(rate: float) -> Fraction:
    return Fraction(repr(rate))
