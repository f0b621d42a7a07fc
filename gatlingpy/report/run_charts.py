"""The charts about the run itself: users, gauges; and what all pages share."""

from collections.abc import Mapping, Sequence

import numpy as np

from gatlingpy.report.charts import Chart, line, rate
from gatlingpy.report.columns import Flags, Ints
from gatlingpy.report.facts import RunLog
from gatlingpy.report.series import counts_over_time, mean_over_time, peak_over_time
from gatlingpy.report.warm_up import WarmUp
from gatlingpy.report.window import Buckets
from gatlingpy.stats.client_metrics import is_client_metric
from gatlingpy.stats.records import GaugeRecord, MarkRecord

MAX_SCENARIOS = 24
"""Lines of a users chart; the total counts every scenario."""
MAX_GAUGES = 48
MAX_MARKS = 200


def _concurrent(log: RunLog, rows: Flags, buckets: Buckets) -> Ints:
    users = log.users
    return peak_over_time(
        users.at_us[rows & users.started], users.at_us[rows & ~users.started], buckets
    )


def _scenarios(log: RunLog) -> list[tuple[str, Flags]]:
    named = [(name, log.users.scenario == code) for code, name in enumerate(log.scenarios)]
    return [(name, rows) for name, rows in named if rows.any()][:MAX_SCENARIOS]


def active_users(log: RunLog, buckets: Buckets) -> Chart:
    """Return how many users were alive at once at most in each bucket: all, and each scenario."""
    every = np.ones(len(log.users.at_us), np.bool_)
    scenarios = _scenarios(log)
    series = [line("All users", "users", _concurrent(log, every, buckets))]
    if len(scenarios) > 1:
        series += [
            line(name, f"c{place % 8}", _concurrent(log, rows, buckets))
            for place, (name, rows) in enumerate(scenarios)
        ]
    return {"id": "users", "type": "time", "y": "Users alive at once", "series": series}


def arrivals(log: RunLog, buckets: Buckets) -> Chart:
    """Return how many users started per second, each scenario by itself."""
    users = log.users
    series = [
        line(
            name,
            f"c{place % 8}",
            rate(counts_over_time(users.at_us[rows & users.started], buckets), buckets),
        )
        for place, (name, rows) in enumerate(_scenarios(log))
    ]
    return {"id": "arrivals", "type": "time", "y": "Users started / s", "series": series}


def _gauge(
    place: int, source: str, name: str, records: Sequence[GaugeRecord], buckets: Buckets
) -> Chart:
    times = np.array([record.at_us for record in records], np.int64)
    values = np.array([record.value for record in records], np.float64)
    known = np.isfinite(values)
    means = mean_over_time(times[known], values[known], buckets)
    return {
        "id": f"gauge-{place}",
        "type": "time",
        "title": f"{source} · {name}",
        "y": name,
        "gaps": True,
        "series": [line(name, f"c{place % 8}", np.round(means, 6))],
    }


def gauges(log: RunLog, buckets: Buckets) -> list[Chart]:
    """Return one chart for each gauge, at most ``MAX_GAUGES``, in the order of their names.

    The metrics of Kafka clients have charts of their own: ``metric_charts``.
    """
    named: dict[tuple[str, str], list[GaugeRecord]] = {}
    for record in log.facts.gauges:
        if not is_client_metric(record.source, record.name):
            named.setdefault((record.source, record.name), []).append(record)
    return [
        _gauge(place, source, name, records, buckets)
        for place, ((source, name), records) in enumerate(sorted(named.items())[:MAX_GAUGES])
    ]


def marks(log: RunLog) -> list[MarkRecord]:
    """Return the first ``MAX_MARKS`` marks, in the order of their moments."""
    return sorted(log.facts.marks, key=lambda mark: mark.at_us)[:MAX_MARKS]


def shared(log: RunLog, buckets: Buckets, warm_up: WarmUp | None) -> Mapping[str, object]:
    """Return what every page needs: the buckets, the users line, the marks, the warm-up."""
    return {
        "start": buckets.start / 1000,
        "step": buckets.step / 1000,
        "count": buckets.count,
        "users": _concurrent(log, np.ones(len(log.users.at_us), np.bool_), buckets),
        "warm_up": warm_up and [warm_up.start_us / 1000, warm_up.end_us / 1000],
        "marks": [[mark.at_us / 1000, mark.source, mark.text] for mark in marks(log)],
    }
