"""The numbers drawn from one sample of times, by Gatling's rules and by ours.

``x`` is a sorted sample of ``n`` durations, ``q`` a rank in percent.  A percentile is of type 7
(Hyndman and Fan, 1996): with ``h = q (n - 1) / 100`` and ``i = floor h``, it is
``x[i] + (h - i) (x[i + 1] - x[i])``, rounded half up.  Gatling 3.9.5 estimates it by a digest that
gives the same below about 200 samples.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from gatlingpy.report.columns import Ints
from gatlingpy.report.options import Options


@dataclass(frozen=True, slots=True)
class Numbers:
    """Whole milliseconds by Gatling's rules, microseconds by ours; zeros if ``count`` is 0."""

    count: int
    minimum: int
    maximum: int
    mean: int
    deviation: int
    percentiles: tuple[int, ...]
    per_second: float


@dataclass(frozen=True, slots=True)
class Split:
    """The numbers of all, of the good and of the failed."""

    total: Numbers
    ok: Numbers
    ko: Numbers


@dataclass(frozen=True, slots=True)
class Ranges:
    """How many were fast, middling and slow among the good, and how many failed."""

    fast: int
    middle: int
    slow: int
    failed: int

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """All four, in their order on the page."""
        return self.fast, self.middle, self.slow, self.failed


def half_up(value: float | Fraction) -> int:
    """Round to the nearest whole number, halves towards positive infinity."""
    return math.floor(value + Fraction(1, 2) if isinstance(value, Fraction) else value + 0.5)


def percent(count: int, whole: int) -> float:
    """Return a share in percent, to the last bit as Gatling does: it divides before it multiplies.

    So 23 of 40 are 57.49999999999999, and on its pages 57 %.
    """
    return count / whole * 100


def percentile(sample: Ints, rank: float) -> Fraction:
    """Interpolate the ``rank``-th percentile of a sorted sample that is not empty, exactly.

    A float would put a value that lies on a half, such as 13887.5, now above and now below it.
    A rank below 0 or above 100, which a foreign log may hold, is taken as 0 or 100.
    """
    within = float(rank) if 0 <= rank <= 100 else 100.0 * (rank > 100)
    place = Fraction(repr(within)) * (len(sample) - 1) / 100
    low = math.floor(place)
    high = min(low + 1, len(sample) - 1)
    below, above = int(sample[low]), int(sample[high])
    return below + (place - low) * (above - below)


def percentiles(sample: Ints, ranks: Sequence[float]) -> tuple[int, ...]:
    """Return the percentiles of a sorted sample, rounded half up; zeros if it is empty."""
    return tuple(half_up(percentile(sample, rank)) if len(sample) else 0 for rank in ranks)


def to_ms(durations_us: Ints) -> Ints:
    """Round microseconds to milliseconds, as the log's end times do; keeps the order."""
    return (durations_us + 500) // 1000


def _empty(ranks: Sequence[float]) -> Numbers:
    return Numbers(0, 0, 0, 0, 0, (0,) * len(ranks), 0.0)


def _sum_of_squares(sample: Ints) -> int:
    largest = int(sample[-1])
    if largest * largest * len(sample) < 1 << 63:
        return int(np.dot(sample, sample))
    return int(np.square(sample.astype(np.float64)).sum())


def gatling_numbers(sample_us: Ints, seconds: int, ranks: Sequence[float]) -> Numbers:
    """Return what Gatling 3.9.5 computes from the milliseconds of a sorted sample."""
    count = len(sample_us)
    if not count:
        return _empty(ranks)
    sample = to_ms(sample_us)
    mean = int(sample.sum()) / count
    variance = _sum_of_squares(sample) / count - mean * mean
    return Numbers(
        count,
        int(sample[0]),
        int(sample[-1]),
        half_up(mean),
        half_up(math.sqrt(max(0.0, variance))),
        percentiles(sample, ranks),
        count / seconds,
    )


def exact_numbers(sample_us: Ints, seconds: float, ranks: Sequence[float]) -> Numbers:
    """Return the numbers of a sorted sample in microseconds."""
    count = len(sample_us)
    if not count:
        return _empty(ranks)
    mean = float(sample_us.mean())
    off = sample_us - mean
    return Numbers(
        count,
        int(sample_us[0]),
        int(sample_us[-1]),
        half_up(mean),
        half_up(math.sqrt(float(np.dot(off, off)) / count)),
        percentiles(sample_us, ranks),
        count / seconds if seconds else 0.0,
    )


def gatling_ranges(ok_us: Ints, failed: int, options: Options) -> Ranges:
    """Count by Gatling 3.9.5's rule: a time that equals the higher bound is still middling."""
    ok = to_ms(ok_us)
    below = int(np.searchsorted(ok, options.lower_ms, side="left"))
    within = int(np.searchsorted(ok, options.higher_ms, side="right"))
    # Bounds that are swapped would count a time twice: what is below the lower one wins.
    within = max(below, within)
    return Ranges(below, within - below, len(ok) - within, failed)


def exact_ranges(ok_us: Ints, failed: int, options: Options) -> Ranges:
    """Count as the labels say: ``t < lower``, ``lower <= t < higher``, ``t >= higher``."""
    below = int(np.searchsorted(ok_us, options.lower_ms * 1000, side="left"))
    within = max(below, int(np.searchsorted(ok_us, options.higher_ms * 1000, side="left")))
    return Ranges(below, within - below, len(ok_us) - within, failed)
