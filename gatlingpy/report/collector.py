"""Gathers the records of one or more logs, row by row or in whole columns, into a ``RunLog``."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path as FilePath
from typing import Final

from gatlingpy.report.columns import ENDINGS, Dictionary, Groups, Growing, Path, Requests, Users
from gatlingpy.report.facts import Facts, Problems, RunLog, json_object
from gatlingpy.stats.events import USER_END, USER_START
from gatlingpy.stats.log_format import END
from gatlingpy.stats.records import (
    AssertionRecord,
    ErrorRecord,
    GaugeRecord,
    GroupRecord,
    LegRecord,
    MarkRecord,
    Record,
    ReplyRecord,
    RequestRecord,
    RunRecord,
    StateRecord,
    TextRecord,
    UserRecord,
)

LATEST_US: Final = 1 << 60
"""A time or duration beyond it (the year 38505) is not a number of this log."""

_ENDING_CODES: Final = {word: code for code, word in enumerate(ENDINGS)}
_STATES: Final = {USER_START: 1, USER_END: 0}


def ending_code(word: str) -> int:
    """Return the number of an ending; raises ValueError for a word that is none."""
    code = _ENDING_CODES.get(word)
    if code is None:
        raise ValueError(f"{word!r} is no ending")
    return code


EARLIEST_US: Final = -(1 << 45)
"""A request that ends at the timestamp of its reply may have ended before it began, by the clock
of another machine; a clock that is a year behind is none."""


def check_duration(duration_us: int) -> None:
    """Raise ValueError for the duration of a request that is absurd; it may be negative."""
    if not EARLIEST_US < duration_us < LATEST_US:
        raise ValueError(f"{duration_us} is no duration")


def check_times(*times: int) -> None:
    """Raise ValueError if a time or duration is negative or absurdly large."""
    for time in times:
        if not 0 <= time < LATEST_US:
            raise ValueError(f"{time} is no time")


def check(record: Record) -> None:
    """Raise ValueError for a record that decodes but cannot be: a time before the epoch, say."""
    match record:
        case RequestRecord() | LegRecord():
            intended = record.intended_us if isinstance(record, RequestRecord) else 0
            check_times(record.start_us, intended)
            check_duration(record.duration_us)
            ending_code(record.ending)
        case UserRecord():
            check_times(record.at_us, record.intended_us or 0)
            if record.what not in _STATES:
                raise ValueError(f"a user neither starts nor ends but {record.what!r}")
        case GroupRecord():
            check_times(record.start_us, record.duration_us, record.cumulated_us)
            if not record.groups:
                raise ValueError("a group without a name")
        case GaugeRecord() | MarkRecord() | StateRecord() | ReplyRecord():
            check_times(record.at_us)
        case RunRecord():
            check_times(record.start_us)


class Collector:
    """Takes records in any order.  Thread: one."""

    def __init__(self) -> None:
        """Empty tables and dictionaries."""
        self.requests = Growing(Requests)
        self.legs = Growing(Requests)
        self.users = Growing(Users)
        self.groups = Growing(Groups)
        self.paths: Dictionary[Path] = Dictionary()
        self.group_paths: Dictionary[Path] = Dictionary()
        self.messages: Dictionary[str] = Dictionary()
        self.scenarios: Dictionary[str] = Dictionary()
        self.facts = Facts()
        self.problems = Problems()
        self._adders: dict[type, Callable[..., None]] = {
            RequestRecord: self._add_request,
            LegRecord: self._add_leg,
            UserRecord: self._add_user,
            GroupRecord: self._add_group,
            ErrorRecord: self._add_error,
            ReplyRecord: self.facts.replies.add,
            GaugeRecord: self.facts.gauges.append,
            MarkRecord: self.facts.marks.append,
            StateRecord: self._add_state,
            RunRecord: self.facts.runs.append,
            TextRecord: self._add_text,
            AssertionRecord: self.facts.assertions.append,
        }

    def add(self, record: Record) -> None:
        """Take one record that has passed ``check``."""
        self._adders[type(record)](record)

    def add_all(self, records: Iterable[Record]) -> None:
        """Take several records that have passed ``check``."""
        for record in records:
            self.add(record)

    def _add_request(self, record: RequestRecord) -> None:
        self.requests.append(
            (
                self.paths.code((*record.groups, record.name)), record.start_us,
                record.duration_us, record.intended_us, ending_code(record.ending),
                self.messages.code(record.message),
            )
        )  # fmt: skip

    def _add_leg(self, record: LegRecord) -> None:
        self.legs.append(
            (
                self.paths.code((record.name,)), record.start_us, record.duration_us,
                record.start_us, ending_code(record.ending), self.messages.code(record.message),
            )
        )  # fmt: skip

    def _add_user(self, record: UserRecord) -> None:
        code = self.scenarios.code(record.scenario)
        intended = record.at_us if record.intended_us is None else record.intended_us
        self.users.append((code, _STATES[record.what], record.at_us, intended))

    def _add_group(self, record: GroupRecord) -> None:
        self.groups.append(
            (
                self.group_paths.code(record.groups), record.start_us, record.duration_us,
                record.cumulated_us, int(record.ok),
            )
        )  # fmt: skip

    def _add_error(self, record: ErrorRecord) -> None:
        self.facts.errors[record.message] += 1

    def _add_state(self, record: StateRecord) -> None:
        if record.kind == END:
            self.facts.ends.append(record)
        else:
            self.facts.healths.append(json_object(record.detail))

    def _add_text(self, record: TextRecord) -> None:
        self.facts.plans.append(json_object(record.detail))

    def finish(self, files: Sequence[FilePath], *, ours: bool) -> RunLog:
        """Join everything; the collector is used up."""
        self.facts.marks.sort(key=lambda mark: (mark.at_us, mark.source, mark.text))
        return RunLog(
            self.requests.finish(), self.legs.finish(), self.users.finish(), self.groups.finish(),
            self.paths.values(), self.group_paths.values(), self.messages.values(),
            self.scenarios.values(), self.facts, self.problems, tuple(files), ours,
        )  # fmt: skip
