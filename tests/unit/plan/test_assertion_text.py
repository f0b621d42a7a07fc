"""Assertions in words: Gatling's own for what it has, and like them for what is ours."""

import pytest

from gatlingpy.plan.assertion_text import assertion_text, double_text, rank_text
from gatlingpy.plan.assertions import (
    Assertion,
    Compare,
    Comparison,
    CountTarget,
    Delivery,
    DeliveryTarget,
    DetailsPath,
    GaugeTarget,
    GlobalPath,
    In,
    LagKind,
    LagTarget,
    Metric,
    Reading,
    ResponseTimeTarget,
    Statistic,
    Target,
)

ALL = CountTarget(Metric.ALL)


@pytest.mark.parametrize(
    ("value", "text"),
    [(1000, "1000.0"), (0, "0.0"), (200 / 3, "66.66666666666667"), (1e7, "1.0E7"), (12345678.5, "1.23456785E7"), (1e-4, "1.0E-4"), (-2.5, "-2.5"), (0.001, "0.001"), (float("inf"), "Infinity")],
)  # fmt: skip
def test_numbers_as_java_writes_them(value: float, text: str) -> None:
    """Doubles always have a decimal; very large and very small ones an exponent."""
    assert text == double_text(value)


@pytest.mark.parametrize(
    ("rank", "text"),
    [(50, "50th"), (1, "1st"), (22, "22nd"), (3, "3rd"), (11, "11th"), (99.9, "99.9th"), (99.91, "99.91st"), (float("inf"), "Infinityth"), (float("nan"), "NaNth"), (95.0, "95th")],
)  # fmt: skip
def test_ranks_in_words(rank: float, text: str) -> None:
    """A fraction takes its ending from its two decimals."""
    assert text == rank_text(rank)


def test_in_is_a_list() -> None:
    """Scala's spelling of a list."""
    assertion = Assertion(GlobalPath(), ALL, In((1, 2)))
    assert "Global: count of all events is in List(1.0, 2.0)" == assertion_text(assertion)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (
            ResponseTimeTarget(Statistic.PERCENTILE, 99, Metric.SUCCESSFUL),
            "99th percentile of response time of successful events",
        ),
        (
            ResponseTimeTarget(Statistic.STD_DEV, metric=Metric.FAILED),
            "standard deviation of response time of failed events",
        ),
        (LagTarget(LagKind.REQUESTS, Statistic.PERCENTILE, 99.9), "99.9th percentile of arrival lag"),
        (LagTarget(LagKind.USERS, Statistic.MAX), "max of user start lag"),
        (GaugeTarget("kafka-consumer-lag-max", Reading.MAX), "max of kafka-consumer-lag-max"),
        (GaugeTarget("depth", Reading.LAST), "last of depth"),
        (DeliveryTarget(Delivery.DUPLICATE), "count of duplicate replies"),
        (DeliveryTarget(Delivery.LATE_DELIVERY), "count of late deliveries"),
    ],
)  # fmt: skip
def test_what_is_ours_reads_like_gatlings(target: Target, words: str) -> None:
    """Path, number and condition, in the same places."""
    condition = Compare(Comparison.LT, 5)
    assert f"Pay: {words} is less than 5.0" == assertion_text(
        Assertion(DetailsPath(("Pay",)), target, condition)
    )
