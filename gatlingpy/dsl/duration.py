"""Durations as users write them: seconds, a timedelta, or text such as ``500ms``."""

import math
import re
from datetime import timedelta
from typing import TypeAlias

from gatlingpy.errors import UsageError

Duration: TypeAlias = float | timedelta | str
"""Seconds as a number, a ``timedelta``, or text with a unit: ``ms``, ``s``, ``m`` or ``h``."""

_UNITS_NS = {"ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000, "h": 3_600_000_000_000}
_TEXT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h)\s*")


def to_ns(duration: Duration, what: str) -> int:
    """Turn a duration into integer nanoseconds; raises UsageError naming ``what`` if it is none."""
    match duration:
        case timedelta():
            ns = (duration // timedelta(microseconds=1)) * 1_000
        case bool():
            raise _refused(duration, what)
        case int() | float() if math.isfinite(duration):
            ns = round(duration * 1_000_000_000)
        case str() if match := _TEXT.fullmatch(duration):
            ns = round(float(match.group(1)) * _UNITS_NS[match.group(2)])
        case _:
            raise _refused(duration, what)
    if ns < 0:
        raise UsageError(f"{what} must not be negative, got {duration!r}")
    return ns


def _refused(duration: object, what: str) -> UsageError:
    return UsageError(
        f"{what} must be seconds as a number, a timedelta or text such as '500ms', got {duration!r}"
    )
