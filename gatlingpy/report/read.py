"""Reads the logs of a run into columns: ours block by block in parallel, Gatling's line by line."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

from gatlingpy.errors import LogError
from gatlingpy.report.attribution import request_names
from gatlingpy.report.blocks import Block, blocks
from gatlingpy.report.collector import Collector, check
from gatlingpy.report.facts import JsonObject, Replies, RunLog, json_object
from gatlingpy.report.lines import add_lines, decode_gatling
from gatlingpy.report.segments import OneRun
from gatlingpy.report.vectors import Columns, Odd, add, parse, release
from gatlingpy.stats.escapes import unescape
from gatlingpy.stats.log_format import COLUMNS, FORMAT_VERSION
from gatlingpy.stats.records import MarkRecord

_PARSERS: Final = 2
"""Threads that parse; more than two outrun the one that adds what they parsed."""

_KNOWN_LINE: Final = re.compile(
    rb"^(?:RUN|ASSERTION|USER|REQUEST|GROUP|ERROR|PLAN|LEG|REPLY|GAUGE|MARK|HEALTH|END)\t[^\n]*",
    re.MULTILINE,
)


def _not_a_log(path: Path, got: str) -> LogError:
    return LogError(
        f"{path} is not a simulation log: {got}; expected the text log of a gatlingpy run, or of "
        "Gatling 3.4 to 3.12"
    )


def _is_ours(path: Path, first: Block) -> bool:
    """Tell our format from Gatling's by the number of fields; raises LogError for neither."""
    if first.data[:1] == b"\0":
        raise _not_a_log(path, "it is binary, as Gatling writes it from 3.13 on")
    line = _KNOWN_LINE.search(first.data)
    if line is None:
        raise _not_a_log(path, f"it begins with {first.data[:40]!r}")
    return line.group().count(b"\t") == COLUMNS - 1


def _parsed(source: Iterator[Block]) -> Iterator[tuple[Block, Columns | None]]:
    """Parse blocks on a few threads, and yield them in their order, few at a time."""
    waiting: deque[tuple[Block, Future[Columns | None]]] = deque()
    with ThreadPoolExecutor(_PARSERS, thread_name_prefix="gatling-report") as pool:
        for block in source:
            waiting.append((block, pool.submit(parse, block.data)))
            if len(waiting) > _PARSERS:
                done, future = waiting.popleft()
                yield done, future.result()
        while waiting:
            done, future = waiting.popleft()
            yield done, future.result()


def _whole(path: Path, source: Iterator[Block], into: Collector) -> Iterator[Block]:
    for block in source:
        if block.whole:
            yield block
        else:
            into.problems.truncated.append(path.name)


def _read_ours(path: Path, source: Iterator[Block], into: Collector) -> None:
    for block, columns in _parsed(_whole(path, source, into)):
        if columns is None:
            add_lines(path, block, into)
            continue
        try:
            add(columns, into)
        except Odd:
            add_lines(path, block, into)


def _chain(first: Block, rest: Iterator[Block]) -> Iterator[Block]:
    yield first
    yield from rest


def _read_one(path: Path, into: Collector) -> bool:
    """Read one file and say whether it is of our format."""
    source = blocks(path)
    first = next(source, None)
    if first is None:
        raise _not_a_log(path, "it is empty")
    ours = _is_ours(path, first)
    known = len(into.facts.runs)
    if ours:
        _read_ours(path, _chain(first, source), into)
    else:
        # Gatling writes its last line whole, and its own reader asks for no final line feed.
        for block in _chain(first, source):
            add_lines(path, block, into, decode_gatling)
    if len(into.facts.runs) == known:
        raise _not_a_log(path, "it has no RUN line")
    _name_replies(path, into.facts.replies)
    return ours


def _name_replies(path: Path, replies: Replies) -> None:
    """Tokens count from 0 in each file: what they stand for is told before the next is read."""
    if replies.unnamed:
        replies.name(request_names(path, {token for _, token in replies.unnamed}))


def _check_version(path: Path, detail: JsonObject) -> None:
    version = detail.get("format", FORMAT_VERSION)
    if not isinstance(version, int) or version > FORMAT_VERSION:
        raise LogError(
            f"{path} has format {version!r}, and this gatlingpy reads format {FORMAT_VERSION}; "
            "read it with the version that wrote it, or a newer one"
        )


def _read_marks(path: Path, into: Collector) -> None:
    """Read ``marks.tsv`` beside a log, if there is one: epoch microseconds, source, text."""
    if not path.is_file():
        return
    text = path.read_bytes().decode(errors="replace")
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.rstrip("\r").split("\t")
        try:
            mark = MarkRecord(unescape(fields[1]), unescape(fields[2]), int(fields[0]))
            check(mark)
            into.add(mark)
        except (ValueError, IndexError):
            into.problems.other.append(
                f"{path.name} line {number} was left out: expected epoch microseconds, a source "
                "and a text, separated by tabs"
            )


def read_logs(paths: Sequence[Path]) -> RunLog:
    """Read the logs of one run, one file a segment, with the marks beside them.

    Raises LogError for a file that is no log, cannot be read, or holds no request; and for files
    that are no segments of one run.
    """
    into, run = Collector(), OneRun()
    ours = True
    for path in paths:
        known = len(into.facts.runs)
        try:
            ours = _read_one(path, into) and ours
        except OSError as exc:
            raise LogError(
                f"the simulation log {path} cannot be read: {exc.strerror or exc}; "
                "give the folder of a run"
            ) from exc
        for record in into.facts.runs[known:]:
            detail = json_object(record.detail)
            _check_version(path, detail)
            run.add(path, detail)
    for folder in dict.fromkeys(path.parent for path in paths):
        _read_marks(folder / "marks.tsv", into)
    release()
    log = into.finish(paths, ours=ours)
    if not len(log.requests.path):
        raise LogError(
            f"{', '.join(map(str, paths))} has no request: there is nothing to report; "
            "a run must send at least one"
        )
    return log
