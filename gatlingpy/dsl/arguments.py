"""What blocks take: counts, durations, conditions, texts and names of attributes.

Each may be a constant, text with ``#{attribute}`` placeholders, or a function of the session.
Constants of the wrong kind go into the plan as they are, so that its rules tell of all of them at
once.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final, TypeAlias

from gatlingpy.dsl.compiler import Compiler
from gatlingpy.dsl.duration import Duration
from gatlingpy.errors import UsageError
from gatlingpy.plan.code import Const, Expr
from gatlingpy.plan.conditions import Truth
from gatlingpy.plan.duration import duration_ns
from gatlingpy.session import Session

Count: TypeAlias = int | str | Callable[[Session], int]
"""How often: a whole number, a template, or a function."""
Time: TypeAlias = Duration | Callable[[Session], Duration]
"""How long: a duration, a template or a function that gives one."""
Condition: TypeAlias = bool | str | Callable[[Session], bool]
"""Whether: true or false, a template or a function that gives one of the two."""
Text: TypeAlias = str | Callable[[Session], object]
"""Text, which may hold placeholders, or a function whose result is shown as text."""
Items: TypeAlias = Sequence[object] | Callable[[Session], Sequence[object]]
"""A list, a template that gives one, or a function that does."""

PRIVATE: Final = "gatling."
"""How the names of attributes begin that gatlingpy keeps for itself."""


def seconds(compiler: Compiler, duration: Time, path: str) -> Expr:
    """Return how long, in seconds."""
    if isinstance(duration, timedelta):
        return Const(duration.total_seconds())
    if not callable(duration):
        ns = duration_ns(duration)
        if ns is not None:
            return Const(ns / 1_000_000_000)
    return compiler.expression(duration, path)


def truth(compiler: Compiler, condition: Condition, path: str) -> Truth:
    """Return whether."""
    return Truth(compiler.expression(condition, path))


def attribute_name(name: object, what: str, where: str) -> str:
    """Return the name of an attribute that a block sets; raises UsageError for none."""
    if not isinstance(name, str) or not name.strip():
        raise UsageError(f"{where}: {what} must be the name of an attribute, got {name!r}")
    if name.startswith(PRIVATE):
        raise UsageError(
            f"{where}: {what} must not begin with {PRIVATE!r}, which gatlingpy keeps for itself, "
            f"got {name!r}"
        )
    return name
