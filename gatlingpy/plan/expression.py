"""Expressions to functions of a session, compiled once when a run starts."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from math import isfinite
from numbers import Real
from typing import TypeAlias

from gatlingpy.errors import ExpressionError, GatlingError
from gatlingpy.plan.code import CodeRef, CodeTable, Const, Expr, Structure, Template
from gatlingpy.plan.duration import duration_ns
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.plan.glimpse import glimpse
from gatlingpy.plan.template import Attribute, parse
from gatlingpy.session import Session

Resolver: TypeAlias = Callable[[Session], object]
"""Gives an expression's value for one user; raises ExpressionError."""


def resolver(expr: Expr, code: CodeTable) -> Resolver:
    """Compile an expression.

    A template of a single placeholder keeps the attribute's type; any other gives text.  What a
    user function raises becomes an ExpressionError that names the function's ``file:line``.
    """
    match expr:
        case Const(value):
            return lambda _session: value
        case Template(text):
            return _template_resolver(text)
        case Structure(value):
            return _structure_resolver(value, code)
        case CodeRef():
            return _function_resolver(code[expr], expr.where)


def constant(expr: Expr) -> object | None:
    """Return the value of a constant expression, or ``None`` if it needs a session."""
    return expr.value if isinstance(expr, Const) else None


def guarded(function: Callable[..., object], where: str) -> Callable[..., object]:
    """Wrap a user function so that whatever it raises says where the function stands."""

    def call(*args: object) -> object:
        try:
            return function(*args)
        except (Exception, SystemExit) as error:
            raise explained(error, where) from error

    return call


def _function_resolver(function: Callable[..., object], where: str) -> Resolver:
    """Guard a function of the session: ``guarded`` for one argument, and so twice as fast."""

    def call(session: Session) -> object:
        try:
            return function(session)
        except (Exception, SystemExit) as error:
            raise explained(error, where) from error

    return call


def explained(error: Exception | SystemExit, where: str) -> ExpressionError:
    """Return what a user function raised as an error that says where the function stands."""
    kind = "" if isinstance(error, GatlingError) else f"{type(error).__name__}: "
    return ExpressionError(f"{where}: {kind}{error}")


def _structure_resolver(value: object, code: CodeTable) -> Resolver:
    match value:
        case Template():
            return resolver(value, code)
        case tuple():
            items = [_structure_resolver(item, code) for item in value]
            return lambda session: [item(session) for item in items]
        case FrozenMap():
            pairs = [(key, _structure_resolver(item, code)) for key, item in value.items()]
            return lambda session: {key: item(session) for key, item in pairs}
    return lambda _session: value


def _template_resolver(text: str) -> Resolver:
    parts = parse(text)
    if len(parts) == 1:
        return _single(parts[0])
    getters = [_single(part) for part in parts]

    def joined(session: Session) -> object:
        return "".join([str(get(session)) for get in getters])

    return joined


def _single(part: str | Attribute) -> Resolver:
    if isinstance(part, str):
        return lambda _session: part
    name = part.name
    return lambda session: session[name]


# --- values of a wanted type ----------------------------------------------------------------------


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
