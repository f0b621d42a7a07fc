"""Files larger than what may be held: memory does not grow with them."""

import itertools
import json
import shutil
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gatlingpy.feeds.checking import check_feeder
from gatlingpy.feeds.order import in_order
from gatlingpy.feeds.supply import Stock
from gatlingpy.plan.feeders import (
    CsvSource,
    Feeder,
    FileSource,
    JsonFileSource,
    JsonLinesSource,
    Strategy,
)
from tests.unit.feeds.opened import CIRCULAR, QUEUE, RANDOM, SHUFFLE, Record, opened

RECORDS = 8_000
FILLER = "x" * 8_000
FLOWS = 2_000_000
"""Bytes that reading one record after another may need, whatever the file's size."""
PLACES = FLOWS + 3 * 8 * RECORDS
"""The same with a place of each record, and with their numbers in another order."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Files of more than 60 MB, removed at once afterwards."""
    folder = tmp_path_factory.mktemp("large")
    with (folder / "large.csv").open("w") as csv:
        csv.write("id,filler\n")
        csv.writelines(f"{n},{FILLER}\n" for n in range(RECORDS))
    with (folder / "large.jsonl").open("w") as lines:
        lines.writelines(f"{_record(n)}\n" for n in range(RECORDS))
    with (folder / "large.json").open("w") as array:
        array.write(f"[{_record(0)}")
        array.writelines(f",\n{_record(n)}" for n in range(1, RECORDS))
        array.write("]")
    yield folder
    shutil.rmtree(folder)


def _record(n: int) -> str:
    return json.dumps({"id": n, "filler": FILLER})


@contextmanager
def memory_below(most: int) -> Iterator[None]:
    """Assert that Python's objects never need more inside than before."""
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < most


SOURCES = [CsvSource("large.csv"), JsonFileSource("large.json"), JsonLinesSource("large.jsonl")]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.path)
@pytest.mark.parametrize("strategy", [QUEUE, CIRCULAR])
def test_flows_need_no_more_for_a_larger_file(
    source: FileSource, strategy: Strategy, folder: Path
) -> None:
    """A queue or circle reads a record at a time."""
    assert (folder / source.path).stat().st_size > 60_000_000
    with memory_below(FLOWS):
        assert [] == check_feeder(Feeder("feeder-1", source, strategy, "pay.py:7"), [folder])
        feeder = opened(source, strategy, folder)
        last = None
        for _ in range(RECORDS):
            last = feeder.next()["id"]
    assert str(RECORDS - 1) == str(last)
    if strategy is CIRCULAR:
        assert "0" == str(feeder.next()["id"])
    feeder.close()


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.path)
@pytest.mark.parametrize("strategy", [RANDOM, SHUFFLE])
def test_any_order_needs_a_place_for_each_record(
    source: FileSource, strategy: Strategy, folder: Path
) -> None:
    """Random and shuffle hold where records begin, not the records."""
    with memory_below(PLACES):
        feeder = opened(source, strategy, folder)
        found = [feeder.next() for _ in itertools.repeat(None, 200)]
    assert RECORDS == feeder.size
    assert {FILLER} == {record["filler"] for record in found}
    assert len({record["id"] for record in found}) > 150
    feeder.close()


def test_an_order_needs_eight_bytes_a_record() -> None:
    """Shuffling holds the numbers of the records and nothing else."""

    class Many:
        def __len__(self) -> int:
            return 200_000

        def __getitem__(self, index: int) -> Record:
            return {"id": index}

    with memory_below(9 * 200_000):
        stream = in_order(Stock(Many()), SHUFFLE, "seed", (1, 1))
        first = next(stream)
    assert 199_999 == len({record["id"] for record in stream} - {first["id"]})
