"""Runs ``python -m gatlingpy`` as a user does: a process of its own, in a folder of its own."""

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.services.waiting import await_true

ROOT = Path(__file__).parents[2]
_LONGEST_S = 120

PREAMBLE = """\
import os, sys
from gatlingpy import *

TOPICS = {"requests": 2, "replies": 2}
BROKER = kafka().bootstrap_servers(env("TEST_SERVERS", embedded_broker(TOPICS)))
ASK = kafka("Ask").request_reply().topics("requests", "replies").value("hello").timeout(5)

def once(*steps):
    return scenario("People").exec(*steps).inject_open(at_once_users(1))

def start_service(run, *arguments):
    run.start_process(
        [sys.executable, "-m", "tests.integration.echo_service", run.bootstrap_servers, *arguments],
        ready="subscribed",
    )

"""
LINES = PREAMBLE.count("\n")
"""How many lines stand before what a test writes: its first line, a line feed, is the next."""


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def text(self) -> str:
        """Both streams."""
        return self.out + self.err

    def must_refuse(self, *said: str, code: int = 1) -> None:
        """Fail unless it ended with this code, said these things, and showed no traceback."""
        assert self.code == code, f"exit code {self.code}\n{self.text}"
        assert "Traceback" not in self.text, self.text
        for text in said:
            assert text in self.text, f"{text!r} is not in\n{self.text}"


class Command:
    """A command that runs."""

    def __init__(self, argv: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        """Start it, with its streams in files, so that they can be read while it runs."""
        self._begun = time.monotonic()
        self._out, self._err = folder / "stdout.txt", folder / "stderr.txt"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                list(argv), cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL,
                stdout=out, stderr=err, start_new_session=True,
            )  # fmt: skip

    def said(self) -> str:
        """Return what it has printed so far, on both streams."""
        return self._out.read_text(errors="replace") + self._err.read_text(errors="replace")

    def await_text(self, text: str, timeout_s: float = 30) -> None:
        """Return when it has printed this; fail if it ends before."""

        def seen() -> bool:
            if text in self.said():
                return True
            assert self.process.poll() is None, f"it ended before {text!r}:\n{self.said()}"
            return False

        await_true(seen, timeout_s=timeout_s, what=lambda: f"{text!r} in\n{self.said()}")

    def send(self, number: int) -> None:
        """Send a signal to it alone, as ``kill`` does."""
        self.process.send_signal(number)

    def wait(self, timeout_s: float = _LONGEST_S) -> Ended:
        """Wait for its end; fail, with what it has said, if that does not come."""
        try:
            code = self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            raise AssertionError(f"it did not end in {timeout_s} s:\n{self.said()}") from None
        seconds = time.monotonic() - self._begun
        return Ended(code, self._out.read_text(), self._err.read_text(), seconds)


class Workplace:
    """A user's folder: simulations are written into it and commands run in it."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is empty."""
        self.folder = folder
        self.results = folder / "results"

    def write(self, name: str, text: str) -> Path:
        """Write a file, with the indentation of the test taken away."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return path

    def start(self, *arguments: str, **environment: str) -> Command:
        """Start ``python -m gatlingpy`` with these arguments."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("KAFKA_", "COLUMNS"))}
        path = os.pathsep.join(filter(None, [str(ROOT), inherited.get("PYTHONPATH", "")]))
        complete = {**inherited, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", **environment}
        argv = [sys.executable, "-m", "gatlingpy", *arguments]
        return Command(argv, self.folder, complete)

    def run(self, *arguments: str, **environment: str) -> Ended:
        """Run ``python -m gatlingpy`` to its end."""
        return self.start(*arguments, **environment).wait()

    def simulation(self, body: str, name: str = "sim.py") -> str:
        """Write a module that begins with the imports of everybody, and return its name."""
        self.write(name, PREAMBLE + textwrap.dedent(body))
        return Path(name).stem

    def run_folders(self) -> list[Path]:
        """Return the folders of the runs so far."""
        return sorted(self.results.iterdir()) if self.results.is_dir() else []

    def run_folder(self) -> Path:
        """Return the folder of the only run."""
        (folder,) = self.run_folders()
        return folder


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and was not waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}


def children(pid: int) -> list[int]:
    """Return the processes that this one started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(path.parent.name))
    return found


def records(folder: Path, kind: str = "") -> Iterator[list[str]]:
    """Yield the fields of each line of a run's log, of one kind or of all."""
    for line in (folder / "simulation.log").read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        if kind in {"", fields[0]}:
            yield fields
