"""What becomes of pauses: pause types, for one pause, a population or the whole set-up.

The narrowest wins: that of the pause itself, then that of the population, then the set-up's.
"""

import math
from dataclasses import dataclass
from typing import Final, TypeAlias

from gatlingpy.dsl.arguments import Time, seconds
from gatlingpy.dsl.compiler import Compiler
from gatlingpy.dsl.duration import Duration, to_ns
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan import pauses as plan
from gatlingpy.plan.glimpse import glimpse

__all__ = [
    "PauseType",
    "as_pause_type",
    "compile_pause_type",
    "constant_pauses",
    "custom_pauses",
    "disabled_pauses",
    "exponential_pauses",
    "normal_pauses_with_percentage_duration",
    "normal_pauses_with_std_dev_duration",
    "uniform_pauses_plus_or_minus_duration",
    "uniform_pauses_plus_or_minus_percentage",
]


@dataclass(frozen=True, slots=True)
class CustomPausesBuilder:
    """Pauses whose length a function or template tells; not yet part of a plan."""

    duration: Time

    def compile(self, compiler: Compiler, path: str) -> plan.CustomPauses:
        """Return the pause type for the plan."""
        return plan.CustomPauses(seconds(compiler, self.duration, f"{path}/pauses"))


PauseType: TypeAlias = (
    plan.DisabledPauses
    | plan.ConstantPauses
    | plan.ExponentialPauses
    | plan.UniformPercentagePauses
    | plan.UniformDurationPauses
    | plan.NormalPercentagePauses
    | plan.NormalDurationPauses
    | CustomPausesBuilder
)

disabled_pauses: Final = plan.DisabledPauses()
"""No pause takes any time."""
constant_pauses: Final = plan.ConstantPauses()
"""Each pause takes what it says; the default."""
exponential_pauses: Final = plan.ExponentialPauses()
"""What a pause says is the mean of an exponential distribution."""


def custom_pauses(duration: Time) -> CustomPausesBuilder:
    """Let a function of the session, or a template, tell how long; what a pause says is ignored.

    The function gives a duration as everywhere here, such as seconds; Gatling's gives milliseconds.
    """
    return CustomPausesBuilder(duration)


def uniform_pauses_plus_or_minus_percentage(percentage: float) -> plan.UniformPercentagePauses:
    """Let each pause take any time from so many percent below what it says to as much above."""
    what = "uniform_pauses_plus_or_minus_percentage(...)"
    return plan.UniformPercentagePauses(_percentage(percentage, what))


def uniform_pauses_plus_or_minus_duration(duration: Duration) -> plan.UniformDurationPauses:
    """Let each pause take any time from so much below what it says to as much above.

    None is shorter than 0.
    """
    what = "uniform_pauses_plus_or_minus_duration(...)"
    return plan.UniformDurationPauses(to_ns(duration, f"{user_line()}: {what}"))


def normal_pauses_with_std_dev_duration(std_dev: Duration) -> plan.NormalDurationPauses:
    """Let what a pause says be the mean of a normal distribution with this standard deviation.

    None is shorter than 0.
    """
    what = "normal_pauses_with_std_dev_duration(...)"
    return plan.NormalDurationPauses(to_ns(std_dev, f"{user_line()}: {what}"))


def normal_pauses_with_percentage_duration(percentage: float) -> plan.NormalPercentagePauses:
    """Let what a pause says be the mean of a normal distribution.

    The standard deviation is so many percent of the mean.  None is shorter than 0.
    """
    what = "normal_pauses_with_percentage_duration(...)"
    return plan.NormalPercentagePauses(_percentage(percentage, what))


def _percentage(value: object, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise UsageError(f"{user_line()}: {what} takes percent, 0 or more, got {glimpse(value)}")
    return float(value)


def as_pause_type(value: object, what: str) -> PauseType:
    """Return a pause type as it is; raises UsageError, with the user's line, for anything else.

    ``what`` is the call that it was given to, such as ``pauses(...)``.
    """
    if isinstance(value, PauseType):
        return value
    if callable(value):
        name = getattr(value, "__name__", repr(value))
        raise UsageError(
            f"{user_line()}: {what} takes a pause type; call {name}(...), or wrap a function of "
            "your own in custom_pauses(...)"
        )
    raise UsageError(
        f"{user_line()}: {what} takes a pause type such as exponential_pauses, got {glimpse(value)}"
    )


def compile_pause_type(compiler: Compiler, value: PauseType, path: str) -> plan.PauseType:
    """Return a pause type for the plan; ``path`` names its place there."""
    return value.compile(compiler, path) if isinstance(value, CustomPausesBuilder) else value
