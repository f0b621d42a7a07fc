"""The DevTools protocol of Chromium over a pair of pipes.

Messages are JSON objects that end with a zero byte.  One caller at a time.
Source: https://chromedevtools.github.io/devtools-protocol/
"""

import fcntl
import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from tests.services.offer import ServiceBroken
from tests.services.reaper import reaper

Json: TypeAlias = dict[str, object]

_ANSWER_S = 30.0
_END_S = 5.0
_FIRST_SPARE = 10  # file descriptors from here on cannot be 3 and 4, which the browser reads

_LAUNCHER = """
import os, sys
commands, answers = int(sys.argv[1]), int(sys.argv[2])
os.dup2(commands, 3), os.dup2(answers, 4)
os.close(commands), os.close(answers)
os.execv(sys.argv[3], sys.argv[3:])
"""


class DevToolsError(Exception):
    """The browser refused a command, or did not answer."""


class DevTools:
    """A browser process, and the commands and events that pass between it and us."""

    def __init__(self, command: Sequence[str], log: Path) -> None:
        """Start the browser; ``command`` must ask it for ``--remote-debugging-pipe``."""
        commands, self._commands = _pipe(inheritable_end=0)
        self._answers, answers = _pipe(inheritable_end=1)
        launch = [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(commands), str(answers)]
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [*launch, *command],
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                pass_fds=(commands, answers),
                process_group=0,
            )
        os.close(commands)
        os.close(answers)
        reaper().kill_at_end(self._process.pid)
        self._log = log
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._answers, selectors.EVENT_READ)
        self._rest = b""
        self._last_id = 0
        self._listeners: dict[str, Callable[[str, Json], None]] = {}
        self._ended = False

    def listen(self, session: str, listener: Callable[[str, Json], None]) -> None:
        """Have the events of one session told to a listener, by method and parameters."""
        self._listeners[session] = listener

    def call(self, method: str, parameters: Json | None = None, session: str = "") -> Json:
        """Send a command and return its result; events that arrive meanwhile are passed on."""
        self._last_id += 1
        message: Json = {"id": self._last_id, "method": method, "params": parameters or {}}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._commands, data) :]
        answers: list[Json] = []
        deadline = time.monotonic() + _ANSWER_S
        while not answers:
            for received in self._receive(deadline):
                if received.get("id") == self._last_id:
                    answers.append(received)
                else:
                    self._tell(received)
            if not answers and time.monotonic() >= deadline:
                raise DevToolsError(f"{method}: no answer within {_ANSWER_S:g} s")
        answer = answers[0]
        if "error" in answer:
            raise DevToolsError(f"{method}: {answer['error']}")
        result = answer["result"]
        assert isinstance(result, dict)
        return result

    def pump(self, until: Callable[[], bool], timeout_s: float) -> bool:
        """Pass events on until the claim holds or time is over; return the claim."""
        deadline = time.monotonic() + timeout_s
        while not until():
            for received in self._receive(deadline):
                self._tell(received)
            if time.monotonic() >= deadline:
                return until()
        return True

    def close(self) -> None:
        """End the browser.  May be called again."""
        if self._ended:
            return
        self._ended = True
        self._selector.close()
        # The browser ends when its pipe does.
        os.close(self._commands)
        os.close(self._answers)
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        reaper().spare(self._process.pid)

    def _receive(self, deadline: float) -> list[Json]:
        """Return the messages that are there, after waiting for one until the deadline."""
        if not self._selector.select(max(0.0, deadline - time.monotonic())):
            return []
        received = os.read(self._answers, 1 << 20)
        if not received:
            tail = self._log.read_text(errors="replace")[-2000:]
            raise ServiceBroken(f"the browser ended by itself; it wrote:\n{tail}")
        *whole, self._rest = (self._rest + received).split(b"\0")
        return [json.loads(message) for message in whole]

    def _tell(self, message: Json) -> None:
        listener = self._listeners.get(str(message.get("sessionId")))
        parameters = message.get("params")
        if listener is not None and isinstance(parameters, dict):
            listener(str(message.get("method")), parameters)


def _pipe(*, inheritable_end: int) -> tuple[int, int]:
    """Return the reading and the writing end of a pipe, the child's moved out of the way."""
    ends = list(os.pipe())
    moved = fcntl.fcntl(ends[inheritable_end], fcntl.F_DUPFD_CLOEXEC, _FIRST_SPARE)
    os.close(ends[inheritable_end])
    ends[inheritable_end] = moved
    return ends[0], ends[1]
