"""What ``inject_open`` and ``inject_closed`` take, and the profile of a plan that it becomes."""

import hashlib
from dataclasses import replace
from typing import TypeAlias

from gatlingpy.dsl.open_injection import SEED_OF_THE_RUN, RateStep
from gatlingpy.dsl.quantities import Unfinished
from gatlingpy.dsl.stairs import ClosedStairs, OpenStairs
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.concurrency import ClosedInjection, ClosedStep
from gatlingpy.plan.injection import (
    ConstantUsersPerSec,
    OpenInjection,
    OpenStep,
    RampUsersPerSec,
)
from gatlingpy.plan.profile import Injection

FinishedOpenStep: TypeAlias = OpenStep | RateStep | OpenStairs
"""What ``inject_open`` takes."""

FinishedClosedStep: TypeAlias = ClosedStep | ClosedStairs
"""What ``inject_closed`` takes."""


def open_injection(steps: tuple[object, ...]) -> OpenInjection:
    """Return an open profile; raises UsageError, with the user's line, for other steps."""
    return OpenInjection(tuple(as_open_step(step) for step in steps))


def closed_injection(steps: tuple[object, ...]) -> ClosedInjection:
    """Return a closed profile; raises UsageError, with the user's line, for other steps."""
    return ClosedInjection(tuple(as_closed_step(step) for step in steps))


def as_open_step(value: object) -> OpenStep:
    """Return the open step that a value is; raises UsageError, with the user's line, if none."""
    step = value.step if isinstance(value, RateStep | OpenStairs) else value
    if isinstance(step, OpenStep):
        return step
    _refuse_unfinished(value)
    if isinstance(value, FinishedClosedStep):
        raise _of_the_other_kind("open", "closed", value)
    raise UsageError(
        f"{user_line()}: inject_open(...) takes steps such as at_once_users(10) or "
        f"ramp_users(100).during(60), got {value!r}"
    )


def as_closed_step(value: object) -> ClosedStep:
    """Return the closed step that a value is; raises UsageError, with the user's line, if none."""
    step = value.step if isinstance(value, ClosedStairs) else value
    if isinstance(step, ClosedStep):
        return step
    _refuse_unfinished(value)
    if isinstance(value, FinishedOpenStep):
        raise _of_the_other_kind("closed", "open", value)
    raise UsageError(
        f"{user_line()}: inject_closed(...) takes steps such as "
        f"constant_concurrent_users(10).during(60), got {value!r}"
    )


def _refuse_unfinished(value: object) -> None:
    if isinstance(value, Unfinished):
        raise UsageError(f"{user_line()}: {value} {value.wants}")


def _of_the_other_kind(kind: str, other: str, value: object) -> UsageError:
    return UsageError(
        f"{user_line()}: inject_{kind}(...) takes {kind} steps, got the {other} step {value!r}; a "
        f"population is open or closed as a whole: give inject_{other}(...) a scenario of its own"
    )


def seeded(injection: Injection, seed: int, scenario: str) -> Injection:
    """Return a profile in which each random step has a seed of its own.

    Steps that were given none get one that follows from the set-up's seed, the scenario's name and
    the step's place, so that no two steps draw the same moments.
    """
    if not isinstance(injection, OpenInjection):
        return injection
    return OpenInjection(
        tuple(
            _seeded(step, _derived(seed, scenario, place))
            for place, step in enumerate(injection.steps)
        )
    )


def _seeded(step: OpenStep, seed: int) -> OpenStep:
    if isinstance(step, ConstantUsersPerSec | RampUsersPerSec) and step.seed == SEED_OF_THE_RUN:
        return replace(step, seed=seed)
    return step


def _derived(seed: int, scenario: str, place: int) -> int:
    """Return 48 bits, which every reader of JSON keeps."""
    text = f"{seed} {place} {scenario}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6])
