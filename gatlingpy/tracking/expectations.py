"""What a value is held to, and the words for one that falls short (Gatling's, 3.9.5)."""

import operator
from collections.abc import Callable, Collection
from typing import Final, TypeAlias

from gatlingpy.errors import CheckFailed, ExpressionError
from gatlingpy.plan.checks import Expectation
from gatlingpy.plan.json_path import MISSING
from gatlingpy.tracking.wording import explain, show

Hold: TypeAlias = Callable[[object, object], str | None]
"""Holds an actual value, or MISSING, to the expected one: the reason if it falls short."""

_FOUND_NOTHING: Final = "found nothing"


def hold(expectation: Expectation) -> Hold:
    """Return what holds values to an expectation."""
    return _HOLDS[expectation]


def same(actual: object, expected: object) -> bool:
    """Tell whether two values are equal; unlike Python, ``true`` is not 1, and a tuple is a list.

    What a simulation writes as either goes into the plan as one and the same.
    """
    if isinstance(actual, list | tuple) and isinstance(expected, list | tuple):
        return len(actual) == len(expected) and all(map(same, actual, expected))
    if isinstance(actual, dict) and isinstance(expected, dict):
        return len(actual) == len(expected) and all(
            key in expected and same(value, expected[key]) for key, value in actual.items()
        )
    return bool(actual == expected) and (type(actual) is bool) is (type(expected) is bool)


def judge(function: Callable[..., object], where: str) -> Callable[..., bool | str]:
    """Wrap a user's check function so that it gives a verdict: ``True``, ``False`` or a reason.

    ``None`` passes like ``True``, an empty text fails like ``False``; the text of a raised
    CheckFailed is a reason.  Raises ExpressionError, with the function's ``file:line``, for
    whatever else it raises or returns.
    """

    def judged(*values: object) -> bool | str:
        try:
            result = function(*values)
        except CheckFailed as failed:
            result = str(failed)
        except BaseException as error:
            raise ExpressionError(f"{where}: {explain(error)}") from error
        if result is None:
            return True
        if isinstance(result, bool | str):
            return result
        raise ExpressionError(
            f"{where}: it returned {show(result)!r}; return None, True, or the failure as text"
        )

    return judged


def _is(actual: object, expected: object) -> str | None:
    equal = actual == expected if type(actual) is str else same(actual, expected)
    if equal:
        return None
    if actual is MISSING:
        return _FOUND_NOTHING
    return f"but actually found {_told_apart(actual, expected)}"


def _told_apart(actual: object, expected: object) -> str:
    shown = show(actual)
    if shown != show(expected):
        return shown
    return f"{shown} of type {type(actual).__name__}, not {type(expected).__name__}"


def _not(actual: object, expected: object) -> str | None:
    return f"unexpectedly found {show(actual)}" if same(actual, expected) else None


def _in(actual: object, expected: object) -> str | None:
    if actual is MISSING:
        return _FOUND_NOTHING
    if isinstance(expected, str) or not isinstance(expected, Collection):
        raise CheckFailed(f"{show(expected)} is of type {type(expected).__name__}, no list")
    found = any(same(actual, item) for item in expected)
    return None if found else f"but actually found {show(actual)}"


def _exists(actual: object, _expected: object) -> str | None:
    return _FOUND_NOTHING if actual is MISSING else None


def _not_exists(actual: object, _expected: object) -> str | None:
    return None if actual is MISSING else f"unexpectedly found {show(actual)}"


def _optional(_actual: object, _expected: object) -> str | None:
    return None


def _is_null(actual: object, _expected: object) -> str | None:
    if actual is MISSING:
        return _FOUND_NOTHING
    return None if actual is None else f"but actually found {show(actual)}"


def _not_null(actual: object, _expected: object) -> str | None:
    if actual is MISSING:
        return _FOUND_NOTHING
    return "but actually found None" if actual is None else None


def _satisfies(actual: object, function: object) -> str | None:
    if actual is MISSING:
        return _FOUND_NOTHING
    if not callable(function):
        raise CheckFailed(f"{show(function)} is no function")
    judged = function(actual)
    if judged is True:
        return None
    return str(judged) if judged else f"but actually found {show(actual)}"


def _validated(actual: object, function: object) -> str | None:
    """The function sees ``None`` where nothing was found, as in Gatling."""
    if not callable(function):
        raise CheckFailed(f"{show(function)} is no function")
    judged = function(None if actual is MISSING else actual)
    if judged is True:
        return None
    if judged:
        return str(judged)
    return _FOUND_NOTHING if actual is MISSING else f"but actually found {show(actual)}"


def _compared(words: str, compare: Callable[..., object]) -> Hold:
    def holds(actual: object, expected: object) -> str | None:
        if actual is MISSING:
            return f"can't compare nothing and {show(expected)}"
        if bool in (type(actual), type(expected)) or not _comparable(actual, expected):
            return f"can't compare {_with_type(actual)} and {_with_type(expected)}"
        return (
            None if compare(actual, expected) else f"{show(actual)} is not {words} {show(expected)}"
        )

    return holds


def _comparable(actual: object, expected: object) -> bool:
    numbers = isinstance(actual, int | float) and isinstance(expected, int | float)
    return numbers or type(actual) is type(expected)


def _with_type(value: object) -> str:
    return f"{show(value)} ({type(value).__name__})"


_HOLDS: Final[dict[Expectation, Hold]] = {
    Expectation.IS: _is,
    Expectation.NOT: _not,
    Expectation.IN: _in,
    Expectation.EXISTS: _exists,
    Expectation.NOT_EXISTS: _not_exists,
    Expectation.OPTIONAL: _optional,
    Expectation.IS_NULL: _is_null,
    Expectation.NOT_NULL: _not_null,
    Expectation.SATISFIES: _satisfies,
    Expectation.VALIDATE: _validated,
    Expectation.LT: _compared("less than", operator.lt),
    Expectation.LTE: _compared("less than or equal to", operator.le),
    Expectation.GT: _compared("greater than", operator.gt),
    Expectation.GTE: _compared("greater than or equal to", operator.ge),
}
