"""``kafka()``: how often metrics are wanted, and what else is measured."""

from datetime import timedelta

import pytest

from gatlingpy import kafka
from gatlingpy.errors import UsageError

PROTOCOL = kafka().bootstrap_servers("h:1")


@pytest.mark.parametrize("interval", [0.5, timedelta(milliseconds=500), "500ms"])
def test_an_interval_is_any_duration(interval: float | timedelta | str) -> None:
    """By default there is none."""
    assert PROTOCOL.plan.metric_injection_interval_ns is None
    plan = PROTOCOL.metric_injection_interval(interval).plan
    assert plan.metric_injection_interval_ns == 500_000_000
    assert list(plan.problems()) == []


def test_an_interval_that_is_too_short_is_refused() -> None:
    """librdkafka counts in milliseconds."""
    for interval in (0, "0.4ms"):
        (problem,) = PROTOCOL.metric_injection_interval(interval).plan.problems()
        assert "at least 1 ms" in problem
    with pytest.raises(UsageError, match=r"test_measuring_metrics.py:\d+: metric_injection_inter"):
        PROTOCOL.metric_injection_interval("often")


def test_an_interval_below_100_ms_is_warned_about() -> None:
    """With what it costs."""
    (warning,) = PROTOCOL.metric_injection_interval("99ms").plan.warnings(())
    assert "99 ms" in warning
    assert list(PROTOCOL.metric_injection_interval("100ms").plan.warnings(())) == []
    assert list(PROTOCOL.plan.warnings(())) == []


def test_switches_are_true_or_false() -> None:
    """Off by default, on without an argument."""
    assert not PROTOCOL.plan.measure_store_latency
    assert not PROTOCOL.plan.use_timestamp_header
    assert PROTOCOL.measure_store_latency().plan.measure_store_latency
    assert PROTOCOL.use_timestamp_header(True).plan.use_timestamp_header
    assert not PROTOCOL.use_timestamp_header().use_timestamp_header(False).plan.use_timestamp_header
    with pytest.raises(UsageError, match=r"measure_store_latency\(...\) takes True or False, got"):
        PROTOCOL.measure_store_latency("yes")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"use_timestamp_header\(...\) takes True or False, got 1"):
        PROTOCOL.use_timestamp_header(1)  # type: ignore[arg-type]
