"""Records that user code gives: called once, checked, and remembered where that is needed."""

import re
from collections.abc import Iterator

import pytest

from gatlingpy.errors import FeederError, FeederExhausted
from gatlingpy.feeds.code_records import CodeStream, Remembered
from gatlingpy.plan.feeders import Strategy
from tests.unit.feeds.opened import (
    CIRCULAR,
    QUEUE,
    RANDOM,
    SHUFFLE,
    Record,
    from_function,
    ids,
    opened,
    records,
)


def three() -> Iterator[Record]:
    for n in range(3):
        yield {"id": n}


@pytest.mark.parametrize("segment", [(1, 1), (1, 2), (2, 2)])
@pytest.mark.parametrize("strategy", [QUEUE, CIRCULAR])
def test_generators_are_like_lists(strategy: Strategy, segment: tuple[int, int]) -> None:
    """A generator gives what the list of its records gives, round and round if circular."""
    expected = ids(opened(records(3), strategy, segment=segment), 20)
    assert expected == ids(from_function(three, strategy, segment), 20)


@pytest.mark.parametrize("strategy", [RANDOM, SHUFFLE])
def test_generators_are_held_for_chance(strategy: Strategy) -> None:
    """Random and shuffle read a generator to its end first."""
    source = from_function(three, strategy)
    assert 3 == source.size
    assert {0, 1, 2} == set(ids(source, 100))


def test_endless_generators_are_read_as_needed() -> None:
    """A queue or circle asks a generator for one record at a time."""

    def endless() -> Iterator[Record]:
        n = 0
        while True:
            yield {"id": n}
            n += 1

    for strategy in (QUEUE, CIRCULAR):
        assert list(range(100)) == ids(from_function(endless, strategy), 100)
    assert from_function(endless).size is None


def test_endless_generators_cannot_be_shuffled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A generator without end is refused where all its records would be needed."""
    monkeypatch.setattr("gatlingpy.feeds.code_records.MOST_REMEMBERED", 100)

    def endless() -> Iterator[Record]:
        while True:
            yield {"id": 1}

    with pytest.raises(FeederError, match=r"^data\.py:3: the feeder gives more than 100 records"):
        from_function(endless, SHUFFLE)


def test_a_long_generator_cannot_begin_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A circular generator that gave more than can be remembered ends when it would begin again."""
    monkeypatch.setattr("gatlingpy.feeds.code_records.MOST_REMEMBERED", 2)
    source = from_function(three, CIRCULAR)
    assert [0, 1, 2] == [source.next()["id"] for _ in range(3)]
    with pytest.raises(FeederExhausted, match="gave 3 records, too many to begin again"):
        source.next()


def test_what_is_too_much_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond what can be remembered, records are passed on and forgotten."""
    monkeypatch.setattr("gatlingpy.feeds.code_records.MOST_REMEMBERED", 2)
    remembered = Remembered(CodeStream(three(), "data.py:3"), "data.py:3")
    assert 3 == len(list(remembered.open()))
    assert [{"id": 0}, {"id": 1}] == remembered._kept


def test_a_generator_that_raises() -> None:
    """What a generator raises is an error at its record, and after it nothing is left."""

    def broken() -> Iterator[Record]:
        yield {"id": 1}
        raise KeyError("oh")

    source = from_function(broken, CIRCULAR)
    assert 1 == source.next()["id"]
    with pytest.raises(FeederError, match=r"^data\.py:3: record 2 of the feeder: KeyError: 'oh'"):
        source.next()
    with pytest.raises(FeederExhausted, match=r"KeyError: 'oh'; no record can follow it"):
        source.next()


def test_a_function_that_raises() -> None:
    """What a feeder's function raises is an error when the feeder is opened."""
    with pytest.raises(FeederError, match=r"^data\.py:3: ZeroDivisionError: division by zero"):
        from_function(lambda: 1 / 0)


@pytest.mark.parametrize("record", ["text", ["a", 1], None, {1: "a"}])
def test_records_must_be_mappings(record: object) -> None:
    """A record that does not map names to values is refused with its number and itself."""
    message = re.escape(f"record 2 of the feeder must map attributes to values, got {record!r}")
    source = from_function(lambda: iter([{"id": 1}, record, {"id": 3}]))
    assert 1 == source.next()["id"]
    with pytest.raises(FeederError, match=rf"^data\.py:3: {message}"):
        source.next()
    assert 3 == source.next()["id"]
    with pytest.raises(FeederError, match=message):
        from_function(lambda: [{"id": 1}, record])


def test_functions_must_give_records() -> None:
    """A function that forgot its return or yield is told so."""
    message = r"^data\.py:3: the feeder's function must return or yield records, got NoneType"
    with pytest.raises(FeederError, match=message):
        from_function(lambda: None)


def test_values_are_not_touched() -> None:
    """Values of any type reach the session as the user's code made them."""
    value = object()
    assert value is from_function(lambda: [{"id": value}]).next()["id"]
