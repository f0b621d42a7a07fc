"""The functions of the expression language: their names and spellings, and how each is written."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

FREE_FUNCTIONS: Final[Mapping[str, str]] = {
    "current_time_millis": "current_time_millis()",
    "current_date": "current_date(pattern)",
    "random_uuid": "random_uuid()",
    "random_secure_uuid": "random_secure_uuid()",
    "random_int": "random_int() or random_int(min, max)",
    "random_long": "random_long() or random_long(min, max)",
    "random_double": "random_double(min, max) or random_double(min, max, digits)",
    "random_alphanumeric": "random_alphanumeric(length)",
}
"""Functions that stand alone, and how they are written."""

VALUE_FUNCTIONS: Final[Mapping[str, str]] = {
    name: f"attribute.{name}()"
    for name in ("size", "random", "exists", "is_undefined", "json_stringify", "html_unescape")
}
"""Functions of what a path leads to, and how they are written."""

LAST_FUNCTIONS: Final = frozenset({"size", "exists", "is_undefined"})
"""Those that no path leads on from: they give a number or a truth."""


def _in_camel_case(name: str) -> str:
    return re.sub(r"_(.)", lambda match: match[1].upper(), name)


_USAGES: Final = {**FREE_FUNCTIONS, **VALUE_FUNCTIONS}
_SPELLINGS: Final = {
    spelling: name for name in _USAGES for spelling in (name, _in_camel_case(name))
}


def function_named(spelling: str, among: Mapping[str, str]) -> str | None:
    """Return a function's name in snake case; ``spelling`` may be that or Gatling's."""
    name = _SPELLINGS.get(spelling)
    return name if name in among else None


def no_such_function(spelling: str, what: str) -> str:
    """Return the sentence that refuses a name, with the nearest function in the same spelling.

    ``what`` is what the name should have been, such as ``a function of an attribute``.
    """
    nearest = get_close_matches(spelling, _SPELLINGS, 1)
    if nearest:
        name = _SPELLINGS[nearest[0]]
        remedy = f"did you mean {_USAGES[name].replace(name, nearest[0])}?"
    else:
        remedy = "functions are " + ", ".join(_USAGES)
    return f"{spelling!r} is not {what}; {remedy}"
