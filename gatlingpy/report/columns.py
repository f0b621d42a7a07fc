"""The log as columns: numpy arrays for numbers, codes into dictionaries for text.

One row is one record.  A ``path`` is the names of the groups and the name of the request, so a
request at the top has a path of one part.  Times are epoch microseconds.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, fields
from typing import Final, Generic, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from gatlingpy.stats.events import Ending

Ints: TypeAlias = npt.NDArray[np.int64]
Codes: TypeAlias = npt.NDArray[np.int32]
Flags: TypeAlias = npt.NDArray[np.bool_]
Path: TypeAlias = tuple[str, ...]

ENDINGS: Final = tuple(ending.value for ending in Ending)
"""A row's ``ending`` is a place in this tuple; 0 is ``ok``."""

K = TypeVar("K", bound=Hashable)


class Dictionary(Generic[K]):
    """Numbers values in the order in which they are first seen."""

    def __init__(self) -> None:
        """An empty dictionary: its first value gets the code 0."""
        self._codes: dict[K, int] = {}

    def code(self, value: K) -> int:
        """Return the number of ``value``, a new one if it has none yet."""
        return self._codes.setdefault(value, len(self._codes))

    def values(self) -> tuple[K, ...]:
        """Return every value; its place is its code."""
        return tuple(self._codes)


@dataclass(frozen=True, slots=True, eq=False)
class Requests:
    """Rows of ``REQUEST`` or ``LEG`` records."""

    path: Codes
    start_us: Ints
    duration_us: Ints
    intended_us: Ints
    ending: npt.NDArray[np.int8]
    message: Codes


@dataclass(frozen=True, slots=True, eq=False)
class Users:
    """Rows of ``USER`` records; ``started`` tells START from END."""

    scenario: Codes
    started: Flags
    at_us: Ints
    intended_us: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Rows of ``GROUP`` records."""

    path: Codes
    start_us: Ints
    duration_us: Ints
    cumulated_us: Ints
    ok: Flags


Table = TypeVar("Table", Requests, Users, Groups)

_TYPES: Final[dict[str, type[np.generic]]] = {
    "path": np.int32,
    "scenario": np.int32,
    "message": np.int32,
    "ending": np.int8,
    "started": np.bool_,
    "ok": np.bool_,
}


class Growing(Generic[Table]):
    """Rows that arrive one by one or in whole arrays, and become one table at the end."""

    _FLUSH = 50_000

    def __init__(self, table: type[Table]) -> None:
        """An empty table of this class."""
        self._table: type[Table] = table
        self._names = tuple(field.name for field in fields(table))
        self._parts: dict[str, list[npt.NDArray[np.generic]]] = {name: [] for name in self._names}
        self._rows: list[tuple[int, ...]] = []

    def append(self, row: tuple[int, ...]) -> None:
        """Add one row, its fields in the table's order."""
        self._rows.append(row)
        if len(self._rows) >= self._FLUSH:
            self._flush()

    def extend(self, columns: Sequence[npt.NDArray[np.generic]]) -> None:
        """Add many rows, one array a column in the table's order."""
        self._flush()
        for name, column in zip(self._names, columns, strict=True):
            self._parts[name].append(column.astype(_TYPES.get(name, np.int64), copy=False))

    def _flush(self) -> None:
        if self._rows:
            rows, self._rows = self._rows, []
            self.extend(tuple(np.array(rows, dtype=np.int64).T))

    def finish(self) -> Table:
        """Join the parts; frees each column's parts as soon as they are joined."""
        self._flush()
        columns: dict[str, npt.NDArray[np.generic]] = {}
        for name in self._names:
            parts = self._parts.pop(name)
            columns[name] = (
                np.concatenate(parts) if parts else np.empty(0, _TYPES.get(name, np.int64))
            )
        table: Table = self._table(**columns)  # type: ignore[arg-type]
        return table
