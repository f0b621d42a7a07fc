"""What would keep a feeder from being opened, told before there is a run."""

from collections.abc import Sequence
from pathlib import Path

from gatlingpy.errors import FeederError
from gatlingpy.feeds.database import Database
from gatlingpy.feeds.opening import file_supply, first_names, refuse_empty
from gatlingpy.feeds.supply import Stock
from gatlingpy.feeds.zipped import refuse_same_names
from gatlingpy.plan.feeders import (
    CodeSource,
    CsvSource,
    Feeder,
    FileSource,
    GeneratedSource,
    JsonFileSource,
    JsonLinesSource,
    RecordsSource,
    SqlSource,
    ZippedSource,
    source_text,
)


def check_feeder(feeder: Feeder, folders: Sequence[Path]) -> list[str]:
    """Return what would keep a feeder from being opened, without calling any user code.

    No database is connected to: a plan can be looked at where there is none.
    """
    return _Check(folders).problems_of(feeder)


class _Check:
    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._problems: list[str] = []

    def problems_of(self, feeder: Feeder) -> list[str]:
        self._names(feeder)
        return self._problems

    def _names(self, feeder: Feeder) -> tuple[str, ...]:
        """Return the attributes of a feeder's records, as far as they are known."""
        try:
            return self._checked(feeder)
        except FeederError as error:
            self._problems.append(str(error))
            return ()

    def _checked(self, feeder: Feeder) -> tuple[str, ...]:
        match feeder.source:
            case CsvSource() | JsonFileSource() | JsonLinesSource() as source:
                return self._of_file(feeder, source)
            case RecordsSource(records):
                refuse_empty(feeder, len(records))
                return first_names(records)
            case ZippedSource(parts):
                known = [(source_text(part.source), self._names(part)) for part in parts]
                refuse_same_names(known, feeder.where)
                return tuple(name for _, names in known for name in names)
            case SqlSource() as source:
                Database(source, self._folders, feeder.where).check()
                return ()
            case GeneratedSource(values):
                return tuple(values)
            case CodeSource():
                return ()

    def _of_file(self, feeder: Feeder, source: FileSource) -> tuple[str, ...]:
        supply = file_supply(feeder, source, self._folders)
        if isinstance(supply, Stock):
            supply.close()
            refuse_empty(feeder, len(supply.records))
        return supply.names
