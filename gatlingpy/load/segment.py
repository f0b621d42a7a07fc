"""A segment: share ``index`` of ``of`` of a run, dealt out like cards.

Three segments and the first nine things of the one global sequence::

    number     1  2  3  4  5  6  7  8  9
    segment    1  2  3  1  2  3  1  2  3

A local run is segment 1 of 1, which takes everything: there is no second code path.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count, islice
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Segment:
    """Share ``index``, from 1, of ``of``."""

    index: int = 1
    of: int = 1

    def __post_init__(self) -> None:
        """Raise ValueError unless ``1 <= index <= of``."""
        if not 1 <= self.index <= self.of:
            raise ValueError(f"segment {self.index} of {self.of} does not exist; they count from 1")

    def take(self, items: Iterable[T], before: int = 0) -> Iterator[T]:
        """Yield this segment's part of ``items``, lazily and in order.

        ``before`` tells how many things of the global sequence came before ``items``.
        """
        return islice(items, self._skipped(before), None, self.of)

    def numbers(self, before: int = 0) -> Iterator[int]:
        """Yield, without end, the numbers of this segment's things in the sequence, from 1."""
        return count(before + self._skipped(before) + 1, self.of)

    def share(self, count: int, before: int = 0) -> int:
        """Return how many of the next ``count`` things of the global sequence are this segment's.

        The shares of all segments sum to ``count``, and each grows by at most one when it does.
        ``before`` is as in ``take``: two things of three segments go to each in turn, not for ever
        to the first two.
        """
        return (count - self._skipped(before) + self.of - 1) // self.of

    def _skipped(self, before: int) -> int:
        return (self.index - 1 - before) % self.of

    def __str__(self) -> str:
        """Return ``index/of``."""
        return f"{self.index}/{self.of}"
