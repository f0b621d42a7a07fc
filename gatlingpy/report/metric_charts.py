"""The charts of what Kafka clients tell: one for each metric, with a line for each broker."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gatlingpy.report.charts import Chart, line, milliseconds
from gatlingpy.report.columns import Requests
from gatlingpy.report.facts import RunLog
from gatlingpy.report.metrics import readings
from gatlingpy.report.series import Floats, max_over_time, mean_over_time
from gatlingpy.report.window import Buckets
from gatlingpy.stats.client_metrics import (
    ACK_LATENCY,
    BY_NAME,
    LAG,
    ClientMetric,
    is_client_metric,
    is_source,
    whole_and_broker,
)
from gatlingpy.stats.records import GaugeRecord

MOST_BROKERS: Final = 8
"""Lines of brokers in one chart; ``summary.json`` has all."""


@dataclass(frozen=True, slots=True)
class MetricSection:
    """The metrics of one source, which is one Kafka protocol."""

    source: str
    charts: tuple[Chart, ...]


def _over_time(name: str, records: Sequence[GaugeRecord], buckets: Buckets) -> Floats:
    times = np.array([record.at_us for record in records], np.int64)
    values = np.array([record.value for record in records], np.float64)
    # Where a greatest value is asked for, the mean of some would be none.
    gather = max_over_time if name == LAG else mean_over_time
    return np.round(gather(times, values, buckets), 6)


def _chart(
    place: str,
    metric: ClientMetric,
    of_each: Sequence[tuple[int | None, Sequence[GaugeRecord]]],
    buckets: Buckets,
) -> Chart:
    brokers = sum(broker is not None for broker, _ in of_each)
    # With one broker its line is that of all.
    shown = [part for part in of_each if part[0] is None or brokers > 1][: MOST_BROKERS + 1]
    series = []
    for number, (broker, records) in enumerate(shown):
        name = "all" if broker is None else f"broker {broker}"
        # The colour of all is that of c0, which no broker's line may have beside it.
        color = "all" if number == 0 else f"c{1 + (number - 1) % 7}"
        series.append(line(name, color, _over_time(metric.name, records, buckets)))
    return {
        "id": place,
        "type": "time",
        "title": metric.title,
        "name": metric.name,
        "unit": metric.unit,
        "y": metric.unit,
        "gaps": True,
        "legend": len(series) > 1,
        "series": series,
    }


def sections(log: RunLog, buckets: Buckets) -> list[MetricSection]:
    """Return the charts of each source, the four metrics of the original first."""
    sources: dict[str, dict[str, list[tuple[int | None, list[GaugeRecord]]]]] = {}
    for (source, name), records in readings(log.facts.gauges).items():
        whole, broker = whole_and_broker(name)
        if is_client_metric(source, name):
            sources.setdefault(source, {}).setdefault(whole, []).append((broker, records))
    return [
        MetricSection(
            source,
            tuple(
                _chart(f"metric-{number}-{place}", BY_NAME[name], of_each, buckets)
                for place, (name, of_each) in enumerate(metrics.items())
            ),
        )
        for number, (source, metrics) in enumerate(sources.items())
    ]


def referee(log: RunLog, sends: Sequence[Requests], buckets: Buckets) -> Iterator[Chart]:
    """Yield the ``-send`` legs beside what librdkafka measured of the same, if that is known.

    What is between the two is the injector's own: librdkafka's clocks are read on threads that no
    Python holds up.  Legs do not tell of which protocol they are, so that there must be only one.
    """
    told = [
        records
        for (source, name), records in readings(log.facts.gauges).items()
        if is_source(source) and name == ACK_LATENCY
    ]
    if len(told) != 1 or not sends:
        return
    starts = np.concatenate([rows.start_us for rows in sends])
    durations = np.concatenate([rows.duration_us for rows in sends]).astype(np.float64)
    # librdkafka tells of an answer when it has come, not when its request was made.
    ends = starts + durations.astype(np.int64)
    own = milliseconds(mean_over_time(ends, durations, buckets))
    yield {
        "id": "referee",
        "type": "time",
        "y": "Mean time until acknowledged (ms)",
        "gaps": True,
        "series": [
            line("-send legs", "all", own),
            line("librdkafka's own clocks", "c1", _over_time(ACK_LATENCY, told[0], buckets)),
        ],
    }
