"""JSON as feeders read it: exact numbers, and nothing that RFC 8259 does not have."""

import json
from typing import Final, NoReturn


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


DECODER: Final = json.JSONDecoder(parse_constant=_refuse)
"""Keeps integers of any size as they are, where faster parsers make floats of long ones."""

UNPARSED: Final = (ValueError, RecursionError)
"""What the decoder raises."""


def reason(error: Exception) -> str:
    """Say in a few words what the decoder did not like."""
    if isinstance(error, json.JSONDecodeError):
        return error.msg
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def kind_of(value: object) -> str:
    """Name a JSON value's kind."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "an array"
    return "an object"
