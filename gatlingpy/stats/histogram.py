"""Durations in buckets: percentiles of any number of values in a few kilobytes.

Values are whole microseconds; v below is such a value.

    v < 256                a bucket each
    2^e ≤ v < 2^(e+1)      256 buckets of equal width, for e from 8

A percentile is the middle of its bucket, so it is off by at most 1/512 of the value; the maximum
and the count are exact.  Two histograms add up to the histogram of all their values.
"""

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

_SUB_BITS: Final = 8
_TOP_BITS: Final = 42
"""Values are cut at 2^42 µs: fifty days."""
_GATHERED: Final = 8192
"""How many values wait until they are counted together: numpy is slow with few."""


_Counts: TypeAlias = npt.NDArray[np.int64]


class Histogram:
    """Durations of one kind.  Thread: one at a time."""

    __slots__ = ("_counts", "_max_ns", "_waiting")

    def __init__(self) -> None:
        """It is empty."""
        self._counts: _Counts = np.zeros(1, np.int64)
        self._max_ns = 0
        self._waiting: list[int] = []

    def add(self, durations_ns: list[int]) -> None:
        """Count durations in nanoseconds; a negative one counts as nothing."""
        self._waiting += durations_ns
        if len(self._waiting) >= _GATHERED:
            self._count_waiting()

    def merge(self, other: "Histogram") -> None:
        """Count the values of another histogram as well."""
        self._count_waiting()
        self._counts = _sum(self._counts, other.counts())
        self._max_ns = max(self._max_ns, other.max_ns)

    def counts(self) -> _Counts:
        """Return the count of each bucket, up to the last that is not empty; not to be changed."""
        self._count_waiting()
        return self._counts

    def __len__(self) -> int:
        """Return how many values it holds."""
        return int(self.counts().sum())

    @property
    def max_ns(self) -> int:
        """The greatest value, exactly; 0 if there is none."""
        self._count_waiting()
        return self._max_ns

    def percentiles_ns(self, *ranks: float) -> list[int]:
        """Return the values at these ranks (percent), in nanoseconds; zeros if there are none."""
        cumulated = np.cumsum(self.counts())
        total = int(cumulated[-1])
        if not total:
            return [0 for _ in ranks]
        wanted = [max(1, -(-total * rank // 100)) for rank in ranks]
        found = np.searchsorted(cumulated, wanted)
        return [min(_middle_ns(int(bucket)), self._max_ns) for bucket in found]

    def _count_waiting(self) -> None:
        if not self._waiting:
            return
        values_ns = np.array(self._waiting, np.int64)
        self._waiting = []
        self._max_ns = max(self._max_ns, int(values_ns.max()))
        self._counts = _sum(self._counts, np.bincount(_buckets(values_ns)))


def _sum(one: _Counts, other: _Counts) -> _Counts:
    long, short = (one, other) if len(one) >= len(other) else (other, one)
    total = long.copy()
    total[: len(short)] += short
    return total


def _buckets(values_ns: _Counts) -> _Counts:
    values = np.clip(values_ns // 1_000, 0, (1 << _TOP_BITS) - 1)
    # frexp gives v = m * 2^e with 0.5 <= m < 1, exactly: the leading bits of m name the bucket.
    exponents = np.maximum(np.frexp(values.astype(np.float64))[1] - 1 - _SUB_BITS, 0)
    buckets: _Counts = (exponents.astype(np.int64) << _SUB_BITS) + (values >> exponents)
    return buckets


def _middle_ns(bucket: int) -> int:
    exponent = max((bucket >> _SUB_BITS) - 1, 0)
    low = bucket - (exponent << _SUB_BITS)
    return (((low << exponent) * 2 + (1 << exponent)) * 1_000) // 2
