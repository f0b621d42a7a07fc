"""Holds the assertions of a plan against the statistics, with Gatling's meaning and wording.

Values are Gatling's: whole milliseconds of good and failed requests together, requests divided by
whole seconds.  A group's times are its cumulated ones.
"""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from gatlingpy.plan.assertion_text import (
    assertion_text,
    condition_text,
    double_text,
    expected_values,
    path_text,
    target_text,
)
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
from gatlingpy.report.numbers import half_up, percent, percentile, to_ms
from gatlingpy.report.statistics import Entry, Statistics


@dataclass(frozen=True, slots=True)
class Verdict:
    """One assertion, or one request of a ``for_all``, judged."""

    message: str
    """Gatling's sentence, without the result."""
    passed: bool
    actual: float | None
    """The value found; ``None`` if nothing has that path."""
    path: str
    target: str
    condition: str
    expected: tuple[float, ...]
    hint: str = ""
    """What else may have been meant, if nothing has that path."""

    @property
    def actual_text(self) -> str:
        """The value found as Gatling prints it, ``-`` if there is none."""
        return "-" if self.actual is None else double_text(self.actual)

    @property
    def line(self) -> str:
        """The line of the terminal."""
        hint = f"; {self.hint}" if self.hint else ""
        result = "true" if self.passed else "false"
        return f"{self.message} : {result} (actual : {self.actual_text}){hint}"


def _count(entry: Entry, metric: Metric) -> int:
    split = entry.gatling
    match metric:
        case Metric.ALL:
            return split.total.count
        case Metric.SUCCESSFUL:
            return split.ok.count
        case Metric.FAILED:
            return split.ko.count
    assert_never(metric)


def _percent(entry: Entry, metric: Metric) -> float:
    whole = entry.gatling.total.count
    if metric is Metric.ALL:
        return 100.0
    if not whole:  # Gatling's: nothing succeeded, so everything failed
        return 100.0 if metric is Metric.FAILED else 0.0
    return percent(_count(entry, metric), whole)


def _response_time(entry: Entry, target: ResponseTimeTarget) -> float:
    numbers = entry.gatling.total
    match target.statistic:
        case Statistic.MIN:
            return numbers.minimum
        case Statistic.MAX:
            return numbers.maximum
        case Statistic.MEAN:
            return numbers.mean
        case Statistic.STD_DEV:
            return numbers.deviation
        case Statistic.PERCENTILE:
            return half_up(percentile(to_ms(entry.sample), target.rank)) if numbers.count else 0
    assert_never(target.statistic)


def _actual(entry: Entry, target: Target) -> float:
    match target:
        case CountTarget(metric):
            return float(_count(entry, metric))
        case PercentTarget(metric):
            return _percent(entry, metric)
        case ResponseTimeTarget():
            return float(_response_time(entry, target))
        case RequestsPerSecTarget():
            return entry.gatling.total.per_second
    assert_never(target)


def _compare(actual: float, comparison: Comparison, value: float) -> bool:
    match comparison:
        case Comparison.LT:
            return actual < value
        case Comparison.LTE:
            return actual <= value
        case Comparison.GT:
            return actual > value
        case Comparison.GTE:
            return actual >= value
        case Comparison.IS:
            return actual == value
    assert_never(comparison)


def meets(actual: float, condition: Condition) -> bool:
    """Tell whether a value meets a condition."""
    match condition:
        case Compare(comparison, value):
            return _compare(actual, comparison, value)
        case Between(low, high, inclusive=True):
            return low <= actual <= high
        case Between(low, high):
            return low < actual < high
        case In(values):
            return actual in values
    assert_never(condition)


def _find(statistics: Statistics, parts: tuple[str, ...]) -> Entry | None:
    """Groups hide requests of the same path, as in Gatling; legs come last."""
    if not parts:
        return statistics.total
    entries = (*statistics.groups, *statistics.requests, *statistics.legs)
    return next((entry for entry in entries if entry.path == parts), None)


def _entries(statistics: Statistics, path: AssertionPath) -> Iterator[tuple[str, Entry]]:
    match path:
        case GlobalPath():
            yield path_text(path), statistics.total
        case ForAllPath():
            for entry in statistics.requests:
                yield entry.title, entry
        case DetailsPath(parts):
            entry_or_none = _find(statistics, parts)
            if entry_or_none is not None:
                yield path_text(path), entry_or_none


def _hint(statistics: Statistics, parts: tuple[str, ...]) -> str:
    entries = (*statistics.groups, *statistics.requests, *statistics.legs)
    paths = {entry.title: entry.path for entry in entries}
    wanted = " / ".join(parts)
    last = [title for title, path in paths.items() if path[-1] == parts[-1]]
    near = last or difflib.get_close_matches(wanted, paths, n=1, cutoff=0.4)
    if not near:
        return ""
    arguments = ", ".join(f'"{part}"' for part in paths[near[0]])
    return f"nearest is details({arguments})"


def _not_found(statistics: Statistics, assertion: Assertion, path: DetailsPath) -> Verdict:
    return Verdict(
        f"Could not find stats matching assertion path List({', '.join(path.parts)})",
        passed=False,
        actual=None,
        path=path_text(path),
        target=target_text(assertion.target),
        condition=condition_text(assertion.condition),
        expected=expected_values(assertion.condition),
        hint=_hint(statistics, path.parts),
    )


def _judge_one(statistics: Statistics, assertion: Assertion) -> Iterator[Verdict]:
    found = False
    for path, entry in _entries(statistics, assertion.path):
        found = True
        actual = _actual(entry, assertion.target)
        yield Verdict(
            assertion_text(assertion, path),
            meets(actual, assertion.condition),
            actual,
            path,
            target_text(assertion.target),
            condition_text(assertion.condition),
            expected_values(assertion.condition),
        )
    if not found and isinstance(assertion.path, DetailsPath):
        yield _not_found(statistics, assertion, assertion.path)


def judge(statistics: Statistics, assertions: Sequence[Assertion]) -> tuple[Verdict, ...]:
    """Return a verdict for each assertion, and for each request of a ``for_all``."""
    return tuple(
        verdict for assertion in assertions for verdict in _judge_one(statistics, assertion)
    )
