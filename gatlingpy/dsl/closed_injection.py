"""The closed steps as users write them, in Gatling's words: so many users at a time.

A user that ends is replaced by a new one, so a closed loop of waiting users slows down with the
system it measures; take an open profile unless your system has a fixed number of clients.
"""

from dataclasses import dataclass
from typing import overload

from gatlingpy.dsl.duration import Duration
from gatlingpy.dsl.quantities import Unfinished, count_of_users, some_time
from gatlingpy.plan.concurrency import ConstantConcurrentUsers, RampConcurrentUsers


@dataclass(frozen=True, slots=True)
class ConstantConcurrentUsersBuilder(Unfinished):
    """A number of users at a time that still wants a duration."""

    wants = "has no duration; add .during(seconds)"
    users: int

    def during(self, duration: Duration) -> ConstantConcurrentUsers:
        """Keep so many users for so long."""
        ns = some_time(duration, f"{self}.during(...)")
        return ConstantConcurrentUsers(self.users, ns)

    def __str__(self) -> str:
        """Return what was written."""
        return f"constant_concurrent_users({self.users})"


@overload
def constant_concurrent_users(users: int) -> ConstantConcurrentUsersBuilder: ...
@overload
def constant_concurrent_users(users: int, during: Duration) -> ConstantConcurrentUsers: ...
def constant_concurrent_users(
    users: int, during: Duration | None = None
) -> ConstantConcurrentUsersBuilder | ConstantConcurrentUsers:
    """Keep a number of users at a time: who ends is replaced at once by a new user."""
    builder = ConstantConcurrentUsersBuilder(
        count_of_users(users, "constant_concurrent_users(...)")
    )
    return builder if during is None else builder.during(during)


@dataclass(frozen=True, slots=True)
class RampConcurrentUsersBuilder(Unfinished):
    """A number of users at a time that still wants the number to go to."""

    wants = "has no end; add .to(users).during(seconds)"
    users: int

    @overload
    def to(self, users: int) -> "RampConcurrentToBuilder": ...
    @overload
    def to(self, users: int, during: Duration) -> RampConcurrentUsers: ...
    def to(
        self, users: int, during: Duration | None = None
    ) -> "RampConcurrentToBuilder | RampConcurrentUsers":
        """Say how many users there are at the end; wants ``.during(...)``, or takes it here."""
        what = f"{self}.to(...)"
        builder = RampConcurrentToBuilder(self.users, count_of_users(users, what))
        return builder if during is None else builder.during(during)

    def __str__(self) -> str:
        """Return what was written."""
        return f"ramp_concurrent_users({self.users})"


@dataclass(frozen=True, slots=True)
class RampConcurrentToBuilder(Unfinished):
    """Two numbers of users that still want a duration."""

    wants = "has no duration; add .during(seconds)"
    start_users: int
    end_users: int

    def during(self, duration: Duration) -> RampConcurrentUsers:
        """Go from the one number to the other in so long."""
        ns = some_time(duration, f"{self}.during(...)")
        return RampConcurrentUsers(self.start_users, self.end_users, ns)

    def __str__(self) -> str:
        """Return what was written."""
        return f"ramp_concurrent_users({self.start_users}).to({self.end_users})"


def ramp_concurrent_users(users: int) -> RampConcurrentUsersBuilder:
    """Keep a number of users at a time that goes in a straight line to another.

    ``ramp_concurrent_users(10).to(100).during(60)``: from 10 users at a time to 100 in one minute.
    On the way down nobody is stopped: users that end are not replaced.
    """
    return RampConcurrentUsersBuilder(count_of_users(users, "ramp_concurrent_users(...)"))
