"""How numbers look on the pages."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final


def whole(number: int) -> str:
    """Write a count with a thin space between thousands."""
    return f"{number:,}".replace(",", "\u202f")


def milliseconds(time_us: int) -> str:
    """Write microseconds as milliseconds with about four digits."""
    value = time_us / 1000
    if value >= 1000:
        return whole(int(value + 0.5))
    decimals = 1 if value >= 100 else 2 if value >= 10 else 3
    return f"{value:.{decimals}f}"


def rate(value: float) -> str:
    """Write a rate with about four digits."""
    if value >= 1000:
        return whole(int(value + 0.5))
    return f"{value:.{2 if value >= 10 else 3}f}"


def percent(part: int, of: int) -> str:
    """Write a share with two decimals; something is never 0 %, and not all is never 100 %."""
    if not of:
        return "0"
    share = part * 100 / of
    if part and share < 0.005:
        return "< 0.01"
    if part < of and share >= 99.995:
        return "> 99.99"
    return f"{share:.2f}"


def duration(seconds: float) -> str:
    """Write a length of time in its two largest units."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    total = int(seconds + 0.5)
    minutes, rest = divmod(total, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min"
    return f"{hours // 24} d {hours % 24} h"


def length_text(seconds: float) -> str:
    """Write a length of time that somebody has chosen, to the millisecond."""
    return f"{seconds:g} s" if seconds < 120 else duration(seconds)


def plain(value: float) -> str:
    """Write any number briefly."""
    return whole(value) if isinstance(value, int) else f"{value:.6g}"


def measured(value: float) -> str:
    """Write a number that was read, with about four digits."""
    if value == int(value) or abs(value) >= 1000:
        return whole(round(value))
    return f"{value:.4g}"


def moment(epoch_us: int) -> str:
    """Write a moment to the microsecond, in UTC; one beyond the calendar as a number."""
    try:
        second = datetime.fromtimestamp(epoch_us // 1_000_000, UTC)
    except (ValueError, OverflowError, OSError):
        return str(epoch_us)
    return f"{second:%Y-%m-%d %H:%M:%S}.{epoch_us % 1_000_000:06d}"


_UNITS: Final = {"_us": 1_000, "_ns": 1_000_000, "_ms": 1}


def health_name(name: str) -> str:
    """Write a counter's name in words; one that ends in a unit of time loses it."""
    bare = name[:-3] if name[-3:] in _UNITS else name.removesuffix("_s")
    return bare.replace("_", " ").replace(".", " ")


def health_value(value: float, name: str) -> str:
    """Write a counter's value; a time of another unit than seconds becomes milliseconds."""
    unit = _UNITS.get(name[-3:])
    if name.endswith("_s"):
        return f"{value:.6g} s"
    return plain(value) if unit is None else f"{value / unit:.6g} ms"


FILTERS: Final[dict[str, Callable[..., str]]] = {
    "whole": whole,
    "ms": milliseconds,
    "rate": rate,
    "percent": percent,
    "span": duration,
    "length_text": length_text,
    "plain": plain,
    "measured": measured,
    "moment": moment,
    "health_name": health_name,
    "health_value": health_value,
}
