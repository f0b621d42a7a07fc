"""What a message shows of a value that it did not expect: its type and the start of its text."""

from typing import Final

_LONGEST: Final = 100


def glimpse(value: object) -> str:
    """Return a value's type and its ``repr``, cut short; never raises, whatever the value does."""
    name = type(value).__name__
    try:
        text = repr(value)
    except BaseException:  # noqa: BLE001 - a __repr__ is the user's code
        return name
    return f"{name} {text if len(text) <= _LONGEST else text[:_LONGEST] + '…'}"


def brief(value: object) -> str:
    """Return a value as Python writes it, or what type it is of where that is long; never raises.

    Builders hold all that was said to them: nobody wants to read that.
    """
    try:
        text = repr(value)
    except BaseException:  # noqa: BLE001 - a __repr__ is the user's code
        text = ""
    if 0 < len(text) <= _LONGEST:
        return text
    name = type(value).__name__
    return f"an object of {name}"


def said(error: BaseException) -> str:
    """Return an exception's type and message; never raises, whatever the exception does."""
    name = type(error).__name__
    try:
        return f"{name}: {error}"
    except BaseException:  # noqa: BLE001 - a __str__ is the user's code
        return name
