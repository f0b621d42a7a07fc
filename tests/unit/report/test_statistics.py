"""The statistics against a plain Python model, on random logs that go through the real log."""

import math
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatlingpy.report import series
from gatlingpy.report.columns import ENDINGS
from gatlingpy.report.facts import RunLog
from gatlingpy.report.numbers import (
    exact_numbers,
    exact_ranges,
    gatling_numbers,
    gatling_ranges,
    percent,
    percentiles,
)
from gatlingpy.report.options import DEFAULT
from gatlingpy.report.read import read_logs
from gatlingpy.report.rows import arrange
from gatlingpy.report.statistics import Entry, Kind, Statistics, compute
from gatlingpy.report.tree import tree_of
from gatlingpy.report.window import Buckets, Window, exact_buckets, gatling_buckets
from gatlingpy.stats.records import GroupRecord, LegRecord, RequestRecord
from tests.unit.report.sample import START_US, records, run_record, write

NAMES = st.sampled_from(["a", "b", "a,b", "x y", "tab\t", ""])
TIMES = st.integers(0, 5_000_000)
REQUESTS = st.builds(
    lambda kind, groups, name, start, took, ending, message: (
        LegRecord(name, START_US + start, took, ending, message, 1, 1, "S")
        if kind == "LEG"
        else RequestRecord(
            tuple(groups), name, START_US + start, took, START_US + start, ending, message, 1, 1,
            "S",
        )
    ),
    st.sampled_from(["REQUEST", "REQUEST", "REQUEST", "LEG"]), st.lists(NAMES, max_size=2), NAMES,
    TIMES, TIMES, st.sampled_from(ENDINGS), st.sampled_from(["", " ", "no", "no\nway"]),
)  # fmt: skip
GROUPS = st.builds(
    lambda groups, start, took, cumulated, ok: GroupRecord(
        tuple(groups), START_US + start, took, cumulated, ok, 1, "S"
    ),
    st.lists(NAMES, min_size=1, max_size=2), TIMES, TIMES, TIMES, st.booleans(),
)  # fmt: skip


def computed(log: RunLog) -> Statistics:
    return compute(*arrange(log), DEFAULT)


def rounded(value: Fraction) -> int:
    return math.floor(value + Fraction(1, 2))


def model_percentile(values: list[int], rank: int) -> Fraction:
    """Type 7, in exact arithmetic."""
    ordered = sorted(values)
    place = Fraction(rank * (len(ordered) - 1), 100)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


Timed = RequestRecord | LegRecord


def path_of(row: Timed) -> tuple[str, ...]:
    return (*row.groups, row.name) if isinstance(row, RequestRecord) else (row.name,)


def check_entry(entry: Entry, rows: Sequence[Timed], seconds: float) -> None:
    for numbers, wanted in (
        (entry.exact.total, rows),
        (entry.exact.ok, [row for row in rows if row.ending == "ok"]),
        (entry.exact.ko, [row for row in rows if row.ending != "ok"]),
    ):
        times = [row.duration_us for row in wanted]
        assert len(times) == numbers.count
        if not times:
            continue
        assert (min(times), max(times)) == (numbers.minimum, numbers.maximum)
        assert abs(Fraction(sum(times), len(times)) - numbers.mean) <= Fraction(51, 100)
        assert (
            tuple(rounded(model_percentile(times, int(r))) for r in DEFAULT.ranks)
            == numbers.percentiles
        )
        assert math.isclose(len(times) / seconds, numbers.per_second)
    ok = [row.duration_us for row in rows if row.ending == "ok"]
    assert (
        sum(t < 800_000 for t in ok),
        sum(800_000 <= t < 1_200_000 for t in ok),
        sum(t >= 1_200_000 for t in ok),
        len(rows) - len(ok),
    ) == entry.exact_ranges.counts
    errors = Counter(row.message for row in rows if row.ending != "ok")
    assert errors == Counter(dict(entry.errors))
    assert [sum(row.ending == word for row in rows) for word in ENDINGS] == list(entry.endings)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(REQUESTS, min_size=1, max_size=40), groups=st.lists(GROUPS, max_size=10))
def test_random_logs_give_the_models_numbers(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Timed], groups: list[GroupRecord]
) -> None:
    """Counts, extremes, means, percentiles, ranges, errors and endings of every path."""
    requests = [row for row in rows if isinstance(row, RequestRecord)]
    if not requests:
        return
    folder = tmp_path_factory.mktemp("model")
    log = read_logs([write(folder / "simulation.log", [run_record(), *rows, *groups])])
    statistics = computed(log)
    timed = [(r.start_us, r.duration_us) for r in (*requests, *groups)]
    first, last = min(start for start, _ in timed), max(start + took for start, took in timed)
    assert (first, last) == (statistics.window.min_us, statistics.window.max_us)
    seconds = max(1, last - first) / 1e6
    check_entry(statistics.total, requests, seconds)
    for entries, kind in ((statistics.requests, RequestRecord), (statistics.legs, LegRecord)):
        paths = {path_of(row) for row in rows if isinstance(row, kind)}
        assert paths == {entry.path for entry in entries}
        for entry in entries:
            wanted = [r for r in rows if isinstance(r, kind) and path_of(r) == entry.path]
            check_entry(entry, wanted, seconds)
    for entry in statistics.groups:
        mine = [g for g in groups if g.groups == entry.path]
        assert len(mine) == entry.exact.total.count
        assert sorted(g.cumulated_us for g in mine) == entry.sample.tolist()
        assert entry.duration is not None
        assert max((g.duration_us for g in mine), default=0) == entry.duration.total.maximum
    pages = [node.page for _, node in tree_of(statistics).walk()]
    assert len(pages) == len(set(pages)) == len(statistics.groups) + len(statistics.requests)


def test_gatlings_ranges_keep_their_quirk() -> None:
    """By Gatling's rule 1200 ms is middling, by ours slow; 800 ms is middling by both."""
    sample = np.array([799_000, 800_000, 1_200_000, 1_201_000])
    assert (1, 2, 1, 7) == gatling_ranges(sample, 7, DEFAULT).counts
    assert (1, 1, 2, 7) == exact_ranges(sample, 7, DEFAULT).counts


def test_published_examples_of_gatling() -> None:
    """Two samples of 370 and 6461 ms, and Gatling's own fixture."""
    two = gatling_numbers(np.array([370_000, 6_461_000]), 1, DEFAULT.ranks)
    assert ((3416, 4938, 6156, 6400), 3046) == (two.percentiles, two.deviation)
    times = np.sort(np.array([2000, 9000, 4000, 4000, 4000, 5000, 5000, 7000]) * 1000)
    eight = gatling_numbers(times, 13, DEFAULT.ranks)
    assert (5000, 2000, (4500, 5500, 8300, 8860)) == (
        eight.mean,
        eight.deviation,
        eight.percentiles,
    )
    assert (5000, 8_300_000) == (percentiles(times // 1000, (70,))[0], percentiles(times, (95,))[0])


def test_a_half_is_rounded_up() -> None:
    """2273 + 0.9 (15178 - 2273) is 13887.5, which a float puts just below the half."""
    assert (13888,) == percentiles(np.array([0, 2273, 15178]), (95,))
    assert (14,) == percentiles(np.array([0, 13, 14]), (87.5,))
    assert (0, 14, 0) == percentiles(np.array([0, 13, 14]), (-5, math.inf, math.nan))


@pytest.mark.parametrize(
    ("count", "whole", "share"),
    [
        (23, 40, 57.49999999999999),
        (7, 100, 7.000000000000001),
        (7, 9, 77.77777777777779),
        (5, 5, 100.0),
    ],
)
def test_a_share_is_gatlings_to_the_last_bit(count: int, whole: int, share: float) -> None:
    """Multiplying first would round otherwise."""
    assert share == percent(count, whole)


def test_an_empty_sample_is_all_zero() -> None:
    """Nothing was measured: zeros, and no division by zero."""
    nothing = exact_numbers(np.empty(0, np.int64), 1, DEFAULT.ranks)
    assert (0, 0, 0, 0, 0, (0, 0, 0, 0), 0.0) == (
        nothing.count, nothing.minimum, nothing.maximum, nothing.mean, nothing.deviation,
        nothing.percentiles, nothing.per_second,
    )  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 40)), max_size=30))
def test_peak_is_the_most_alive_at_once(lives: list[tuple[int, int]]) -> None:
    """Against a count at every moment; a life is from its start up to, not including, its end."""
    buckets = Buckets(0, 10, 15)
    starts = np.array([start for start, _ in lives], np.int64)
    ends = np.array([start + took + 1 for start, took in lives], np.int64)
    alive = [sum(s <= t < e for s, e in zip(starts, ends, strict=True)) for t in range(150)]
    wanted = [max(alive[place * 10 : place * 10 + 10]) for place in range(15)]
    assert wanted == series.peak_over_time(starts, ends, buckets).tolist()


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 1000)), max_size=60), st.booleans())
def test_percentiles_over_time(points: list[tuple[int, int]], huge: bool) -> None:
    """Each bucket's percentiles are those of its own values; an empty bucket has none."""
    buckets = Buckets(0, 10, 10)
    scale = 1 << 50 if huge else 1
    times = np.array([time for time, _ in points], np.int64)
    values = np.array([value * scale for _, value in points], np.int64)
    table = series.percentiles_over_time(times, values, buckets, (0, 50, 95, 100))
    for place in range(10):
        mine = [value * scale for time, value in points if time // 10 == place]
        for row, rank in enumerate((0, 50, 95, 100)):
            got = float(table[row, place])
            assert (
                math.isnan(got)
                if not mine
                else math.isclose(float(model_percentile(mine, rank)), got, rel_tol=1e-9)
            )


@given(st.integers(1, 400 * 86_400_000_000))
def test_buckets_cover_the_run(span: int) -> None:
    """At most as many as allowed; the last takes half a step to one and a half."""
    window = Window(START_US, START_US + span, START_US // 1000, (START_US + span) // 1000)
    buckets = exact_buckets(window, 1000)
    assert 1 <= buckets.count <= 1000
    assert span == (buckets.count - 1) * buckets.step + buckets.last
    assert buckets.count == 1 or buckets.step / 2 <= buckets.last < buckets.step * 1.5
    ends = buckets.index(np.array([window.min_us, window.max_us]))
    assert [0, buckets.count - 1] == ends.tolist()


def test_gatlings_buckets_are_shifted_by_half() -> None:
    """The first bucket holds half a step, the last one and a half."""
    buckets = gatling_buckets(Window(0, 5_000_000, 0, 5000), 1000)
    assert (1000, 5) == (buckets.step, buckets.count)
    moments = np.array([0, 499, 500, 1499, 1500, 3499, 3500, 4500, 5000])
    assert [0, 0, 1, 1, 2, 3, 4, 4, 4] == buckets.index(moments).tolist()


def test_tree_holds_parents_first(tmp_path: Path) -> None:
    """Groups come before requests, and a group without a record of its own is there, all zero."""
    rows = [
        RequestRecord(("G", "H"), "in", START_US + 5, 1, START_US, "ok", "", 1, 1, "S"),
        RequestRecord((), "out", START_US, 1, START_US, "ok", "", 1, 1, "S"),
    ]
    log = read_logs([write(tmp_path / "simulation.log", [run_record(), *rows])])
    statistics = computed(log)
    walked = [
        (depth, node.entry.kind, node.entry.name) for depth, node in tree_of(statistics).walk()
    ]
    assert [
        (0, Kind.GROUP, "G"), (1, Kind.GROUP, "H"), (2, Kind.REQUEST, "in"), (0, Kind.REQUEST, "out"),
    ] == walked  # fmt: skip
    assert 0 == statistics.groups[0].exact.total.count


def test_entries_come_in_gatlings_order(tmp_path: Path) -> None:
    """By the first millisecond, and within one the outer before the inner ones."""
    rows = [(("G",), "inner", 200), ((), "outer", 900), ((), "first", -1), ((), "also", 800)]
    log = [
        RequestRecord(groups, name, START_US + at, 5, START_US, "ok", "", 1, 1, "S")
        for groups, name, at in rows
    ]
    statistics = computed(read_logs([write(tmp_path / "simulation.log", [run_record(), *log])]))
    assert ["first", "also", "outer", "inner"] == [e.name for e in statistics.requests]


def test_statistics_do_not_depend_on_the_order_of_lines(tmp_path: Path) -> None:
    """The log is unsorted by nature: users write when they end."""
    every = list(records(200))
    one = computed(read_logs([write(tmp_path / "a.log", every)]))
    two = computed(read_logs([write(tmp_path / "b.log", every[::-1])]))
    assert [e.path for e in one.requests] == [e.path for e in two.requests]
    assert one.total.exact == two.total.exact
    assert one.errors == two.errors
