"""Files of separated values (RFC 4180): as a stream, held whole, or held as places in the file.

UTF-8, with or without a byte order mark.  The first line names the attributes; blank lines are
skipped.  Whatever is wrong with a file is a FeederError that names file and line.
"""

import csv
import weakref
from array import array
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Final

from gatlingpy.errors import FeederError
from gatlingpy.plan.feeders import CsvSource

_BOM: Final = b"\xef\xbb\xbf"


class _Lines:
    """The lines of an open file as text; knows how far it has come."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self.number = 0
        self.offset = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._file)
        self.offset += len(line)
        self.number += 1
        if self.number == 1 and line.startswith(_BOM):
            line = line[len(_BOM) :]
        try:
            return line.decode()
        except UnicodeDecodeError as error:
            raise FeederError(
                f"{self._name}:{self.number}: byte {error.object[error.start]:#04x} is not UTF-8; "
                "save the file as UTF-8"
            ) from None


class CsvStream:
    """The records of a file, read as they are asked for; the file is open until the last one.

    A malformed line raises FeederError; the next call goes on behind it.
    """

    def __init__(self, path: Path, source: CsvSource) -> None:
        """Open the file and read its header; raises FeederError."""
        self._name = str(path)
        try:
            file = path.open("rb")
        except OSError as error:
            raise FeederError(f"{path}: cannot be read: {error.strerror}") from error
        self.close = weakref.finalize(self, file.close)
        self._lines = _Lines(file, self._name)
        self._reader = csv.reader(
            self._lines, delimiter=source.separator, quotechar=source.quote, strict=True
        )
        self.header = self._read_header()

    def __iter__(self) -> Iterator[Mapping[str, str]]:
        return self

    def __next__(self) -> Mapping[str, str]:
        return dict(zip(self.header, self.row(), strict=True))

    @property
    def offset(self) -> int:
        """Where in the file the next record begins, in bytes."""
        return self._lines.offset

    def row(self) -> list[str]:
        """Return the values of the next record; raises StopIteration after the last."""
        line = self._lines.number + 1
        row = self._next_row()
        if len(row) != len(self.header):
            raise FeederError(
                f"{self._name}:{line}: {_values(len(row))}, but the header names "
                f"{len(self.header)}: {', '.join(self.header)}"
            )
        return row

    def _next_row(self) -> list[str]:
        try:
            for row in self._reader:
                if row:
                    return row
        except csv.Error as error:
            raise FeederError(f"{self._name}:{self._lines.number}: {error}") from None
        self.close()
        raise StopIteration

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


def _values(count: int) -> str:
    return f"{count} value{'' if count == 1 else 's'}"


class HeldRows:
    """All records of a file, in memory."""

    def __init__(self, path: Path, source: CsvSource) -> None:
        """Read the whole file; raises FeederError for the first line that is malformed."""
        stream = CsvStream(path, source)
        self._header = stream.header
        self._rows = list(_rows(stream))

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: int) -> Mapping[str, str]:
        return dict(zip(self._header, self._rows[index], strict=True))


class HeldPlaces:
    """Where each record of a file begins: eight bytes of memory a record."""

    def __init__(self, path: Path, source: CsvSource) -> None:
        """Read the whole file once; raises FeederError for the first line that is malformed."""
        stream = CsvStream(path, source)
        self._header = stream.header
        self._places = array("Q")
        place = stream.offset
        for _ in _rows(stream):
            self._places.append(place)
            place = stream.offset
        self._source = source
        self._name = str(path)
        self._file = path.open("rb")
        self.close = weakref.finalize(self, self._file.close)

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, index: int) -> Mapping[str, str]:
        self._file.seek(self._places[index])
        reader = csv.reader(
            _Lines(self._file, self._name),
            delimiter=self._source.separator,
            quotechar=self._source.quote,
        )
        row = next((row for row in reader if row), [])
        if len(row) != len(self._header):
            raise FeederError(f"{self._name} has changed while it was being read")
        return dict(zip(self._header, row, strict=True))


def _rows(stream: CsvStream) -> Iterator[list[str]]:
    while True:
        try:
            row = stream.row()
        except StopIteration:
            return
        yield row
