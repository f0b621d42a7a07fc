"""What the tables of the pages show, row by row."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from gatlingpy.report.columns import ENDINGS
from gatlingpy.report.facts import Replies
from gatlingpy.report.options import Options
from gatlingpy.report.statistics import Entry
from gatlingpy.report.tree import Node
from gatlingpy.stats.records import ReplyRecord


@dataclass(frozen=True, slots=True)
class Range:
    """One response time range."""

    label: str
    color: str
    count: int
    of: int


def ranges_view(entry: Entry, options: Options) -> tuple[Range, ...]:
    """Return the four ranges of an entry."""
    low, high = options.lower_ms, options.higher_ms
    labels = (f"t < {low} ms", f"{low} ms ≤ t < {high} ms", f"t ≥ {high} ms", "failed")
    colors = ("fast", "middle", "slow", "ko")
    total = entry.exact.total.count
    return tuple(
        Range(label, color, count, total)
        for label, color, count in zip(labels, colors, entry.exact_ranges.counts, strict=True)
    )


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the statistics table."""

    entry: Entry
    depth: int
    page: str
    """Its page without ``.html``; empty if it has none."""


def table_view(tree: Node, paged: Collection[str]) -> list[TableRow]:
    """Return the rows below the one for all requests, in the order of the tree."""
    return [
        TableRow(node.entry, depth, node.page if node.page in paged else "")
        for depth, node in tree.walk()
    ]


ENDING_TEXTS: Final = {
    "ok": "answered, and every check passed",
    "check": "answered, and a check failed",
    "timeout": "no answer in time",
    "send": "could not be sent",
    "consumer": "the reply consumer died",
    "displaced": "its id was taken by a later request",
    "run-ended": "still waiting when the run ended",
}


@dataclass(frozen=True, slots=True)
class Endings:
    """The endings table: only the columns that occur."""

    words: tuple[str, ...]
    rows: tuple[tuple[Entry, tuple[int, ...]], ...]


def endings_view(entries: Sequence[Entry]) -> Endings:
    """Return how the requests of each entry ended."""
    used = [
        place
        for place in range(len(ENDINGS))
        if place == 0 or any(entry.endings[place] for entry in entries)
    ]
    return Endings(
        tuple(ENDINGS[place] for place in used),
        tuple((entry, tuple(entry.endings[place] for place in used)) for entry in entries),
    )


REPLY_TEXTS: Final = {
    "late": "came after its request had ended otherwise",
    "duplicate": "came after its request had been answered already",
    "orphan": "has an id that nobody of this run sent, or none",
    "foreign": "belongs to another run or segment",
    "late-delivery": "no reply: the broker confirmed the request after it had timed out",
}


@dataclass(frozen=True, slots=True)
class ReplyKindRow:
    """One kind of the delivery audit."""

    kind: str
    meaning: str
    count: int
    names: tuple[tuple[str, int], ...]
    examples: tuple[ReplyRecord, ...]


def replies_view(replies: Replies) -> tuple[ReplyKindRow, ...]:
    """Return the kinds of replies that ended nothing, known ones first; all known ones are there.

    A kind with the count 0 is shown too: that nothing was lost or doubled is a result.
    """
    kinds = dict.fromkeys((*REPLY_TEXTS, *sorted(kind for kind, _ in replies.counts)))
    rows = []
    for kind in kinds:
        names = {name: count for (k, name), count in replies.counts.items() if k == kind}
        ordered = tuple(sorted(names.items(), key=lambda pair: (-pair[1], pair[0])))
        examples = tuple(replies.examples.get(kind, ()))
        meaning = REPLY_TEXTS.get(kind, "")
        rows.append(ReplyKindRow(kind, meaning, sum(names.values()), ordered, examples))
    return tuple(rows)
