"""The statistics of a run: one entry for all requests, one for each request, group and leg."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from gatlingpy.report.columns import ENDINGS, Groups, Ints, Path, Requests
from gatlingpy.report.facts import RunLog
from gatlingpy.report.numbers import (
    Ranges,
    Split,
    exact_numbers,
    exact_ranges,
    gatling_numbers,
    gatling_ranges,
)
from gatlingpy.report.options import Options
from gatlingpy.report.rows import ByPath, Rows
from gatlingpy.report.window import Window, window_of


class Kind(StrEnum):
    """What an entry is about."""

    ALL = "all"
    GROUP = "group"
    REQUEST = "request"
    LEG = "leg"


ErrorCount = tuple[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """The statistics of one path, by Gatling's rules (milliseconds) and by ours (microseconds)."""

    kind: Kind
    path: Path
    code: int
    """Its place in the log's list of paths; -1 if it has no rows of its own."""
    first_us: int
    gatling: Split
    exact: Split
    gatling_ranges: Ranges
    exact_ranges: Ranges
    errors: tuple[ErrorCount, ...]
    """Messages of failed requests, the most frequent first."""
    endings: tuple[int, ...]
    """How many ended each way, in the order of ``ENDINGS``; empty for groups."""
    sample: Ints
    """All response times in microseconds, sorted; of a group, its cumulated times."""
    duration: Split | None = None
    """Of a group: its durations in microseconds, pauses included."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path[-1] if self.path else "All Requests"

    @property
    def title(self) -> str:
        """The whole path, as Gatling writes it."""
        return " / ".join(self.path)


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """Everything that tables, files and assertions are made of."""

    window: Window
    """What was measured: the run without its warm-up."""
    options: Options
    total: Entry
    requests: tuple[Entry, ...]
    groups: tuple[Entry, ...]
    legs: tuple[Entry, ...]
    errors: tuple[ErrorCount, ...]
    """Messages of failed requests and of ``ERROR`` records together."""


def ranked(counts: Iterable[ErrorCount]) -> tuple[ErrorCount, ...]:
    """Sort by count, the largest first, then by text."""
    return tuple(sorted(counts, key=lambda pair: (-pair[1], pair[0])))


class _Counter:
    """Computes entries; holds what they all need."""

    def __init__(self, log: RunLog, options: Options, window: Window) -> None:
        self.log = log
        self.options = options
        self.window = window

    def split(self, ok: Ints, ko: Ints, total: Ints) -> tuple[Split, Split]:
        """Return the numbers of three sorted samples, by Gatling's rules and by ours."""
        gatling, exact = [], []
        for sample in (total, ok, ko):
            ranks = self.options.ranks
            gatling.append(gatling_numbers(sample, self.window.gatling_seconds, ranks))
            exact.append(exact_numbers(sample, self.window.seconds, ranks))
        return Split(*gatling), Split(*exact)

    def errors(self, rows: Requests) -> tuple[ErrorCount, ...]:
        """Count the messages of the failed among these rows."""
        codes, counts = np.unique(rows.message[rows.ending != 0], return_counts=True)
        messages = self.log.messages
        return ranked(
            (messages[code], count)
            for code, count in zip(codes.tolist(), counts.tolist(), strict=True)
        )

    def requests(self, kind: Kind, path: Path, code: int, rows: Requests) -> Entry:
        """Return the entry of these requests or legs."""
        good = rows.ending == 0
        ok, ko = np.sort(rows.duration_us[good]), np.sort(rows.duration_us[~good])
        total = np.sort(rows.duration_us) if len(ko) else ok
        gatling, exact = self.split(ok, ko, total)
        endings = np.bincount(rows.ending, minlength=len(ENDINGS)).tolist()
        return Entry(
            kind, path, code, int(rows.start_us.min(initial=self.window.max_us)), gatling, exact,
            gatling_ranges(ok, len(ko), self.options), exact_ranges(ok, len(ko), self.options),
            self.errors(rows), tuple(endings), total,
        )  # fmt: skip

    def group(self, path: Path, code: int, rows: Groups, inside: Sequence[Entry]) -> Entry:
        """Return the entry of a group; ``inside`` are the requests whose innermost group it is."""
        spent, ok = np.sort(rows.duration_us[rows.ok]), np.sort(rows.cumulated_us[rows.ok])
        lost, ko = np.sort(rows.duration_us[~rows.ok]), np.sort(rows.cumulated_us[~rows.ok])
        total = np.sort(rows.cumulated_us)
        gatling, exact = self.split(ok, ko, total)
        _, duration = self.split(spent, lost, np.sort(rows.duration_us))
        counted: dict[str, int] = {}
        for message, count in (pair for entry in inside for pair in entry.errors):
            counted[message] = counted.get(message, 0) + count
        return Entry(
            Kind.GROUP, path, code, int(rows.start_us.min(initial=self.window.max_us)), gatling,
            exact, gatling_ranges(spent, len(ko), self.options),
            exact_ranges(spent, len(ko), self.options), ranked(counted.items()), (), total,
            duration,
        )  # fmt: skip


def _by_first(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Sort by the first moment; an outer path before an inner one of the same millisecond.

    Among paths of one length Gatling leaves that tie to chance, so microseconds may break it.
    """
    return tuple(
        sorted(entries, key=lambda e: (e.first_us // 1000, len(e.path), e.first_us, e.path))
    )


def _groups(counter: _Counter, requests: Sequence[Entry], rows: ByPath[Groups]) -> list[Entry]:
    """Return an entry for each group with a record, and for each that a request lies in."""
    codes = {counter.log.group_paths[code]: code for code in rows.codes}
    inside: dict[Path, list[Entry]] = {}
    first: dict[Path, int] = {}
    for entry in requests:
        if len(entry.path) > 1:
            inside.setdefault(entry.path[:-1], []).append(entry)
    for path in (*codes, *inside):
        for depth in range(1, len(path) + 1):
            first.setdefault(path[:depth], counter.window.max_us)
    made = {
        path: counter.group(path, code, rows.of(code), inside.get(path, ()))
        for path, code in ((path, codes.get(path, -1)) for path in first)
    }
    for entry in (*requests, *made.values()):
        for depth in range(1, len(entry.path) + 1):
            path = entry.path[:depth]
            if path in first:
                first[path] = min(first[path], entry.first_us)
    return [replace(entry, first_us=first[path]) for path, entry in made.items()]


def compute(log: RunLog, rows: Rows, options: Options, window: Window | None = None) -> Statistics:
    """Compute the statistics of a log whose rows are arranged.

    ``window`` is what rates divide by; by default the log's own.
    """
    counter = _Counter(log, options, window or window_of(log))
    total = counter.requests(Kind.ALL, (), -1, log.requests)
    requests = _by_first(
        counter.requests(Kind.REQUEST, log.paths[code], code, rows.requests.of(code))
        for code in rows.requests.codes
    )
    legs = _by_first(
        counter.requests(Kind.LEG, log.paths[code], code, rows.legs.of(code))
        for code in rows.legs.codes
    )
    groups = _by_first(_groups(counter, requests, rows.groups))
    errors = dict(total.errors)
    for message, count in log.facts.errors.items():
        errors[message] = errors.get(message, 0) + count
    return Statistics(
        counter.window, options, total, requests, groups, legs, ranked(errors.items())
    )
