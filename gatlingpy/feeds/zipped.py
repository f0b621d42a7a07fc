"""Records made of one record of each of several feeders."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gatlingpy.errors import FeederError
from gatlingpy.feeds.supply import Record, Stream


@dataclass(frozen=True, slots=True)
class Part:
    """One of the feeders that are zipped, opened."""

    text: str
    """What messages call it."""
    records: Stream
    names: tuple[str, ...]
    """The attributes of its first record, if they are known."""


class ZippedStream:
    """One record of each part, together; ends with the part that ends first.

    The StopIteration says which that was.  A malformed record costs the records of the other parts
    that belong with it, so that all others stay together.
    """

    def __init__(self, parts: Sequence[Part], where: str) -> None:
        """Raise FeederError if two parts are known to name the same attribute."""
        self._parts = parts
        self._where = where
        self._number = 0
        self._ended = ""
        refuse_same_names([(part.text, part.names) for part in parts], where)

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        if self._ended:
            raise StopIteration(self._ended)
        self._number += 1
        found: list[Record] = []
        failure: FeederError | None = None
        for part in self._parts:
            try:
                found.append(next(part.records))
            except StopIteration:
                self._ended = f"{part.text} ended first"
                raise StopIteration(self._ended) from None
            except FeederError as error:
                failure = failure or error
        if failure is not None:
            raise failure
        return self._joined(found)

    def close(self) -> None:
        """Close all parts."""
        for part in self._parts:
            part.records.close()

    def _joined(self, found: Sequence[Record]) -> Record:
        record: dict[str, object] = {}
        for part in found:
            record.update(part)
        if len(record) != sum(map(len, found)):
            names = [(part.text, tuple(one)) for part, one in zip(self._parts, found, strict=True)]
            refuse_same_names(names, f"{self._where}: record {self._number}")
        return record


def refuse_same_names(parts: Sequence[tuple[str, Sequence[str]]], where: str) -> None:
    """Raise FeederError if two of (text, attributes) name the same attribute."""
    owners: dict[str, str] = {}
    for text, names in parts:
        for name in names:
            if name in owners:
                raise FeederError(
                    f"{where}: zipped(...): both {owners[name]} and {text} name {name!r}; rename "
                    "it in one of them"
                )
            owners[name] = text
