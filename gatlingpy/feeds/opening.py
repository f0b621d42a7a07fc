"""Opens the sources that feeders name, those inside zipped feeders included."""

from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from gatlingpy.errors import FeederError
from gatlingpy.feeds.code_records import supply_of_code, supply_of_stream
from gatlingpy.feeds.data_file import DataFile, find_file
from gatlingpy.feeds.database import Database
from gatlingpy.feeds.file_records import supply_of_file
from gatlingpy.feeds.generated import supply_of_values
from gatlingpy.feeds.order import in_order
from gatlingpy.feeds.sql_rows import supply_of_sql
from gatlingpy.feeds.supply import Flow, Record, Stock, Stream, Supply
from gatlingpy.feeds.transformed import transformed
from gatlingpy.feeds.zipped import Part, ZippedStream
from gatlingpy.plan.code import CodeTable
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
    Strategy,
    ZippedSource,
    call_text,
    code_in,
    source_text,
)

_ANY_ORDER = (Strategy.RANDOM, Strategy.SHUFFLE)


class Opening:
    """What feeders of one run are opened with."""

    def __init__(self, code: CodeTable, folders: Sequence[Path], seed: int) -> None:
        """A relative path is looked up in each of ``folders``."""
        self._code = code
        self._folders = folders
        self._seed = seed

    def records(self, feeder: Feeder, supply: Supply, segment: tuple[int, int]) -> Stream:
        """Return a segment's records of what ``supply`` returned, in their order."""
        stream = in_order(supply, feeder.strategy, f"{self._seed}/{feeder.id}", segment)
        return transformed(stream, feeder.transforms, self._code)

    def supply(self, feeder: Feeder) -> Supply:
        """Open a feeder's source; raises FeederError if it is missing, empty or malformed."""
        supply = self._supply(feeder)
        if isinstance(supply, Stock) and len(supply.records) == 0:
            supply.close()
            refuse_empty(feeder, 0)
        return supply

    def _supply(self, feeder: Feeder) -> Supply:
        any_order = feeder.strategy in _ANY_ORDER
        match feeder.source:
            case CsvSource() | JsonFileSource() | JsonLinesSource() as source:
                return file_supply(feeder, source, self._folders)
            case SqlSource() as source:
                database = Database(source, self._folders, feeder.where)
                return supply_of_sql(source, database, any_order=any_order)
            case RecordsSource(records):
                return Stock([dict(record) for record in records], first_names(records))
            case CodeSource(ref):
                return supply_of_code(self._code[ref], ref.where, feeder.strategy)
            case GeneratedSource() as source:
                return supply_of_values(source, self._code)
            case ZippedSource() as source:
                return self._zipped(feeder, source)

    def _zipped(self, feeder: Feeder, source: ZippedSource) -> Supply:
        def opened() -> ZippedStream:
            parts: list[Part] = []
            with ExitStack() as half_opened:
                for plan in source.parts:
                    part = self._part(plan)
                    half_opened.callback(part.records.close)
                    parts.append(part)
                stream = ZippedStream(parts, feeder.where)
                half_opened.pop_all()
            return stream

        if feeder.strategy in _ANY_ORDER:
            with closing(opened()) as stream:
                return supply_of_stream(stream, feeder.where, feeder.strategy)
        if feeder.strategy is Strategy.CIRCULAR and any(code_in(source)):
            # What user code gave cannot be had again; files and rows can.
            return supply_of_stream(opened(), feeder.where, feeder.strategy)
        return Flow(opened)

    def _part(self, part: Feeder) -> Part:
        supply = self.supply(part)
        return Part(source_text(part.source), self.records(part, supply, (1, 1)), supply.names)


def file_supply(feeder: Feeder, source: FileSource, folders: Sequence[Path]) -> Supply:
    """Find and open the file of a feeder; raises FeederError, with the user's line."""
    path = find_file(source.path, folders, f"{feeder.where}: {call_text(source)}")
    try:
        file = DataFile(path, source.unzip)
        return supply_of_file(source, file, any_order=feeder.strategy in _ANY_ORDER)
    except FeederError as error:
        raise FeederError(f"{feeder.where}: {error}") from error


def refuse_empty(feeder: Feeder, size: int) -> None:
    """Raise FeederError if a feeder's source holds no record."""
    if size == 0:
        raise FeederError(
            f"{feeder.where}: the feeder ({source_text(feeder.source)}) holds no record; give "
            "it at least one"
        )


def first_names(records: Sequence[Record]) -> tuple[str, ...]:
    """Return the attributes of the first record, if there is one."""
    return tuple(records[0]) if records else ()
