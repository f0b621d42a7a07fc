"""The beginning of a run that is left out of its numbers, because its simulation says so.

What started before the end of the warm-up is in no count, time or rate; what started later, and at
its very end, is.  A run begins when its first user was to start.  Charts along the run still show
everything.
"""

from dataclasses import dataclass, fields, replace
from typing import TypeVar

from gatlingpy.report.collector import LATEST_US
from gatlingpy.report.columns import Flags, Groups, Requests, Users
from gatlingpy.report.facts import RunLog
from gatlingpy.report.window import Window

Table = TypeVar("Table", Requests, Users, Groups)


@dataclass(frozen=True, slots=True)
class WarmUp:
    """Which part was left out, and how much was in it."""

    start_us: int
    end_us: int
    requests: int
    groups: int
    legs: int
    left: int
    """Requests that are not left out."""

    @property
    def seconds(self) -> float:
        """How long it is."""
        return (self.end_us - self.start_us) / 1e6

    @property
    def nothing_left(self) -> bool:
        """Whether every request of the run started in it."""
        return not self.left

    @property
    def sentence(self) -> str:
        """Say it: ``first 30 s left out: 1,234 requests``."""
        requests = f"{self.requests:,} request{'' if self.requests == 1 else 's'}"
        nothing = "; nothing is left" if self.nothing_left else ""
        return f"first {self.seconds:g} s left out: {requests}{nothing}"


def _length_us(log: RunLog) -> int:
    plan = log.facts.plans[0] if log.facts.plans else {}
    length = plan.get("warm_up_ns")
    if isinstance(length, bool) or not isinstance(length, int) or length <= 0:
        return 0
    return min(length // 1000, LATEST_US)


def _start_us(log: RunLog, window: Window) -> int:
    """Return when the first user was to start; without users, when the first thing did."""
    users = log.users
    if not users.started.any():
        return window.min_us
    return int(users.intended_us[users.started].min())


def warm_up_of(log: RunLog, window: Window) -> WarmUp | None:
    """Return the warm-up that the plan asks for; ``None`` if it asks for none."""
    length_us = _length_us(log)
    if not length_us:
        return None
    start_us = _start_us(log, window)
    end_us = start_us + length_us
    requests, groups, legs = (
        int((table.start_us < end_us).sum()) for table in (log.requests, log.groups, log.legs)
    )
    return WarmUp(start_us, end_us, requests, groups, legs, len(log.requests.path) - requests)


def _only(table: Table, rows: Flags) -> Table:
    return replace(table, **{f.name: getattr(table, f.name)[rows] for f in fields(table)})


def without(log: RunLog, warm_up: WarmUp) -> RunLog:
    """Return a log that holds nothing of the warm-up, but for errors, replies and marks."""
    after = warm_up.end_us
    gauges = [record for record in log.facts.gauges if record.at_us >= after]
    return replace(
        log,
        requests=_only(log.requests, log.requests.start_us >= after),
        legs=_only(log.legs, log.legs.start_us >= after),
        groups=_only(log.groups, log.groups.start_us >= after),
        users=_only(log.users, log.users.at_us >= after),
        facts=replace(log.facts, gauges=gauges),
    )


def measured_window(window: Window, warm_up: WarmUp) -> Window:
    """Return what is left of a run's window: rates divide by its length."""
    first, last = warm_up.end_us, max(window.max_us, warm_up.end_us)
    return Window(first, last, first // 1000, max(window.max_ms, first // 1000))
