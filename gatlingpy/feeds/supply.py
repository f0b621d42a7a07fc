"""What a source gives when it is opened: a stock of records, or a flow of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from gatlingpy.errors import FeederError, FeederExhausted

Record: TypeAlias = Mapping[str, object]


class Held(Protocol):
    """Records that can be had in any order."""

    def __len__(self) -> int:
        """Return how many there are."""

    def __getitem__(self, index: int) -> Record:
        """Return one, from 0."""


class Stream(Protocol):
    """Records one after another.

    A malformed record raises FeederError, and the next call goes on behind it.  When nothing can
    be read any more, all further calls raise FeederExhausted.
    """

    def __iter__(self) -> Iterator[Record]:
        """Return itself."""

    def __next__(self) -> Record:
        """Return the next record; raises StopIteration after the last."""

    def close(self) -> object:
        """Let go of the file or connection; may be called again."""


def nothing_to_close() -> None:
    """Close nothing."""


@dataclass(frozen=True, slots=True)
class Stock:
    """Records that can be had in any order, such as those of a file that fits into memory."""

    records: Held
    names: tuple[str, ...] = ()
    """The attributes of its first record, if they are known."""
    close: Callable[[], object] = nothing_to_close


@dataclass(frozen=True, slots=True)
class Flow:
    """Records that are read as they are used."""

    open: Callable[[], Stream]
    """Returns the records from the first on; each call does if the source can begin again."""
    names: tuple[str, ...] = ()
    """The attributes of its first record, if they are known without calling user code."""


Supply: TypeAlias = Stock | Flow


class HeldRows:
    """Records with the same attributes, which are kept once for all of them."""

    def __init__(self, names: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Each row has a value for each name."""
        self._names = names
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: int) -> Record:
        return dict(zip(self._names, self._rows[index], strict=True))


class Breakable:
    """A stream that cannot go on after certain errors: each further call says so."""

    _broken: str | None = None

    def broken(self, text: str) -> FeederError:
        """Return the error to raise; nothing can be read after it."""
        self._broken = text
        return FeederError(text)

    def refuse_if_broken(self) -> None:
        """Raise FeederExhausted if nothing can be read any more."""
        if self._broken is not None:
            raise FeederExhausted(f"{self._broken}; no record can follow it")
