"""Ctrl-C on the command line: gently the first time, at once the second, by force later on.

    1st   the run stops gently       KeyboardInterrupt in the main thread
    2nd   it ends at once            KeyboardInterrupt again
    3rd   within ten seconds nothing: it is ending; after them the process is given up

SIGTERM is taken as Ctrl-C, so that a run that is stopped from outside has a report as well.
"""

import os
import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import Final, Self

from gatlingpy.errors import ExitCode

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_PATIENCE_S: Final = 10.0
"""How long the second Ctrl-C may take to end a run, before a third one gives it up."""


class Interrupts:
    """Handles SIGINT and SIGTERM for one run."""

    def __init__(self, told: Callable[[], None]) -> None:
        """``told`` is called, in the main thread, before each interrupt that is passed on."""
        self._told = told
        self._count = 0
        self._give_up_s = 0.0

    def __enter__(self) -> Self:
        """Take the signals from here on."""
        for number in _SIGNALS:
            signal.signal(number, self._interrupt)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: object
    ) -> None:
        """Let no late Ctrl-C change the exit code of a run that was interrupted and has ended."""
        if self._count:
            for number in _SIGNALS:
                signal.signal(number, signal.SIG_IGN)

    def _interrupt(self, _signal: int, _frame: FrameType | None) -> None:
        self._count += 1
        if self._count <= 2:
            self._give_up_s = time.monotonic() + _PATIENCE_S
            self._told()
            raise KeyboardInterrupt
        if time.monotonic() > self._give_up_s:
            # What the run has started ends with it; its log lacks its end, and says so.
            os._exit(ExitCode.INTERRUPTED)
