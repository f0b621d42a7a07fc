"""How many users are there at a time: the closed steps, frozen."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class ConstantConcurrentUsers:
    """A number of users, each replaced when it ends."""

    users: int
    duration_ns: int


@dataclass(frozen=True, slots=True)
class RampConcurrentUsers:
    """A number of users that goes from one value to another in a straight line."""

    start_users: int
    end_users: int
    duration_ns: int


@dataclass(frozen=True, slots=True)
class IncrementConcurrentUsers:
    """Stairs: ``times`` levels, each ``increment`` users higher, with ramps between them."""

    increment: int
    times: int
    level_ns: int
    ramp_ns: int = 0
    start_users: int = 0


ClosedStep: TypeAlias = ConstantConcurrentUsers | RampConcurrentUsers | IncrementConcurrentUsers


@dataclass(frozen=True, slots=True)
class ClosedInjection:
    """A closed profile: who ends is replaced, so the load depends on the system under test."""

    steps: tuple[ClosedStep, ...]
