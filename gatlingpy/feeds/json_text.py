"""The text of a JSON file, a piece at a time: values are parsed as soon as they are there whole."""

import codecs
import json
from typing import BinaryIO, Final

from gatlingpy.errors import FeederError
from gatlingpy.feeds.data_file import READ_ERRORS, unreadable
from gatlingpy.feeds.json_values import DECODER, UNPARSED, reason
from gatlingpy.feeds.lines import BOM
from gatlingpy.feeds.supply import Breakable

_BLANK: Final = " \t\r\n"
_LONGEST_WORD: Final = 16
"""No token but text is longer where it can be cut: an escaped surrogate pair has 12 characters."""


class JsonText(Breakable):
    """What is left of a file; knows how far it has come.

    Everything that it raises is final: nothing can be read from it afterwards.
    """

    def __init__(self, file: BinaryIO, name: str, offset: int = 0, piece: int = 1 << 16) -> None:
        """``offset`` is where in the file it stands, ``piece`` what to read at once, in bytes."""
        self._file = file
        self._name = name
        self._piece = piece
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._text = ""
        self._place = 0
        self._whole = False
        self._told = 0
        self._told_offset = offset
        self._told_line = 1

    @property
    def offset(self) -> int:
        """Where in the file it stands, in bytes."""
        self._tell()
        return self._told_offset

    @property
    def line(self) -> int:
        """In which line it stands, if it began with the first."""
        self._tell()
        return self._told_line

    def peek(self) -> str:
        """Skip white space and return the next character, which stays; empty at the end."""
        self.refuse_if_broken()
        while True:
            while self._place < len(self._text):
                char = self._text[self._place]
                if char not in _BLANK:
                    return char
                self._place += 1
            if not self._fill():
                return ""

    def skip(self) -> None:
        """Go past the character that ``peek`` returned."""
        self._place += 1

    def value(self) -> object:
        """Return the value that begins at the next character; raises FeederError."""
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._place)
            except UNPARSED as error:
                if self._whole or not self._may_be_cut(error):
                    raise self._unparsed(error) from None
            else:
                # A number may go on in the next piece, even where "e+" is left of it here.
                if self._whole or end < len(self._text) - 2:
                    self._place = end
                    return value
            self._fill()

    def error(self, text: str) -> FeederError:
        """Return the error to raise for what stands here; it is final."""
        return self.broken(f"{self._name}:{self.line}: {text}")

    def _unparsed(self, error: Exception) -> FeederError:
        if isinstance(error, json.JSONDecodeError):
            self._place = error.pos
        return self.error(reason(error))

    def _may_be_cut(self, error: Exception) -> bool:
        """Tell whether more text might mend it: all other errors stand before the end."""
        return isinstance(error, json.JSONDecodeError) and (
            error.pos >= len(self._text) - _LONGEST_WORD or error.msg.startswith("Unterminated")
        )

    def _fill(self) -> bool:
        """Read on; at least as much as is there, so that a long value is not tried too often."""
        self._tell()
        self._text = self._text[self._place :]
        self._place = self._told = 0
        try:
            data = self._file.read(max(self._piece, len(self._text)))
        except READ_ERRORS as error:
            raise self.broken(unreadable(self._name, error)) from error
        if self._told_offset == 0 and not self._text and data.startswith(BOM):
            self._told_offset = len(BOM)
            data = data[len(BOM) :]
        try:
            self._text += self._decode(data, not data)
        except UnicodeDecodeError as error:
            before = self._text.count("\n") + error.object[: error.start].count(b"\n")
            raise self.broken(
                f"{self._name}:{self.line + before}: byte {error.object[error.start]:#04x} is not "
                "UTF-8; save the file as UTF-8"
            ) from None
        self._whole = not data
        return not self._whole

    def _tell(self) -> None:
        passed = self._text[self._told : self._place]
        self._told = self._place
        self._told_offset += len(passed.encode())
        self._told_line += passed.count("\n")
