"""A stress peak: users come as a normal distribution has it, most of them in the middle.

Of n users, user i (from 1) comes where the normal distribution has i / (n + 2) of its area to the
left; that is stretched so that user 1 comes at 0 and the middle at half the duration.  Gatling says
the same with the inverse of the error function, of which this one is a multiple.

The middle user of an even number is exactly in the middle here; in Gatling rounding can put it one
millisecond before.
"""

from collections.abc import Iterator
from statistics import NormalDist

from gatlingpy.plan.injection import StressPeakUsers

_MS_NS = 1_000_000


def stress_peak_arrivals(step: StressPeakUsers) -> Iterator[int]:
    """Yield the start of each user in order, in nanoseconds, whole milliseconds all of them."""
    place = NormalDist().inv_cdf
    length_ms = step.duration_ns // _MS_NS
    parts = step.users + 2
    first = abs(place(1 / parts))
    for i in range(1, step.users + 1):
        yield int(length_ms * ((place(i / parts) + first) / (2 * first))) * _MS_NS
