"""The lines of Gatling 3.9.5's own charts, by its rules, in milliseconds.

They go into ``js/series.json``, for programs that compare with Gatling; our pages draw other ones
(``docs/report.md`` lists the differences).
"""

import math
from collections.abc import Sequence

import numpy as np

from gatlingpy.report.columns import Flags, Ints, Requests, Users
from gatlingpy.report.numbers import half_up, to_ms
from gatlingpy.report.series import percentiles_over_time
from gatlingpy.report.window import Buckets, Window

RANKS = (0, 25, 50, 75, 80, 85, 90, 95, 99, 100)
BINS = 100
MAX_SECONDS = 10_000_000
"""Active users are counted second by second, as Gatling does; a longer run has no such line."""


def labels(buckets: Buckets) -> list[int]:
    """Return the moment plotted for each bucket: its middle, cut down to whole seconds."""
    half = buckets.step / 2
    return [
        (buckets.start + half_up(buckets.step * place + half)) // 1000
        for place in range(buckets.count)
    ]


def percentiles_ok(
    requests: Requests, ok: Flags, buckets: Buckets
) -> list[tuple[int, list[int] | None]]:
    """Percentiles of good response times by the bucket of their start, cut to whole numbers."""
    starts, times = requests.start_us[ok] // 1000, to_ms(requests.duration_us[ok])
    table = percentiles_over_time(starts, times, buckets, RANKS)
    return [
        (label, None if math.isnan(table[0, place]) else [int(v) for v in table[:, place]])
        for place, label in enumerate(labels(buckets))
    ]


def rates(moments_ms: Ints, ok: Flags, buckets: Buckets) -> list[tuple[int, list[int]]]:
    """Requests or responses per second: all, good and failed, each rounded to a whole number."""
    index = buckets.index(moments_ms)
    counts = [np.bincount(rows, minlength=buckets.count) for rows in (index, index[ok], index[~ok])]
    return [
        (label, [half_up(int(count[place]) / buckets.step * 1000) for count in counts])
        for place, label in enumerate(labels(buckets))
    ]


def _second(moments_ms: Ints, start_ms: int) -> Ints:
    """A moment that is a whole number of seconds after the start belongs to the second before."""
    offset = moments_ms - start_ms
    seconds: Ints = offset // 1000 - ((offset > 0) & (offset % 1000 == 0))
    return seconds


def active_users(users: Users, rows: Flags, window: Window, buckets: Buckets) -> list[list[int]]:
    """Users alive at any time of a second, as ``[epoch ms, users]``, averaged over a bucket."""
    seconds = window.gatling_seconds
    moments = users.at_us // 1000
    started = np.bincount(
        _second(moments[rows & users.started], window.min_ms).clip(0, seconds - 1),
        minlength=seconds,
    )
    ended = np.bincount(
        _second(moments[rows & ~users.started], window.min_ms).clip(0, seconds - 1),
        minlength=seconds,
    )
    alive = np.cumsum(started) - np.concatenate(([0], np.cumsum(ended)[:-1]))
    index = buckets.index(np.arange(seconds) * 1000 + window.min_ms)
    sums = np.bincount(index, weights=alive, minlength=buckets.count)
    sizes = np.bincount(index, minlength=buckets.count)
    return [
        [label * 1000, int(sums[place] // sizes[place]) if sizes[place] else 0]
        for place, label in enumerate(labels(buckets))
    ]


def distribution(ok_ms: Ints, ko_ms: Ints) -> dict[str, Sequence[object]]:
    """Percent of all in each of 100 bins; the times themselves where they are within 100 ms."""
    size = len(ok_ms) + len(ko_ms)
    if not size:
        return {"categories_ms": [], "OK": [], "KO": []}
    low = int(min(times.min() for times in (ok_ms, ko_ms) if len(times)))
    high = int(max(times.max() for times in (ok_ms, ko_ms) if len(times)))
    if high - low <= BINS:
        pairs = [np.unique(times, return_counts=True) for times in (ok_ms, ko_ms)]
        places = np.unique(np.concatenate([values for values, _ in pairs]))
        shares = [[_percent(int(count), size) for count in counts] for _, counts in pairs]
        return {"categories_ms": [str(p) for p in places], "OK": shares[0], "KO": shares[1]}
    step = (high - low) / BINS
    bins = Buckets(0, 1, BINS)
    counts = [
        np.bincount(
            bins.index(np.floor((times - low) / step).astype(np.int64)), minlength=BINS
        ).tolist()
        for times in (ok_ms, ko_ms)
    ]
    ok, ko = ([_percent(count, size) for count in column] for column in counts)
    middles = [str(half_up(low + step * place + step / 2)) for place in range(BINS)]
    return {"categories_ms": middles, "OK": ok, "KO": ko}


def _percent(count: int, size: int) -> float:
    """Cut to two decimals, as Gatling prints it."""
    return count * 10_000 // size / 100
