"""Durations in buckets: percentiles of any number of values in 19 KB.

Values are whole microseconds; v below is such a value.

    v < 64                 a bucket each
    2^e ≤ v < 2^(e+1)      64 buckets of equal width, for e from 6

A percentile is the middle of its bucket, so it is off by at most 1/128 of the value; minimum, count
and maximum are exact.  Two histograms add up to the histogram of all their values.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

_SUB: Final = 64
_SUB_BITS: Final = 6
_TOP_BITS: Final = 42
"""Values are cut at 2^42 µs: fifty days."""
_BUCKETS: Final = (_TOP_BITS - _SUB_BITS + 1) * _SUB
_GATHERED: Final = 4096
"""How many values wait until they are counted together: numpy is slow with few."""


class Histogram:
    """Durations of one kind.  Thread: one at a time."""

    __slots__ = ("_counts", "_max_ns", "_waiting")

    def __init__(self) -> None:
        """It is empty."""
        self._counts: npt.NDArray[np.int64] | None = None
        self._max_ns = 0
        self._waiting: list[int] = []

    def add(self, durations_ns: list[int]) -> None:
        """Count durations in nanoseconds; a negative one counts as nothing."""
        self._waiting += durations_ns
        if len(self._waiting) >= _GATHERED:
            self._count_waiting()

    def merge(self, other: "Histogram") -> None:
        """Count the values of another histogram as well."""
        counts = other.counts()
        self._counts = self.counts() + counts
        self._max_ns = max(self._max_ns, other._max_ns)

    def counts(self) -> npt.NDArray[np.int64]:
        """Return the count of each bucket; not to be changed."""
        self._count_waiting()
        if self._counts is None:
            self._counts = np.zeros(_BUCKETS, np.int64)
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
        counts = np.bincount(_buckets(values_ns), minlength=_BUCKETS)
        self._counts = counts if self._counts is None else self._counts + counts


def _buckets(values_ns: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    values = np.clip(values_ns // 1_000, 0, (1 << _TOP_BITS) - 1)
    # frexp gives v = m * 2^e with 0.5 <= m < 1, exactly: the leading bits of m name the bucket.
    exponents = np.maximum(np.frexp(values.astype(np.float64))[1] - 1 - _SUB_BITS, 0)
    buckets: npt.NDArray[np.int64] = (exponents.astype(np.int64) << _SUB_BITS) + (
        values >> exponents
    )
    return buckets


def _middle_ns(bucket: int) -> int:
    exponent = max((bucket >> _SUB_BITS) - 1, 0)
    low = bucket - (exponent << _SUB_BITS)
    return (((low << exponent) * 2 + (1 << exponent)) * 1_000) // 2
