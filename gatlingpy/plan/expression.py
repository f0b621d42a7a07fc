"""Expressions to functions of a session, compiled once when a run starts."""

from collections.abc import Callable
from typing import TypeAlias

from gatlingpy.errors import ExpressionError, GatlingError
from gatlingpy.plan.code import CodeRef, CodeTable, Const, Expr, Structure, Template
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.plan.glimpse import said
from gatlingpy.plan.template_reader import template_reader
from gatlingpy.plan.values import number, seconds, text, truth, whole_number
from gatlingpy.session import Session

__all__ = [
    "Resolver", "constant", "explained", "guarded", "number", "resolver", "seconds", "text",
    "truth", "whole_number",
]  # fmt: skip

Resolver: TypeAlias = Callable[[Session], object]
"""Gives an expression's value for one user; raises ExpressionError."""


def resolver(expr: Expr, code: CodeTable) -> Resolver:
    """Compile an expression.

    A template of a single placeholder keeps the value's type; any other gives text.  What a user
    function raises becomes an ExpressionError that names the function's ``file:line``.
    """
    match expr:
        case Const(value):
            return lambda _session: value
        case Template(written):
            return template_reader(written, code)
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
        except BaseException as error:
            raise explained(error, where) from error

    return call


def _function_resolver(function: Callable[..., object], where: str) -> Resolver:
    """Guard a function of the session: ``guarded`` for one argument, and so twice as fast."""

    def call(session: Session) -> object:
        try:
            return function(session)
        except BaseException as error:
            raise explained(error, where) from error

    return call


def explained(error: BaseException, where: str) -> ExpressionError:
    """Return what a user function raised as an error that says where the function stands."""
    return ExpressionError(f"{where}: {error if isinstance(error, GatlingError) else said(error)}")


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
