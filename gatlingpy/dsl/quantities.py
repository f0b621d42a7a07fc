"""How many, how fast, how long: what users write in steps of load, refused if it cannot be."""

import math
from typing import ClassVar

from gatlingpy.dsl.duration import Duration, to_ns
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError


class Unfinished:
    """A builder that is no step yet; as text it is what was written so far."""

    __slots__ = ()
    wants: ClassVar[str]
    """What it has not, and what to add; goes on after what was written."""


def duration_in_ns(duration: Duration, what: str) -> int:
    """Return a duration in nanoseconds; raises UsageError, with the user's line, if it is none."""
    return to_ns(duration, f"{user_line()}: {what}")


def time_for(duration: Duration, rate: float, what: str) -> int:
    """Return a duration, in nanoseconds, that is above 0 if the rate is."""
    ns = duration_in_ns(duration, what)
    if ns == 0 and rate > 0:
        raise UsageError(
            f"{user_line()}: {what} needs a duration above 0: a rate starts nobody in no time; "
            "to start users at one moment write at_once_users(n)"
        )
    return ns


def some_time(duration: Duration, what: str) -> int:
    """Return a duration, in nanoseconds, that is above 0."""
    ns = duration_in_ns(duration, what)
    if ns == 0:
        raise UsageError(f"{user_line()}: {what} needs a duration above 0, got {duration!r}")
    return ns


def count_of_users(users: object, what: str) -> int:
    """Return a number of users, 0 or more."""
    if type(users) is not int or users < 0:
        raise UsageError(f"{user_line()}: {what} takes a number of users, 0 or more, got {users!r}")
    return users


def count_of_levels(times: object, what: str) -> int:
    """Return a number of levels, 1 or more."""
    if type(times) is not int or times < 1:
        raise UsageError(
            f"{user_line()}: {what} takes a number of levels, 1 or more, got {times!r}"
        )
    return times


def users_per_second(rate: object, what: str) -> float:
    """Return a rate, 0 or more."""
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate < math.inf:
        raise UsageError(f"{user_line()}: {what} takes users per second, 0 or more, got {rate!r}")
    return float(rate)
