"""Where users' data comes from, frozen; ``feeds/`` reads it at run time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from gatlingpy.plan.code import CodeRef, Const, Env
from gatlingpy.plan.frozen import FrozenMap

_LONGEST_QUERY: Final = 60
"""Characters of a query that a line of a plan or a message shows."""


class Strategy(StrEnum):
    """In which order records are given out."""

    QUEUE = "queue"
    """Each once, in order; then the feeder is exhausted and the run stops."""
    CIRCULAR = "circular"
    """In order, from the start again after the last."""
    RANDOM = "random"
    """Any, with replacement."""
    SHUFFLE = "shuffle"
    """Each once, in random order; then the feeder is exhausted."""


@dataclass(frozen=True, slots=True)
class CsvSource:
    """A file of separated values whose first line names the attributes (RFC 4180)."""

    path: str
    """As the user wrote it: relative to the simulation's file, then to the working folder."""
    separator: str = ","
    quote: str = '"'
    unzip: bool = False
    """Whether the file is packed: gzip, or zip with a single entry."""


@dataclass(frozen=True, slots=True)
class JsonFileSource:
    """A file that holds one array of objects (RFC 8259)."""

    path: str
    unzip: bool = False


@dataclass(frozen=True, slots=True)
class JsonLinesSource:
    """A file with one object on each line."""

    path: str
    unzip: bool = False


FileSource: TypeAlias = CsvSource | JsonFileSource | JsonLinesSource


@dataclass(frozen=True, slots=True)
class SqlSource:
    """The rows of a query, by SQLAlchemy."""

    url: str | Env
    """SQLAlchemy's URL of the database; a literal one holds no password."""
    query: str
    parameters: FrozenMap[str | int | float | bool | bytes | None] = field(
        default_factory=FrozenMap
    )
    """What the query's ``:name`` stand for; without any, the query goes to the driver as it is."""
    password: Env | None = None
    """Takes the place of the URL's password."""


@dataclass(frozen=True, slots=True)
class RecordsSource:
    """Records written in the simulation itself."""

    records: tuple[FrozenMap[object], ...]


@dataclass(frozen=True, slots=True)
class CodeSource:
    """Records that a user's iterable or generator function gives, one mapping after another."""

    code: CodeRef


@dataclass(frozen=True, slots=True)
class GeneratedSource:
    """Records without end, each made anew: functions are called, constants stay as they are."""

    values: FrozenMap[Const | CodeRef]


@dataclass(frozen=True, slots=True)
class ZippedSource:
    """Records made of one record of each part; ends with the shortest part."""

    parts: tuple["Feeder", ...]
    """Feeders of this source alone, each with its own strategy."""


FeederSource: TypeAlias = (
    CsvSource
    | JsonFileSource
    | JsonLinesSource
    | SqlSource
    | RecordsSource
    | CodeSource
    | GeneratedSource
    | ZippedSource
)


@dataclass(frozen=True, slots=True)
class Feeder:
    """One feeder, shared by every step that names its id."""

    id: str
    source: FeederSource
    strategy: Strategy = Strategy.QUEUE
    where: str = field(default="", compare=False)
    transforms: tuple[CodeRef, ...] = ()
    """Functions of (attribute, value), each applied to all values of a record, in this order."""


def source_text(source: FeederSource) -> str:
    """Return a source as a reader of a plan or of a message should see it."""
    match source:
        case CsvSource(path) | JsonFileSource(path) | JsonLinesSource(path):
            return path
        case SqlSource(query=query):
            text = " ".join(query.split())
            shown = text if len(text) <= _LONGEST_QUERY else f"{text[: _LONGEST_QUERY - 1]}…"
            return f"SQL {shown}"
        case RecordsSource(records):
            return f"{len(records)} record{'' if len(records) == 1 else 's'}"
        case CodeSource(code):
            return f"code {code.where}"
        case GeneratedSource(values):
            return f"generated {', '.join(values)}"
        case ZippedSource(parts):
            return " + ".join(map(_part_text, parts))


def _part_text(part: Feeder) -> str:
    text = source_text(part.source)
    return text if part.strategy is Strategy.QUEUE else f"{text} {part.strategy}"


def call_text(source: FileSource) -> str:
    """Return the call that names a file, as the user wrote it but for further arguments."""
    match source:
        case JsonFileSource(path):
            return f"json_file({path!r})"
        case JsonLinesSource(path):
            return f"json_lines({path!r})"
        case CsvSource(path, separator):
            word = {",": "csv", "\t": "tsv", ";": "ssv"}.get(separator, "separated_values")
            return f"{word}({path!r})"


def code_in(source: FeederSource) -> Iterator[CodeRef]:
    """Yield the user functions that give a source its records."""
    match source:
        case CodeSource(code):
            yield code
        case GeneratedSource(values):
            yield from (value for value in values.values() if isinstance(value, CodeRef))
        case ZippedSource(parts):
            for part in parts:
                yield from code_in(part.source)
                yield from part.transforms
