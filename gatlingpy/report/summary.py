"""The summary of a run, as an object and as ``summary.json`` (``docs/report.md`` describes it)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from gatlingpy.report.card import Card
from gatlingpy.report.columns import ENDINGS
from gatlingpy.report.facts import Replies
from gatlingpy.report.lag import Lag
from gatlingpy.report.metrics import MetricSummary
from gatlingpy.report.numbers import Numbers, Split
from gatlingpy.report.options import Options
from gatlingpy.report.statistics import Entry, ErrorCount, Statistics
from gatlingpy.report.verdict import Verdict
from gatlingpy.report.warm_up import WarmUp
from gatlingpy.report.window import Window

VERSION: Final = 1
"""The version of the shape of ``summary.json``."""

Json: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """Everything that is said about a run as a whole."""

    card: Card
    statistics: Statistics
    lag: Lag
    replies: Replies
    verdicts: tuple[Verdict, ...]
    problems: tuple[str, ...]
    """What the reader had to leave out of the log."""
    window: Window
    """From the first to the last moment of the whole run, its warm-up included."""
    warm_up: WarmUp | None = None
    metrics: tuple[MetricSummary, ...] = ()


def _rank_name(rank: float) -> str:
    return f"p{rank:g}".replace(".", "_")


def _numbers(numbers: Numbers, options: Options) -> Json:
    if not numbers.count:
        return {"count": 0}
    return {
        "count": numbers.count,
        "per_second": round(numbers.per_second, 6),
        "min_us": numbers.minimum,
        "mean_us": numbers.mean,
        "std_dev_us": numbers.deviation,
        **{
            f"{_rank_name(rank)}_us": value
            for rank, value in zip(options.ranks, numbers.percentiles, strict=True)
        },
        "max_us": numbers.maximum,
    }


def _split(split: Split, options: Options) -> Json:
    return {
        "total": _numbers(split.total, options),
        "ok": _numbers(split.ok, options),
        "ko": _numbers(split.ko, options),
    }


def _errors(errors: Sequence[ErrorCount], options: Options) -> list[Json]:
    return [{"message": text, "count": count} for text, count in errors[: options.max_errors]]


def _entry(entry: Entry, options: Options) -> Json:
    total = entry.exact.total.count
    value: Json = {
        "path": list(entry.path),
        "response_time": _split(entry.exact, options),
        "ko_percent": round(entry.exact.ko.count * 100 / total, 4) if total else 0.0,
        "ranges": dict(
            zip(("fast", "middle", "slow", "failed"), entry.exact_ranges.counts, strict=True)
        ),
        "errors": _errors(entry.errors, options),
    }
    if entry.endings:
        value["endings"] = dict(zip(ENDINGS, entry.endings, strict=True))
    if entry.duration is not None:
        value["duration"] = _split(entry.duration, options)
    return value


def _run(card: Card) -> Json:
    return {
        "simulation": card.simulation,
        "run_id": card.run_id,
        "description": card.description,
        "start_us": card.start_us,
        "duration_seconds": round(card.seconds, 6),
        "tool": card.tool,
        "versions": dict(card.versions),
        "segments": list(card.segments),
        "notes": list(card.notes),
        "end": card.end,
        "reason": card.reason,
        "remarks": list(card.remarks),
        "problems": list(card.problems),
        "incomplete": card.incomplete,
        "trusted": card.trusted,
        "health": dict(card.health),
        "parameters": [
            {"name": p.name, "value": p.value, "default": p.default, "help": p.help}
            for p in card.parameters
        ],
    }


def _conservation(card: Card) -> Json | None:
    law = card.conservation
    if law is None:
        return None
    return {
        "registered": law.registered,
        "endings": dict(law.endings),
        "in_flight": law.in_flight,
        "holds": law.holds,
    }


def _warm_up(summary: Summary) -> Json | None:
    warm_up = summary.warm_up
    if warm_up is None:
        return None
    return {
        "seconds": warm_up.seconds,
        "start_us": warm_up.start_us,
        "end_us": warm_up.end_us,
        "measured_seconds": round(summary.statistics.window.seconds, 6),
        "left_out": {
            "requests": warm_up.requests, "groups": warm_up.groups, "legs": warm_up.legs,
        },
        "nothing_left": warm_up.nothing_left,
    }  # fmt: skip


def _delivery(replies: Replies) -> list[Json]:
    return [
        {"kind": kind, "request": name, "count": count}
        for (kind, name), count in sorted(replies.counts.items())
    ]


def _metrics(metrics: Sequence[MetricSummary]) -> list[Json]:
    return [
        {
            "source": metric.source, "name": metric.name, "unit": metric.unit,
            "count": metric.count, "min": metric.minimum, "mean": metric.mean,
            "max": metric.maximum, "last": metric.last,
        }
        for metric in metrics
    ]  # fmt: skip


def summary_object(summary: Summary) -> Json:
    """Return the content of ``summary.json``."""
    statistics = summary.statistics
    options = statistics.options
    return {
        "version": VERSION,
        "run": _run(summary.card),
        "warm_up": _warm_up(summary),
        "ranges_ms": [options.lower_ms, options.higher_ms],
        "total": _entry(statistics.total, options),
        "requests": [_entry(entry, options) for entry in statistics.requests],
        "groups": [_entry(entry, options) for entry in statistics.groups],
        "legs": [_entry(entry, options) for entry in statistics.legs],
        "errors": _errors(statistics.errors, options),
        "lag": {
            "requests": _numbers(summary.lag.requests, options),
            "users": _numbers(summary.lag.users, options),
            "throttled": summary.lag.throttled,
        },
        "delivery": _delivery(summary.replies),
        "metrics": _metrics(summary.metrics),
        "conservation": _conservation(summary.card),
        "assertions": [
            {
                "message": verdict.message,
                "passed": verdict.passed,
                "actual": verdict.actual,
                "hint": verdict.hint,
            }
            for verdict in summary.verdicts
        ],
        "log_problems": list(summary.problems),
    }
