"""Feeders at run time: opens the source that a plan names and gives out its records.

Records are given out on the user thread.  Opening and closing happen on the thread that runs the
simulation, before the first user and after the last.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from gatlingpy.errors import FeederExhausted
from gatlingpy.feeds.opening import Opening
from gatlingpy.feeds.supply import Flow, Stream
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.feeders import Feeder, source_text


class RecordSource(Protocol):
    """An opened feeder."""

    def next(self) -> Mapping[str, object]:
        """Return the next record.  Thread: the user thread.

        Raises FeederExhausted if there is none, and FeederError for a record that is malformed.
        """

    def close(self) -> None:
        """Let go of files and connections; no record can be had afterwards."""

    @property
    def size(self) -> int | None:
        """How many records the source holds, or ``None`` if that is not known."""


class _Opened:
    """Records in the order of their strategy, counted."""

    def __init__(self, feeder: Feeder, records: Stream, size: int | None) -> None:
        self._feeder = feeder
        self._records = records
        self._given = 0
        self.size = size

    def next(self) -> Mapping[str, object]:
        try:
            record = next(self._records)
        except StopIteration as end:
            why = "" if end.value is None else f": {end.value}"
            raise FeederExhausted(
                f"{self._left()}{why}; add .circular(), or give it more"
            ) from None
        except FeederExhausted as error:
            raise FeederExhausted(f"{self._left()}: {error}") from error
        self._given += 1
        return record

    def close(self) -> None:
        self._records.close()

    def _left(self) -> str:
        return (
            f"{self._feeder.where}: the feeder ({source_text(self._feeder.source)}, "
            f"{self._feeder.strategy}) has no record left after {self._given}"
        )


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
    opening = Opening(code, folders, seed)
    supply = opening.supply(feeder)
    size = None if isinstance(supply, Flow) else len(supply.records)
    return _Opened(feeder, opening.records(feeder, supply, segment), size)
