"""What a function of the session must be, as far as it can be told before a user calls it."""

import inspect
from collections.abc import Callable

from gatlingpy.dsl.where import function_line
from gatlingpy.errors import UsageError


def refuse_unless_takes_session(function: Callable[..., object]) -> None:
    """Raise UsageError for a function that cannot be called with a session alone.

    The message names the function's line, not the caller's.  What cannot be asked, such as some
    functions that are not written in Python, passes.
    """
    if inspect.iscoroutinefunction(function):
        raise UsageError(
            f"the function at {function_line(function)} is async, and nobody would await it; make "
            "it a plain function, and give exec(...) blocking=True if it has to wait"
        )
    try:
        signature = inspect.signature(function)
    except ValueError:
        return
    try:
        signature.bind(object())
    except TypeError as error:
        raise UsageError(
            f"the function at {function_line(function)} cannot be called with the session alone: "
            f"{error}; write it as `lambda session: ...`"
        ) from None
