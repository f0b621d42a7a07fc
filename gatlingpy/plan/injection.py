"""How many users start, and when: the open steps, frozen; ``load/arrivals.py`` does the sums."""

from dataclasses import dataclass
from typing import TypeAlias


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
    """A steady arrival rate."""

    rate: float
    duration_ns: int


@dataclass(frozen=True, slots=True)
class RampUsersPerSec:
    """An arrival rate that goes from one value to another in a straight line."""

    start_rate: float
    end_rate: float
    duration_ns: int


OpenStep: TypeAlias = NothingFor | AtOnceUsers | RampUsers | ConstantUsersPerSec | RampUsersPerSec


@dataclass(frozen=True, slots=True)
class OpenInjection:
    """An open profile: its steps follow each other, whatever the system under test does."""

    steps: tuple[OpenStep, ...]
