"""The number of an entry, or of a sample of times, that an assertion asks for.

Of requests, groups and legs it is Gatling's: whole milliseconds, of good and failed ones together
unless the target says which, requests divided by whole seconds, of a group its cumulated times.
"""

from typing import assert_never

import numpy as np

from gatlingpy.plan.assertions import (
    CountTarget,
    Metric,
    PercentTarget,
    RequestsPerSecTarget,
    ResponseTimeTarget,
    Statistic,
    Target,
)
from gatlingpy.report.columns import Ints
from gatlingpy.report.facts import RunLog
from gatlingpy.report.numbers import (
    Numbers,
    exact_numbers,
    half_up,
    percent,
    percentile,
    percentiles,
    to_ms,
)
from gatlingpy.report.rows import Rows
from gatlingpy.report.statistics import Entry, Kind


def measure(entry: Entry, target: Target, log: RunLog, rows: Rows) -> float | None:
    """Return the number of an entry that Gatling has; ``None`` where there is no such request.

    Raises TypeError for a target that is not Gatling's.
    """
    match target:
        case CountTarget(metric):
            return float(_numbers(entry, metric).count)
        case PercentTarget(metric):
            return _percent(entry, metric)
        case RequestsPerSecTarget():
            return entry.gatling.total.per_second
        case ResponseTimeTarget():
            return _response_time(entry, target, log, rows)
    raise TypeError(f"{target!r} is no number of requests")


def _numbers(entry: Entry, metric: Metric) -> Numbers:
    split = entry.gatling
    match metric:
        case Metric.ALL:
            return split.total
        case Metric.SUCCESSFUL:
            return split.ok
        case Metric.FAILED:
            return split.ko
    assert_never(metric)


def _percent(entry: Entry, metric: Metric) -> float:
    whole = entry.gatling.total.count
    if metric is Metric.ALL:
        return 100.0
    if not whole:  # Gatling's: nothing succeeded, so everything failed
        return 100.0 if metric is Metric.FAILED else 0.0
    return percent(_numbers(entry, metric).count, whole)


def _response_time(
    entry: Entry, target: ResponseTimeTarget, log: RunLog, rows: Rows
) -> float | None:
    numbers = _numbers(entry, target.metric)
    if not numbers.count and target.metric is not Metric.ALL:
        return None
    match target.statistic:
        case Statistic.MIN:
            return float(numbers.minimum)
        case Statistic.MAX:
            return float(numbers.maximum)
        case Statistic.MEAN:
            return float(numbers.mean)
        case Statistic.STD_DEV:
            return float(numbers.deviation)
        case Statistic.PERCENTILE:
            sample = to_ms(_sample(entry, target.metric, log, rows))
            return float(percentiles(sample, (target.rank,))[0])
    assert_never(target.statistic)


def _sample(entry: Entry, metric: Metric, log: RunLog, rows: Rows) -> Ints:
    """Return the sorted times of an entry's requests, in microseconds; of a group, cumulated."""
    if metric is Metric.ALL:
        return entry.sample
    if entry.kind is Kind.GROUP:
        group = rows.groups.of(entry.code)
        times, ok = group.cumulated_us, group.ok
    else:
        table = {
            Kind.ALL: lambda: log.requests,
            Kind.REQUEST: lambda: rows.requests.of(entry.code),
            Kind.LEG: lambda: rows.legs.of(entry.code),
        }[entry.kind]()
        times, ok = table.duration_us, table.ending == 0
    return np.sort(times[ok if metric is Metric.SUCCESSFUL else ~ok])


def time_of(sample_us: Ints, statistic: Statistic, rank: float) -> float:
    """Return one number of a sorted sample that is not empty, in ms to the microsecond."""
    numbers = exact_numbers(sample_us, 0, ())
    match statistic:
        case Statistic.MIN:
            return numbers.minimum / 1000
        case Statistic.MAX:
            return numbers.maximum / 1000
        case Statistic.MEAN:
            return numbers.mean / 1000
        case Statistic.STD_DEV:
            return numbers.deviation / 1000
        case Statistic.PERCENTILE:
            return half_up(percentile(sample_us, rank)) / 1000
    assert_never(statistic)
