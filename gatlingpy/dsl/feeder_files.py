"""Feeders from files: separated values, JSON arrays, JSON lines."""

import os
from dataclasses import dataclass, replace
from typing import Self, TypeAlias

from gatlingpy.dsl.feeder_sources import GivenFile
from gatlingpy.dsl.feeders import FeederBuilder
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.feeders import CsvSource, FileSource, JsonFileSource, JsonLinesSource

__all__ = [
    "FileFeederBuilder",
    "csv",
    "json_file",
    "json_lines",
    "separated_values",
    "ssv",
    "tsv",
]

FilePath: TypeAlias = "str | os.PathLike[str]"


@dataclass(frozen=True, slots=True, eq=False)
class FileFeederBuilder(FeederBuilder):
    """A feeder whose records stand in a file."""

    made_of: GivenFile

    def unzip(self) -> Self:
        """Unpack the file while it is read: gzip, or zip with a single entry."""
        packed = replace(self.made_of.source, unzip=True)
        return replace(self, made_of=GivenFile(packed), origin=None)


def csv(path: FilePath, separator: str = ",", quote: str = '"') -> FileFeederBuilder:
    """Read records from a file of separated values whose first line names the attributes.

    RFC 4180, UTF-8.  A relative path is looked up beside the simulation's file, then in the
    working folder.  All values are text.
    """
    return _separated("csv", path, separator, quote)


def tsv(path: FilePath, quote: str = '"') -> FileFeederBuilder:
    """Read records as ``csv`` does, from values separated by tabs."""
    return _separated("tsv", path, "\t", quote)


def ssv(path: FilePath, quote: str = '"') -> FileFeederBuilder:
    """Read records as ``csv`` does, from values separated by semicolons."""
    return _separated("ssv", path, ";", quote)


def separated_values(path: FilePath, separator: str, quote: str = '"') -> FileFeederBuilder:
    """Read records as ``csv`` does, from values separated by a character of your choice."""
    return _separated("separated_values", path, separator, quote)


def json_file(path: FilePath) -> FileFeederBuilder:
    """Read records from a file that holds one JSON array of objects.

    UTF-8; the path counts as in ``csv``.  Values have the types of the file, so they may be
    numbers, lists and mappings.
    """
    where = user_line()
    return _file(JsonFileSource(_file_name("json_file", path, where)), where)


def json_lines(path: FilePath) -> FileFeederBuilder:
    """Read records as ``json_file`` does, from one object on each line; blank lines are skipped."""
    where = user_line()
    return _file(JsonLinesSource(_file_name("json_lines", path, where)), where)


def _separated(call: str, path: FilePath, separator: str, quote: str) -> FileFeederBuilder:
    where = user_line()
    name = _file_name(call, path, where)
    _refuse_unless_char(separator, f"{where}: {call}({name!r}): separator")
    _refuse_unless_char(quote, f"{where}: {call}({name!r}): quote")
    if separator == quote:
        raise UsageError(f"{where}: {call}({name!r}): separator and quote are both {quote!r}")
    return _file(CsvSource(name, separator, quote), where)


def _file(source: FileSource, where: str) -> FileFeederBuilder:
    return FileFeederBuilder(GivenFile(source), where)


def _file_name(call: str, path: object, where: str) -> str:
    name = os.fspath(path) if isinstance(path, str | os.PathLike) else None
    if isinstance(name, str) and name:
        return name
    raise UsageError(f"{where}: {call}(...) takes the path of a file, got {path!r}")


def _refuse_unless_char(value: object, what: str) -> None:
    if not isinstance(value, str) or len(value) != 1 or value in "\r\n":
        raise UsageError(f"{what} must be one character, got {value!r}")
