"""How many users are there at a time: the closed steps, frozen, and what each asks for when.

``load/concurrency.py`` says which moments count; what both must agree on stands here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import trunc
from typing import TypeAlias

from gatlingpy.plan.injection import SECOND_NS
from gatlingpy.plan.stairs import length_ns, stretches


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


def total_duration_ns(injection: ClosedInjection) -> int:
    """Return how long a profile keeps users going, in nanoseconds."""
    return sum(duration_ns_of(step) for step in injection.steps)


def duration_ns_of(step: ClosedStep) -> int:
    """Return how long a step takes, in nanoseconds."""
    if isinstance(step, IncrementConcurrentUsers):
        return length_ns(step.times, step.start_users, step.level_ns, step.ramp_ns)
    return step.duration_ns


def level_steps(
    injection: ClosedInjection,
) -> Iterator[ConstantConcurrentUsers | RampConcurrentUsers]:
    """Yield the steps of a profile with its stairs laid out."""
    for step in injection.steps:
        if isinstance(step, IncrementConcurrentUsers):
            yield from _steps_of_stairs(step)
        else:
            yield step


def _steps_of_stairs(
    stairs: IncrementConcurrentUsers,
) -> Iterator[ConstantConcurrentUsers | RampConcurrentUsers]:
    for start, end, duration_ns, is_ramp in stretches(
        stairs.increment, stairs.times, stairs.start_users, stairs.level_ns, stairs.ramp_ns
    ):
        if is_ramp:
            yield RampConcurrentUsers(start, end, duration_ns)
        else:
            yield ConstantConcurrentUsers(end, duration_ns)


def users_at(step: ConstantConcurrentUsers | RampConcurrentUsers, offset_ns: int) -> int:
    """Return how many users a step wants so long after its beginning, its end at the latest.

    A ramp moves once a second, and is at its end after its last whole second; one that takes less
    than a second moves all the time.
    """
    if isinstance(step, ConstantConcurrentUsers):
        return step.users
    whole = SECOND_NS if step.duration_ns >= SECOND_NS else 1
    length = step.duration_ns // whole
    passed = min(offset_ns // whole, length)
    if not length:
        return step.end_users
    return step.start_users + trunc(Fraction((step.end_users - step.start_users) * passed, length))
