"""The grammar of the log: encodes and decodes every record, each pair side by side.

A line has ``COLUMNS`` fields, separated by tabs; ``docs/log-format.md`` lists them.  The leading
fields are those of Gatling 3.4 to 3.12, so that Gatling itself reads the file.  Records hold epoch
microseconds; ``stats/event_lines.py`` writes events, which hold nanoseconds of the run's clock.
``decode(encode(record)) == record`` for every record.
"""

from collections.abc import Callable
from typing import Any, Final

from gatlingpy.stats import events as ev
from gatlingpy.stats.escapes import (
    escape,
    escape_groups,
    escape_message,
    unescape,
    unescape_groups,
    unescape_message,
)
from gatlingpy.stats.frames import leg_frame, request_frame, user_frame
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

COLUMNS: Final = 16
FORMAT_VERSION: Final = 1
GATLING_VERSION: Final = "3.9.5"
"""The release of Gatling whose text log these leading fields follow."""

RUN: Final = "RUN"
PLAN: Final = "PLAN"
ASSERTION: Final = "ASSERTION"
HEALTH: Final = "HEALTH"
END: Final = "END"


def _request_line(r: RequestRecord) -> str:
    before, between, after = request_frame(r.groups, r.name, r.ending, r.message, r.scenario)
    ms = r.start_us // 1000
    return (
        f"{before}{ms}\t{ms + (r.duration_us + 500) // 1000}{between}{r.start_us}"
        f"\t{r.duration_us}\t{r.intended_us}\t{r.token}\t{r.user}{after}"
    )


def _decode_request(f: list[str]) -> RequestRecord:
    return RequestRecord(
        unescape_groups(f[1]), unescape(f[2]), int(f[7]), int(f[8]), int(f[9]), f[12],
        unescape_message(f[6]), int(f[10]), int(f[11]), unescape(f[13]),
    )  # fmt: skip


def _leg_line(r: LegRecord) -> str:
    before, after = leg_frame(r.name, r.ending, r.message, r.scenario)
    return f"{before}{r.start_us}\t{r.duration_us}\t\t{r.token}\t{r.user}{after}"


def _decode_leg(f: list[str]) -> LegRecord:
    return LegRecord(
        unescape(f[2]), int(f[7]), int(f[8]), f[12], unescape_message(f[6]), int(f[10]),
        int(f[11]), unescape(f[13]),
    )  # fmt: skip


def _user_line(r: UserRecord) -> str:
    before, after = user_frame(r.scenario, r.what)
    planned = "" if r.intended_us is None else r.intended_us
    return f"{before}{r.at_us // 1000}\t\t\t\t{r.at_us}\t\t{planned}\t\t{r.user}{after}"


def _decode_user(f: list[str]) -> UserRecord:
    planned = int(f[9]) if f[9] else None
    return UserRecord(unescape(f[1]), f[2], int(f[7]), planned, int(f[11]))


def _group_line(record: GroupRecord) -> str:
    start_ms = record.start_us // 1000
    return (
        f"GROUP\t{escape_groups(record.groups)}\t{start_ms}"
        f"\t{start_ms + (record.duration_us + 500) // 1000}\t{(record.cumulated_us + 500) // 1000}"
        f"\t{'OK' if record.ok else 'KO'}\t\t{record.start_us}\t{record.duration_us}\t\t"
        f"\t{record.user}\t\t{escape(record.scenario)}\t{record.cumulated_us}\t"
    )


def _decode_group(f: list[str]) -> GroupRecord:
    return GroupRecord(
        unescape_groups(f[1]), int(f[7]), int(f[8]), int(f[14]), f[5] == "OK", int(f[11]),
        unescape(f[13]),
    )  # fmt: skip


def _error_line(record: ErrorRecord) -> str:
    return (
        f"ERROR\t{escape_message(record.message)}\t{record.at_us // 1000}\t\t\t\t\t{record.at_us}"
        f"\t\t\t\t{record.user}\t\t{escape(record.scenario)}\t\t"
    )


def _decode_error(f: list[str]) -> ErrorRecord:
    return ErrorRecord(unescape_message(f[1]), int(f[7]), int(f[11]), unescape(f[13]))


def _optional(number: int) -> str:
    return "" if number < 0 else str(number)


def _reply_line(record: ReplyRecord) -> str:
    return (
        f"REPLY\t\t{escape(record.name)}\t{record.at_us // 1000}\t\t\t\t{record.at_us}"
        f"\t{_optional(record.age_us)}\t\t{_optional(record.token)}\t\t{record.reply}\t\t"
        f"\t{escape(record.detail)}"
    )


def _decode_reply(f: list[str]) -> ReplyRecord:
    age, token = (int(text) if text else -1 for text in (f[8], f[10]))
    return ReplyRecord(unescape(f[2]), int(f[7]), age, token, f[12], unescape(f[15]))


def _gauge_line(record: GaugeRecord) -> str:
    return (
        f"GAUGE\t{escape(record.source)}\t{escape(record.name)}\t\t\t\t\t{record.at_us}"
        f"\t\t\t\t\t\t\t{record.value!r}\t"
    )


def _decode_gauge(f: list[str]) -> GaugeRecord:
    return GaugeRecord(unescape(f[1]), unescape(f[2]), int(f[7]), float(f[14]))


def _mark_line(record: MarkRecord) -> str:
    source, text = escape(record.source), escape(record.text)
    return f"MARK\t{source}\t{text}\t\t\t\t\t{record.at_us}\t\t\t\t\t\t\t\t"


def _decode_mark(f: list[str]) -> MarkRecord:
    return MarkRecord(unescape(f[1]), unescape(f[2]), int(f[7]))


def _state_line(record: StateRecord) -> str:
    return (
        f"{record.kind}\t{escape(record.word)}\t\t\t\t\t\t{record.at_us}\t\t\t\t\t\t\t"
        f"\t{escape(record.detail)}"
    )


def _decode_state(f: list[str]) -> StateRecord:
    return StateRecord(f[0], unescape(f[1]), int(f[7]), unescape(f[15]))


def _run_line(record: RunRecord) -> str:
    return (
        f"RUN\t{escape(record.simulation)}\t{escape(record.simulation_id)}"
        f"\t{record.start_us // 1000}\t{escape_message(record.description)}\t{record.version}"
        f"\t\t{record.start_us}\t\t\t\t\t\t\t\t{escape(record.detail)}"
    )


def _decode_run(f: list[str]) -> RunRecord:
    return RunRecord(
        unescape(f[1]), unescape(f[2]), int(f[7]), unescape_message(f[4]), f[5], unescape(f[15])
    )


def _text_line(record: TextRecord) -> str:
    return record.kind + "\t" * (COLUMNS - 1) + escape(record.detail)


def _decode_text(f: list[str]) -> TextRecord:
    return TextRecord(f[0], unescape(f[15]))


def _assertion_line(record: AssertionRecord) -> str:
    return f"ASSERTION\t{record.payload}" + "\t" * (COLUMNS - 2) + escape(record.message)


def _decode_assertion(f: list[str]) -> AssertionRecord:
    return AssertionRecord(f[1], unescape(f[15]))


_ENCODERS: dict[type, Callable[[Any], str]] = {
    RequestRecord: _request_line,
    LegRecord: _leg_line,
    UserRecord: _user_line,
    GroupRecord: _group_line,
    ErrorRecord: _error_line,
    ReplyRecord: _reply_line,
    GaugeRecord: _gauge_line,
    MarkRecord: _mark_line,
    StateRecord: _state_line,
    RunRecord: _run_line,
    TextRecord: _text_line,
    AssertionRecord: _assertion_line,
}

_DECODERS: dict[str, Callable[[list[str]], Record]] = {
    ev.REQUEST: _decode_request,
    ev.LEG: _decode_leg,
    ev.USER: _decode_user,
    ev.GROUP: _decode_group,
    ev.ERROR: _decode_error,
    ev.REPLY: _decode_reply,
    ev.GAUGE: _decode_gauge,
    ev.MARK: _decode_mark,
    HEALTH: _decode_state,
    END: _decode_state,
    RUN: _decode_run,
    PLAN: _decode_text,
    ASSERTION: _decode_assertion,
}


def encode(record: Record) -> str:
    """Write a record as one line, without the line feed."""
    return _ENCODERS[type(record)](record)


def decode(line: str) -> Record | None:
    """Read one line of this format, without its line feed; ``None`` for a kind it does not know.

    Raises ValueError if a known kind has a field that is missing or no number.
    """
    fields = line.split("\t")
    decoder = _DECODERS.get(fields[0])
    if decoder is None:
        return None
    if len(fields) != COLUMNS:
        raise ValueError(f"a {fields[0]} record has {len(fields)} fields instead of {COLUMNS}")
    return decoder(fields)
