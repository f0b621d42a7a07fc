"""Reads a log line by line: odd blocks of our own format, and every log of Gatling 3.4 to 3.12."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

from gatlingpy.errors import LogError
from gatlingpy.report.blocks import Block, line_number
from gatlingpy.report.collector import Collector, check
from gatlingpy.stats import events as ev
from gatlingpy.stats.events import Ending
from gatlingpy.stats.log_format import ASSERTION, RUN, decode
from gatlingpy.stats.records import (
    AssertionRecord,
    ErrorRecord,
    GroupRecord,
    Record,
    RequestRecord,
    RunRecord,
    UserRecord,
)

LineDecoder: TypeAlias = Callable[[str], Record | None]

_NEVER_MATCHED: Final = -(1 << 63)
"""The end of an event that Gatling logs without a start (Java's ``Long.MIN_VALUE``)."""


def _status(word: str) -> bool:
    if word not in {"OK", "KO"}:
        raise ValueError(f"a status is neither OK nor KO but {word!r}")
    return word == "OK"


def _groups(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()


def _gatling_request(f: list[str]) -> RequestRecord | None:
    start, end = int(f[3]), int(f[4])
    if end == _NEVER_MATCHED:
        return None
    ok = _status(f[5])
    message = "" if ok or f[6] == " " else f[6]
    return RequestRecord(
        _groups(f[1]), f[2], start * 1000, (end - start) * 1000, start * 1000,
        Ending.OK if ok else Ending.CHECK, message, 0, 0, "",
    )  # fmt: skip


def _gatling_user(f: list[str]) -> UserRecord:
    at = int(f[3]) * 1000
    return UserRecord(f[1], f[2], at, at, 0)


def _gatling_group(f: list[str]) -> GroupRecord:
    start, end = int(f[2]), int(f[3])
    return GroupRecord(
        _groups(f[1]), start * 1000, (end - start) * 1000, int(f[4]) * 1000, _status(f[5]), 0, ""
    )


def _gatling_run(f: list[str]) -> RunRecord:
    return RunRecord(f[1], f[2], int(f[3]) * 1000, "" if f[4] == " " else f[4], f[5], "")


# What Gatling's own reader asks for: the kind, its least number of fields, and how it is read.
_GATLING: Final[dict[str, tuple[int, Callable[[list[str]], Record | None]]]] = {
    RUN: (6, _gatling_run),
    ASSERTION: (2, lambda f: AssertionRecord(f[1], "")),
    ev.USER: (4, _gatling_user),
    ev.REQUEST: (7, _gatling_request),
    ev.GROUP: (6, _gatling_group),
    ev.ERROR: (3, lambda f: ErrorRecord(f[1], int(f[2]) * 1000, 0, "")),
}


def decode_gatling(line: str) -> Record | None:
    """Read a line of Gatling's own log; ``None`` for a kind that it does not have.

    Raises ValueError if fields are missing or are no number.
    """
    fields = line.rstrip("\r").split("\t")
    known = _GATLING.get(fields[0])
    if known is None:
        return None
    least, decoder = known
    if len(fields) < least:
        raise ValueError(f"a {fields[0]} record has {len(fields)} fields instead of {least}")
    return decoder(fields)


def _lines(block: Block) -> Iterator[tuple[int, bytes]]:
    start, data = 0, block.data
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        yield start, data[start:end]
        start = end + 1


def add_lines(path: Path, block: Block, into: Collector, decoder: LineDecoder = decode) -> None:
    """Add every line of a block; malformed ones are counted, lines of unknown kinds ignored.

    Raises LogError if the block is no UTF-8.
    """
    for start, line in _lines(block):
        try:
            record = decoder(line.decode())
            if record is not None:
                check(record)
                into.add(record)
        except UnicodeDecodeError as exc:
            number = line_number(path, block.offset + start)
            raise LogError(
                f"{path} is not a simulation log: line {number} is not UTF-8 (byte 0x"
                f"{line[exc.start]:02x} at place {exc.start + 1}); a log is written by a run, "
                "and never edited in another encoding"
            ) from exc
        except ValueError as exc:
            number = line_number(path, block.offset + start) if not into.problems.malformed else 0
            into.problems.add_malformed(f"{path.name} line {number}", str(exc))
