"""What must hold at the end: a path, a target and a condition, frozen.

The meaning of each is Gatling's (3.9.5).  Targets on response time take every request, failed ones
included; a group's response time is its cumulated time; ``details`` matches the whole path.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias


class Statistic(StrEnum):
    """One number drawn from the response times; ``PERCENTILE`` also needs a rank."""

    MIN = "min"
    MAX = "max"
    MEAN = "mean"
    STD_DEV = "standard deviation"
    PERCENTILE = "percentile"


class Metric(StrEnum):
    """Which requests are counted."""

    ALL = "all"
    SUCCESSFUL = "successful"
    FAILED = "failed"


class Comparison(StrEnum):
    """How the actual value is held against the expected one."""

    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    IS = "is"


@dataclass(frozen=True, slots=True)
class GlobalPath:
    """All requests together; legs are not requests."""


@dataclass(frozen=True, slots=True)
class ForAllPath:
    """Each request path by itself: one result each."""


@dataclass(frozen=True, slots=True)
class DetailsPath:
    """One request, group or leg, named by its groups and its own name."""

    parts: tuple[str, ...]


AssertionPath: TypeAlias = GlobalPath | ForAllPath | DetailsPath


@dataclass(frozen=True, slots=True)
class ResponseTimeTarget:
    """A statistic of response times in milliseconds; ``rank`` in percent, for percentiles only."""

    statistic: Statistic
    rank: float = 0.0


@dataclass(frozen=True, slots=True)
class CountTarget:
    """How many requests."""

    metric: Metric


@dataclass(frozen=True, slots=True)
class PercentTarget:
    """Which share of all requests, in percent."""

    metric: Metric


@dataclass(frozen=True, slots=True)
class RequestsPerSecTarget:
    """Requests divided by the run's length, rounded up to whole seconds."""


Target: TypeAlias = ResponseTimeTarget | CountTarget | PercentTarget | RequestsPerSecTarget


@dataclass(frozen=True, slots=True)
class Compare:
    """The actual value compared with one number."""

    comparison: Comparison
    value: float


@dataclass(frozen=True, slots=True)
class Between:
    """The actual value between two numbers; ``inclusive`` lets it equal either."""

    low: float
    high: float
    inclusive: bool = True


@dataclass(frozen=True, slots=True)
class In:
    """The actual value equal to one of several numbers."""

    values: tuple[float, ...]


Condition: TypeAlias = Compare | Between | In


@dataclass(frozen=True, slots=True)
class Assertion:
    """One demand on the run's statistics; ``where`` is the user's ``file:line``."""

    path: AssertionPath
    target: Target
    condition: Condition
    where: str = field(default="", compare=False)
