"""The expression language of strings: ``#{attribute}``, parsed once, resolved per user."""

import re
from dataclasses import dataclass
from typing import TypeAlias

from gatlingpy.errors import UsageError

_TOKEN = re.compile(r"\\#\{|#\{([^}]*)(\}?)")


@dataclass(frozen=True, slots=True)
class Attribute:
    """A placeholder for one session attribute."""

    name: str


Part: TypeAlias = str | Attribute


def has_placeholder(text: str) -> bool:
    """Tell whether a text needs a session to be resolved, or holds an escaped ``#{``."""
    return "#{" in text


def parse(text: str) -> tuple[Part, ...]:
    r"""Split a template into plain text and attributes.

    ``\#{`` stands for the two characters themselves.  Raises UsageError, with the position, for a
    placeholder that is empty, nested or has no closing brace.
    """
    parts: list[Part] = []
    plain, at = "", 0
    for match in _TOKEN.finditer(text):
        plain += text[at : match.start()]
        at = match.end()
        if match.group(1) is None:
            plain += "#{"
            continue
        if plain:
            parts.append(plain)
            plain = ""
        parts.append(_attribute(text, match))
    plain += text[at:]
    return (*parts, plain) if plain or not parts else tuple(parts)


def _attribute(text: str, match: re.Match[str]) -> Attribute:
    name, closing = match.group(1), match.group(2)
    where = f"at position {match.start()} of {text!r}"
    if not closing:
        raise UsageError(f"the placeholder {where} has no closing brace; write #{{attribute}}")
    if not name.strip() or "#{" in name:
        raise UsageError(
            f"the placeholder {where} names no attribute; write #{{attribute}}, or \\#{{ for the "
            "characters themselves"
        )
    return Attribute(name.strip())
