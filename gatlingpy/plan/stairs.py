"""Stairs, laid out: what the levels and ramps of an increment step are, one after another.

With an increment of 5, three levels, from 0 and from 10::

    no ramps, from 0         ramps, from 0            ramps, from 10
                                                                     ____ 20
                                      ____ 15                   ____/     15
             ____ 10             ____/     10              ____/          10
        ____|      5        ____/           5
    ___|           0       /                0

From 0 a ramp comes first, since a level of 0 would be a wait; otherwise a level does.
"""

from collections.abc import Iterator
from typing import Generic, NamedTuple, TypeVar

N = TypeVar("N", int, float)


class Stretch(NamedTuple, Generic[N]):
    """A level, where both ends are the same, or the ramp between two levels."""

    start: N
    end: N
    duration_ns: int
    is_ramp: bool


def stretches(
    increment: N, times: int, start: N, level_ns: int, ramp_ns: int
) -> Iterator[Stretch[N]]:
    """Yield the levels and ramps of stairs of ``times`` levels, in order."""
    for k in range(times):
        low = k * increment + start
        high = (k + 1) * increment + start
        if ramp_ns and not start:
            yield Stretch(low, high, ramp_ns, is_ramp=True)
            yield Stretch(high, high, level_ns, is_ramp=False)
            continue
        yield Stretch(low, low, level_ns, is_ramp=False)
        if ramp_ns and k + 1 < times:
            yield Stretch(low, high, ramp_ns, is_ramp=True)


def length_ns(times: int, start: float, level_ns: int, ramp_ns: int) -> int:
    """Return how long stairs take: as long as all their stretches, in nanoseconds."""
    ramps = times if not start else max(0, times - 1)
    return times * level_ns + ramps * ramp_ns
