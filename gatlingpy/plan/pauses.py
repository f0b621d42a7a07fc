"""Waiting, frozen: pauses and their types, paces and meeting points."""

from dataclasses import dataclass, field
from typing import TypeAlias

from gatlingpy.plan.code import Expr


@dataclass(frozen=True, slots=True)
class DisabledPauses:
    """No pause takes any time."""


@dataclass(frozen=True, slots=True)
class ConstantPauses:
    """Each pause takes what it says."""


@dataclass(frozen=True, slots=True)
class ExponentialPauses:
    """What a pause says is the mean of an exponential distribution."""


@dataclass(frozen=True, slots=True)
class CustomPauses:
    """A function of the session, or a template, tells the seconds; what a pause says is ignored."""

    duration: Expr


@dataclass(frozen=True, slots=True)
class UniformPercentagePauses:
    """Any time from ``percentage`` percent below what a pause says to as much above it."""

    percentage: float


@dataclass(frozen=True, slots=True)
class UniformDurationPauses:
    """Any time from ``half_width_ns`` below what a pause says, but 0 at least, to as much above."""

    half_width_ns: int


@dataclass(frozen=True, slots=True)
class NormalPercentagePauses:
    """What a pause says is the mean; the standard deviation is ``percentage`` percent of it."""

    percentage: float


@dataclass(frozen=True, slots=True)
class NormalDurationPauses:
    """What a pause says is the mean; ``std_dev_ns`` is the standard deviation."""

    std_dev_ns: int


PauseType: TypeAlias = (
    DisabledPauses
    | ConstantPauses
    | ExponentialPauses
    | CustomPauses
    | UniformPercentagePauses
    | UniformDurationPauses
    | NormalPercentagePauses
    | NormalDurationPauses
)


@dataclass(frozen=True, slots=True)
class Pause:
    """The user waits; ``until`` makes it any time from ``duration`` up to it.  Both in seconds.

    ``pause_type`` goes before the population's and the set-up's.
    """

    duration: Expr
    until: Expr | None = None
    pause_type: PauseType | None = None
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Pace:
    """The user waits until ``interval`` seconds have passed since it last was let through here.

    ``until`` makes the interval any time from ``interval`` up to it.  ``counter`` names the
    attribute that holds, in nanoseconds, before when the user is not let through again.
    """

    interval: Expr
    until: Expr | None
    counter: str
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class RendezVous:
    """The first ``users`` users wait here for each other; all that come later pass through."""

    users: int
    where: str = field(default="", compare=False)
