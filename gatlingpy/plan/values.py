"""Values of a wanted type from what users give: numbers, truth, text, seconds."""

from contextlib import suppress
from decimal import Decimal
from math import isfinite
from numbers import Real

from gatlingpy.attributes import as_truth, as_whole_number
from gatlingpy.errors import ExpressionError
from gatlingpy.plan.duration import LONGEST_S, duration_ns
from gatlingpy.plan.glimpse import glimpse, said


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
    if (whole := as_whole_number(value)) is not None:
        return whole
    with suppress(ExpressionError):
        if (found := number(value, what)).is_integer():
            return int(found)
    raise _not_a("a whole number", value, what)


def truth(value: object, what: str) -> bool:
    """Return a truth value, or the one that ``true`` or ``false``, in any case, stands for.

    Raises ExpressionError, naming ``what``, for anything else: 0, an empty text or ``None`` are
    more often mistakes than answers.
    """
    if (found := as_truth(value)) is None:
        raise _not_a("true or false", value, what)
    return found


def text(value: object, what: str) -> str:
    """Return a value as ``str`` writes it; raises ExpressionError, naming ``what``, if that fails.

    A value's own ``__str__`` may raise anything.
    """
    try:
        return str(value)
    except BaseException as error:
        raise ExpressionError(f"{what} cannot be written as text: {said(error)}") from error


def seconds(value: object, what: str) -> float:
    """Return seconds from a number, text of one, a timedelta or text such as ``500ms``.

    They may be negative.  Raises ExpressionError, naming ``what``, for anything else, and for what
    is too long to be one.
    """
    with suppress(ExpressionError):
        if abs(found := number(value, what)) < LONGEST_S:
            return found
    ns = duration_ns(value)
    if ns is None:
        wanted = "seconds as a number, a timedelta or text such as '500ms'"
        raise _not_a(wanted, value, what)
    return ns / 1_000_000_000


def _not_a(wanted: str, value: object, what: str) -> ExpressionError:
    return ExpressionError(f"{what} must be {wanted}, got {glimpse(value)}")
