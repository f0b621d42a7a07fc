"""A clock that stands still until it is moved."""

from typing import Final

_EPOCH_OFFSET_NS: Final = 1_700_000_000_000_000_000


class ManualClock:
    """A clock for tests (``clock.Clock``): time passes when somebody says so.

    >>> clock = ManualClock()
    >>> clock.advance(5)
    >>> clock.now_ns()
    5
    """

    def __init__(self, now_ns: int = 0, epoch_offset_ns: int = _EPOCH_OFFSET_NS) -> None:
        """The clock reads ``now_ns`` until it is moved."""
        self._now_ns = now_ns
        self.epoch_offset_ns = epoch_offset_ns

    def now_ns(self) -> int:
        """Read the clock."""
        return self._now_ns

    def advance(self, length_ns: int) -> None:
        """Let so much time pass; raises ValueError for a negative length."""
        self.move_to(self._now_ns + length_ns)

    def move_to(self, now_ns: int) -> None:
        """Let time pass until the clock reads ``now_ns``; raises ValueError if that is past."""
        if now_ns < self._now_ns:
            raise ValueError(f"a clock never goes back, but {now_ns} is before {self._now_ns}")
        self._now_ns = now_ns
