"""Conditions of the plan as functions of a session."""

from collections.abc import Callable
from typing import TypeAlias

from gatlingpy.engine.nodes import Holds, Test
from gatlingpy.errors import ExpressionError
from gatlingpy.plan.code import Const, Expr
from gatlingpy.plan.conditions import Condition, Equal, Truth
from gatlingpy.plan.expression import Resolver, seconds, truth
from gatlingpy.plan.frozen import thaw
from gatlingpy.plan.glimpse import glimpse, said

Resolve: TypeAlias = Callable[[Expr], Resolver]
"""Compiles an expression."""


def tester(condition: Condition, resolve: Resolve, what: str) -> Test:
    """Compile a condition; ``what`` names the step in messages."""
    what = f"the condition of {what}"
    match condition:
        case Truth(value):
            get = resolve(value)
            return lambda session: truth(get(session), what)
        case Equal(actual, expected):
            get_actual, get_expected = as_written(actual, resolve), as_written(expected, resolve)
            return lambda session: equal(get_actual(session), get_expected(session))


def as_written(expr: Expr, resolve: Resolve) -> Resolver:
    """Compile a value that is only compared: constant lists and dicts are again what they were."""
    if isinstance(expr, Const):
        value = thaw(expr.value)
        return lambda _session: value
    return resolve(expr)


def equal(one: object, other: object) -> bool:
    """Tell whether two values are equal as Python sees it: 1 equals 1.0 and ``True``, not "1".

    Raises ExpressionError for values that do not say.
    """
    try:
        return bool(one == other)
    except Exception as error:  # a user's __eq__, or an array of answers
        raise ExpressionError(
            f"{glimpse(one)} and {glimpse(other)} cannot be compared: {said(error)}"
        ) from error


def within(duration: Expr, started: str, resolve: Resolve, what: str) -> Holds:
    """Compile a duration: holds while no more has passed since the time in attribute ``started``.

    Both are read anew each time.
    """
    get = resolve(duration)
    if isinstance(duration, Const):
        length_ns = _nanoseconds(duration.value, what)
        return lambda session, now_ns: now_ns() - session.get_int(started) <= length_ns
    return lambda session, now_ns: (
        now_ns() - session.get_int(started) <= _nanoseconds(get(session), what)
    )


def _nanoseconds(value: object, what: str) -> int:
    return round(seconds(value, f"the duration of {what}") * 1_000_000_000)
