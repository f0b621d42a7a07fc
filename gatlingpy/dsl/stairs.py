"""Stairs as users write them: levels one above the other, of rates or of users at a time.

``increment_users_per_sec(5).times(3).each_level_lasting(10)`` is finished;
``separated_by_ramps_lasting`` and ``starting_from`` may follow it, in any order.
"""

from dataclasses import dataclass, replace
from typing import overload

from gatlingpy.dsl.duration import Duration
from gatlingpy.dsl.quantities import (
    Unfinished,
    count_of_levels,
    count_of_users,
    duration_in_ns,
    some_time,
    users_per_second,
)
from gatlingpy.plan.concurrency import IncrementConcurrentUsers
from gatlingpy.plan.injection import IncrementUsersPerSec


@dataclass(frozen=True, slots=True)
class OpenStairs:
    """Levels of rates: finished, and it may still get ramps and another beginning."""

    step: IncrementUsersPerSec

    def separated_by_ramps_lasting(self, duration: Duration) -> "OpenStairs":
        """Go from each level to the next in so long, not in one jump.

        Stairs that start from 0 begin with a ramp; others begin with their first level.
        """
        ns = duration_in_ns(duration, "separated_by_ramps_lasting(...)")
        return replace(self, step=replace(self.step, ramp_ns=ns))

    def starting_from(self, rate: float) -> "OpenStairs":
        """Let the first level have this rate, and the others be counted from it."""
        start_rate = users_per_second(rate, "starting_from(...)")
        return replace(self, step=replace(self.step, start_rate=start_rate))


@dataclass(frozen=True, slots=True)
class IncrementUsersPerSecBuilder(Unfinished):
    """The height of a level, which still wants the number of levels."""

    wants = "has no levels; add .times(n).each_level_lasting(seconds)"
    increment: float

    @overload
    def times(self, levels: int) -> "OpenLevelsBuilder": ...
    @overload
    def times(self, levels: int, each_level_lasting: Duration) -> OpenStairs: ...
    def times(
        self, levels: int, each_level_lasting: Duration | None = None
    ) -> "OpenLevelsBuilder | OpenStairs":
        """Say how many levels; wants ``.each_level_lasting(...)``, or takes it here."""
        what = f"{self}.times(...)"
        builder = OpenLevelsBuilder(self.increment, count_of_levels(levels, what))
        if each_level_lasting is None:
            return builder
        return builder.each_level_lasting(each_level_lasting)

    def __str__(self) -> str:
        """Return what was written."""
        return f"increment_users_per_sec({self.increment:g})"


@dataclass(frozen=True, slots=True)
class OpenLevelsBuilder(Unfinished):
    """Levels that still want a duration."""

    wants = "has no duration; add .each_level_lasting(seconds)"
    increment: float
    levels: int

    def each_level_lasting(self, duration: Duration) -> OpenStairs:
        """Keep each level for so long."""
        ns = some_time(duration, f"{self}.each_level_lasting(...)")
        return OpenStairs(IncrementUsersPerSec(self.increment, self.levels, ns))

    def __str__(self) -> str:
        """Return what was written."""
        return f"increment_users_per_sec({self.increment:g}).times({self.levels})"


def increment_users_per_sec(rate: float) -> IncrementUsersPerSecBuilder:
    """Start users at a rate that goes up by ``rate`` from level to level.

    ``increment_users_per_sec(5).times(3).each_level_lasting(10)`` gives 0, 5 and 10 users a second;
    with ``.starting_from(10)`` 10, 15 and 20; with ``.separated_by_ramps_lasting(2)`` instead, a
    ramp to 5, 5, a ramp to 10, 10, a ramp to 15 and 15.
    """
    return IncrementUsersPerSecBuilder(users_per_second(rate, "increment_users_per_sec(...)"))


@dataclass(frozen=True, slots=True)
class ClosedStairs:
    """Levels of users at a time: finished, and it may still get ramps and another beginning."""

    step: IncrementConcurrentUsers

    def separated_by_ramps_lasting(self, duration: Duration) -> "ClosedStairs":
        """Go from each level to the next in so long, not in one jump.

        Stairs that start from 0 begin with a ramp; others begin with their first level.
        """
        ns = duration_in_ns(duration, "separated_by_ramps_lasting(...)")
        return replace(self, step=replace(self.step, ramp_ns=ns))

    def starting_from(self, users: int) -> "ClosedStairs":
        """Let the first level have so many users, and the others be counted from it."""
        start_users = count_of_users(users, "starting_from(...)")
        return replace(self, step=replace(self.step, start_users=start_users))


@dataclass(frozen=True, slots=True)
class IncrementConcurrentUsersBuilder(Unfinished):
    """The height of a level, which still wants the number of levels."""

    wants = "has no levels; add .times(n).each_level_lasting(seconds)"
    increment: int

    @overload
    def times(self, levels: int) -> "ClosedLevelsBuilder": ...
    @overload
    def times(self, levels: int, each_level_lasting: Duration) -> ClosedStairs: ...
    def times(
        self, levels: int, each_level_lasting: Duration | None = None
    ) -> "ClosedLevelsBuilder | ClosedStairs":
        """Say how many levels; wants ``.each_level_lasting(...)``, or takes it here."""
        what = f"{self}.times(...)"
        builder = ClosedLevelsBuilder(self.increment, count_of_levels(levels, what))
        if each_level_lasting is None:
            return builder
        return builder.each_level_lasting(each_level_lasting)

    def __str__(self) -> str:
        """Return what was written."""
        return f"increment_concurrent_users({self.increment})"


@dataclass(frozen=True, slots=True)
class ClosedLevelsBuilder(Unfinished):
    """Levels that still want a duration."""

    wants = "has no duration; add .each_level_lasting(seconds)"
    increment: int
    levels: int

    def each_level_lasting(self, duration: Duration) -> ClosedStairs:
        """Keep each level for so long."""
        ns = some_time(duration, f"{self}.each_level_lasting(...)")
        return ClosedStairs(IncrementConcurrentUsers(self.increment, self.levels, ns))

    def __str__(self) -> str:
        """Return what was written."""
        return f"increment_concurrent_users({self.increment}).times({self.levels})"


def increment_concurrent_users(users: int) -> IncrementConcurrentUsersBuilder:
    """Keep a number of users at a time that goes up by ``users`` from level to level.

    The levels, their ramps and their beginning are those of ``increment_users_per_sec``.
    """
    return IncrementConcurrentUsersBuilder(count_of_users(users, "increment_concurrent_users(...)"))
