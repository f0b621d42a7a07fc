"""Feeders opened for tests, and their records."""

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from gatlingpy.errors import FeederExhausted
from gatlingpy.feeds.source import RecordSource, open_feeder
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.feeders import CodeSource, Feeder, FeederSource, RecordsSource, Strategy
from gatlingpy.plan.frozen import FrozenMap

QUEUE, CIRCULAR, RANDOM, SHUFFLE = Strategy
Record = Mapping[str, object]
LOCAL = (1, 1)


def records(size: int) -> RecordsSource:
    return RecordsSource(tuple(FrozenMap({"id": n}) for n in range(size)))


def opened(
    source: FeederSource,
    strategy: Strategy = QUEUE,
    *folders: Path,
    seed: int = 0,
    segment: tuple[int, int] = LOCAL,
    code: CodeTable | None = None,
) -> RecordSource:
    feeder = Feeder("feeder-1", source, strategy, "pay.py:7")
    return open_feeder(feeder, code or CodeTable(), folders, seed, segment)


def all_of(source: RecordSource) -> Iterator[Record]:
    while True:
        try:
            yield source.next()
        except FeederExhausted:
            return


def ids(source: RecordSource, most: int = 1000) -> list[object]:
    return [record["id"] for record in islice(all_of(source), most)]


def from_function(
    function: object,
    strategy: Strategy = QUEUE,
    segment: tuple[int, int] = LOCAL,
) -> RecordSource:
    code = CodeTable()
    ref = code.add("feeder-1", function, "data.py:3")  # type: ignore[arg-type]
    return opened(CodeSource(ref), strategy, segment=segment, code=code)


def open_files() -> set[str]:
    """Return the files that this process has open; raises FileNotFoundError without ``/proc``."""
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        try:
            target = str(entry.readlink())
        except FileNotFoundError:
            continue  # that of the scan itself
        if target.startswith("/") and not target.startswith(("/dev", "/proc")):
            found.add(target)
    return found
