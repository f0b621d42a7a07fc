"""The open steps as users write them, in Gatling's words: users come whatever the system does.

Each function gives a finished step, or a builder that still wants its duration:
``ramp_users(100).during(60)`` and ``ramp_users(100, during=60)`` are the same step.
"""

from dataclasses import dataclass, replace
from typing import Final, overload

from gatlingpy.dsl.duration import Duration
from gatlingpy.dsl.quantities import (
    Unfinished,
    count_of_users,
    duration_in_ns,
    time_for,
    users_per_second,
)
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.injection import (
    AtOnceUsers,
    ConstantUsersPerSec,
    NothingFor,
    RampUsers,
    RampUsersPerSec,
    StressPeakUsers,
)

SEED_OF_THE_RUN: Final = -1
"""Stands for a seed until the set-up, which has one, is compiled."""


def nothing_for(duration: Duration) -> NothingFor:
    """Start no user for so long."""
    return NothingFor(duration_in_ns(duration, "nothing_for(...)"))


def at_once_users(users: int) -> AtOnceUsers:
    """Start so many users at the same moment; takes no time."""
    return AtOnceUsers(count_of_users(users, "at_once_users(...)"))


@dataclass(frozen=True, slots=True)
class RampUsersBuilder(Unfinished):
    """A number of users that still wants a duration."""

    wants = "has no duration; add .during(seconds)"
    users: int

    def during(self, duration: Duration) -> RampUsers:
        """Spread the users evenly over so long; the first starts at once."""
        ns = duration_in_ns(duration, f"{self}.during(...)")
        return RampUsers(self.users, ns)

    def __str__(self) -> str:
        """Return what was written."""
        return f"ramp_users({self.users})"


@overload
def ramp_users(users: int) -> RampUsersBuilder: ...
@overload
def ramp_users(users: int, during: Duration) -> RampUsers: ...
def ramp_users(users: int, during: Duration | None = None) -> RampUsersBuilder | RampUsers:
    """Start a number of users, evenly spread over a duration; a duration of 0 starts all at once.

    A duration of a second or more counts in whole seconds: its fraction only adds a wait.
    """
    builder = RampUsersBuilder(count_of_users(users, "ramp_users(...)"))
    return builder if during is None else builder.during(during)


@dataclass(frozen=True, slots=True)
class StressPeakUsersBuilder(Unfinished):
    """The number of users of a peak, which still wants a duration."""

    wants = "has no duration; add .during(seconds)"
    users: int

    def during(self, duration: Duration) -> StressPeakUsers:
        """Let the peak take so long; most users start around the middle of it."""
        ns = duration_in_ns(duration, f"{self}.during(...)")
        return StressPeakUsers(self.users, ns)

    def __str__(self) -> str:
        """Return what was written."""
        return f"stress_peak_users({self.users})"


@overload
def stress_peak_users(users: int) -> StressPeakUsersBuilder: ...
@overload
def stress_peak_users(users: int, during: Duration) -> StressPeakUsers: ...
def stress_peak_users(
    users: int, during: Duration | None = None
) -> StressPeakUsersBuilder | StressPeakUsers:
    """Start a number of users, ever faster up to the middle of a duration and then ever slower.

    The rate over time is the bell of a normal distribution; the first user starts at once.
    """
    builder = StressPeakUsersBuilder(count_of_users(users, "stress_peak_users(...)"))
    return builder if during is None else builder.during(during)


@dataclass(frozen=True, slots=True)
class RateStep:
    """A rate over a time: finished, and its users evenly spread unless they are ``randomized``."""

    step: ConstantUsersPerSec | RampUsersPerSec

    def randomized(self, seed: int | None = None) -> ConstantUsersPerSec | RampUsersPerSec:
        """Start as many users as the rate gives, but each at a random moment.

        Without ``seed`` the moments follow from the set-up's seed, the name of the scenario and the
        place of the step in the profile; so they are the same each time the simulation is run.
        """
        return replace(self.step, seed=SEED_OF_THE_RUN if seed is None else _seed(seed))


def _seed(seed: object) -> int:
    if type(seed) is not int or seed < 0:
        raise UsageError(
            f"{user_line()}: randomized(...) takes a seed, a whole number, 0 or more, got {seed!r}"
        )
    return seed


@dataclass(frozen=True, slots=True)
class ConstantUsersPerSecBuilder(Unfinished):
    """A rate that still wants a duration."""

    wants = "has no duration; add .during(seconds)"
    rate: float

    def during(self, duration: Duration) -> RateStep:
        """Keep the rate for so long."""
        what = f"{self}.during(...)"
        return RateStep(ConstantUsersPerSec(self.rate, time_for(duration, self.rate, what)))

    def __str__(self) -> str:
        """Return what was written."""
        return f"constant_users_per_sec({self.rate:g})"


@overload
def constant_users_per_sec(rate: float) -> ConstantUsersPerSecBuilder: ...
@overload
def constant_users_per_sec(rate: float, during: Duration) -> RateStep: ...
def constant_users_per_sec(
    rate: float, during: Duration | None = None
) -> ConstantUsersPerSecBuilder | RateStep:
    """Start users at a steady rate; ``0.1`` is one every ten seconds.

    A duration of a second or more counts in whole seconds: its fraction only adds a wait.
    """
    builder = ConstantUsersPerSecBuilder(users_per_second(rate, "constant_users_per_sec(...)"))
    return builder if during is None else builder.during(during)


@dataclass(frozen=True, slots=True)
class RampUsersPerSecBuilder(Unfinished):
    """A start rate that still wants the rate to go to."""

    wants = "has no end; add .to(users_per_sec).during(seconds)"
    rate: float

    @overload
    def to(self, rate: float) -> "RampToBuilder": ...
    @overload
    def to(self, rate: float, during: Duration) -> RateStep: ...
    def to(self, rate: float, during: Duration | None = None) -> "RampToBuilder | RateStep":
        """Say at which rate the ramp ends; it still wants ``.during(...)``, or takes it here."""
        what = f"{self}.to(...)"
        builder = RampToBuilder(self.rate, users_per_second(rate, what))
        return builder if during is None else builder.during(during)

    def __str__(self) -> str:
        """Return what was written."""
        return f"ramp_users_per_sec({self.rate:g})"


@dataclass(frozen=True, slots=True)
class RampToBuilder(Unfinished):
    """Two rates that still want a duration."""

    wants = "has no duration; add .during(seconds)"
    start_rate: float
    end_rate: float

    def during(self, duration: Duration) -> RateStep:
        """Go from the one rate to the other in so long."""
        ns = time_for(duration, max(self.start_rate, self.end_rate), f"{self}.during(...)")
        return RateStep(RampUsersPerSec(self.start_rate, self.end_rate, ns))

    def __str__(self) -> str:
        """Return what was written."""
        return f"ramp_users_per_sec({self.start_rate:g}).to({self.end_rate:g})"


def ramp_users_per_sec(rate: float) -> RampUsersPerSecBuilder:
    """Start users at a rate that goes in a straight line to another.

    ``ramp_users_per_sec(10).to(100).during(60)``: from 10 users a second to 100 in one minute.  A
    duration of a second or more counts in whole seconds: its fraction only adds a wait.
    """
    return RampUsersPerSecBuilder(users_per_second(rate, "ramp_users_per_sec(...)"))
