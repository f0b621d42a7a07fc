"""Writes a log of a given number of records, for measuring the report.

``python -m benchmarks.report_log 10000000 FOLDER`` writes ``FOLDER/simulation.log``: request-reply
users (START, leg, request, END), 20 request names in 4 groups, 1 % failures, log-normal times.
The same number gives the same bytes.
"""

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

from gatlingpy.stats.log_format import encode
from gatlingpy.stats.records import (
    GaugeRecord,
    GroupRecord,
    LegRecord,
    Record,
    RequestRecord,
    RunRecord,
    StateRecord,
    UserRecord,
)

START_US = 1_700_000_000_000_000
RUN_SECONDS = 600
FAILURES = ("timeout", "check", "send")
MESSAGES = {
    "timeout": "Reply timeout after 10000 ms",
    "check": "jsonPath($.status).find.is(APPROVED), but actually found DECLINED",
    "send": "Local: Message timed out",
}


def _header() -> Iterator[Record]:
    detail = {
        "format": 1, "tool": "gatlingpy", "version": "0", "run_id": "bench-20231114221320000",
        "segment": [1, 1], "notes": ["latencies are those of the embedded broker"],
    }  # fmt: skip
    yield RunRecord(
        "bench.Bench", "bench", START_US, "a generated log", "3.9.5", json.dumps(detail)
    )


def _user(dice: random.Random, number: int, at: int) -> Iterator[Record]:
    """One user: START, a leg, a request, END; every eighth inside a group with its record."""
    kind = number % 20
    groups = (f"Group {kind % 4}",) if kind >= 10 else ()
    name = f"Request {kind}"
    took = int(dice.lognormvariate(9.2, 0.6))
    ending = FAILURES[number % 3] if dice.random() < 0.01 else "ok"
    yield UserRecord("Payments", "START", at, at - 150, number)
    yield LegRecord(f"{name}-send", at, took // 4, "ok", "", number, number, "Payments")
    yield RequestRecord(
        groups, name, at + 20, took, at, ending, MESSAGES.get(ending, ""), number,
        number, "Payments",
    )  # fmt: skip
    if groups:
        yield GroupRecord(groups, at, took + 40, took, ending == "ok", number, "Payments")
    yield UserRecord("Payments", "END", at + took + 50, None, number)


def _requests_only(count: int) -> Iterator[Record]:
    """Requests without users, legs and groups: the most rows of the costliest kind."""
    dice = random.Random(1)
    for number in range(1, count + 1):
        at = START_US + number * RUN_SECONDS * 1_000_000 // count
        took = int(dice.lognormvariate(9.2, 0.6))
        ending = FAILURES[number % 3] if dice.random() < 0.01 else "ok"
        yield RequestRecord(
            (), f"Request {number % 20}", at, took, at - 30, ending, MESSAGES.get(ending, ""),
            number, number, "Payments",
        )  # fmt: skip


def records(count: int, *, requests_only: bool = False) -> Iterator[Record]:
    """Yield about ``count`` records, in the order in which a run would write them."""
    yield from _header()
    if requests_only:
        yield from _requests_only(count)
        yield _end()
        return
    dice = random.Random(1)
    users = max(1, int(count / 4.5))
    for number in range(1, users + 1):
        at = START_US + number * RUN_SECONDS * 1_000_000 // users
        if number % max(1, users // RUN_SECONDS) == 0:
            yield GaugeRecord("injector", "cpu", at, round(dice.random(), 3))
        yield from _user(dice, number, at)
    yield _end()


def _end() -> Record:
    detail = {"reason": "all users ended", "exit_code": 0, "problems": []}
    return StateRecord(
        "END", "completed", START_US + (RUN_SECONDS + 1) * 1_000_000, json.dumps(detail)
    )


def write_log(count: int, path: Path, *, requests_only: bool = False) -> None:
    """Write a log of about ``count`` records to ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        batch: list[str] = []
        for record in records(count, requests_only=requests_only):
            batch.append(encode(record))
            if len(batch) == 10_000:
                file.write("\n".join(batch) + "\n")
                batch.clear()
        if batch:
            file.write("\n".join(batch) + "\n")


def main() -> None:
    """Read the command line and write the log."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--requests-only", action="store_true")
    arguments = parser.parse_args()
    path = arguments.folder / "simulation.log"
    write_log(arguments.records, path, requests_only=arguments.requests_only)


if __name__ == "__main__":
    main()
