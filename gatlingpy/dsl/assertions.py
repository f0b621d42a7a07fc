"""What must hold at the end, as users write it: path, target, condition.

``global_().response_time().percentile(99).lt(500)`` reads as in Gatling, and means what it means
there: response times in milliseconds, of all requests, failed ones included.
"""

from dataclasses import dataclass

from gatlingpy.dsl.assertion_conditions import ConditionBuilder
from gatlingpy.dsl.assertion_targets import DeliveryBuilder, RequestsBuilder, TimesBuilder
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.assertions import (
    AssertionPath,
    DetailsPath,
    ForAllPath,
    GaugeTarget,
    GlobalPath,
    LagKind,
    LagTarget,
    Metric,
    Reading,
    RequestsPerSecTarget,
    ResponseTimeTarget,
    Statistic,
    Target,
)

__all__ = ["delivery", "details", "for_all", "global_"]


def global_() -> "PathBuilder":
    """Ask about all requests together."""
    return PathBuilder(GlobalPath())


def for_all() -> "PathBuilder":
    """Ask about each request by itself: it must hold for every one of them."""
    return PathBuilder(ForAllPath())


def details(*parts: str) -> "DetailsBuilder":
    """Ask about one request or group: the groups around it, the outermost first, and its name.

    ``details("checkout", "Pay")`` is the request ``Pay`` in the group ``checkout``;
    ``details("Pay-send")`` is the send leg of ``Pay``.  A group's response time is what its
    requests add up to.  For ``user_start_lag()`` it names a scenario, and for ``max("...")`` and
    its like the source of a gauge.
    """
    for part in parts:
        if not isinstance(part, str):
            raise UsageError(
                f"{user_line()}: details(...) takes names, the outermost group first, got {part!r}"
            )
    return DetailsBuilder(DetailsPath(parts))


def delivery() -> DeliveryBuilder:
    """Ask about replies that ended no request, in the whole run."""
    return DeliveryBuilder(GlobalPath())


@dataclass(frozen=True, slots=True)
class PathBuilder:
    """Whom an assertion is about; it still wants a target."""

    path: AssertionPath

    def response_time(self) -> TimesBuilder:
        """Look at response times, in milliseconds; of failed requests too, as in Gatling."""
        return TimesBuilder(self.path, ResponseTimeTarget)

    def all_requests(self) -> RequestsBuilder:
        """Look at all requests."""
        return RequestsBuilder(self.path, Metric.ALL)

    def failed_requests(self) -> RequestsBuilder:
        """Look at requests that failed."""
        return RequestsBuilder(self.path, Metric.FAILED)

    def successful_requests(self) -> RequestsBuilder:
        """Look at requests that did not fail."""
        return RequestsBuilder(self.path, Metric.SUCCESSFUL)

    def requests_per_sec(self) -> ConditionBuilder:
        """Look at requests divided by the length of the run in seconds."""
        return ConditionBuilder(self.path, RequestsPerSecTarget())

    def arrival_lag(self) -> TimesBuilder:
        """Look at how much later than intended requests started, in milliseconds."""
        return self._lag(LagKind.REQUESTS)

    def user_start_lag(self) -> TimesBuilder:
        """Look at how much later than intended users started, in milliseconds.

        ``details("Payments")`` then means the scenario of that name, ``for_all()`` each scenario.
        """
        return self._lag(LagKind.USERS)

    def _lag(self, kind: LagKind) -> TimesBuilder:
        def target(statistic: Statistic, rank: float) -> Target:
            return LagTarget(kind, statistic, rank)

        return TimesBuilder(self.path, target)

    def delivery(self) -> DeliveryBuilder:
        """Look at replies that ended no request; a request is named without its groups."""
        match self.path:
            case DetailsPath(parts) if len(parts) > 1:
                raise UsageError(
                    f"{user_line()}: details({', '.join(map(repr, parts))}).delivery() cannot be "
                    "told: the log names the request of a reply without its groups; write "
                    f"details({parts[-1]!r}).delivery()"
                )
            case DetailsPath(()):
                return delivery()
        return DeliveryBuilder(self.path)


@dataclass(frozen=True, slots=True)
class DetailsBuilder(PathBuilder):
    """Whom an assertion is about, by name: also the source of a gauge."""

    def max(self, gauge: str) -> ConditionBuilder:
        """Take the greatest reading of a gauge, such as ``kafka-consumer-lag-max``."""
        return self._gauge(gauge, Reading.MAX)

    def min(self, gauge: str) -> ConditionBuilder:
        """Take the smallest reading of a gauge."""
        return self._gauge(gauge, Reading.MIN)

    def mean(self, gauge: str) -> ConditionBuilder:
        """Take the mean of all readings of a gauge."""
        return self._gauge(gauge, Reading.MEAN)

    def last(self, gauge: str) -> ConditionBuilder:
        """Take the last reading of a gauge."""
        return self._gauge(gauge, Reading.LAST)

    def _gauge(self, name: object, reading: Reading) -> ConditionBuilder:
        if not isinstance(name, str):
            raise UsageError(
                f"{user_line()}: {reading.value}(...) takes the name of a gauge, got {name!r}; for "
                f"response times write details(...).response_time().{reading.value}()"
            )
        if not isinstance(self.path, DetailsPath) or len(self.path.parts) != 1:
            raise UsageError(
                f"{user_line()}: a gauge has one source and a name, such as "
                f'details("Kafka Metrics").{reading.value}({name!r})'
            )
        return ConditionBuilder(self.path, GaugeTarget(name, reading))
