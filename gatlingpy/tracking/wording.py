"""Words for values and for what was raised: never long, and never a failure of their own."""

from typing import Final

from gatlingpy.errors import GatlingError
from gatlingpy.plan.glimpse import said

LONGEST_SHOWN: Final = 200
"""How many characters of a value go into a message."""
LONGEST_MESSAGE: Final = 1000
"""How many characters a message may have."""


def show(value: object) -> str:
    """Return a value as a message shows it: text bare, at most ``LONGEST_SHOWN`` characters."""
    try:
        text = str(value)
    except BaseException as error:  # noqa: BLE001 - a __str__ is the user's code
        return f"a {type(value).__name__} that cannot be written as text ({type(error).__name__})"
    return cut(text, LONGEST_SHOWN)


def cut(text: str, longest: int = LONGEST_MESSAGE) -> str:
    """Return a text, without its end if it is too long."""
    return text if len(text) <= longest else f"{text[:longest]}…"


def explain(error: BaseException) -> str:
    """Return what an exception says, with its type unless it is one of our own."""
    return cut(str(error) if isinstance(error, GatlingError) else said(error))
