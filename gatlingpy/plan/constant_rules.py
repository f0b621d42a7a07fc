"""What constants must be where a number, a time, a truth, a text or a list is wanted.

Templates and functions are known only while a user runs; of them only what can never be is told.
"""

import math
from collections.abc import Iterator

from gatlingpy.errors import UsageError
from gatlingpy.plan.code import Const, Expr, Structure, Template
from gatlingpy.plan.duration import LONGEST_S
from gatlingpy.plan.frozen import FrozenMap, thaw
from gatlingpy.plan.glimpse import glimpse
from gatlingpy.plan.pauses import (
    CustomPauses,
    NormalPercentagePauses,
    PauseType,
    UniformPercentagePauses,
)
from gatlingpy.plan.template import parse


def whole_number(expr: Expr, what: str, least: int) -> Iterator[str]:
    """Yield a problem if a constant is no whole number from ``least`` on."""
    if isinstance(expr, Const | Structure):
        number = number_of(expr)
        if number is None or number < least or not number.is_integer():
            yield f"{what} must be a whole number from {least}, got {_shown(expr)}"


def seconds(expr: Expr, what: str) -> Iterator[str]:
    """Yield a problem if a constant is no duration."""
    if isinstance(expr, Const | Structure):
        number = number_of(expr)
        if number is None or not 0 <= number < LONGEST_S:
            yield (
                f"{what} takes seconds as a number, a timedelta or text such as '500ms', 0 or "
                f"more, got {_shown(expr)}"
            )


def time_range(low: Expr, until: Expr | None, what: str) -> Iterator[str]:
    """Yield the problems of a time, or of the first and the last of a range of times."""
    yield from seconds(low, what)
    if until is None:
        return
    yield from seconds(until, what)
    first, last = number_of(low), number_of(until)
    if first is not None and last is not None and last < first:
        call = what.replace("...", f"{first:g}, {last:g}")
        yield f"{call} ends before it begins; put the shorter time first"


def pause_type(kind: PauseType | None, what: str) -> Iterator[str]:
    """Yield the problems of a pause type."""
    match kind:
        case CustomPauses(duration):
            yield from seconds(duration, f"custom_pauses(...) of {what}")
        case UniformPercentagePauses(percentage) | NormalPercentagePauses(percentage):
            if not 0 <= percentage < math.inf:
                yield f"the pause type of {what} takes percent, 0 or more, got {percentage!r}"


def truth(expr: Expr, what: str) -> Iterator[str]:
    """Yield a problem if an expression can never be true or false."""
    wanted = "True, False, text that is one placeholder such as '#{paid}', or a function"
    match expr:
        case Const(bool()):
            return
        case Const(str() as text):
            yield f"the condition of {what} takes {wanted}, got the text {text!r}"
        case Const() | Structure():
            yield (
                f"the condition of {what} takes {wanted}, got {_shown(expr)}; give a function "
                "itself, not what it returns"
            )
        case Template(text) if _is_text(text):
            yield (
                f"the condition of {what} takes {wanted}; {text!r} is put together to text and "
                "never true or false: compare in a function, or with do_if_equals(...)"
            )


def text(expr: Expr, what: str) -> Iterator[str]:
    """Yield a problem if a constant is no text, or empty."""
    if isinstance(expr, Const | Structure) and not (
        isinstance(expr.value, str) and expr.value.strip()
    ):
        yield f"{what} must be text, got {_shown(expr)}"


def items(expr: Expr, what: str) -> Iterator[str]:
    """Yield a problem if an expression can never be a list."""
    wanted = "a list, text that is one placeholder such as '#{orders}', or a function"
    match expr:
        case Const(tuple()) | Structure(tuple()):
            return
        case Const() | Structure():
            yield f"{what} takes {wanted}, got {_shown(expr)}"
        case Template(text) if _is_text(text):
            yield f"{what} takes {wanted}; {text!r} is put together to text"


def number_of(expr: Expr | None) -> float | None:
    """Return a constant's number, or ``None`` for what is no constant or no number."""
    value = expr.value if isinstance(expr, Const) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        return None
    return float(value)


def _is_text(template: str) -> bool:
    """Tell whether a template gives text, whatever it is put together of, and nothing else."""
    try:
        parts = parse(template)
    except UsageError:
        return False  # it cannot be read, which is told anyway
    return len(parts) > 1 or isinstance(parts[0], str)


def _shown(expr: Const | Structure) -> str:
    value = expr.value
    plain = value is None or isinstance(value, bool | int | float | str)
    # A dict stands in a plan in a form of our own, which its writer has never seen.
    return repr(value) if plain else glimpse(thaw(value) if isinstance(value, FrozenMap) else value)
