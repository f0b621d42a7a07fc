"""Files that hold one JSON array of objects, read object by object."""

import weakref
from collections.abc import Iterator
from typing import BinaryIO, Final

from gatlingpy.errors import FeederError, FeederExhausted
from gatlingpy.feeds.json_text import JsonText
from gatlingpy.feeds.json_values import kind_of
from gatlingpy.feeds.supply import Record

_ONE_RECORD: Final = 1 << 12
"""Bytes to read at first where a single record is wanted."""


class JsonArrayStream:
    """The records of a file, read as they are asked for (``file_records.FileStream``).

    An element that is no object is an error for its record; text that is no JSON ends the stream.
    """

    def __init__(self, file: BinaryIO, name: str) -> None:
        """Read up to the first element; raises FeederError.  ``name`` is for messages."""
        self.close = weakref.finalize(self, file.close)
        self._file = file
        self._name = name
        self._number = 0
        self._ended = False
        self._text = JsonText(file, name)
        start = self._text.peek()
        if start == "":
            raise FeederError(f"{name} is empty; it must hold an array of objects")
        if start != "[":
            hint = "; is it one object a line, for json_lines(...)?" if start == "{" else ""
            raise FeederError(f"{name} must hold an array of objects, got {start!r} first{hint}")
        self._text.skip()

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        self._find_element()
        self._number += 1
        line = self._text.line
        value = self._text.value()
        if type(value) is dict:
            return value
        raise FeederError(
            f"{self._name}:{line}: element {self._number} is {kind_of(value)} and no record; each "
            "element of the array must be an object"
        )

    @property
    def offset(self) -> int:
        """Where in the file the next record begins, or the comma before it, in bytes."""
        return self._text.offset

    def at(self, offset: int) -> Record:
        """Return the record that begins there; raises FeederError if there is none any more."""
        self._file.seek(offset)
        text = JsonText(self._file, self._name, offset, _ONE_RECORD)
        try:
            if text.peek() == ",":
                text.skip()
            value = text.value() if text.peek() == "{" else None
        except (FeederError, FeederExhausted):
            value = None
        if type(value) is dict:
            return value
        raise FeederError(f"{self._name} has changed while it was being read")

    def hold(self) -> list[Record]:
        """Read all records that are left; raises FeederError for the first that is malformed."""
        return list(self)

    def _find_element(self) -> None:
        """Go to the next element; raises StopIteration if there is none."""
        if self._ended:
            raise StopIteration
        char = self._text.peek()
        if char == "]":
            self._end()
        if self._number > 0:
            if char != ",":
                raise self._text.error("Expecting ',' or ']' after an element")
            self._text.skip()
            if self._text.peek() == "]":
                raise self._text.error("Expecting an element after ','")

    def _end(self) -> None:
        self._text.skip()
        if self._text.peek():
            raise self._text.error("Extra data behind the array")
        self._ended = True
        raise StopIteration
