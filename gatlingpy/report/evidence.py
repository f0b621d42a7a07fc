"""Finds the values that assertions ask for: what a path means depends on what is looked at.

Numbers that Gatling knows are taken from the statistics of requests, groups and legs; lags from the
rows of requests and users; gauges and the delivery audit from their own records.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from gatlingpy.plan.assertion_paths import details_text, nearest
from gatlingpy.plan.assertion_text import path_text
from gatlingpy.plan.assertions import (
    AssertionPath,
    DeliveryTarget,
    DetailsPath,
    ForAllPath,
    GaugeTarget,
    GlobalPath,
    LagKind,
    LagTarget,
    Reading,
    Target,
)
from gatlingpy.report.columns import Codes, Ints, Path
from gatlingpy.report.facts import RunLog
from gatlingpy.report.lag import lag_us
from gatlingpy.report.measures import measure, time_of
from gatlingpy.report.rows import Rows
from gatlingpy.report.statistics import Entry, Statistics
from gatlingpy.report.warm_up import WarmUp
from gatlingpy.stats.client_metrics import is_client_metric


@dataclass(frozen=True, slots=True)
class Finding:
    """The value of one path; ``None`` where it has no such number, and ``hint`` says why."""

    path: str
    actual: float | None
    hint: str = ""
    more: int = 0
    """By how much the value may be larger, because the log does not tell."""


Findings: TypeAlias = Iterator[Finding]

_NO_METRICS: Final = (
    "the Kafka clients' metrics were not recorded: add .metric_injection_interval(...) to kafka()"
)
_SHOWN: Final = 3
"""How many things are named to who has asked for none of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """A run as its assertions see it: without its warm-up, but for the delivery audit."""

    statistics: Statistics
    log: RunLog
    rows: Rows
    whole: RunLog
    """The whole run, warm-up included."""
    warm_up: WarmUp | None = None

    def find(self, path: AssertionPath, target: Target) -> Findings:
        """Yield what there is of a path: nothing if it does not exist."""
        match target:
            case LagTarget(LagKind.USERS):
                return self._user_lag(path, target)
            case LagTarget():
                return self._arrival_lag(path, target)
            case GaugeTarget():
                return self._gauge(path, target)
            case DeliveryTarget():
                return self._delivery(path, target)
        return self._statistics(path, target)

    def is_empty(self, target: Target) -> bool:
        """Tell whether the warm-up has left nothing that this target could look at."""
        if self.warm_up is None:
            return False
        match target:
            case DeliveryTarget() | GaugeTarget():
                return False
            case LagTarget(LagKind.USERS):
                return not self.log.users.started.any()
        return self.warm_up.nothing_left

    def hint(self, parts: Path, target: Target) -> str:
        """Say why nothing has this path."""
        if isinstance(target, GaugeTarget):
            return self._gauge_hint(" / ".join(parts), target)
        if self.warm_up is not None and parts in self._warm_paths(target):
            return f"all of it started in the warm-up: {self.warm_up.sentence}"
        paths = self._paths(target)
        near = nearest(parts, paths)
        if near is not None:
            return f"nearest is {details_text(near)}"
        return _what_there_is([details_text(path) for path in paths if path])

    def _warm_paths(self, target: Target) -> set[Path]:
        """Return what has such a number in the whole run; asked for where nothing is left of it."""
        log, whole = self.log, self.whole
        match target:
            case DeliveryTarget() | GaugeTarget():
                return set()
            case LagTarget(LagKind.USERS):
                return {(name,) for name in log.scenarios}
        paths = _used(log.paths, whole.requests.path)
        if not isinstance(target, LagTarget):
            paths |= _used(log.paths, whole.legs.path)
            paths |= _used(log.group_paths, whole.groups.path)
        return paths

    def _paths(self, target: Target) -> list[Path]:
        match target:
            case LagTarget(LagKind.USERS):
                return [(name,) for name in self.log.scenarios]
            case LagTarget():
                return [entry.path for entry in self.statistics.requests]
            case DeliveryTarget():
                return [(name,) for name in self._request_names()]
        return [entry.path for entry in self._entries()]

    # --- requests, groups and legs ---------------------------------------------------------------

    def _entries(self) -> tuple[Entry, ...]:
        """Groups hide requests of the same path, as in Gatling; legs come last."""
        statistics = self.statistics
        return (*statistics.groups, *statistics.requests, *statistics.legs)

    def _statistics(self, path: AssertionPath, target: Target) -> Findings:
        for title, entry in self._chosen(path, self._entries()):
            actual = measure(entry, target, self.log, self.rows)
            yield Finding(title, actual, "" if actual is not None else "there is no such request")

    def _chosen(
        self, path: AssertionPath, entries: tuple[Entry, ...]
    ) -> Iterator[tuple[str, Entry]]:
        match path:
            case GlobalPath() | DetailsPath(()):
                yield path_text(path), self.statistics.total
            case ForAllPath():
                yield from ((entry.title, entry) for entry in self.statistics.requests)
            case DetailsPath(parts):
                found = next((entry for entry in entries if entry.path == parts), None)
                if found is not None:
                    yield path_text(path), found

    # --- lag -------------------------------------------------------------------------------------

    def _arrival_lag(self, path: AssertionPath, target: LagTarget) -> Findings:
        for title, entry in self._chosen(path, self.statistics.requests):
            rows = self.rows.requests.of(entry.code) if entry.path else self.log.requests
            yield self._lag(title, lag_us(rows.start_us, rows.intended_us), target)

    def _user_lag(self, path: AssertionPath, target: LagTarget) -> Findings:
        users = self.log.users
        late = lag_us(users.at_us, users.intended_us)
        for title, code in self._scenarios(path):
            wanted = users.started if code < 0 else users.started & (users.scenario == code)
            if wanted.any():
                yield self._lag(title, late[wanted], target)

    def _scenarios(self, path: AssertionPath) -> Iterator[tuple[str, int]]:
        match path:
            case GlobalPath() | DetailsPath(()):
                yield path_text(path), -1
            case ForAllPath():
                yield from ((name, code) for code, name in enumerate(self.log.scenarios))
            case DetailsPath((name,)) if name in self.log.scenarios:
                yield name, self.log.scenarios.index(name)

    def _lag(self, title: str, late_us: Ints, target: LagTarget) -> Finding:
        if not self.log.ours:
            return Finding(title, None, "a log of Gatling does not tell when anything should start")
        return Finding(title, time_of(np.sort(late_us), target.statistic, target.rank))

    # --- gauges ----------------------------------------------------------------------------------

    def _gauge(self, path: AssertionPath, target: GaugeTarget) -> Findings:
        source = path_text(path)
        read = [
            (record.at_us, record.value)
            for record in self.log.facts.gauges
            if record.source == source and record.name == target.name
        ]
        read.sort(key=lambda pair: pair[0])
        values = [value for _, value in read if not math.isnan(value)]
        if values:
            yield Finding(source, _reading(values, target.reading))

    def _gauge_hint(self, source: str, target: GaugeTarget) -> str:
        wanted = source, target.name
        if wanted in _gauges(self.log):
            return "it was never a number"
        known = _gauges(self.whole)
        if wanted in known and self.warm_up is not None:
            return f"all of it was read in the warm-up: {self.warm_up.sentence}"
        calls = {
            gauge: f'{details_text(gauge[:1])}.{target.reading.value}("{gauge[1]}")'
            for gauge in known
        }
        if is_client_metric(source, target.name) and not any(map(_is_client_metric, known)):
            return _NO_METRICS
        near = nearest(wanted, known)
        if near is not None:
            return f"nearest is {calls[near]}"
        return _what_there_is(list(calls.values())) or "no gauge was read in this run"

    # --- delivery audit --------------------------------------------------------------------------

    def _request_names(self) -> list[str]:
        """Names without groups: replies are told by these alone."""
        names = [path[-1] for path in sorted(_used(self.log.paths, self.whole.requests.path))]
        names += [name for _, name in self.log.facts.replies.counts if name]
        return list(dict.fromkeys(names))

    def _delivery(self, path: AssertionPath, target: DeliveryTarget) -> Findings:
        counts, kind = self.log.facts.replies.counts, target.kind.value
        if isinstance(path, GlobalPath):
            total = sum(count for (k, _), count in counts.items() if k == kind)
            yield Finding(path_text(path), float(total))
            return
        names = self._request_names()
        if isinstance(path, DetailsPath):
            names = [name for name in names if (name,) == path.parts]
        unknown = counts[kind, ""]
        hint = f"{unknown} more belong to a request that the log does not tell" if unknown else ""
        for name in names:
            yield Finding(name, float(counts[kind, name]), hint, unknown)


def _used(paths: Sequence[Path], codes: Codes) -> set[Path]:
    return {paths[code] for code in np.unique(codes).tolist()}


def _gauges(log: RunLog) -> dict[Path, None]:
    """Return every gauge, its source and its name, in the order of the first reading."""
    return dict.fromkeys((record.source, record.name) for record in log.facts.gauges)


def _is_client_metric(gauge: Path) -> bool:
    return is_client_metric(*gauge)


def _what_there_is(calls: Sequence[str]) -> str:
    """Name the first things there are, for who meant none that is spelt like one of them."""
    if not calls:
        return ""
    more = f", and {len(calls) - _SHOWN} more" if len(calls) > _SHOWN else ""
    return f"there is {', '.join(calls[:_SHOWN])}{more}"


def _reading(values: list[float], reading: Reading) -> float:
    match reading:
        case Reading.MIN:
            return min(values)
        case Reading.MAX:
            return max(values)
        case Reading.MEAN:
            return math.fsum(values) / len(values)
        case Reading.LAST:
            return values[-1]
