"""Parses a block of our own log as columns.  The four kinds with many rows never become objects.

A block that is odd in any way (a wrong number of fields, no number, an unknown word) is given back
unread: the reader then takes it line by line and tells exactly which lines are malformed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pc

from gatlingpy.report.collector import EARLIEST_US, LATEST_US, Collector, check, ending_code
from gatlingpy.report.columns import Codes, Flags, Growing, Ints, Requests
from gatlingpy.stats import events as ev
from gatlingpy.stats.escapes import unescape, unescape_groups, unescape_message
from gatlingpy.stats.log_format import ASSERTION, COLUMNS, END, HEALTH, PLAN, RUN, decode

_NAMES: Final = [f"f{place}" for place in range(COLUMNS)]
_TEXT: Final = ("f0", "f1", "f2", "f5", "f6", "f12")
_NUMBERS: Final = ("f7", "f8", "f9")
_DICTIONARY: Final = pa.dictionary(pa.int32(), pa.utf8())
_CONVERT: Final = pc.ConvertOptions(
    column_types={
        **dict.fromkeys(_TEXT, _DICTIONARY),
        **dict.fromkeys(_NUMBERS, pa.int64()),
        "f14": pa.float64(),
    },
    include_columns=[*_TEXT, *_NUMBERS, "f14"],
    null_values=[""],
    strings_can_be_null=False,
)
_PARSE: Final = pc.ParseOptions(delimiter="\t", quote_char=False, double_quote=False)
_SINGLE: Final = frozenset(
    {RUN, PLAN, ASSERTION, HEALTH, END, ev.ERROR, ev.REPLY, ev.GAUGE, ev.MARK}
)


NOTHING: Final = -(1 << 50)
"""No time of a log: it stands for an empty field."""

Commit: TypeAlias = Callable[[], None]


class Odd(Exception):  # noqa: N818 - a finding, caught by the reader
    """The block cannot be read as columns."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text column: each row's code, and the dictionary's values, decoded only when used."""

    codes: Codes
    _values: pa.StringArray

    def used(self, rows: npt.NDArray[np.intp]) -> dict[int, str]:
        """Return the values that occur in these rows, by code."""
        codes = np.flatnonzero(np.bincount(self.codes[rows], minlength=1))
        values = self._values.take(pa.array(codes)).to_pylist()
        return dict(zip(codes.tolist(), values, strict=True))

    def translate(self, rows: npt.NDArray[np.intp], code: Callable[[str], int]) -> Codes:
        """Return these rows as codes of another dictionary."""
        used = self.used(rows)
        table = np.zeros(max(used, default=0) + 1, np.int32)
        for own, value in used.items():
            table[own] = code(value)
        translated: Codes = table[self.codes[rows]]
        return translated


@dataclass(frozen=True, slots=True)
class Columns:
    """One block, parsed; ``numbers`` holds ``NOTHING`` where the field is empty."""

    block: bytes
    rows: int
    texts: dict[str, Text]
    numbers: dict[str, Ints]


def parse(block: bytes) -> Columns | None:
    """Parse whole lines; ``None`` if they must be read one by one.  Thread: any."""
    try:
        table = pc.read_csv(
            pa.BufferReader(block),
            read_options=pc.ReadOptions(
                column_names=_NAMES, use_threads=False, block_size=len(block) + 1
            ),
            parse_options=_PARSE,
            convert_options=_CONVERT,
        ).combine_chunks()
    except pa.ArrowInvalid:
        return None
    if not table.num_rows:
        return None
    texts = {}
    for name in _TEXT:
        chunk = table.column(name).chunk(0)
        texts[name] = Text(chunk.indices.to_numpy(), chunk.dictionary)
    numbers = {name: table.column(name).fill_null(NOTHING).to_numpy() for name in _NUMBERS}
    values = table.column("f14").fill_null(NOTHING).to_numpy()
    # A gauge may be infinite; only the value of a group is a time, and is read as a whole number.
    numbers["f14"] = np.where(np.abs(values) < LATEST_US, values, NOTHING).astype(np.int64)
    # An intended time that is not written is the time itself.
    numbers["f9"] = np.where(numbers["f9"] < 0, numbers["f7"], numbers["f9"])
    return Columns(block, table.num_rows, texts, numbers)


def release() -> None:
    """Give back the memory that pyarrow keeps for further blocks."""
    pa.default_memory_pool().release_unused()


def _rows_by_kind(columns: Columns) -> dict[str, npt.NDArray[np.intp]]:
    kinds = columns.texts["f0"]
    names = kinds.used(np.arange(columns.rows))
    return {name: np.flatnonzero(kinds.codes == code) for code, name in names.items()}


def _times(columns: Columns, rows: npt.NDArray[np.intp], names: Iterable[str]) -> list[Ints]:
    return [_checked(columns.numbers[name][rows]) for name in names]


def _checked(times: Ints, least: int = 0) -> Ints:
    if len(times) and (int(times.min()) < least or int(times.max()) >= LATEST_US):
        raise Odd
    return times


def _intended(columns: Columns, rows: npt.NDArray[np.intp], at: Ints) -> Ints:
    """Return when these should have started; where nothing is said, it is when they did."""
    said = columns.numbers["f9"][rows]
    filled: Ints = np.where(said == NOTHING, at, said)
    return _checked(filled)


def _code(known: dict[str, int]) -> Callable[[str], int]:
    def look_up(word: str) -> int:
        if word not in known:
            raise Odd
        return known[word]

    return look_up


def _ending(word: str) -> int:
    try:
        return ending_code(word)
    except ValueError:
        raise Odd from None


def _path_codes(columns: Columns, rows: npt.NDArray[np.intp], into: Collector) -> Codes:
    groups, names = columns.texts["f1"], columns.texts["f2"]
    width = int(names.codes.max(initial=0)) + 1
    pairs, inverse = np.unique(
        groups.codes[rows].astype(np.int64) * width + names.codes[rows], return_inverse=True
    )
    group_texts, name_texts = groups.used(rows), names.used(rows)
    codes = np.zeros(len(pairs), np.int32)
    for place, pair in enumerate(pairs.tolist()):
        group, name = divmod(pair, width)
        path = (*unescape_groups(group_texts[group]), unescape(name_texts[name]))
        codes[place] = into.paths.code(path)
    translated: Codes = codes[inverse]
    return translated


def _requests(
    columns: Columns, rows: npt.NDArray[np.intp], into: Collector, table: Growing[Requests]
) -> Commit:
    (at,) = _times(columns, rows, ("f7",))
    duration = _checked(columns.numbers["f8"][rows], EARLIEST_US + 1)
    intended = _intended(columns, rows, at)
    endings = columns.texts["f12"].translate(rows, _ending)
    messages = columns.texts["f6"].translate(
        rows, lambda text: into.messages.code(unescape_message(text))
    )
    paths = _path_codes(columns, rows, into)
    return lambda: table.extend((paths, at, duration, intended, endings, messages))


def _users(columns: Columns, rows: npt.NDArray[np.intp], into: Collector) -> Commit:
    (at,) = _times(columns, rows, ("f7",))
    intended = _intended(columns, rows, at)
    states = columns.texts["f2"].translate(rows, _code({ev.USER_START: 1, ev.USER_END: 0}))
    scenarios = columns.texts["f1"].translate(
        rows, lambda text: into.scenarios.code(unescape(text))
    )
    return lambda: into.users.extend((scenarios, states, at, intended))


def _group_code(text: str, into: Collector) -> int:
    if not text:
        raise Odd
    return into.group_paths.code(unescape_groups(text))


def _groups(columns: Columns, rows: npt.NDArray[np.intp], into: Collector) -> Commit:
    start, duration, cumulated = _times(columns, rows, ("f7", "f8", "f14"))
    ok: Flags = columns.texts["f5"].translate(rows, _code({"OK": 1, "KO": 0})).astype(np.bool_)
    paths = columns.texts["f1"].translate(rows, lambda text: _group_code(text, into))
    return lambda: into.groups.extend((paths, start, duration, cumulated, ok))


def _singles(columns: Columns, rows: Iterable[int], into: Collector) -> Commit:
    ends = np.flatnonzero(np.frombuffer(columns.block, np.uint8) == ord("\n"))
    if len(ends) != columns.rows:  # an empty line, or a carriage return taken for a line's end
        raise Odd
    records = []
    for row in rows:
        start = int(ends[row - 1]) + 1 if row else 0
        try:
            record = decode(columns.block[start : int(ends[row])].decode())
            if record is not None:
                check(record)
                records.append(record)
        except ValueError as exc:
            raise Odd from exc
    return lambda: into.add_all(records)


def add(columns: Columns, into: Collector) -> None:
    """Add all rows of a parsed block, or raise Odd and add none."""
    rows = _rows_by_kind(columns)
    commits = []
    for kind, table in ((ev.REQUEST, into.requests), (ev.LEG, into.legs)):
        if kind in rows:
            commits.append(_requests(columns, rows[kind], into, table))
    if ev.USER in rows:
        commits.append(_users(columns, rows[ev.USER], into))
    if ev.GROUP in rows:
        commits.append(_groups(columns, rows[ev.GROUP], into))
    singles = [rows[kind] for kind in _SINGLE if kind in rows]
    if singles:
        commits.append(_singles(columns, np.sort(np.concatenate(singles)).tolist(), into))
    for commit in commits:
        commit()
