"""What must hold at the end, as users write it: path, target, condition.

``global_().response_time().percentile(99).lt(500)`` reads as in Gatling, and means what it means
there: response times in milliseconds, of all requests, failed ones included.
"""

import math
from dataclasses import dataclass

from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.assertions import (
    Assertion,
    AssertionPath,
    Between,
    Compare,
    Comparison,
    Condition,
    CountTarget,
    DetailsPath,
    ForAllPath,
    GlobalPath,
    In,
    Metric,
    PercentTarget,
    RequestsPerSecTarget,
    ResponseTimeTarget,
    Statistic,
    Target,
)

__all__ = ["details", "for_all", "global_"]


def global_() -> "PathBuilder":
    """Ask about all requests together."""
    return PathBuilder(GlobalPath())


def for_all() -> "PathBuilder":
    """Ask about each request by itself: it must hold for every one of them."""
    return PathBuilder(ForAllPath())


def details(*parts: str) -> "PathBuilder":
    """Ask about one request or group: the groups around it, the outermost first, and its name.

    ``details("checkout", "Pay")`` is the request ``Pay`` in the group ``checkout``;
    ``details("Pay-send")`` is the send leg of ``Pay``.  A group's response time is what its
    requests add up to.
    """
    for part in parts:
        if not isinstance(part, str):
            raise UsageError(
                f"{user_line()}: details(...) takes names, the outermost group first, got {part!r}"
            )
    return PathBuilder(DetailsPath(parts))


@dataclass(frozen=True, slots=True)
class PathBuilder:
    """Whom an assertion is about; it still wants a target."""

    path: AssertionPath

    def response_time(self) -> "ResponseTimeBuilder":
        """Look at response times, in milliseconds."""
        return ResponseTimeBuilder(self.path)

    def all_requests(self) -> "RequestsBuilder":
        """Look at all requests."""
        return RequestsBuilder(self.path, Metric.ALL)

    def failed_requests(self) -> "RequestsBuilder":
        """Look at requests that failed."""
        return RequestsBuilder(self.path, Metric.FAILED)

    def successful_requests(self) -> "RequestsBuilder":
        """Look at requests that did not fail."""
        return RequestsBuilder(self.path, Metric.SUCCESSFUL)

    def requests_per_sec(self) -> "ConditionBuilder":
        """Look at requests divided by the length of the run in seconds."""
        return ConditionBuilder(self.path, RequestsPerSecTarget())


@dataclass(frozen=True, slots=True)
class RequestsBuilder:
    """Which requests are counted; it still wants to know how."""

    path: AssertionPath
    metric: Metric

    def count(self) -> "ConditionBuilder":
        """Count them."""
        return ConditionBuilder(self.path, CountTarget(self.metric))

    def percent(self) -> "ConditionBuilder":
        """Take their share of all requests, from 0 to 100."""
        return ConditionBuilder(self.path, PercentTarget(self.metric))


@dataclass(frozen=True, slots=True)
class ResponseTimeBuilder:
    """Response times; it still wants one number of them."""

    path: AssertionPath

    def _of(self, statistic: Statistic, rank: float = 0.0) -> "ConditionBuilder":
        return ConditionBuilder(self.path, ResponseTimeTarget(statistic, rank))

    def min(self) -> "ConditionBuilder":
        """Take the shortest."""
        return self._of(Statistic.MIN)

    def max(self) -> "ConditionBuilder":
        """Take the longest."""
        return self._of(Statistic.MAX)

    def mean(self) -> "ConditionBuilder":
        """Take the mean."""
        return self._of(Statistic.MEAN)

    def std_dev(self) -> "ConditionBuilder":
        """Take the standard deviation."""
        return self._of(Statistic.STD_DEV)

    def percentile(self, rank: float) -> "ConditionBuilder":
        """Take the time that ``rank`` percent of the requests did not exceed, such as 99.9."""
        number = _number(rank, "percentile(...)")
        if not 0 <= number <= 100:
            raise UsageError(
                f"{user_line()}: percentile(...) takes a rank from 0 to 100, got {rank!r}"
            )
        return self._of(Statistic.PERCENTILE, number)

    def percentile1(self) -> "ConditionBuilder":
        """Take the first percentile that reports show: the 50th."""
        return self.percentile(50)

    def percentile2(self) -> "ConditionBuilder":
        """Take the second percentile that reports show: the 75th."""
        return self.percentile(75)

    def percentile3(self) -> "ConditionBuilder":
        """Take the third percentile that reports show: the 95th."""
        return self.percentile(95)

    def percentile4(self) -> "ConditionBuilder":
        """Take the fourth percentile that reports show: the 99th."""
        return self.percentile(99)

    def percentile50(self) -> "ConditionBuilder":
        """Take the median."""
        return self.percentile(50)

    def percentile75(self) -> "ConditionBuilder":
        """Take the 75th percentile."""
        return self.percentile(75)

    def percentile90(self) -> "ConditionBuilder":
        """Take the 90th percentile."""
        return self.percentile(90)

    def percentile95(self) -> "ConditionBuilder":
        """Take the 95th percentile."""
        return self.percentile(95)

    def percentile99(self) -> "ConditionBuilder":
        """Take the 99th percentile."""
        return self.percentile(99)


@dataclass(frozen=True, slots=True)
class ConditionBuilder:
    """A number of the run; it still wants a condition, and then is an assertion."""

    path: AssertionPath
    target: Target

    def _must(self, condition: Condition) -> Assertion:
        return Assertion(self.path, self.target, condition, user_line())

    def _compare(self, comparison: Comparison, value: float) -> Assertion:
        return self._must(Compare(comparison, _number(value, f"{comparison.value}(...)")))

    def lt(self, value: float) -> Assertion:
        """Demand that it is less than ``value``."""
        return self._compare(Comparison.LT, value)

    def lte(self, value: float) -> Assertion:
        """Demand that it is at most ``value``."""
        return self._compare(Comparison.LTE, value)

    def gt(self, value: float) -> Assertion:
        """Demand that it is greater than ``value``."""
        return self._compare(Comparison.GT, value)

    def gte(self, value: float) -> Assertion:
        """Demand that it is at least ``value``."""
        return self._compare(Comparison.GTE, value)

    def is_(self, value: float) -> Assertion:
        """Demand that it equals ``value``."""
        return self._compare(Comparison.IS, value)

    def in_(self, *values: float) -> Assertion:
        """Demand that it equals one of ``values``."""
        if not values:
            raise UsageError(f"{user_line()}: in_(...) needs at least one number")
        return self._must(In(tuple(_number(value, "in_(...)") for value in values)))

    def between(
        self,
        low: float,
        high: float,
        inclusive: bool = True,  # noqa: FBT001, FBT002 - Gatling's spelling
    ) -> Assertion:
        """Demand that it lies between two numbers; ``inclusive`` lets it equal either."""
        bounds = _number(low, "between(...)"), _number(high, "between(...)")
        if bounds[0] > bounds[1]:
            raise UsageError(
                f"{user_line()}: between({low!r}, {high!r}) can never hold; put the lower number "
                "first"
            )
        return self._must(Between(*bounds, bool(inclusive)))

    def around(
        self,
        value: float,
        plus_or_minus: float,
        inclusive: bool = True,  # noqa: FBT001, FBT002 - Gatling's spelling
    ) -> Assertion:
        """Demand that it is at most ``plus_or_minus`` away from ``value``."""
        middle = _number(value, "around(...)")
        margin = _not_negative(plus_or_minus, "around(...)")
        return self._must(Between(middle - margin, middle + margin, bool(inclusive)))

    def deviates_around(
        self,
        value: float,
        ratio: float,
        inclusive: bool = True,  # noqa: FBT001, FBT002 - Gatling's spelling
    ) -> Assertion:
        """Demand that it is away from ``value`` by no more than a share of it; 0.1 is a tenth.

        The margin is cut to a whole number, as in Gatling.
        """
        middle = _number(value, "deviates_around(...)")
        margin = math.floor(middle * _not_negative(ratio, "deviates_around(...)"))
        return self._must(Between(middle - margin, middle + margin, bool(inclusive)))


def _number(value: object, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise UsageError(f"{user_line()}: {what} takes a number, got {value!r}")
    return float(value)


def _not_negative(value: object, what: str) -> float:
    number = _number(value, what)
    if number < 0:
        raise UsageError(f"{user_line()}: {what} takes a distance of 0 or more, got {value!r}")
    return number
