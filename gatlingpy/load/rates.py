"""How many requests a throttle lets through in each second.

``reach_rps(10).in_(5)``, ``hold_for(2)``, ``jump_to_rps(4)``, ``hold_for(2)``::

    second     0   1   2   3   4   5   6   7   8   9
    limit      2   4   6   8  10  10  10   4   4   none: the throttle is over, and so is the run
"""

from collections.abc import Iterator

from gatlingpy.plan.throttle import Throttle, slopes, total_duration_ns

__all__ = ["limits", "requests_allowed", "total_duration_ns"]


def requests_allowed(throttle: Throttle, second: int) -> int | None:
    """Return how many requests may start in a second, counted from 0; ``None`` after the end."""
    passed = 0
    for slope in slopes(throttle):
        if second < passed + slope.seconds:
            return slope.limit(second - passed)
        passed += slope.seconds
    return None


def limits(throttle: Throttle) -> Iterator[int]:
    """Yield the limit of each second, lazily, from the first to the last."""
    for slope in slopes(throttle):
        yield from map(slope.limit, range(slope.seconds))
