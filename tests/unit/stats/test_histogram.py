"""Percentiles from buckets are as near to the exact ones as the file says."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from gatlingpy.stats.histogram import Histogram

DURATIONS = st.lists(
    st.integers(0, 10**9) | st.integers(0, 10**13) | st.integers(0, 2_000_000),
    min_size=1,
    max_size=50,
)


def histogram_of(durations_ns: list[int]) -> Histogram:
    histogram = Histogram()
    histogram.add(durations_ns)
    return histogram


@settings(deadline=None)
@given(DURATIONS, st.sampled_from([1, 50, 95, 99, 99.9, 100]))
def test_a_percentile_is_off_by_a_five_hundredth_at_most(
    durations_ns: list[int], rank: float
) -> None:
    exact = sorted(durations_ns)[max(1, math.ceil(len(durations_ns) * rank / 100)) - 1]
    (found,) = histogram_of(durations_ns).percentiles_ns(rank)
    assert abs(found - exact) <= max(1_000, exact / 512)


@settings(deadline=None)
@given(DURATIONS, DURATIONS)
def test_merging_is_recording_all(one: list[int], other: list[int]) -> None:
    merged = histogram_of(one)
    merged.merge(histogram_of(other))
    together = histogram_of(one + other)
    assert merged.counts().tolist() == together.counts().tolist()
    assert merged.max_ns == together.max_ns == max(one + other)
    assert len(merged) == len(one) + len(other)


def test_no_value_has_no_percentile() -> None:
    assert Histogram().percentiles_ns(50, 99) == [0, 0]
    assert Histogram().max_ns == 0
    assert len(Histogram()) == 0


def test_a_percentile_is_never_above_the_maximum() -> None:
    assert histogram_of([1_048_576_000]).percentiles_ns(50, 100) == [1_048_576_000] * 2


def test_values_out_of_range_are_cut() -> None:
    histogram = histogram_of([-5_000_000, 2**62])
    assert len(histogram) == 2
    assert histogram.percentiles_ns(50) == [500]


def test_many_values_are_counted_as_they_come() -> None:
    histogram = Histogram()
    for start in range(0, 100_000, 1_000):
        histogram.add([(start + i) * 1_000 for i in range(1_000)])
    assert len(histogram) == 100_000
    assert abs(histogram.percentiles_ns(50)[0] - 50_000_000) <= 50_000_000 / 512
