"""In which order records are given out, and which of them to which segment.

Segment i of n takes records i, i + n, … of the one global order, so that segments together give
what a single process would; ``random`` alone draws for each segment by itself, from all records.
"""

import random
from array import array
from collections.abc import Iterator
from contextlib import suppress
from itertools import count, repeat
from typing import Final

from gatlingpy.errors import FeederError
from gatlingpy.feeds.supply import Flow, Record, Stock, Stream, Supply
from gatlingpy.plan.feeders import Strategy

_END: Final[Record] = {}


def in_order(supply: Supply, strategy: Strategy, seed: str, segment: tuple[int, int]) -> Stream:
    """Give out what an opened source has; ``seed`` is the same in every segment.

    A flow has no random order: sources make a stock where one is wanted.
    """
    match supply:
        case Stock(records):
            return _Picked(supply, _indices(len(records), strategy, seed, segment))
        case Flow():
            stream = _Again(supply) if strategy is Strategy.CIRCULAR else supply.open()
            return stream if segment == (1, 1) else _Stripe(stream, segment)


def _indices(size: int, strategy: Strategy, seed: str, segment: tuple[int, int]) -> Iterator[int]:
    first, step = segment[0] - 1, segment[1]
    match strategy:
        case Strategy.QUEUE:
            return iter(range(first, size, step))
        case Strategy.CIRCULAR:
            return (n % size for n in count(first, step))
        case Strategy.SHUFFLE:
            order = array("Q", range(size))
            random.Random(seed).shuffle(order)
            return iter(order if step == 1 else order[first::step])
        case Strategy.RANDOM:
            roll = random.Random(f"{seed}/{segment[0]}/{segment[1]}").random
            return (int(roll() * size) for _ in repeat(None))


class _Picked:
    """The records of a stock, by their places."""

    def __init__(self, stock: Stock, indices: Iterator[int]) -> None:
        self._next = map(stock.records.__getitem__, indices).__next__
        self.close = stock.close

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        return self._next()


class _Stripe:
    """Every n-th record of a stream; unlike ``islice`` it outlives an error in the stream."""

    def __init__(self, stream: Stream, segment: tuple[int, int]) -> None:
        self._stream = stream
        self._skipped = segment[0] - 1
        self._step = segment[1]
        self.close = stream.close

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        for _ in range(self._skipped):
            with suppress(FeederError):  # the other segment's error
                next(self._stream)
        self._skipped = self._step - 1
        return next(self._stream)


class _Again:
    """A flow that is opened again when it ends."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._stream = flow.open()

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        record = next(self._stream, _END)
        if record is not _END:
            return record
        # Opened once and no more: a source that has become empty must not spin for ever.
        ended, self._stream = self._stream, self._flow.open()
        ended.close()
        return next(self._stream)

    def close(self) -> None:
        self._stream.close()
