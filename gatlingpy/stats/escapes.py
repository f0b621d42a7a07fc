"""How text fields of the log keep to their field and line, and come back unchanged."""

import re
from functools import lru_cache

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\\\ud800-\udfff]")
_SHORT = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_LONG = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\", "s": " ", "c": ",", "e": ""}
_ESCAPED = re.compile(r"\\(u[0-9a-f]{4}|.)", re.DOTALL)


def _escape_one(match: re.Match[str]) -> str:
    char = match.group()
    return _SHORT.get(char) or f"\\u{ord(char):04x}"


@lru_cache(maxsize=8192)
def escape(text: str) -> str:
    """Write ``text`` without any character that would end a field or a line."""
    return _UNSAFE.sub(_escape_one, text) if _UNSAFE.search(text) else text


def _unescape_one(match: re.Match[str]) -> str:
    code = match.group(1)
    return chr(int(code[1:], 16)) if len(code) == 5 else _LONG.get(code, "\\" + code)


def unescape(text: str) -> str:
    """Undo ``escape``; an unknown escape stays as it is."""
    return _ESCAPED.sub(_unescape_one, text) if "\\" in text else text


@lru_cache(maxsize=8192)
def escape_groups(groups: tuple[str, ...]) -> str:
    """Join the names of a group's path by commas.

    A comma inside a name is written ``\\c``, and an empty name ``\\e``: Gatling's reader drops
    trailing empty names, and the empty field is the empty path.
    """
    return ",".join(escape(name).replace(",", "\\c") or "\\e" for name in groups)


def unescape_groups(text: str) -> tuple[str, ...]:
    """Undo ``escape_groups``; the empty text is the empty path."""
    return tuple(unescape(name) for name in text.split(",")) if text else ()


@lru_cache(maxsize=8192)
def escape_message(message: str) -> str:
    """Write a message that is never empty: Gatling's reader drops trailing empty fields."""
    if message == "":
        return " "
    return "\\s" if message == " " else escape(message)


def unescape_message(text: str) -> str:
    """Undo ``escape_message``."""
    return "" if text == " " else unescape(text)
