"""A text being read from left to right, and where in it a mistake stands."""

import re
from typing import Final

from gatlingpy.errors import UsageError

_LONGEST: Final = 60
_AROUND: Final = 25


class Scanner:
    """A text and the place that reading has come to."""

    def __init__(self, text: str, at: int = 0) -> None:
        """``at`` is the index of the next character."""
        self.text = text
        self.at = at

    def take(self, expected: str) -> bool:
        """Read past these characters if they are next, and tell whether they were."""
        found = self.text.startswith(expected, self.at)
        if found:
            self.at += len(expected)
        return found

    def match(self, pattern: re.Pattern[str]) -> str:
        """Read and return what a pattern finds right here; empty if it finds nothing."""
        found = pattern.match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found.group()

    def looks_at(self, expected: str) -> bool:
        """Tell whether these characters are next, without reading them."""
        return self.text.startswith(expected, self.at)

    def got(self) -> str:
        """Return what is next, as a message names it."""
        return repr(self.text[self.at]) if self.at < len(self.text) else "the end of the text"

    def mistake(self, message: str, at: int | None = None) -> UsageError:
        """Return an error that says where the mistake is: here, or at an index."""
        index = self.at if at is None else at
        before = self.text[:index]
        line, column = before.count("\n") + 1, index - before.rfind("\n")
        place = f"column {column}" if "\n" not in self.text else f"line {line}, column {column}"
        return UsageError(f"{place} of {self._excerpt(index)}: {message}")

    def _excerpt(self, index: int) -> str:
        """Return the text, or what is around the index if the text is long."""
        if len(self.text) <= _LONGEST:
            return repr(self.text)
        first, end = max(0, index - _AROUND), index + _AROUND
        before, after = "…" if first else "", "…" if end < len(self.text) else ""
        return repr(before + self.text[first:end] + after)
