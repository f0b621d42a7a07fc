"""Who gets which record, in which order, and what happens when there is none left."""

import re
from itertools import chain, zip_longest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.errors import FeederExhausted
from gatlingpy.plan.feeders import Strategy
from tests.unit.feeds.opened import CIRCULAR, QUEUE, RANDOM, SHUFFLE, ids, opened, records


def test_queue_gives_each_once_and_then_says_who_is_exhausted() -> None:
    """A queue gives its records in order; then it names itself and how many it gave."""
    source = opened(records(3))
    assert [0, 1, 2] == [source.next()["id"] for _ in range(3)]
    message = (
        "pay.py:7: the feeder (3 records, queue) has no record left after 3; add .circular(), or "
        "give it more"
    )
    for _ in range(2):
        with pytest.raises(FeederExhausted, match=re.escape(message)):
            source.next()
    assert 3 == source.size


def test_circular_begins_again() -> None:
    """A circular feeder gives its first record after its last."""
    assert [0, 1, 2, 0, 1, 2, 0] == ids(opened(records(3), CIRCULAR), 7)


def test_shuffle_gives_each_once() -> None:
    """A shuffled feeder gives every record once, in an order that is not that of the source."""
    shuffled = ids(opened(records(50), SHUFFLE))
    assert list(range(50)) == sorted(shuffled)  # type: ignore[type-var]
    assert list(range(50)) != shuffled


def test_random_draws_with_replacement() -> None:
    """A random feeder gives any record, and never ends."""
    drawn = ids(opened(records(5), RANDOM), 400)
    assert 400 == len(drawn)
    assert {0, 1, 2, 3, 4} == set(drawn)


@pytest.mark.parametrize("strategy", [RANDOM, SHUFFLE])
def test_chance_is_the_seeds(strategy: Strategy) -> None:
    """The same seed gives the same order; another seed gives another."""
    first, again, other = (ids(opened(records(50), strategy, seed=seed), 50) for seed in (1, 1, 2))
    assert first == again
    assert first != other


# --- segments ------------------------------------------------------------------------------------


def dealt(parts: list[list[object]]) -> list[object]:
    """Put the segments' records together as the one global sequence gives them."""
    return [item for item in chain.from_iterable(zip_longest(*parts)) if item is not None]


@given(st.integers(1, 5), st.integers(1, 30), st.sampled_from([QUEUE, SHUFFLE]))
def test_segments_give_what_one_process_would(of: int, size: int, strategy: Strategy) -> None:
    """Segments of a queue or shuffle together give its records once, in the same order."""
    whole = ids(opened(records(size), strategy))
    parts = [ids(opened(records(size), strategy, segment=(i, of))) for i in range(1, of + 1)]
    assert whole == dealt(parts)


@given(st.integers(1, 5), st.integers(1, 9))
def test_segments_of_a_circle(of: int, size: int) -> None:
    """Segment i of n takes records i, i + n, … of the endless sequence."""
    whole = ids(opened(records(size), CIRCULAR), 20 * of)
    for i in range(1, of + 1):
        assert whole[i - 1 :: of] == ids(opened(records(size), CIRCULAR, segment=(i, of)), 20)


def test_random_segments_draw_for_themselves() -> None:
    """Each segment of a random feeder draws from all records, and not the same ones."""
    parts = [ids(opened(records(50), RANDOM, segment=(i, 2)), 50) for i in (1, 2)]
    assert parts[0] != parts[1]


def test_a_segment_may_get_nothing() -> None:
    """With more segments than records, the last segments are exhausted at once."""
    assert [] == ids(opened(records(2), segment=(3, 3)))
