"""What must hold at the end: a path, a target and a condition, frozen.

The meaning of each is Gatling's (3.9.5).  Targets on response time take every request, failed ones
included, unless a metric says which; a group's response time is its cumulated time; ``details``
matches the whole path.

The last four targets are ours: Gatling has no room for them in its log.  They look at other things
than requests, and a path then names those: a scenario, a source of gauges, a request without its
groups.
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
    """A statistic of response times in milliseconds; ``rank`` in percent, for percentiles only.

    Gatling's takes all requests; any other ``metric`` takes the times of those alone.
    """

    statistic: Statistic
    rank: float = 0.0
    metric: Metric = Metric.ALL


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


class LagKind(StrEnum):
    """Whose start was later than intended."""

    REQUESTS = "arrival lag"
    USERS = "user start lag"


@dataclass(frozen=True, slots=True)
class LagTarget:
    """A statistic of start minus intended start, in milliseconds with three decimals.

    Of requests a details path names a request, of users a scenario.
    """

    kind: LagKind
    statistic: Statistic
    rank: float = 0.0


class Reading(StrEnum):
    """Which one number stands for all readings of a gauge."""

    MIN = "min"
    MAX = "max"
    MEAN = "mean"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class GaugeTarget:
    """One number of a gauge, in the gauge's own unit; the path names its source."""

    name: str
    reading: Reading


class Delivery(StrEnum):
    """What the delivery audit counts; the words are those of the log's ``REPLY`` records."""

    LATE = "late"
    DUPLICATE = "duplicate"
    ORPHAN = "orphan"
    FOREIGN = "foreign"
    LATE_DELIVERY = "late-delivery"


@dataclass(frozen=True, slots=True)
class DeliveryTarget:
    """How many of a kind the delivery audit holds; a path names a request without its groups."""

    kind: Delivery


Target: TypeAlias = (
    ResponseTimeTarget
    | CountTarget
    | PercentTarget
    | RequestsPerSecTarget
    | LagTarget
    | GaugeTarget
    | DeliveryTarget
)


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
