"""One server program: started, signalled, and explained when it fails."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.services.offer import ServiceBroken
from tests.services.reaper import reaper
from tests.services.waiting import await_true

_TAIL_LINES = 30


class ServerProcess:
    """A server program that can be stopped, killed, paused, and started again.

    Its output goes to a file; the tail of it is in every error.  It ends with the tests, however
    they end.
    """

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        *,
        user: str | None = None,
        environment: Mapping[str, str] | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        """Describe the program; nothing is started.  ``user`` None is the present one."""
        self._command = list(command)
        self._log = log
        self._user = user
        self._environment = dict(os.environ) | dict(environment or {})
        self._stop_signal = stop_signal
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id."""
        return self._running().pid

    @property
    def running(self) -> bool:
        """Whether the program was started and has not ended; a paused one counts as running."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the program; it need not be ready when this returns."""
        if self.running:
            raise ServiceBroken(f"{self._command[0]} runs already")
        self._forget()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment,
                user=self._user,
                group=None if self._user is None else _group_of(self._user),
                extra_groups=None if self._user is None else [],
                process_group=0,  # Ctrl-C ends the tests, and they end the server
            )
        reaper().kill_at_end(self._process.pid)

    def await_ready(self, ready: Callable[[], object], *, timeout_s: float = 60) -> None:
        """Return when the claim holds; raise ServiceBroken if the program ends or time is over."""

        def ready_or_dead() -> bool:
            return bool(ready()) or not self.running

        try:
            await_true(ready_or_dead, timeout_s=timeout_s, what=f"{self._command[0]} is ready")
        except AssertionError as exc:
            raise ServiceBroken(f"{exc}; the end of its log:\n{self.log_tail()}") from exc
        if not self.running:
            raise ServiceBroken(
                f"{self._command[0]} ended when it should have started; the end of its log:\n"
                f"{self.log_tail()}"
            )

    def stop(self, timeout_s: float = 30) -> None:
        """Ask the program to end, in order, and wait until it has; kill it when time is over."""
        process = self._running()
        process.send_signal(signal.SIGCONT)
        process.send_signal(self._stop_signal)
        try:
            process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
        self._forget()

    def kill(self) -> None:
        """End the program as a power cut would; does nothing if it has ended."""
        if self.running:
            self._running().kill()
        self._forget()

    def pause(self) -> None:
        """Stop the program's clock: it holds its connections and answers nothing."""
        self._running().send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused program go on."""
        self._running().send_signal(signal.SIGCONT)

    def log_tail(self) -> str:
        """Return the last lines that the program wrote."""
        if not self._log.exists():
            return "(nothing)"
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-_TAIL_LINES:])

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise ServiceBroken(f"{self._command[0]} is not running")
        return self._process

    def _forget(self) -> None:
        if self._process is not None:
            self._process.wait()
            reaper().spare(self._process.pid)
            self._process = None


def temporary_folder(name: str, user: str | None = None) -> Path:
    """Make a folder that goes when the tests end, at the latest; it belongs to ``user``."""
    folder = Path(tempfile.mkdtemp(prefix=f"gatlingpy-{name}-"))
    reaper().remove_at_end(folder)
    if user is not None:
        shutil.chown(folder, user, _group_of(user))
    return folder


def remove_folder(folder: Path) -> None:
    """Remove a folder made by ``temporary_folder``."""
    shutil.rmtree(folder, ignore_errors=True)
    reaper().keep(folder)


def _group_of(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid
