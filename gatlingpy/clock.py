"""Time: integer nanoseconds of one monotonic clock, and its place in the calendar."""

import time
from collections.abc import Callable
from typing import Protocol


class Clock(Protocol):
    """A monotonic clock with a fixed offset to the epoch.

    ``now_ns()`` never goes back.  ``now_ns() + epoch_offset_ns`` is Unix time as it was when the
    clock was made: a step of the wall clock during a run moves no measurement.
    """

    @property
    def now_ns(self) -> Callable[[], int]:
        """The function that reads the clock: fetch it once, call it often."""

    @property
    def epoch_offset_ns(self) -> int:
        """What to add to a reading to get nanoseconds since 1970-01-01 UTC."""


class SystemClock:
    """The machine's monotonic clock, anchored to the wall clock when it is made."""

    def __init__(self) -> None:
        """Read both clocks; the anchor is the wall time between two monotonic readings."""
        self.now_ns: Callable[[], int] = time.monotonic_ns
        before = time.monotonic_ns()
        wall = time.time_ns()
        self.epoch_offset_ns = wall - (before + time.monotonic_ns()) // 2
