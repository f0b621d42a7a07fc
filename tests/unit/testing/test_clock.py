"""The manual clock: it stands still until it is moved, and never goes back."""

import pytest

from gatlingpy.clock import Clock
from gatlingpy.testing.clock import ManualClock


def test_a_manual_clock_reads_what_it_was_set_to() -> None:
    """And serves wherever a clock does."""
    clock: Clock = ManualClock(5, epoch_offset_ns=1_000)
    assert (clock.now_ns(), clock.now_ns(), clock.epoch_offset_ns) == (5, 5, 1_000)


def test_time_passes_when_somebody_says_so() -> None:
    """By a length, or until a moment."""
    clock = ManualClock()
    clock.advance(7)
    clock.move_to(7)
    clock.move_to(10)
    assert clock.now_ns() == 10


def test_time_never_goes_back() -> None:
    """Not by a nanosecond."""
    clock = ManualClock(10)
    with pytest.raises(ValueError, match="never goes back"):
        clock.move_to(9)
    with pytest.raises(ValueError, match="never goes back"):
        clock.advance(-1)
    assert clock.now_ns() == 10
