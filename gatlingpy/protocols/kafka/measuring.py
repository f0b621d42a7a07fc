"""What is wrong, or doubtful, with how often the metrics of clients are wanted."""

from collections.abc import Iterator
from typing import Final

_LEAST_NS: Final = 1_000_000
_FINE_NS: Final = 100_000_000


def interval_problems(interval_ns: int | None) -> Iterator[str]:
    """Yield why no metrics can be had so often; librdkafka counts in milliseconds."""
    if interval_ns is not None and interval_ns < _LEAST_NS:
        yield (
            f"metric_injection_interval(...) must be at least 1 ms, got {interval_ns / 1e6:g} ms; "
            "leave it out to have no metrics"
        )


def interval_warnings(interval_ns: int | None) -> Iterator[str]:
    """Yield what so short an interval costs."""
    if interval_ns is not None and _LEAST_NS <= interval_ns < _FINE_NS:
        yield (
            f"metric_injection_interval(...) is {interval_ns / 1e6:g} ms: each client tells all it "
            "knows that often, which takes processor time from the injector; 100 ms or more is "
            "enough to see what changes"
        )
