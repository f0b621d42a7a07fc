"""How many requests were registered and how they ended; silent ones are counted apart."""

from collections.abc import Iterator
from typing import Final

from gatlingpy.stats.events import Ending

_OK: Final = Ending.OK.value


class Tally:
    """The counts of one tracker.  Thread: user."""

    __slots__ = (
        "endings", "negative", "opened", "silent", "silent_endings", "stamped", "unstamped",
    )  # fmt: skip

    def __init__(self) -> None:
        """Nothing was registered."""
        self.opened = 0
        """Requests that were registered, the silent ones included."""
        self.endings: dict[str, int] = dict.fromkeys(Ending, 0)
        """How those ended that are not silent."""
        self.silent = 0
        """Silent requests that were registered."""
        self.silent_endings: dict[str, int] = dict.fromkeys(Ending, 0)
        self.stamped = 0
        """Requests whose end was the timestamp of their reply."""
        self.negative = 0
        """Of those: the timestamp was before their start."""
        self.unstamped = 0
        """Requests that should have ended at a timestamp, but their reply had none."""

    def counters(self, waiting: int) -> Iterator[tuple[str, int]]:
        """Yield names and counts; ``waiting`` is how many have not ended, silent or not."""
        silent_ended = sum(self.silent_endings.values())
        yield "registered", self.opened - self.silent
        yield "in_flight", waiting - (self.silent - silent_ended)
        for ending in Ending:
            yield f"ending.{ending}", self.endings[ending]
        if self.silent:
            yield "silent", self.silent
            yield "silent_ok", self.silent_endings[_OK]
            yield "silent_failed", silent_ended - self.silent_endings[_OK]
        if self.stamped or self.unstamped:
            yield "negative_durations", self.negative
            yield "replies_without_timestamp", self.unstamped
