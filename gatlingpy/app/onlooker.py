"""Who watches a run from outside, such as the command line."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from gatlingpy.clock import SystemClock
from gatlingpy.dsl.setup import Compiled
from gatlingpy.stats.pipeline import EventWriter


class Onlooker(Protocol):
    """Whoever watches a run from outside, such as the command line."""

    def starting(self, compiled: Compiled, folder: Path, notes: Sequence[str]) -> None:
        """Hear that everything is ready."""

    def writers(self, in_flight: Callable[[], int], clock: SystemClock) -> Sequence[EventWriter]:
        """Return writers that are to hear every event as well."""


class NoOnlooker:
    """Nobody watches."""

    def starting(self, compiled: Compiled, folder: Path, notes: Sequence[str]) -> None:
        """Hear nothing."""

    def writers(self, in_flight: Callable[[], int], clock: SystemClock) -> Sequence[EventWriter]:  # noqa: ARG002
        """Return nobody."""
        return ()
