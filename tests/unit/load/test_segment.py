"""Segments deal the one global sequence out: disjoint, complete, numbered globally."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.load.segment import Segment

counts = st.integers(1, 12)


@given(counts, st.integers(0, 200), st.integers(0, 50))
def test_segments_share_everything(of: int, size: int, before: int) -> None:
    """Each thing is in exactly one segment, in the order of the whole."""
    parts = [list(Segment(i, of).take(range(size), before)) for i in range(1, of + 1)]
    assert list(range(size)) == sorted(itertools.chain.from_iterable(parts))
    assert all(sorted(part) == part for part in parts)


@given(counts, st.integers(0, 200), st.integers(0, 50))
def test_numbers_are_those_of_the_whole(of: int, size: int, before: int) -> None:
    """A segment's numbers are the places of its things in the global sequence, from 1."""
    numbered = list(enumerate(range(size), before + 1))
    for i in range(1, of + 1):
        segment = Segment(i, of)
        pairs = list(zip(segment.numbers(before), segment.take(range(size), before), strict=False))
        assert [pair for pair in numbered if (pair[0] - i) % of == 0] == pairs


@given(counts, st.lists(st.integers(0, 40), max_size=5))
def test_sequences_one_after_another_are_one(of: int, sizes: list[int]) -> None:
    """Cut into pieces with ``before``, a sequence is dealt out as if it were whole."""
    for i in range(1, of + 1):
        segment, before, taken = Segment(i, of), 0, []
        for size in sizes:
            taken += segment.take(range(before, before + size), before)
            before += size
        assert list(segment.take(range(sum(sizes)))) == taken


@given(counts, st.integers(0, 300), st.integers(0, 50))
def test_shares_are_what_is_taken(of: int, size: int, before: int) -> None:
    """A share is as large as the part that is taken, so all shares make the whole."""
    shares = [Segment(i, of).share(size, before) for i in range(1, of + 1)]
    assert [len(list(Segment(i, of).take(range(size), before))) for i in range(1, of + 1)] == shares
    assert size == sum(shares)


@given(counts, st.integers(0, 300))
def test_shares_grow_one_by_one(of: int, size: int) -> None:
    """With one thing more, one segment gets one more, and the others stay."""
    grown = [Segment(i, of).share(size + 1) - Segment(i, of).share(size) for i in range(1, of + 1)]
    assert [0] * (of - 1) + [1] == sorted(grown)


def test_small_shares_take_turns() -> None:
    """Two things a second go to each of three segments in turn when those before are counted."""
    assert [1, 1, 0] == [Segment(1, 3).share(2, before) for before in (0, 2, 4)]
    assert [1, 0, 1] == [Segment(2, 3).share(2, before) for before in (0, 2, 4)]
    assert [0, 1, 1] == [Segment(3, 3).share(2, before) for before in (0, 2, 4)]


def test_shares_differ_by_one_at_most() -> None:
    """Ten things over three segments are 4, 3 and 3."""
    assert [4, 3, 3] == [len(list(Segment(i, 3).take(range(10)))) for i in (1, 2, 3)]


def test_take_is_lazy() -> None:
    """A segment takes from an endless sequence."""
    assert [2, 5, 8] == list(itertools.islice(Segment(2, 3).take(itertools.count(1)), 3))


@pytest.mark.parametrize(("index", "of"), [(0, 1), (2, 1), (1, 0), (-1, 3)])
def test_impossible_segments_are_refused(index: int, of: int) -> None:
    """A segment counts from 1 and not beyond their number."""
    with pytest.raises(ValueError, match=f"segment {index} of {of}"):
        Segment(index, of)


def test_reads_as_a_share() -> None:
    """A segment is written as index and number, with a slash."""
    assert "2/3" == str(Segment(2, 3))
    assert "1/1" == str(Segment())
