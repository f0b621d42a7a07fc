"""Marks on the time line of a run, few enough to be read."""

from collections import Counter
from collections.abc import Callable
from typing import Final

from gatlingpy.stats.events import MARK, Event

SECOND_NS: Final = 1_000_000_000
MOST_A_SECOND: Final = 10
MOST: Final = 150
"""For one protocol and run; what is left out is counted and told."""


class Marks:
    """Records marks of one source, and leaves out what repeats and what floods.  Thread: one."""

    def __init__(self, source: str, record: Callable[[Event], None]) -> None:
        """``source`` says which protocol they are of."""
        self._source = source
        self._record = record
        self._last_ns: dict[str, int] = {}
        self._second = -1
        self._in_second = 0
        self._made = 0
        self.left_out: Counter[str] = Counter()
        """How many were not recorded, by what they were about."""

    def add(self, about: str, key: str, text: str, at_ns: int) -> None:
        """Record a mark, unless the same ``key`` had one a moment ago or there are too many.

        ``about`` says in a word or two what it is about.
        """
        last_ns = self._last_ns.get(key)
        if last_ns is not None and at_ns < last_ns + SECOND_NS:
            self.left_out[about] += 1
            return
        second = at_ns // SECOND_NS
        if second != self._second:
            self._second, self._in_second = second, 0
        if self._in_second >= MOST_A_SECOND or self._made >= MOST:
            self.left_out[about] += 1
            return
        self._last_ns[key] = at_ns
        self._in_second += 1
        self._made += 1
        self._record((MARK, self._source, text, at_ns))  # type: ignore[arg-type]

    def close(self, at_ns: int) -> None:
        """Tell how many were left out, if any were."""
        if not self.left_out:
            return
        parts = ", ".join(f"{count} about {about}" for about, count in self.left_out.most_common())
        word = "mark was" if self.left_out.total() == 1 else "marks were"
        text = f"{self.left_out.total()} more {word} left out: {parts}"
        self.left_out.clear()
        self._record((MARK, self._source, text, at_ns))  # type: ignore[arg-type]
