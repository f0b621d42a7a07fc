"""Assertions in Gatling's words.

``assertion_text(assertion)`` is ``Global: percentage of successful events is greater than 99.0``.
"""

import math
from typing import Final, assert_never

from gatlingpy.plan.assertions import (
    Assertion,
    AssertionPath,
    Between,
    Compare,
    Comparison,
    Condition,
    CountTarget,
    Delivery,
    DeliveryTarget,
    DetailsPath,
    ForAllPath,
    GaugeTarget,
    GlobalPath,
    In,
    LagTarget,
    Metric,
    PercentTarget,
    RequestsPerSecTarget,
    ResponseTimeTarget,
    Statistic,
    Target,
)

_METRICS: Final = {
    Metric.ALL: "all events",
    Metric.SUCCESSFUL: "successful events",
    Metric.FAILED: "failed events",
}
_COMPARISONS: Final = {
    Comparison.LT: "is less than",
    Comparison.LTE: "is less than or equal to",
    Comparison.GT: "is greater than",
    Comparison.GTE: "is greater than or equal to",
    Comparison.IS: "is",
}
_DELIVERY: Final = {
    Delivery.LATE: "late replies",
    Delivery.DUPLICATE: "duplicate replies",
    Delivery.ORPHAN: "orphan replies",
    Delivery.FOREIGN: "foreign replies",
    Delivery.LATE_DELIVERY: "late deliveries",
}


def double_text(value: float) -> str:
    """Write a number as Java writes a double: ``1000.0``, ``1.0E7``, ``66.66666666666667``."""
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        plain = repr(value)
        return plain if "e" not in plain else f"{value:f}"
    digits, exponent = f"{value!r}".split("e") if "e" in repr(value) else _scientific(value)
    whole = digits if "." in digits else f"{digits}.0"
    return f"{whole}E{int(exponent)}"


def _scientific(value: float) -> tuple[str, str]:
    """Move the point behind the first digit, with the fewest digits that give the same number."""
    for precision in range(17):
        text = f"{value:.{precision}e}"
        if float(text) == value:
            break
    digits, exponent = text.split("e")
    return digits, exponent


def rank_text(rank: float) -> str:
    """Write a percentile's rank: ``50th``, ``1st``, ``99.9th``, ``99.91st``."""
    if not math.isfinite(rank):  # a foreign log may hold anything
        return f"{double_text(rank)}th"
    whole = rank == int(rank)
    # Gatling takes the ending of a fraction from its two decimals alone.
    number = int(rank) if whole else int(round(rank * 100, 6)) % 100
    endings = {1: "st", 2: "nd", 3: "rd"}
    ending = "th" if number % 100 in {11, 12, 13} else endings.get(number % 10, "th")
    return f"{int(rank) if whole else rank}{ending}"


def path_text(path: AssertionPath) -> str:
    """Name what the assertion looks at."""
    match path:
        case GlobalPath():
            return "Global"
        case ForAllPath():
            return "For all requests"
        case DetailsPath(parts):
            return " / ".join(parts) if parts else "Global"
    assert_never(path)


def target_text(target: Target) -> str:
    """Name the number that the assertion takes."""
    match target:
        case CountTarget(metric):
            return f"count of {_METRICS[metric]}"
        case PercentTarget(metric):
            return f"percentage of {_METRICS[metric]}"
        case RequestsPerSecTarget():
            return "mean requests per second"
        case ResponseTimeTarget(statistic, rank, metric):
            of = "" if metric is Metric.ALL else f" of {_METRICS[metric]}"
            return f"{_statistic(statistic, rank)} of response time{of}"
        case LagTarget(kind, statistic, rank):
            return f"{_statistic(statistic, rank)} of {kind.value}"
        case GaugeTarget(name, reading):
            return f"{reading.value} of {name}"
        case DeliveryTarget(kind):
            return f"count of {_DELIVERY[kind]}"
    assert_never(target)


def _statistic(statistic: Statistic, rank: float) -> str:
    if statistic is Statistic.PERCENTILE:
        return f"{rank_text(rank)} percentile"
    return statistic.value


def condition_text(condition: Condition) -> str:
    """Name the comparison, without its numbers."""
    match condition:
        case Compare(comparison):
            return _COMPARISONS[comparison]
        case Between(inclusive=inclusive):
            return "is between inclusive" if inclusive else "is between"
        case In():
            return "is in"
    assert_never(condition)


def expected_values(condition: Condition) -> tuple[float, ...]:
    """Return the numbers of a condition."""
    match condition:
        case Compare(value=value):
            return (float(value),)
        case Between(low, high):
            return (float(low), float(high))
        case In(values):
            return tuple(float(value) for value in values)
    assert_never(condition)


def expected_text(condition: Condition) -> str:
    """Write the numbers of a condition."""
    numbers = [double_text(value) for value in expected_values(condition)]
    match condition:
        case Compare():
            return numbers[0]
        case Between():
            return " and ".join(numbers)
        case In():
            return f"List({', '.join(numbers)})"
    assert_never(condition)


def assertion_text(assertion: Assertion, path: str | None = None) -> str:
    """Return the whole sentence; ``path`` stands for the assertion's own, as ``for_all`` needs."""
    where = path_text(assertion.path) if path is None else path
    target, condition = target_text(assertion.target), condition_text(assertion.condition)
    return f"{where}: {target} {condition} {expected_text(assertion.condition)}"
