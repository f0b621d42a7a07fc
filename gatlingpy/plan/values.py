"""Values of a wanted type from what users give: numbers, truth, seconds."""

from contextlib import suppress
from decimal import Decimal
from math import isfinite
from numbers import Real

from gatlingpy.errors import ExpressionError
from gatlingpy.plan.duration import duration_ns
from gatlingpy.plan.glimpse import glimpse


def number(value: object, what: str) -> float:
    """Return a finite number, or the one that a text holds.

    Raises ExpressionError, naming ``what``, for anything else; truth values are no numbers.
    """
    if not isinstance(value, bool) and isinstance(value, Real | Decimal | str):
        with suppress(ValueError, OverflowError):
            if isfinite(found := float(value)):
                return found
    raise _not_a("a number", value, what)


def whole_number(value: object, what: str) -> int:
    """Return a number without a fraction, or the one that a text holds; it may be negative.

    Raises ExpressionError, naming ``what``, for anything else, and does not round.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        with suppress(ValueError):
            return int(value)
    with suppress(ExpressionError):
        if (found := number(value, what)).is_integer():
            return int(found)
    raise _not_a("a whole number", value, what)


def truth(value: object, what: str) -> bool:
    """Return a truth value, or the one that ``true`` or ``false``, in any case, stands for.

    Raises ExpressionError, naming ``what``, for anything else: 0, an empty text or ``None`` are
    more often mistakes than answers.
    """
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    if word in ("true", "false"):
        return word == "true"
    raise _not_a("true or false", value, what)


def seconds(value: object, what: str) -> float:
    """Return seconds from a number, text of one, a timedelta or text such as ``500ms``.

    They may be negative.  Raises ExpressionError, naming ``what``, for anything else.
    """
    with suppress(ExpressionError):
        return number(value, what)
    ns = duration_ns(value)
    if ns is None:
        wanted = "seconds as a number, a timedelta or text such as '500ms'"
        raise _not_a(wanted, value, what)
    return ns / 1_000_000_000


def _not_a(wanted: str, value: object, what: str) -> ExpressionError:
    return ExpressionError(f"{what} must be {wanted}, got {glimpse(value)}")
