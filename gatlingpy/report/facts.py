"""What a log says beside its measured rows: the run, its plan, its end, and what was odd in it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import TypeAlias

import orjson

from gatlingpy.report.columns import Groups, Path, Requests, Users
from gatlingpy.report.segments import missing_segments
from gatlingpy.stats.records import (
    AssertionRecord,
    GaugeRecord,
    MarkRecord,
    ReplyRecord,
    RunRecord,
    StateRecord,
)

JsonObject: TypeAlias = Mapping[str, object]


def json_object(text: str) -> JsonObject:
    """Read a JSON object; anything else, or nothing, is an empty one."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def text_list(value: object) -> tuple[str, ...]:
    """Return the texts of a JSON array; anything else is no text."""
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


@dataclass(slots=True)
class Replies:
    """Replies that ended nothing: how many of each kind and request, and the first of each kind."""

    EXAMPLES = 5
    OURS = frozenset({"late", "duplicate", "late-delivery"})
    """Kinds that belong to a request of this run, so that their token is one of its own."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Keyed by kind and request name; the name is empty if unknown."""
    examples: dict[str, list[ReplyRecord]] = field(default_factory=dict)
    unnamed: Counter[tuple[str, int]] = field(default_factory=Counter)
    """Keyed by kind and token: those of the file being read that tell no name."""
    _first: list[tuple[str, int]] = field(default_factory=list)
    """Places of the examples that they are."""

    def add(self, record: ReplyRecord) -> None:
        """Count one reply, and keep it if it is among the first of its kind."""
        self.counts[record.reply, record.name] += 1
        kept = self.examples.setdefault(record.reply, [])
        tells_token_alone = record.reply in self.OURS and not record.name and record.token >= 0
        if tells_token_alone:
            self.unnamed[record.reply, record.token] += 1
        if len(kept) < self.EXAMPLES:
            if tells_token_alone:
                self._first.append((record.reply, len(kept)))
            kept.append(record)

    def name(self, names: Mapping[int, str]) -> None:
        """Give those of the file just read the names of their requests, by token."""
        for (kind, token), count in self.unnamed.items():
            if token in names:
                self.counts[kind, ""] -= count
                self.counts[kind, names[token]] += count
        for kind, place in self._first:
            record = self.examples[kind][place]
            named = record._replace(name=names.get(record.token, ""))
            self.examples[kind][place] = named
        self.counts = +self.counts  # without those that have become 0
        self.unnamed.clear()
        self._first.clear()


@dataclass(slots=True)
class Problems:
    """What the reader had to leave out, with the first examples."""

    malformed: int = 0
    """Lines of a known kind with a wrong number of fields, no number, or an unknown word."""
    malformed_example: str = ""
    truncated: list[str] = field(default_factory=list)
    """Files whose last line had no line feed; that line was dropped."""
    other: list[str] = field(default_factory=list)

    def add_malformed(self, where: str, why: str) -> None:
        """Count a malformed line; the first one is kept as an example."""
        self.malformed += 1
        if not self.malformed_example:
            self.malformed_example = f"{where}: {why}"

    def sentences(self) -> tuple[str, ...]:
        """Say everything that was left out, one sentence each; empty if nothing was."""
        said = []
        if self.malformed:
            lines = "line was" if self.malformed == 1 else "lines were"
            said.append(
                f"{self.malformed} malformed {lines} left out, the first: {self.malformed_example}"
            )
        said.extend(
            f"{name}: the last line was cut off in the middle and left out"
            for name in self.truncated
        )
        return (*said, *self.other)


@dataclass(slots=True)
class Facts:
    """The records that are not rows, in the order in which they were read."""

    runs: list[RunRecord] = field(default_factory=list)
    plans: list[JsonObject] = field(default_factory=list)
    assertions: list[AssertionRecord] = field(default_factory=list)
    healths: list[JsonObject] = field(default_factory=list)
    ends: list[StateRecord] = field(default_factory=list)
    gauges: list[GaugeRecord] = field(default_factory=list)
    marks: list[MarkRecord] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    """Messages of ``ERROR`` records."""
    replies: Replies = field(default_factory=Replies)


@dataclass(frozen=True, slots=True, eq=False)
class RunLog:
    """Everything that one run's logs hold."""

    requests: Requests
    legs: Requests
    users: Users
    groups: Groups
    paths: tuple[Path, ...]
    """Of requests and legs; a row's ``path`` is a place in it."""
    group_paths: tuple[Path, ...]
    messages: tuple[str, ...]
    scenarios: tuple[str, ...]
    facts: Facts
    problems: Problems
    files: Sequence[FilePath]
    ours: bool
    """Written by gatlingpy, with microseconds; otherwise by Gatling itself, with milliseconds."""

    @property
    def run(self) -> RunRecord:
        """The first run record; a log without one is not read."""
        return self.facts.runs[0]

    @property
    def missing_segments(self) -> str:
        """A sentence about the segments that have no log; empty if all have one."""
        return missing_segments(json_object(record.detail) for record in self.facts.runs)

    @property
    def endless(self) -> int:
        """How many logs have no end; Gatling's own never have one."""
        return max(0, len(self.files) - len(self.facts.ends)) if self.ours else 0

    @property
    def incomplete(self) -> bool:
        """Whether a segment has no log, or its log no end."""
        return bool(self.endless or self.missing_segments)
