"""What checks are given: texts, functions, and values that are held against what is found."""

import inspect
from collections.abc import Callable, Collection
from typing import TypeAlias

from gatlingpy.dsl.where import function_line, user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.code import CodeTable, Const, Expr, Template
from gatlingpy.plan.frozen import freeze
from gatlingpy.plan.template import has_placeholder, parse
from gatlingpy.session import Session

Expected: TypeAlias = object | Callable[[Session], object]
"""A value, text with ``#{attribute}`` placeholders, or a function of the session."""

Held: TypeAlias = Const | Template | Callable[..., object]
"""A value for a plan, as a builder keeps it."""


def refused(message: str) -> UsageError:
    """Return the error for something that the user wrote wrongly, with the user's line."""
    return UsageError(f"{user_line()}: {message}")


def must_be_text(what: str, value: object) -> None:
    """Raise UsageError unless a value is a text that is not empty."""
    if not isinstance(value, str) or not value:
        raise refused(f"{what}({value!r}) must be given a text that is not empty")


def must_be_constant(what: str, value: str, instead: str) -> None:
    """Raise UsageError for a text with placeholders where one is compiled before the run."""
    if has_placeholder(value):
        raise refused(
            f"{what}({value!r}) cannot hold placeholders: it is compiled before the run; {instead}"
        )


def must_take(what: str, function: object, *arguments: str) -> None:
    """Raise UsageError for what cannot be called with so many arguments, or returns at once.

    What cannot be asked, such as some functions that are not written in Python, passes.
    """
    wanted = f"a function of {' and '.join(arguments)}"
    if not callable(function):
        raise refused(f"{what}({function!r}) must be given {wanted}")
    if inspect.iscoroutinefunction(function):
        raise refused(
            f"{what}(...) must be given {wanted} that is not async: nobody would await it"
        )
    if not takes(function, len(arguments)):
        raise refused(
            f"{what}(...) must be given {wanted}, but the one at {function_line(function)} "
            f"cannot be called with {len(arguments)}"
        )


def takes(function: Callable[..., object], count: int) -> bool:
    """Tell whether a function can be called with so many arguments, as far as that is known."""
    try:
        inspect.signature(function).bind(*range(count))
    except TypeError:
        return False
    except ValueError:
        return True
    return True


def check_template(text: str) -> None:
    """Raise UsageError if a text holds a placeholder that is malformed."""
    try:
        parse(text)
    except UsageError as error:
        raise refused(str(error)) from None


def held(expected: object) -> Held:
    """Return a value, a template or a function of the session as a builder keeps it."""
    if callable(expected) and not isinstance(expected, type):
        must_take("a check", expected, "the session")
        return expected
    if isinstance(expected, str) and has_placeholder(expected):
        check_template(expected)
        return Template(expected)
    try:
        return Const(freeze(expected))
    except UsageError as error:
        raise refused(str(error)) from None


def held_choice(expected: tuple[object, ...]) -> Held:
    """Return the values that one may be, given one by one, or as a list, template or function."""
    if not expected:
        raise refused("in_() must be given the values that are allowed")
    only = expected[0] if len(expected) == 1 else expected
    if isinstance(only, list | tuple | set | frozenset):
        _refuse_templates(only)
        return held(list(only))
    if callable(only) or (isinstance(only, str) and has_placeholder(only)):
        return held(only)
    return held([only])


def _refuse_templates(values: Collection[object]) -> None:
    for value in values:
        if callable(value) or (isinstance(value, str) and has_placeholder(value)):
            raise refused(
                f"in_(...) cannot mix {value!r} with other values; "
                "give it one function of the session that returns them all"
            )


def filed(value: Held, path: str, code: CodeTable) -> Expr:
    """Return a value for the plan; a function goes into ``code`` under ``path``."""
    if isinstance(value, Const | Template):
        return value
    return code.add(path, value, function_line(value))
