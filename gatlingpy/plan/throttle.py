"""An upper limit on requests per second, frozen; ``load/rates.py`` says how many each second has.

A limit holds for a whole second, so the steps take whole seconds; a fraction would not count.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import trunc
from typing import Final, NamedTuple, TypeAlias

from gatlingpy.plan.injection import SECOND_NS

DEFAULT_QUEUE: Final = 100_000
"""Requests that may wait for their second; one more, and the run is stopped as invalid."""


@dataclass(frozen=True, slots=True)
class ReachRps:
    """The limit goes to ``rps`` in a straight line."""

    rps: int
    duration_ns: int


@dataclass(frozen=True, slots=True)
class HoldFor:
    """The limit stays where it is."""

    duration_ns: int


@dataclass(frozen=True, slots=True)
class JumpToRps:
    """The limit is ``rps`` from now on; takes no time."""

    rps: int


ThrottleStep: TypeAlias = ReachRps | HoldFor | JumpToRps


@dataclass(frozen=True, slots=True)
class Throttle:
    """Limits, one after another; when the last is over, the run ends.  No pause takes any time."""

    steps: tuple[ThrottleStep, ...]
    queue: int = DEFAULT_QUEUE


class Slope(NamedTuple):
    """A step that takes time: the limit before it, the one it ends at, and its whole seconds."""

    before: int
    after: int
    seconds: int

    def limit(self, second: int) -> int:
        """Return the limit in its second i, from 0: before + (after - before) (i + 1) / seconds.

        So in its last second the limit is where it goes to.  The quotient loses its fraction, as
        Gatling's integers do.
        """
        way = (self.after - self.before) * (second + 1)
        return self.before + trunc(Fraction(way, self.seconds))


def slopes(throttle: Throttle) -> Iterator[Slope]:
    """Yield the steps of a throttle that take any time; the limit is 0 before the first step."""
    limit = 0
    for step in throttle.steps:
        match step:
            case JumpToRps(rps):
                limit = rps
            case ReachRps(rps, duration_ns):
                yield Slope(limit, rps, duration_ns // SECOND_NS)
                limit = rps
            case HoldFor(duration_ns):
                yield Slope(limit, limit, duration_ns // SECOND_NS)


def total_duration_ns(throttle: Throttle) -> int:
    """Return how long a throttle lets a run be, in nanoseconds."""
    return sum(slope.seconds for slope in slopes(throttle)) * SECOND_NS
