"""In which order records are given out, and which of them to which segment.

Segment i of n takes records i, i + n, … of the one global order, so that segments together give
what a single process would; ``random`` alone draws for each segment by itself, from all records.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import count, repeat
from typing import Final, Protocol, TypeAlias

from gatlingpy.errors import FeederError
from gatlingpy.plan.feeders import Strategy

Record: TypeAlias = Mapping[str, object]

_END: Final[Record] = {}


class Held(Protocol):
    """Records that can be had in any order."""

    def __len__(self) -> int:
        """Return how many there are."""

    def __getitem__(self, index: int) -> Record:
        """Return one, from 0."""


def held_in_order(
    records: Held, strategy: Strategy, seed: str, segment: tuple[int, int]
) -> Iterator[Record]:
    """Give out records that are held; ``seed`` is the same in every segment."""
    return map(records.__getitem__, _indices(len(records), strategy, seed, segment))


def _indices(size: int, strategy: Strategy, seed: str, segment: tuple[int, int]) -> Iterator[int]:
    first, step = segment[0] - 1, segment[1]
    match strategy:
        case Strategy.QUEUE:
            return iter(range(first, size, step))
        case Strategy.CIRCULAR:
            return (n % size for n in count(first, step))
        case Strategy.SHUFFLE:
            order = list(range(size))
            random.Random(seed).shuffle(order)
            return iter(order[first::step])
        case Strategy.RANDOM:
            roll = random.Random(f"{seed}/{segment[0]}/{segment[1]}").random
            return (int(roll() * size) for _ in repeat(None))


def stream_in_order(
    open_stream: Callable[[], Iterator[Record]], *, again: bool, segment: tuple[int, int]
) -> Iterator[Record]:
    """Give out records as they are read; with ``again``, from the start after the last.

    An error in the stream is passed on; the next record comes after it.
    """
    stream = _Again(open_stream) if again else open_stream()
    return stream if segment == (1, 1) else _Stripe(stream, segment)


class _Stripe:
    """Every n-th record of a stream; unlike ``islice`` it outlives an error in the stream."""

    def __init__(self, stream: Iterator[Record], segment: tuple[int, int]) -> None:
        self._stream = stream
        self._skipped = segment[0] - 1
        self._step = segment[1]

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        for _ in range(self._skipped):
            with suppress(FeederError):  # the other segment's error
                next(self._stream)
        self._skipped = self._step - 1
        return next(self._stream)


class _Again:
    """A stream that is opened again when it ends."""

    def __init__(self, open_stream: Callable[[], Iterator[Record]]) -> None:
        self._open = open_stream
        self._stream = open_stream()

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        record = next(self._stream, _END)
        if record is not _END:
            return record
        # Opened once and no more: a source that has become empty must not spin for ever.
        self._stream = self._open()
        return next(self._stream)
