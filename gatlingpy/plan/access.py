"""What a placeholder's steps find in a value: keys, elements, size, JSON.

``name`` is the path that led to the value, for messages.  They tell the kind of the value and not
the value itself: failures are counted by their text, and each user's value is another one.
"""

import html
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Final, Protocol, TypeGuard

import orjson

from gatlingpy.errors import ExpressionError
from gatlingpy.plan.function_names import VALUE_FUNCTIONS, function_named

_MISSING: Final = object()
_MOST_KEYS: Final = 8
_TEXTS: Final = (str, bytes, bytearray, memoryview)


class _Sequence(Protocol):
    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> object: ...


def _is_sequence(value: object) -> TypeGuard[_Sequence]:
    """Tell whether a value has elements in an order, as also arrays have; a text is one value."""
    if isinstance(value, list | tuple):
        return True
    has_elements = hasattr(value, "__getitem__") and hasattr(value, "__len__")
    return has_elements and not isinstance(value, (*_TEXTS, Mapping, type))


def _kind(value: object) -> str:
    return "None" if value is None else type(value).__name__


def _unsupported(value: object, name: str, what: str) -> ExpressionError:
    return ExpressionError(f"{_kind(value)} named '{name}' does not support {what}")


# --- keys -----------------------------------------------------------------------------------------


def value_at(key: str, owner: object, name: str) -> object:
    """Return a mapping's value, or an object's attribute; raises ExpressionError if there is none.

    A method is no value: to send its name to a system by mistake helps nobody.
    """
    if isinstance(owner, Mapping):
        if key in owner:
            return owner[key]
        raise ExpressionError(
            f"{_kind(owner)} named '{name}' does not contain key '{key}'; {_keys(owner)}"
        )
    value: object = getattr(owner, key, _MISSING)
    if value is not _MISSING and not callable(value):
        return value
    what = f"has no attribute '{key}'" if value is _MISSING else f"has a method '{key}', no value"
    forgotten = function_named(key, VALUE_FUNCTIONS) is not None
    remedy = f"; the function is written .{key}()" if forgotten else ""
    raise ExpressionError(f"{_kind(owner)} named '{name}' {what}{remedy}")


def _keys(owner: Mapping[object, object]) -> str:
    if not owner:
        return "it is empty"
    keys = [repr(known) for known in islice(owner, _MOST_KEYS)]
    return f"its keys are {', '.join(keys)}{', …' if len(owner) > _MOST_KEYS else ''}"


# --- elements -------------------------------------------------------------------------------------


def element_at(index: int, owner: object, name: str) -> object:
    """Return an element by its index from 0, or from -1 backwards; raises ExpressionError."""
    if not _is_sequence(owner):
        raise _unsupported(owner, name, "index access")
    size = len(owner)
    if -size <= index < size:
        return owner[index]
    raise ExpressionError(
        f"{_kind(owner)} named '{name}' is undefined for index {index}; its size is {size}"
    )


def element_numbered(number: int, owner: object, name: str) -> object:
    """Return an element by its number from 1; raises ExpressionError."""
    if not _is_sequence(owner):
        raise _unsupported(owner, name, "tuple access")
    size = len(owner)
    if number <= size:
        return owner[number - 1]
    raise ExpressionError(
        f"{_kind(owner)} named '{name}' has no element ._{number}; its size is {size}"
    )


def any_element(below: Callable[[int], int], owner: object, name: str) -> object:
    """Return the element whose index ``below(size)`` tells; raises ExpressionError."""
    if not _is_sequence(owner):
        raise _unsupported(owner, name, ".random()")
    size = len(owner)
    if not size:
        raise ExpressionError(f"{_kind(owner)} named '{name}' is empty: .random() finds nothing")
    return owner[below(size)]


# --- functions ------------------------------------------------------------------------------------


def _size(value: object, name: str) -> int:
    if isinstance(value, _TEXTS) or not hasattr(value, "__len__"):
        raise _unsupported(value, name, ".size()")
    return len(value)


def _json(value: object, name: str) -> str:
    try:
        return orjson.dumps(value, default=_plain).decode()
    except TypeError as error:
        raise _unsupported(value, name, f".json_stringify(): {error}") from error


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is no JSON value")


def _html(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise _unsupported(value, name, ".html_unescape()")
    return html.unescape(value)


PLAIN_FUNCTIONS: Final[Mapping[str, Callable[[object, str], object]]] = {
    "size": _size,
    "json_stringify": _json,
    "html_unescape": _html,
}
"""Functions that need nothing but the value, by name; they raise ExpressionError."""
