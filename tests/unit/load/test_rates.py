"""A throttle allows in each second what Gatling's integers say, and nothing after its end."""

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.load.rates import limits, requests_allowed, total_duration_ns
from gatlingpy.load.segment import Segment
from gatlingpy.plan.throttle import HoldFor, JumpToRps, ReachRps, Throttle, ThrottleStep

S = 1_000_000_000


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), []),
        ((ReachRps(10, 5 * S),), [2, 4, 6, 8, 10]),
        ((ReachRps(10, 3 * S),), [3, 6, 10]),
        ((ReachRps(10, S), ReachRps(0, 3 * S)), [10, 7, 4, 0]),
        ((ReachRps(3, 10 * S),), [0, 0, 0, 1, 1, 1, 2, 2, 2, 3]),
        ((HoldFor(2 * S),), [0, 0]),
        ((JumpToRps(5),), []),
        ((JumpToRps(5), HoldFor(2 * S)), [5, 5]),
        ((JumpToRps(5), JumpToRps(7), HoldFor(S)), [7]),
        ((JumpToRps(10), ReachRps(20, 2 * S)), [15, 20]),
        (
            (ReachRps(10, 5 * S), HoldFor(2 * S), JumpToRps(4), HoldFor(2 * S)),
            [2, 4, 6, 8, 10, 10, 10, 4, 4],
        ),
    ],
    ids=str,
)
def test_limits(steps: tuple[ThrottleStep, ...], expected: list[int]) -> None:
    """Each second has its limit, and after the last there is none."""
    throttle = Throttle(steps)
    assert expected == list(limits(throttle))
    assert expected == [requests_allowed(throttle, second) for second in range(len(expected))]
    assert requests_allowed(throttle, len(expected)) is None
    assert requests_allowed(throttle, len(expected) + 100) is None
    assert len(expected) * S == total_duration_ns(throttle)


rps = st.integers(0, 1000)
seconds = st.integers(1, 40).map(lambda s: s * S)
throttles = st.lists(
    st.one_of(
        st.builds(ReachRps, rps, seconds), st.builds(HoldFor, seconds), st.builds(JumpToRps, rps)
    ),
    max_size=5,
).map(lambda steps: Throttle(tuple(steps)))


@given(rps, rps, st.integers(1, 100))
def test_a_reach_is_a_line_cut_to_whole_requests(start: int, end: int, length: int) -> None:
    """Second i of d has, beside what was before, the whole part of (t - before) (i + 1) / d."""
    throttle = Throttle((JumpToRps(start), ReachRps(end, length * S)))
    line = [start + int(Fraction((end - start) * i, length)) for i in range(1, length + 1)]
    assert line == list(limits(throttle))


@given(throttles, st.integers(0, 250))
def test_one_second_or_all(throttle: Throttle, second: int) -> None:
    """Asked for one second or for all, a throttle says the same."""
    every = list(limits(throttle))
    expected = every[second] if second < len(every) else None
    assert expected == requests_allowed(throttle, second)


@given(throttles, st.integers(1, 9))
def test_segments_share_the_limit(throttle: Throttle, of: int) -> None:
    """In every second the shares of all segments are the limit, counted on or not."""
    before = 0
    for limit in limits(throttle):
        assert limit == sum(Segment(i, of).share(limit) for i in range(1, of + 1))
        assert limit == sum(Segment(i, of).share(limit, before) for i in range(1, of + 1))
        before += limit


def test_limits_are_had_one_by_one() -> None:
    """A throttle of a year is asked for its first second without the others."""
    throttle = Throttle((ReachRps(1_000_000, 365 * 86_400 * S),))
    assert [0] * 31 + [1] == list(itertools.islice(limits(throttle), 32))
