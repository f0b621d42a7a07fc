"""Where users' data comes from, frozen; ``feeds/`` reads it at run time."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from gatlingpy.plan.code import CodeRef
from gatlingpy.plan.frozen import FrozenMap


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


@dataclass(frozen=True, slots=True)
class RecordsSource:
    """Records written in the simulation itself."""

    records: tuple[FrozenMap[object], ...]


@dataclass(frozen=True, slots=True)
class CodeSource:
    """Records that a user's iterable or generator function gives, one mapping after another."""

    code: CodeRef


FeederSource: TypeAlias = CsvSource | RecordsSource | CodeSource


@dataclass(frozen=True, slots=True)
class Feeder:
    """One feeder, shared by every step that names its id."""

    id: str
    source: FeederSource
    strategy: Strategy = Strategy.QUEUE
    where: str = field(default="", compare=False)


def source_text(source: FeederSource) -> str:
    """Return a source as a reader of a plan or of a message should see it."""
    match source:
        case CsvSource(path):
            return path
        case RecordsSource(records):
            return f"{len(records)} record{'' if len(records) == 1 else 's'}"
        case CodeSource(code):
            return f"code {code.where}"
