"""Processes that live as long as a run: started by ``before``, ended whatever happens."""

import contextlib
import ctypes
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gatlingpy.errors import UsageError
from gatlingpy.stats.run_folder import PROCESS_OUTPUT

_GRACE_S: Final = 5.0
_LOOK_S: Final = 0.01
_LAST_LINES: Final = 15
_PR_SET_PDEATHSIG: Final = 1


class Processes:
    """The processes of one run, in the order they were started."""

    def __init__(self, folder: Path) -> None:
        """What they print goes to ``process-<n>.txt`` in ``folder``."""
        self._folder = folder
        self._running: list[subprocess.Popen[bytes]] = []

    def start(
        self, argv: Sequence[str], ready: str | None, timeout_s: float
    ) -> "subprocess.Popen[bytes]":
        """Start a process, and wait until it has printed ``ready``.

        It is in a session of its own, so that Ctrl-C, which ends the run gently, leaves it alive
        to answer what is in flight.  Raises UsageError if it cannot be started, ends early or is
        not ready in time.
        """
        command = _command(argv)
        path = self._folder / PROCESS_OUTPUT.format(len(self._running) + 1)
        try:
            with path.open("wb") as output:
                process = subprocess.Popen(  # noqa: S603 - the user's own command
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
                )
        except (OSError, ValueError) as error:
            path.unlink(missing_ok=True)
            why = error.strerror if isinstance(error, OSError) else error
            raise UsageError(f"{shlex.join(command)} could not be started: {why}") from error
        self._running.append(process)
        if ready is not None:
            _await(process, path, ready, timeout_s, shlex.join(command))
        return process

    def close(self) -> None:
        """End all, the last started first; those that do not end by themselves are killed."""
        for process in reversed(self._running):
            if process.returncode is not None:
                continue  # the user has waited for it: its number may be another's by now
            _signal_all(process, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_GRACE_S)
            _signal_all(process, signal.SIGKILL)
            process.wait()
        self._running.clear()


def _command(argv: Sequence[object]) -> list[str]:
    words = [] if isinstance(argv, str | bytes) else list(argv)
    if not words or not all(isinstance(word, str | os.PathLike) for word in words):
        raise UsageError(
            "run.start_process(...) takes a program and its arguments as a list of texts, such as "
            f'[sys.executable, "-m", "my_service"], got {argv!r}'
        )
    return [os.fspath(word) for word in words]  # type: ignore[call-overload]


def _signal_all(process: "subprocess.Popen[bytes]", number: int) -> None:
    """Send a signal to a process and those that it has started, which share its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _await(
    process: "subprocess.Popen[bytes]", path: Path, ready: str, timeout_s: float, command: str
) -> None:
    give_up = time.monotonic() + timeout_s
    while ready.encode() not in path.read_bytes():
        code = process.poll()
        if code is not None and ready.encode() not in path.read_bytes():
            raise UsageError(f"{command} ended with code {code} before it was ready:{_tail(path)}")
        if time.monotonic() > give_up:
            raise UsageError(
                f"{command} did not print {ready!r} within {timeout_s:g} s:{_tail(path)}"
            )
        time.sleep(_LOOK_S)


def _tail(path: Path) -> str:
    lines = path.read_text(errors="replace").splitlines()[-_LAST_LINES:]
    return "".join(f"\n    {line}" for line in lines) or " it printed nothing"


def _die_with_parent() -> None:
    """Ask Linux to end this process if the injector is killed and cannot do it.

    For good: nobody would be left to find out that it has not heeded a gentler signal.
    """
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
