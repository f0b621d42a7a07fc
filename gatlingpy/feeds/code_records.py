"""Records that user code gives: called, checked and, where needed, remembered."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from gatlingpy.errors import FeederError, FeederExhausted
from gatlingpy.feeds.supply import Breakable, Flow, Record, Stock, Stream, Supply
from gatlingpy.plan.feeders import Strategy

MOST_REMEMBERED: Final = 10_000_000
"""How many records of a generator are kept for an order that needs them all."""


def supply_of_code(function: Callable[..., object], where: str, strategy: Strategy) -> Supply:
    """Call a user's function for its records; raises FeederError, naming ``where``."""
    records = _called(function, where)
    if isinstance(records, Sequence):
        return Stock([checked(record, n, where) for n, record in enumerate(records, 1)])
    return supply_of_stream(CodeStream(records, where), where, strategy)


def supply_of_stream(stream: Stream, where: str, strategy: Strategy) -> Supply:
    """Return a stream that can be had once as its strategy needs it."""
    match strategy:
        case Strategy.QUEUE:
            return Flow(lambda: stream)
        case Strategy.CIRCULAR:
            return Flow(Remembered(stream, where).open)
        case Strategy.RANDOM | Strategy.SHUFFLE:
            return Stock(held(stream, where))


def _called(function: Callable[..., object], where: str) -> Iterable[object]:
    try:
        records = function()
    except (Exception, SystemExit) as error:
        raise FeederError(f"{where}: {type(error).__name__}: {error}") from error
    if isinstance(records, Iterable):
        return records
    raise FeederError(
        f"{where}: the feeder's function must return or yield records, "
        f"got {type(records).__name__} {records!r}"
    )


class CodeStream(Breakable):
    """The records of a user's iterator, each checked.

    What the iterator raises becomes a FeederError; after it there is nothing left to give.
    """

    def __init__(self, records: Iterable[object], where: str) -> None:
        """``where`` is the user's ``file:line`` for messages."""
        self._records = iter(records)
        self._where = where
        self._given = 0

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        self.refuse_if_broken()
        try:
            record = next(self._records)
        except StopIteration:
            raise
        except (Exception, SystemExit) as error:
            raise self.broken(
                f"{self._where}: record {self._given + 1} of the feeder: "
                f"{type(error).__name__}: {error}"
            ) from error
        self._given += 1
        return checked(record, self._given, self._where)

    def close(self) -> None:
        """Leave the user's iterator alone: whoever made it may still want it."""


def checked(record: object, number: int, where: str) -> Record:
    """Return a record as it is; raises FeederError if it does not map names to values."""
    if isinstance(record, Mapping) and all(type(key) is str for key in record):
        return record
    raise FeederError(
        f"{where}: record {number} of the feeder must map attributes to values, got {record!r}; "
        'give {"attribute": value}'
    )


def held(records: Iterable[Record], where: str) -> Sequence[Record]:
    """Return all records of a stream; raises FeederError if there is no end of them."""
    kept = list(islice(records, MOST_REMEMBERED + 1))
    if len(kept) > MOST_REMEMBERED:
        raise FeederError(
            f"{where}: the feeder gives more than {MOST_REMEMBERED:,} records, too many to hold; "
            "random and shuffle need them all: use .queue()"
        )
    return kept


class Remembered:
    """A stream that can be had once, and what it gave, as often as wanted."""

    def __init__(self, stream: Stream, where: str) -> None:
        """Nothing is read yet."""
        self._stream = stream
        self._where = where
        self._kept: list[Record] = []
        self._given = 0
        self._opened = False

    def open(self) -> Stream:
        """Return the stream the first time, and its records from the start every further time."""
        if not self._opened:
            self._opened = True
            return self
        if self._given > MOST_REMEMBERED:
            raise FeederExhausted(
                f"{self._where}: the feeder gave {self._given:,} records, too many to begin again"
            )
        return Replayed(self._kept)

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        record = next(self._stream)
        self._given += 1
        if self._given <= MOST_REMEMBERED:
            self._kept.append(record)
        return record

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()


class Replayed:
    """Records that are in memory, one after another."""

    def __init__(self, records: Sequence[Record]) -> None:
        """Begin with the first."""
        self._records = iter(records)

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        return next(self._records)

    def close(self) -> None:
        """Close nothing."""
