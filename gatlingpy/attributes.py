"""Attributes read as what they should be, with a message that tells what they are instead."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from enum import Enum, auto
from reprlib import repr as brief
from typing import Final, TypeAlias, TypeVar

from gatlingpy.errors import ExpressionError

T = TypeVar("T")
D = TypeVar("D")


class Missing(Enum):
    """Stands for a default that was not given; ``None`` is a default like any other."""

    MISSING = auto()


MISSING: Final = Missing.MISSING
Reading: TypeAlias = Callable[[object], T | None]
"""Gives a value as a type, or ``None`` if it is nothing of the kind."""


def read(
    attributes: Mapping[str, object],
    key: str,
    wanted: str,
    reading: Reading[T],
    default: D | Missing,
) -> T | D:
    """Return an attribute as what ``wanted`` names, or ``default`` if it is not there.

    Raises ExpressionError if it is there and something else, whatever the default, and if it is
    missing and there is no default.
    """
    if key not in attributes:
        if default is MISSING:
            raise undefined(key)
        return default
    value = attributes[key]
    found = reading(value)
    if found is None:
        is_ = f"{type(value).__name__}: {brief(value)}"
        raise ExpressionError(f"attribute {key!r} should be {wanted}, but it is {is_}")
    return found


def undefined(key: str) -> ExpressionError:
    """Return the error for an attribute that is not there."""
    return ExpressionError(f"No attribute named {key!r} is defined")


def as_text(value: object) -> str | None:
    """Read a text."""
    return value if isinstance(value, str) else None


def as_whole_number(value: object) -> int | None:
    """Read an ``int``, or a text that is one, as CSV files hold them."""
    if isinstance(value, str):
        with suppress(ValueError):
            return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def as_number(value: object) -> float | None:
    """Read a ``float``, an ``int`` or a text that is one."""
    if isinstance(value, str):
        with suppress(ValueError):
            return float(value)
    return float(value) if isinstance(value, float | int) and not isinstance(value, bool) else None


def as_truth(value: object) -> bool | None:
    """Read a ``bool``, or the text ``true`` or ``false`` in any case."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def as_sequence(value: object) -> Sequence[object] | None:
    """Read a list, a tuple or another sequence that is no text."""
    is_text = isinstance(value, str | bytes | bytearray)
    return value if isinstance(value, Sequence) and not is_text else None


def as_set(value: object) -> AbstractSet[object] | None:
    """Read a set."""
    return value if isinstance(value, AbstractSet) else None


def as_mapping(value: object) -> Mapping[str, object] | None:
    """Read a mapping, such as a JSON object."""
    return value if isinstance(value, Mapping) else None
