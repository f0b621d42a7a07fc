"""Files of separated values (RFC 4180).

UTF-8, with or without a byte order mark.  The first line names the attributes; blank lines are
skipped.  Whatever is wrong with a file is a FeederError that names file and line.
"""

import csv
import weakref
from collections.abc import Iterator
from typing import BinaryIO

from gatlingpy.errors import FeederError
from gatlingpy.feeds.lines import Lines
from gatlingpy.feeds.supply import HeldRows, Record
from gatlingpy.plan.feeders import CsvSource


class CsvStream:
    """The records of a file, read as they are asked for (``file_records.FileStream``)."""

    def __init__(self, file: BinaryIO, name: str, source: CsvSource) -> None:
        """Read the header; raises FeederError.  ``name`` is for messages."""
        self.close = weakref.finalize(self, file.close)
        self._file = file
        self._name = name
        self._source = source
        self._lines = Lines(file, name)
        self._line = 1
        self._reader = csv.reader(
            self._lines, delimiter=source.separator, quotechar=source.quote, strict=True
        )
        self.names = self._read_header()

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        return dict(zip(self.names, self._row(), strict=True))

    @property
    def offset(self) -> int:
        """Where in the file the next record begins, in bytes."""
        return self._lines.offset

    def at(self, offset: int) -> Record:
        """Return the record that begins there; raises FeederError if there is none any more."""
        self._file.seek(offset)
        reader = csv.reader(
            Lines(self._file, self._name, offset),
            delimiter=self._source.separator,
            quotechar=self._source.quote,
        )
        row = next((row for row in reader if row), [])
        if len(row) != len(self.names):
            raise FeederError(f"{self._name} has changed while it was being read")
        return dict(zip(self.names, row, strict=True))

    def hold(self) -> HeldRows:
        """Read all records that are left; raises FeederError for the first that is malformed."""
        return HeldRows(self.names, list(self._rows()))

    def _rows(self) -> Iterator[list[str]]:
        while True:
            try:
                row = self._row()
            except StopIteration:
                return
            yield row

    def _row(self) -> list[str]:
        row = self._next_row()
        if len(row) != len(self.names):
            raise FeederError(
                f"{self._name}:{self._line}: {_values(len(row))}, but the header names "
                f"{len(self.names)}: {', '.join(self.names)}"
            )
        return row

    def _next_row(self) -> list[str]:
        try:
            self._line = self._lines.number + 1
            for row in self._reader:
                if row:
                    return row
                self._line = self._lines.number + 1
        except csv.Error as error:
            raise FeederError(f"{self._name}:{self._place(error)}") from None
        raise StopIteration

    def _place(self, error: csv.Error) -> str:
        """Return the line and what is wrong with it."""
        if "unexpected end of data" in str(error):
            return f"{self._line}: a quote in the record that begins here is never closed"
        return f"{self._lines.number}: {_reason(error)}"

    def _read_header(self) -> tuple[str, ...]:
        try:
            header = tuple(name.strip() for name in self._next_row())
        except StopIteration:
            raise FeederError(
                f"{self._name} is empty; its first line must name the attributes"
            ) from None
        if "" in header:
            raise FeederError(
                f"{self._name}:1: name {header.index('') + 1} of the header is empty: "
                f"{', '.join(header)}"
            )
        twice = next((name for name in header if header.count(name) > 1), None)
        if twice is not None:
            raise FeederError(f"{self._name}:1: the header names {twice!r} twice")
        return header


def _reason(error: csv.Error) -> str:
    text = str(error)
    if "new-line character" in text:
        return "a carriage return without a line feed; end the lines with line feeds"
    if "field limit" in text:
        return f"{text}; raise it with field_size_limit of the standard module csv"
    return text


def _values(count: int) -> str:
    return f"{count} value{'' if count == 1 else 's'}"
