"""What all readings of each gauge came to; the metrics of Kafka clients come first."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gatlingpy.stats.client_metrics import BY_NAME, METRICS, is_source, whole_and_broker
from gatlingpy.stats.records import GaugeRecord


@dataclass(frozen=True, slots=True)
class MetricSummary:
    """One gauge: how often it was read, and what it was."""

    source: str
    name: str
    unit: str
    count: int
    minimum: float
    mean: float
    maximum: float
    last: float

    @property
    def of_all(self) -> bool:
        """Whether it is of all brokers together, not of one."""
        return whole_and_broker(self.name)[1] is None


def readings(gauges: Sequence[GaugeRecord]) -> Mapping[tuple[str, str], list[GaugeRecord]]:
    """Return the readings of each gauge by source and name, in the order in which to show them."""
    named: dict[tuple[str, str], list[GaugeRecord]] = {}
    for record in sorted(gauges, key=lambda record: record.at_us):
        if math.isfinite(record.value):
            named.setdefault((record.source, record.name), []).append(record)
    return dict(sorted(named.items(), key=lambda item: _place(*item[0])))


_ORDER = {metric.name: place for place, metric in enumerate(METRICS)}


def _place(source: str, name: str) -> tuple[object, ...]:
    if not is_source(source):
        return True, source, 0, 0, name
    whole, broker = whole_and_broker(name)
    return False, source, _ORDER.get(whole, len(_ORDER)), -1 if broker is None else broker, name


def unit_of(source: str, name: str) -> str:
    """Return the unit of a gauge; empty if it has none, or none that is known."""
    metric = BY_NAME.get(whole_and_broker(name)[0]) if is_source(source) else None
    return "" if metric is None else metric.unit


def metrics_of(gauges: Sequence[GaugeRecord]) -> tuple[MetricSummary, ...]:
    """Summarise each gauge."""
    return tuple(
        _summary(source, name, [record.value for record in records])
        for (source, name), records in readings(gauges).items()
    )


def _summary(source: str, name: str, values: Sequence[float]) -> MetricSummary:
    mean = math.fsum(values) / len(values)
    unit = unit_of(source, name)
    return MetricSummary(
        source, name, unit, len(values), min(values), mean, max(values), values[-1]
    )
