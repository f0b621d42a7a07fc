"""Numbers along the run, one for each bucket of time."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from gatlingpy.report.columns import Ints
from gatlingpy.report.window import Buckets

Floats = npt.NDArray[np.float64]


def counts_over_time(times: Ints, buckets: Buckets) -> Ints:
    """Count the moments in each bucket."""
    return np.bincount(buckets.index(times), minlength=buckets.count)


def _sorted_within(index: Ints, values: Ints) -> Ints:
    """Sort by bucket, then by value, and return the values, none negative; uses ``index`` up.

    One sort of a combined key is several times as fast as sorting by two keys.
    """
    bits = int(values.max(initial=0)).bit_length()
    if bits + int(index.max(initial=0)).bit_length() > 62:
        ordered: Ints = values[np.lexsort((values, index))]
        return ordered
    index <<= bits
    index |= values
    index.sort()
    index &= (1 << bits) - 1
    return index


def percentiles_over_time(
    times: Ints, values: Ints, buckets: Buckets, ranks: Sequence[float]
) -> Floats:
    """Return percentiles of the values in each bucket: one row a rank, NaN for an empty bucket.

    The ranks 0 and 100 are the least and the greatest value.
    """
    least = int(values.min(initial=0))
    if least < 0:
        return percentiles_over_time(times, values - least, buckets, ranks) + least
    index = buckets.index(times)
    sizes = np.bincount(index, minlength=buckets.count)
    ordered = _sorted_within(index, values)
    filled = np.flatnonzero(sizes)
    first = (np.cumsum(sizes) - sizes)[filled]
    last = first + sizes[filled] - 1
    result = np.full((len(ranks), buckets.count), np.nan)
    for row, rank in enumerate(ranks):
        place = rank * (sizes[filled] - 1) / 100
        low = np.floor(place).astype(np.int64)
        below = ordered[first + low]
        above = ordered[np.minimum(first + low + 1, last)]
        result[row, filled] = below + (place - low) * (above - below)
    return result


def peak_over_time(starts: Ints, ends: Ints, buckets: Buckets) -> Ints:
    """Return how many were alive at once at most, in each bucket.

    Who has a start and no end stays alive.  Where one ends and another starts in the same
    microsecond, the end comes first.
    """
    moments = np.concatenate((starts * 2 + 1, ends * 2))
    moments.sort()
    alive = np.cumsum((moments & 1) * 2 - 1)
    moments >>= 1
    # Within one moment the sums are of no meaning: only the last one is a state of the run.
    settled = np.append(np.flatnonzero(np.diff(moments)), len(moments) - 1)[: len(moments)]
    moments, alive = moments[settled], np.append(alive[settled], 0)
    edges = buckets.start + buckets.step * np.arange(buckets.count)
    # A bucket begins with what is alive at its edge; before the first moment that is nobody.
    peak: Ints = alive[np.searchsorted(moments, edges, side="right") - 1]
    np.maximum.at(peak, buckets.index(moments), alive[:-1])
    return np.maximum(peak, 0)


def max_over_time(times: Ints, values: Floats, buckets: Buckets) -> Floats:
    """Return the greatest of the values in each bucket, NaN for an empty one."""
    result = np.full(buckets.count, -np.inf)
    np.maximum.at(result, buckets.index(times), values)
    result[np.isneginf(result)] = np.nan
    return result


def mean_over_time(times: Ints, values: Floats, buckets: Buckets) -> Floats:
    """Return the mean of the values in each bucket, NaN for an empty one."""
    index = buckets.index(times)
    sizes = np.bincount(index, minlength=buckets.count)
    sums = np.bincount(index, weights=values, minlength=buckets.count)
    result = np.full(buckets.count, np.nan)
    np.divide(sums, sizes, out=result, where=sizes > 0)
    return result
