r"""Texts with placeholders, parsed once: ``#{attribute.key(0)}``, ``#{random_uuid()}``.

A backslash right before a placeholder makes it text: ``\#{``.
"""

import re
from typing import Final, TypeAlias

from gatlingpy.plan.placeholder import Placeholder, read_placeholder
from gatlingpy.plan.scanner import Scanner

_OPENING: Final = re.compile(r"\\?#\{")

Part: TypeAlias = str | Placeholder


def has_placeholder(text: str) -> bool:
    """Tell whether a text needs a session to be resolved, or holds an escaped ``#{``."""
    return "#{" in text


def escape(text: str) -> str:
    r"""Return a template that gives this very text, whatever it holds."""
    return text.replace("#{", r"\#{")


def parse(text: str) -> tuple[Part, ...]:
    r"""Split a template into plain text and placeholders.

    ``\#{`` stands for the two characters themselves.  Raises UsageError, with the column, for a
    placeholder that makes no sense: what was expected, what was got, and the function that was
    probably meant.
    """
    scanner = Scanner(text)
    parts: list[Part] = []
    plain = ""
    while opening := _OPENING.search(text, scanner.at):
        plain += text[scanner.at : opening.start()]
        scanner.at = opening.end()
        if opening.group() == r"\#{":
            plain += "#{"
            continue
        if plain:
            parts.append(plain)
            plain = ""
        parts.append(read_placeholder(scanner))
    plain += text[scanner.at :]
    return (*parts, plain) if plain or not parts else tuple(parts)
