"""The block at the end of a run on the terminal, in Gatling 3.9.5's layout."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from gatlingpy.plan.assertion_text import rank_text
from gatlingpy.report.numbers import Numbers, half_up, percent
from gatlingpy.report.statistics import Entry, Statistics

if TYPE_CHECKING:
    from gatlingpy.report.build import ReportResult

WIDTH: Final = 80
_MESSAGE: Final = 62
_NAME: Final = 32


def _number(value: float) -> str:
    """Write at most three decimals, and none that are zero."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _line(name: str, entry: Entry, read: Callable[[Numbers], float]) -> str:
    split = entry.gatling
    total, ok, ko = (
        _number(read(numbers)) if numbers.count else "-"
        for numbers in (split.total, split.ok, split.ko)
    )
    return f"> {name:<{_NAME}} {total:>10} (OK={ok:<6} KO={ko:<6})"


def _rank(place: int) -> Callable[[Numbers], float]:
    return lambda numbers: numbers.percentiles[place]


def _global(statistics: Statistics) -> Iterator[str]:
    total = statistics.total
    split = total.gatling
    counts = (split.total.count, split.ok.count, split.ko.count)
    yield "---- Global Information ".ljust(WIDTH, "-")
    yield f"> {'request count':<{_NAME}} {counts[0]:>10} (OK={counts[1]:<6} KO={counts[2]:<6})"
    yield _line("min response time", total, lambda numbers: numbers.minimum)
    yield _line("max response time", total, lambda numbers: numbers.maximum)
    yield _line("mean response time", total, lambda numbers: numbers.mean)
    yield _line("std deviation", total, lambda numbers: numbers.deviation)
    for place, rank in enumerate(statistics.options.ranks):
        yield _line(f"response time {rank_text(rank)} percentile", total, _rank(place))
    yield _line("mean requests/sec", total, lambda numbers: numbers.per_second)


def _ranges(statistics: Statistics) -> Iterator[str]:
    options = statistics.options
    names = (
        f"t < {options.lower_ms} ms",
        f"{options.lower_ms} ms <= t < {options.higher_ms} ms",
        f"t >= {options.higher_ms} ms",
        "failed",
    )
    whole = statistics.total.gatling.total.count
    yield "---- Response Time Distribution ".ljust(WIDTH, "-")
    for name, count in zip(names, statistics.total.gatling_ranges.counts, strict=True):
        share = half_up(percent(count, whole)) if whole else 0
        yield f"> {name:<{_NAME}} {count:>10} ({share:>3}%)"


def _errors(statistics: Statistics) -> Iterator[str]:
    if not statistics.errors:
        return
    whole = sum(count for _, count in statistics.errors)
    yield "---- Errors ".ljust(WIDTH, "-")
    for message, count in statistics.errors[: statistics.options.max_errors]:
        text = " ".join(message.split()) or "<no-message>"
        share = f"{count * 100 / whole:.2f}".rstrip("0").rstrip(".")
        yield f"> {text[:_MESSAGE]:<{_MESSAGE}} {count:>6} ({share:>5}%)"
        if len(text) > _MESSAGE:
            yield f"  {text[_MESSAGE : 2 * _MESSAGE]}"


def _warm_up(result: "ReportResult") -> Iterator[str]:
    warm_up = result.summary.warm_up
    if warm_up is not None:
        yield f"{'! ' if warm_up.nothing_left else ''}warm-up: {warm_up.sentence}"


def _printable(line: str) -> str:
    """Names may hold anything; a terminal must not be moved or cleared by them."""
    shown = "".join(char if char.isprintable() else " " for char in line)
    return shown.encode(errors="replace").decode()


def end_of_run_text(result: "ReportResult") -> str:
    """Return the block: global information, distribution, errors, and a line an assertion."""
    statistics = result.summary.statistics
    lines = [
        "=" * WIDTH,
        *_global(statistics),
        *_ranges(statistics),
        *_errors(statistics),
        "=" * WIDTH,
    ]
    lines += _warm_up(result)
    lines += [f"! {problem}" for problem in (*result.summary.card.problems, *result.problems)]
    lines += [f"note: {note}" for note in result.summary.card.notes]
    lines += [verdict.line for verdict in result.verdicts]
    return "\n".join(map(_printable, lines))
