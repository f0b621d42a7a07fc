"""Cuts a file into blocks of whole lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of a file; the last block of a truncated file is the piece that is left."""

    offset: int
    """Bytes before it in the file."""
    data: bytes
    whole: bool
    """Whether its last line ends in a line feed."""


def blocks(path: Path, size: int = BLOCK_BYTES) -> Iterator[Block]:
    """Yield the file in blocks of about ``size`` bytes, each cut after a line feed.

    A line longer than ``size`` makes its block larger.  Raises OSError.
    """
    offset, rest = 0, b""
    with path.open("rb") as file:
        while piece := file.read(size):
            data = rest + piece if rest else piece
            cut = data.rfind(b"\n") + 1
            rest = data[cut:]
            if cut:
                yield Block(offset, data[:cut] if rest else data, whole=True)
                offset += cut
    if rest:
        yield Block(offset, rest, whole=False)


def line_number(path: Path, offset: int) -> int:
    """Count the lines before the byte at ``offset``, from 1: for error messages."""
    with path.open("rb") as file:
        number = 1
        while offset > 0 and (piece := file.read(min(offset, BLOCK_BYTES))):
            number += piece.count(b"\n")
            offset -= len(piece)
    return number
