"""Events to lines of the log: nanoseconds of the run's clock become epoch microseconds.

The lines are those of ``stats/log_format.py``; the frequent ones are written here without a record
between, and a property test holds the two to each other.
"""

from collections.abc import Callable, Iterable
from typing import Any

from gatlingpy.stats import events as ev
from gatlingpy.stats.frames import leg_frame, request_frame, user_frame
from gatlingpy.stats.log_format import encode
from gatlingpy.stats.records import (
    ErrorRecord,
    GaugeRecord,
    GroupRecord,
    MarkRecord,
    ReplyRecord,
)


def _from_group(e: ev.GroupEvent, offset_ns: int) -> str:
    _, groups, start, end, cumulated, ok, user, scenario = e
    return encode(
        GroupRecord(
            groups, (start + offset_ns) // 1000, (end - start + 500) // 1000,
            (cumulated + 500) // 1000, ok, user, scenario,
        )
    )  # fmt: skip


def _from_error(e: ev.ErrorEvent, offset_ns: int) -> str:
    _, message, at, user, scenario = e
    return encode(ErrorRecord(message, (at + offset_ns) // 1000, user, scenario))


def _from_reply(e: ev.ReplyEvent, offset_ns: int) -> str:
    _, name, at, age, token, reply, detail = e
    age_us = -1 if age < 0 else (age + 500) // 1000
    return encode(ReplyRecord(name, (at + offset_ns) // 1000, age_us, token, reply, detail))


def _from_gauge(e: ev.GaugeEvent, offset_ns: int) -> str:
    _, source, name, at, value = e
    return encode(GaugeRecord(source, name, (at + offset_ns) // 1000, value))


def _from_mark(e: ev.MarkEvent, offset_ns: int) -> str:
    _, source, text, at = e
    return encode(MarkRecord(source, text, (at + offset_ns) // 1000))


_FROM_EVENT: dict[str, Callable[[Any, int], str]] = {
    ev.GROUP: _from_group,
    ev.ERROR: _from_error,
    ev.REPLY: _from_reply,
    ev.GAUGE: _from_gauge,
    ev.MARK: _from_mark,
}


def encode_events(events: Iterable[ev.Event], offset_ns: int, first_ms: int = 0) -> str:
    """Write a batch of events, one line each with its line feed.

    ``offset_ns`` leads from the run's clock to the epoch.  A request can end before it began, by
    another machine's clock; in Gatling's column it does not end before ``first_ms``, when the run
    began, because Gatling could not draw that.  The hot path of the stats thread: a
    request-reply makes four events, two of requests and two of users, so these are written here.
    """
    lines: list[str] = []
    add = lines.append
    event: Any
    for event in events:
        kind = event[0]
        if kind == ev.REQUEST:
            _, groups, name, start, end, intended, ending, message, token, user, scenario = event
            before, between, after = request_frame(groups, name, ending, message, scenario)
            at, took = (start + offset_ns) // 1000, (end - start + 500) // 1000
            ms = at // 1000
            end_ms = ms + (took + 500) // 1000
            if took < 0:
                end_ms = max(end_ms, first_ms)
            add(
                f"{before}{ms}\t{end_ms}{between}{at}\t{took}"
                f"\t{(intended + offset_ns) // 1000}\t{token}\t{user}{after}"
            )
        elif kind == ev.LEG:
            _, _, name, start, end, _, ending, message, token, user, scenario = event
            before, after = leg_frame(name, ending, message, scenario)
            at, took = (start + offset_ns) // 1000, (end - start + 500) // 1000
            add(f"{before}{at}\t{took}\t\t{token}\t{user}{after}")
        elif kind == ev.USER:
            _, scenario, what, start, intended, user = event
            before, after = user_frame(scenario, what)
            at = (start + offset_ns) // 1000
            planned = (intended + offset_ns) // 1000 if what == ev.USER_START else ""
            add(f"{before}{at // 1000}\t\t\t\t{at}\t\t{planned}\t\t{user}{after}")
        else:
            add(_FROM_EVENT[kind](event, offset_ns))
    add("")
    return "\n".join(lines)
