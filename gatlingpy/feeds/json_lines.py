"""Files with one JSON object on each line; blank lines are skipped."""

import weakref
from collections.abc import Iterator
from typing import BinaryIO, Final

from gatlingpy.errors import FeederError
from gatlingpy.feeds.json_values import DECODER, UNPARSED, kind_of, reason
from gatlingpy.feeds.lines import Lines
from gatlingpy.feeds.supply import Record

_BLANK: Final = " \t\r\n"
"""What JSON has between values; other white space is none to it."""


class JsonLinesStream:
    """The records of a file, read as they are asked for (``file_records.FileStream``)."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        """Nothing is read yet; ``name`` is for messages."""
        self.close = weakref.finalize(self, file.close)
        self._file = file
        self._name = name
        self._lines = Lines(file, name)

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        return self._next(self._lines)

    @property
    def offset(self) -> int:
        """Where in the file the next record begins, in bytes."""
        return self._lines.offset

    def at(self, offset: int) -> Record:
        """Return the record that begins there; raises FeederError if there is none any more."""
        self._file.seek(offset)
        try:
            return self._next(Lines(self._file, self._name, offset))
        except (FeederError, StopIteration):
            raise FeederError(f"{self._name} has changed while it was being read") from None

    def hold(self) -> list[Record]:
        """Read all records that are left; raises FeederError for the first that is malformed."""
        return list(self)

    def _next(self, lines: Lines) -> Record:
        for line in lines:
            text = line.strip(_BLANK)
            if text:
                return self._parsed(text, lines.number)
        raise StopIteration

    def _parsed(self, text: str, number: int) -> Record:
        try:
            value = DECODER.decode(text)
        except UNPARSED as error:
            raise FeederError(f"{self._name}:{number}: {reason(error)}") from None
        if type(value) is dict:
            return value
        raise FeederError(
            f"{self._name}:{number}: {kind_of(value)} is no record; each line must hold an object"
        )
