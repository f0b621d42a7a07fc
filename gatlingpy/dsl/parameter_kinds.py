"""The types that a parameter can have: how each is read from text and from a program's values."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from gatlingpy.plan.duration import duration_ns
from gatlingpy.plan.parameters import ParameterValue

_TRUTHS: Final = {
    "true": True, "yes": True, "on": True, "1": True,
    "false": False, "no": False, "off": False, "0": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """One type: its name, what a user must give, and how that is read."""

    name: str
    wanted: str
    read: Callable[[object], object | None]
    """The typed value of what a program gave; ``None`` if it is of another type."""
    parse: Callable[[str], object | None]
    """The typed value of a text; ``None`` if it is none."""
    freeze: Callable[[object], ParameterValue]
    """The value as a plan holds it."""
    nothing: object
    """What a constructor goes on with where there is no value, until all problems are told."""

    def typed(self, value: object) -> object | None:
        """Return the value of a text or of what a program gave, or ``None`` if it is neither."""
        found = self.read(value)
        return self.parse(value) if found is None and isinstance(value, str) else found


def _whole(value: object) -> object | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _parse_whole(text: str) -> object | None:
    try:
        return int(text)
    except ValueError:
        return None


def _number(value: object) -> object | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def _parse_number(text: str) -> object | None:
    try:
        return _number(float(text))
    except ValueError:
        return None


def _text(value: object) -> object | None:
    return value if isinstance(value, str) else None


def _truth(value: object) -> object | None:
    return value if isinstance(value, bool) else None


def _parse_truth(text: str) -> object | None:
    return _TRUTHS.get(text.strip().lower())


def _duration(value: object) -> object | None:
    ns = duration_ns(value)
    return timedelta(microseconds=ns / 1000) if ns is not None and ns >= 0 else None


def _parse_duration(text: str) -> object | None:
    return _duration(_parse_number(text))


def _freeze_plain(value: object) -> ParameterValue:
    if isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{type(value).__name__} is no parameter's value")


def _freeze_duration(value: object) -> ParameterValue:
    ms = (duration_ns(value) or 0) / 1_000_000
    return f"{ms / 1000:.15g}s" if ms >= 1000 else f"{ms:.15g}ms"


KINDS: Final[Mapping[object, Kind]] = {
    bool: Kind("bool", "true or false (bool)", _truth, _parse_truth, _freeze_plain, nothing=False),
    int: Kind("int", "a whole number (int)", _whole, _parse_whole, _freeze_plain, nothing=1),
    float: Kind("float", "a number (float)", _number, _parse_number, _freeze_plain, nothing=1.0),
    str: Kind("str", "text (str)", _text, _text, _freeze_plain, nothing=""),
    timedelta: Kind(
        "duration", "a duration such as 30, 1.5s or 500ms", _duration, _parse_duration,
        _freeze_duration, nothing=timedelta(seconds=1),
    ),
}  # fmt: skip
"""By the Python type that ``param`` is given."""
