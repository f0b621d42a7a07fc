"""Lines that hang below each other, drawn as a tree."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

_LONGEST_LINE: Final = 200


class Line(NamedTuple):
    """A line of the tree and what hangs below it."""

    text: str
    below: "Sequence[Line]" = ()


def tree(root: str, lines: Sequence[Line]) -> str:
    """Return a root and what hangs below it as text, one line for each."""
    return "\n".join([_printable(root), *_drawn(lines, "")])


def _drawn(lines: Sequence[Line], margin: str) -> Iterator[str]:
    for n, line in enumerate(lines, 1):
        last = n == len(lines)
        yield f"{margin}{'└─' if last else '├─'} {_printable(line.text)}"
        yield from _drawn(line.below, f"{margin}{'   ' if last else '│  '}")


def _printable(text: str) -> str:
    """Return a line that moves no cursor and fits a wide terminal."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return shown if len(shown) <= _LONGEST_LINE else f"{shown[: _LONGEST_LINE - 1]}…"
