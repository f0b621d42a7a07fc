"""Files of every kind: held where they fit into memory, read as they are used where not."""

from array import array
from contextlib import closing
from typing import BinaryIO, Final, Protocol

from gatlingpy.feeds.csv_file import CsvStream
from gatlingpy.feeds.data_file import DataFile
from gatlingpy.feeds.json_array import JsonArrayStream
from gatlingpy.feeds.json_lines import JsonLinesStream
from gatlingpy.feeds.supply import Flow, Held, Record, Stock, Stream, Supply
from gatlingpy.plan.feeders import CsvSource, FileSource, JsonFileSource, JsonLinesSource

MOST_IN_MEMORY: Final = 16 << 20
"""Files up to so many bytes are read whole when a run starts; longer ones as they are used."""


class FileStream(Stream, Protocol):
    """The records of a file, which know where they stand."""

    @property
    def offset(self) -> int:
        """Where in the file the next record begins, in bytes."""

    def at(self, offset: int) -> Record:
        """Return the record that begins there; the file must be one that can be sought in."""

    def hold(self) -> Held:
        """Read all records that are left; raises FeederError for the first that is malformed."""


class HeldPlaces:
    """Where each record of a file begins: eight bytes of memory a record."""

    def __init__(self, stream: FileStream) -> None:
        """Read the whole file once; raises FeederError for the first record that is malformed."""
        self._at = stream.at
        self._places = array("Q")
        place = stream.offset
        for _ in stream:
            self._places.append(place)
            place = stream.offset

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, index: int) -> Record:
        return self._at(self._places[index])


def supply_of_file(source: FileSource, file: DataFile, *, any_order: bool) -> Supply:
    """Open a file; raises FeederError if what can be read of it before a run is malformed.

    A file that fits into memory is read whole, and one whose records are wanted in any order once
    from end to end.  Of others the first record is read.  An empty file is an empty stock.
    """
    if file.is_within(MOST_IN_MEMORY):
        with closing(_stream(source, file, file.open())) as stream:
            held = stream.hold()
        return Stock(held, tuple(held[0]) if len(held) else ())
    if any_order:
        return _places(_stream(source, file, file.open_seekable()))
    with closing(_stream(source, file, file.open())) as stream:
        first = next(stream, None)
    if first is None:
        return Stock([])
    return Flow(lambda: _stream(source, file, file.open()), tuple(first))


def _places(stream: FileStream) -> Stock:
    try:
        places = HeldPlaces(stream)
        return Stock(places, tuple(places[0]) if len(places) else (), stream.close)
    except BaseException:
        stream.close()
        raise


def _stream(source: FileSource, file: DataFile, opened: BinaryIO) -> FileStream:
    try:
        match source:
            case CsvSource():
                return CsvStream(opened, file.name, source)
            case JsonFileSource():
                return JsonArrayStream(opened, file.name)
            case JsonLinesSource():
                return JsonLinesStream(opened, file.name)
    except BaseException:
        opened.close()
        raise
