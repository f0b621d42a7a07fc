"""Which number of the run an assertion takes."""

from collections.abc import Callable
from dataclasses import dataclass

from gatlingpy.dsl.assertion_conditions import ConditionBuilder, number_of
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.assertions import (
    AssertionPath,
    CountTarget,
    Delivery,
    DeliveryTarget,
    GlobalPath,
    Metric,
    PercentTarget,
    ResponseTimeTarget,
    Statistic,
    Target,
)


@dataclass(frozen=True, slots=True)
class RequestsBuilder:
    """Which requests are looked at; it still wants to know how."""

    path: AssertionPath
    metric: Metric

    def count(self) -> ConditionBuilder:
        """Count them."""
        return ConditionBuilder(self.path, CountTarget(self.metric))

    def percent(self) -> ConditionBuilder:
        """Take their share of all requests, from 0 to 100."""
        return ConditionBuilder(self.path, PercentTarget(self.metric))

    def response_time(self) -> "TimesBuilder":
        """Look at the response times of these requests alone, in milliseconds.

        Where there is no such request, there is no time, and the assertion fails.
        """

        def target(statistic: Statistic, rank: float) -> Target:
            return ResponseTimeTarget(statistic, rank, self.metric)

        return TimesBuilder(self.path, target)


@dataclass(frozen=True, slots=True)
class TimesBuilder:
    """Times in milliseconds; it still wants one number of them."""

    path: AssertionPath
    target: Callable[[Statistic, float], Target]
    """Makes the target of a statistic and a rank, which is 0 for all but percentiles."""

    def _of(self, statistic: Statistic, rank: float = 0.0) -> ConditionBuilder:
        return ConditionBuilder(self.path, self.target(statistic, rank))

    def min(self) -> ConditionBuilder:
        """Take the shortest."""
        return self._of(Statistic.MIN)

    def max(self) -> ConditionBuilder:
        """Take the longest."""
        return self._of(Statistic.MAX)

    def mean(self) -> ConditionBuilder:
        """Take the mean."""
        return self._of(Statistic.MEAN)

    def std_dev(self) -> ConditionBuilder:
        """Take the standard deviation."""
        return self._of(Statistic.STD_DEV)

    def percentile(self, rank: float) -> ConditionBuilder:
        """Take the time that ``rank`` percent of the times do not exceed, such as 99.9."""
        number = number_of(rank, "percentile(...)")
        if not 0 <= number <= 100:
            raise UsageError(
                f"{user_line()}: percentile(...) takes a rank from 0 to 100, got {rank!r}"
            )
        return self._of(Statistic.PERCENTILE, number)

    def percentile1(self) -> ConditionBuilder:
        """Take the first percentile that reports show: the 50th."""
        return self.percentile(50)

    def percentile2(self) -> ConditionBuilder:
        """Take the second percentile that reports show: the 75th."""
        return self.percentile(75)

    def percentile3(self) -> ConditionBuilder:
        """Take the third percentile that reports show: the 95th."""
        return self.percentile(95)

    def percentile4(self) -> ConditionBuilder:
        """Take the fourth percentile that reports show: the 99th."""
        return self.percentile(99)

    def percentile50(self) -> ConditionBuilder:
        """Take the median."""
        return self.percentile(50)

    def percentile75(self) -> ConditionBuilder:
        """Take the 75th percentile."""
        return self.percentile(75)

    def percentile90(self) -> ConditionBuilder:
        """Take the 90th percentile."""
        return self.percentile(90)

    def percentile95(self) -> ConditionBuilder:
        """Take the 95th percentile."""
        return self.percentile(95)

    def percentile99(self) -> ConditionBuilder:
        """Take the 99th percentile."""
        return self.percentile(99)


@dataclass(frozen=True, slots=True)
class DeliveryBuilder:
    """The delivery audit of the whole run; it still wants to know what to count."""

    path: AssertionPath

    def late(self) -> ConditionBuilder:
        """Count replies that came after their request had ended otherwise, such as timed out."""
        return self._count(Delivery.LATE)

    def duplicates(self) -> ConditionBuilder:
        """Count replies that came after their request had been answered already."""
        return self._count(Delivery.DUPLICATE)

    def late_deliveries(self) -> ConditionBuilder:
        """Count requests that the broker confirmed after they had timed out."""
        return self._count(Delivery.LATE_DELIVERY)

    def orphans(self) -> ConditionBuilder:
        """Count replies with an id that nobody of this run sent, or with none."""
        return self._of_nobody(Delivery.ORPHAN, "orphans", "an id that nobody of this run sent")

    def foreign(self) -> ConditionBuilder:
        """Count replies that belong to another run or segment."""
        return self._of_nobody(Delivery.FOREIGN, "foreign", "the id of another run")

    def _count(self, kind: Delivery) -> ConditionBuilder:
        return ConditionBuilder(self.path, DeliveryTarget(kind))

    def _of_nobody(self, kind: Delivery, name: str, has: str) -> ConditionBuilder:
        if self.path != GlobalPath():
            raise UsageError(
                f"{user_line()}: {name}() cannot be counted for one request: such a reply has "
                f"{has}, so it belongs to no request; write delivery().{name}()"
            )
        return self._count(kind)
