"""Durations as users write them: seconds, a timedelta, or text such as ``500ms``."""

from datetime import timedelta
from typing import TypeAlias

from gatlingpy.errors import UsageError
from gatlingpy.plan.duration import duration_ns

Duration: TypeAlias = float | timedelta | str
"""Seconds as a number, a ``timedelta``, or text with a unit: ``ms``, ``s``, ``m`` or ``h``."""


def to_ns(duration: Duration, what: str) -> int:
    """Turn a duration into integer nanoseconds; raises UsageError naming ``what`` if it is none."""
    ns = duration_ns(duration)
    if ns is None:
        raise UsageError(
            f"{what} must be seconds as a number, a timedelta or text such as '500ms', "
            f"got {duration!r}"
        )
    if ns < 0:
        raise UsageError(f"{what} must not be negative, got {duration!r}")
    return ns
