"""The lines of a file as text (UTF-8), with their numbers and places."""

from collections.abc import Iterator
from typing import BinaryIO, Final

from gatlingpy.errors import FeederError
from gatlingpy.feeds.data_file import READ_ERRORS, unreadable
from gatlingpy.feeds.supply import Breakable

BOM: Final = b"\xef\xbb\xbf"
"""The byte order mark that some programs begin a file with; it is no part of the text."""


class Lines(Breakable):
    """The lines of an open file; knows how far it has come."""

    def __init__(self, file: BinaryIO, name: str, offset: int = 0) -> None:
        """``offset`` is where in the file it stands, in bytes; ``name`` is for messages."""
        self._file = file
        self._name = name
        self.number = 0
        """How many lines have been read."""
        self.offset = offset
        """Where in the file the next line begins, in bytes."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.refuse_if_broken()
        try:
            line = next(self._file)
        except READ_ERRORS as error:
            raise self.broken(unreadable(self._name, error)) from error
        if self.offset == 0 and line.startswith(BOM):
            self.offset = len(BOM)
            line = line[len(BOM) :]
        self.offset += len(line)
        self.number += 1
        try:
            return line.decode()
        except UnicodeDecodeError as error:
            raise FeederError(
                f"{self._name}:{self.number}: byte {error.object[error.start]:#04x} is not UTF-8; "
                "save the file as UTF-8"
            ) from None
