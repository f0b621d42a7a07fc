"""Servers end, and their folders go, even if the tests are ended by kill -9."""

import atexit
import functools
import subprocess
import sys
from pathlib import Path

# It learns what to kill and what to remove by lines on its standard input.  When that ends, the
# tests have ended, and whatever is still on its lists was left behind.
_PROGRAM = """
import os, shutil, signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
pids, folders = set(), set()
lists = {"kill": pids.add, "spare": pids.discard, "remove": folders.add, "keep": folders.discard}
for line in sys.stdin:
    verb, _, name = line.rstrip("\\n").partition(" ")
    lists[verb](name)
for pid in pids:
    try:
        os.kill(int(pid), signal.SIGKILL)
    except ProcessLookupError:
        pass
for folder in folders:
    shutil.rmtree(folder, ignore_errors=True)
"""


class Reaper:
    """A process that outlives the tests for a moment, to clean up behind them."""

    def __init__(self) -> None:
        """Start the process."""
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            process_group=0,
        )

    def kill_at_end(self, pid: int) -> None:
        """Put a process on the list."""
        self._write(f"kill {pid}")

    def spare(self, pid: int) -> None:
        """Take a process off the list: it has been waited for, and its id may be given anew."""
        self._write(f"spare {pid}")

    def remove_at_end(self, folder: Path) -> None:
        """Put a folder on the list."""
        self._write(f"remove {folder}")

    def keep(self, folder: Path) -> None:
        """Take a folder off the list: it has been removed."""
        self._write(f"keep {folder}")

    def close(self) -> None:
        """Have the lists worked off, and end the process."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()

    def _write(self, line: str) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()


@functools.cache
def reaper() -> Reaper:
    """Return this process's one reaper."""
    made = Reaper()
    atexit.register(made.close)
    return made
