"""The files beside the pages: Gatling's shapes in ``js/``, and our ``summary.json``."""

from pathlib import Path
from typing import TypeAlias

import numpy as np

from gatlingpy.report import gatling_series
from gatlingpy.report.facts import RunLog
from gatlingpy.report.gatling_files import (
    assertions_object,
    assertions_xml,
    json_bytes,
    stats_object,
    stats_tree,
)
from gatlingpy.report.numbers import to_ms
from gatlingpy.report.summary import Summary, summary_object
from gatlingpy.report.tree import Node
from gatlingpy.report.window import Window, gatling_buckets

Json: TypeAlias = dict[str, object]


def _active_users(log: RunLog, window: Window, max_points: int) -> Json:
    """Active users of each scenario and of all; nothing for a run of months."""
    if window.gatling_seconds > gatling_series.MAX_SECONDS:
        return {}
    buckets = gatling_buckets(window, max_points)
    rows = {name: log.users.scenario == code for code, name in enumerate(log.scenarios)}
    rows["__all__"] = np.ones(len(log.users.at_us), np.bool_)
    return {
        name: gatling_series.active_users(log.users, which, window, buckets)
        for name, which in rows.items()
        if which.any()
    }


def series_object(log: RunLog, measured: RunLog, summary: Summary) -> Json:
    """Return the content of ``series.json``: the lines of Gatling's index page, by its rules.

    Lines show the whole run, the distribution what was ``measured``.
    """
    window, points = summary.window, summary.statistics.options.max_points
    buckets = gatling_buckets(window, points)
    requests = log.requests
    ok = requests.ending == 0
    good, times = measured.requests.ending == 0, to_ms(measured.requests.duration_us)
    starts, took = requests.start_us // 1000, to_ms(requests.duration_us)
    return {
        "percentiles_over_time_ok": gatling_series.percentiles_ok(requests, ok, buckets),
        "requests_per_sec_[total,ok,ko]": gatling_series.rates(starts, ok, buckets),
        "responses_per_sec_[total,ok,ko]": gatling_series.rates(starts + took, ok, buckets),
        "active_users": _active_users(log, window, points),
        "distribution": gatling_series.distribution(times[good], times[~good]),
    }


def write_files(into: Path, log: RunLog, measured: RunLog, summary: Summary, tree: Node) -> None:
    """Write every file that is for programs.  Raises OSError."""
    scripts = into / "js"
    scripts.mkdir(exist_ok=True)
    statistics = summary.statistics
    start_ms = summary.window.min_ms
    files = {
        "js/stats.json": json_bytes(stats_tree(tree, statistics.options)),
        "js/global_stats.json": json_bytes(stats_object(statistics.total, statistics.options)),
        "js/series.json": json_bytes(series_object(log, measured, summary), indent=False),
        "js/assertions.json": json_bytes(assertions_object(log, start_ms, summary.verdicts)),
        "js/assertions.xml": assertions_xml(log, summary.verdicts).encode(errors="replace"),
        "summary.json": json_bytes(summary_object(summary)),
    }
    for name, content in files.items():
        (into / name).write_bytes(content + b"\n" * (not content.endswith(b"\n")))
