"""Records that functions make anew each time."""

import itertools
import re

import pytest

from gatlingpy.errors import FeederError
from gatlingpy.feeds.source import RecordSource
from gatlingpy.plan.code import CodeTable, Const
from gatlingpy.plan.feeders import GeneratedSource, Strategy
from gatlingpy.plan.frozen import FrozenMap
from tests.unit.feeds.opened import CIRCULAR, LOCAL, QUEUE, ids, opened


def generated(
    function: object, strategy: Strategy = QUEUE, segment: tuple[int, int] = LOCAL
) -> RecordSource:
    code = CodeTable()
    ref = code.add("feeder-1/id", function, "data.py:3")  # type: ignore[arg-type]
    source = GeneratedSource(FrozenMap({"shop": Const("corner"), "id": ref, "none": Const(None)}))
    return opened(source, strategy, segment=segment, code=code)


@pytest.mark.parametrize("strategy", [QUEUE, CIRCULAR])
def test_each_record_is_made_anew(strategy: Strategy) -> None:
    """Functions are called once a record, constants stay, and the order is the written one."""
    source = generated(itertools.count().__next__, strategy)
    for n in range(5):
        assert [("shop", "corner"), ("id", n), ("none", None)] == list(source.next().items())
    assert source.size is None


def test_records_do_not_share() -> None:
    """A record that somebody changed does not change the next."""
    source = generated(lambda: 1)
    first = source.next()
    first["shop"] = "other"  # type: ignore[index]
    assert "corner" == source.next()["shop"]


def test_segments_count_together() -> None:
    """Each segment calls for the records of the others as well, so that counters stay unique."""
    parts = [ids(generated(itertools.count().__next__, segment=(i, 3)), 4) for i in (1, 2, 3)]
    assert [[0, 3, 6, 9], [1, 4, 7, 10], [2, 5, 8, 11]] == parts


@pytest.mark.parametrize("error", [ValueError("oh"), StopIteration("oh"), SystemExit("oh")])
def test_a_function_that_raises(error: BaseException) -> None:
    """What a function raises is an error at its record; the next one is made as if nothing was."""
    made = iter([1, error, 3])

    def make() -> object:
        value = next(made)
        if isinstance(value, BaseException):
            raise value
        return value

    source = generated(make)
    assert 1 == source.next()["id"]
    message = f"data.py:3: record 2 of the feeder, attribute 'id': {type(error).__name__}: oh"
    with pytest.raises(FeederError, match=f"^{re.escape(message)}$"):
        source.next()
    assert 3 == source.next()["id"]
