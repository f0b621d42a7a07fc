"""What counts as a duration: seconds as a number, a timedelta, or text such as ``500ms``."""

import re
from datetime import timedelta
from typing import Final

LONGEST_S: Final = 1e14
"""Three million years: what is longer is no duration, and its end could not be counted."""
_UNITS_NS: Final = {"ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3_600 * 10**9}
_TEXT: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h)\s*")


def duration_ns(duration: object) -> int | None:
    """Return a duration in whole nanoseconds, or ``None`` for what is none; it may be negative.

    Text needs a unit: ``ms``, ``s``, ``m`` or ``h``.  From ``LONGEST_S`` on it is none.
    """
    match duration:
        case timedelta():
            return (duration // timedelta(microseconds=1)) * 1_000
        case bool():
            return None
        case int() | float() if abs(duration) < LONGEST_S:
            return round(duration * 1_000_000_000)
        case str() if match := _TEXT.fullmatch(duration):
            ns = float(match.group(1)) * _UNITS_NS[match.group(2)]
            return round(ns) if ns < LONGEST_S * 1e9 else None
    return None
