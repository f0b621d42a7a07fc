"""Feeders at run time: opens the source that a plan names and gives out its records.

Everything here runs on the user thread, but for ``check_feeder``, which runs before there is one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from gatlingpy.errors import FeederError, FeederExhausted
from gatlingpy.feeds.code_records import CodeStream, Remembered, call, checked, held
from gatlingpy.feeds.csv_file import CsvStream, HeldPlaces, HeldRows
from gatlingpy.feeds.order import Held, Record, held_in_order, stream_in_order
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.feeders import (
    CodeSource,
    CsvSource,
    Feeder,
    RecordsSource,
    Strategy,
    source_text,
)

_MOST_IN_MEMORY: Final = 16 << 20
"""Files up to so many bytes are read whole when a run starts; longer ones as they are used."""

_ANY_ORDER: Final = (Strategy.RANDOM, Strategy.SHUFFLE)


class RecordSource(Protocol):
    """An opened feeder.  Thread: the user thread."""

    def next(self) -> Mapping[str, object]:
        """Return the next record.

        Raises FeederExhausted if there is none, and FeederError for a record that is malformed.
        """

    @property
    def size(self) -> int | None:
        """How many records the source holds, or ``None`` if that is not known."""


class _Opened:
    """Records in the order of their strategy, counted."""

    def __init__(self, feeder: Feeder, records: Iterator[Record], size: int | None) -> None:
        self._feeder = feeder
        self._records = records
        self._given = 0
        self.size = size

    def next(self) -> Mapping[str, object]:
        try:
            record = next(self._records)
        except StopIteration:
            raise FeederExhausted(
                f"{self._feeder.where}: the feeder ({source_text(self._feeder.source)}, "
                f"{self._feeder.strategy}) has no record left after {self._given}; "
                "add .circular(), or give it more"
            ) from None
        self._given += 1
        return record


def open_feeder(
    feeder: Feeder,
    code: CodeTable,
    folders: Sequence[Path],
    seed: int,
    segment: tuple[int, int] = (1, 1),
) -> RecordSource:
    """Open a feeder for a run, or for segment i of n of one.

    A relative path is looked up in each of ``folders``.  Raises FeederError if the source is
    missing, empty or malformed.
    """
    source, strategy = feeder.source, feeder.strategy
    match source:
        case CsvSource():
            opened = _from_csv(feeder, source, _find(source.path, folders, feeder.where))
        case RecordsSource(records):
            opened = [dict(record) for record in records]
        case CodeSource(ref):
            opened = _from_code(code[ref], ref.where, strategy)
    if callable(opened):
        again = strategy is Strategy.CIRCULAR
        stream = stream_in_order(opened, again=again, segment=segment)
        return _Opened(feeder, stream, None)
    _refuse_empty(feeder, len(opened))
    order = held_in_order(opened, strategy, f"{seed}/{feeder.id}", segment)
    return _Opened(feeder, order, len(opened))


def check_feeder(feeder: Feeder, folders: Sequence[Path]) -> list[str]:
    """Return what would keep a feeder from being opened, without calling any user code."""
    try:
        match feeder.source:
            case CsvSource() as source:
                opened = _from_csv(feeder, source, _find(source.path, folders, feeder.where))
                if not callable(opened):
                    _refuse_empty(feeder, len(opened))
            case RecordsSource(records):
                _refuse_empty(feeder, len(records))
            case CodeSource():
                pass
    except FeederError as error:
        return [str(error)]
    return []


def _refuse_empty(feeder: Feeder, size: int) -> None:
    if size == 0:
        raise FeederError(
            f"{feeder.where}: the feeder ({source_text(feeder.source)}) holds no record; give "
            "it at least one"
        )


def _find(name: str, folders: Sequence[Path], where: str) -> Path:
    for folder in folders:
        path = folder / name
        if path.is_file():
            return path
    looked = " nor ".join(dict.fromkeys(str(folder) for folder in folders))
    raise FeederError(
        f"{where}: csv({name!r}): there is no such file in {looked}; a relative path counts from "
        "the simulation's file, then from the working folder"
    )


def _from_csv(
    feeder: Feeder, source: CsvSource, path: Path
) -> Held | Callable[[], Iterator[Record]]:
    try:
        if path.stat().st_size <= _MOST_IN_MEMORY:
            return HeldRows(path, source)
        if feeder.strategy in _ANY_ORDER:
            return HeldPlaces(path, source)
        # One record is read ahead of the run, so that a wrong header or an empty file shows now.
        _refuse_empty(feeder, 0 if next(CsvStream(path, source), None) is None else 1)
    except FeederError as error:
        text = str(error)
        raise FeederError(
            text if text.startswith(f"{feeder.where}:") else f"{feeder.where}: {text}"
        ) from None
    return lambda: CsvStream(path, source)


def _from_code(
    function: Callable[..., object], where: str, strategy: Strategy
) -> Held | Callable[[], Iterator[Record]]:
    records = call(function, where)
    if isinstance(records, Sequence):
        return [checked(record, n, where) for n, record in enumerate(records, 1)]
    if strategy in _ANY_ORDER:
        return held(records, where)
    stream = CodeStream(records, where)
    return Remembered(stream, where).open if strategy is Strategy.CIRCULAR else lambda: stream
