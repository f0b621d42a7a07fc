"""The embedded broker: librdkafka's mock cluster in a child process.

A Kafka for demonstrations and tests, without Java and without Docker.  It keeps 5 MiB for each
partition and then drops the oldest messages, answers ``read_committed`` with everything, has no
TLS and no SASL, and wakes an idle fetch only when ``fetch.wait.max.ms`` is over.

Guarantees: the child ends with this process, however this process ends; Ctrl-C does not end it;
``close`` returns within two seconds.
Assumes: POSIX pipes and process groups.
"""

import json
import os
import re
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from gatlingpy.errors import EmbeddedBrokerError
from gatlingpy.protocols.kafka import mock_cluster

_START_S: Final = 10.0
_TOPIC_S: Final = 0.5
_ANSWER_S: Final = 10.0
_CLOSE_S: Final = 1.0
_STDERR_TAIL: Final = 2000
_TOPIC_NAME: Final = re.compile(r"[a-zA-Z0-9._-]{1,249}")


class EmbeddedBroker:
    """A Kafka cluster on 127.0.0.1 that lives as long as this object, or this process, wants.

        with EmbeddedBroker({"payment-requests": 4}) as broker:
            producer = Producer({"bootstrap.servers": broker.bootstrap_servers})

    Thread: any.  Every method may raise EmbeddedBrokerError; if the child has died, the error
    carries what the child wrote on its way out.
    """

    def __init__(
        self, topics: Mapping[str, int], *, brokers: int = 1, control: bool = False
    ) -> None:
        """Describe the cluster; nothing is started.

        ``topics`` maps names to numbers of partitions.  ``control`` allows the methods that change
        a running cluster, so that none is broken by accident.
        """
        for name, partitions in topics.items():
            _expect_topic(name, partitions)
        if brokers < 1:
            raise EmbeddedBrokerError(f"embedded broker: brokers is {brokers}; use 1 or more")
        self._topics = dict(topics)
        self._brokers = brokers
        self._control = control
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._bootstrap_servers = ""

    def start(self) -> str:
        """Start the cluster with its topics and return its bootstrap servers.

        Returns when clients can connect, as a rule within 0.1 s; gives up after 10 s and half a
        second for each topic.
        """
        with self._lock:
            if self._child is not None:
                raise EmbeddedBrokerError("embedded broker: it was started before; make a new one")
            self._child = child = _Child(self._command())
            try:
                answer = child.read_answer(_START_S + _TOPIC_S * len(self._topics))
                self._bootstrap_servers = answer["bootstrap_servers"]
            except BaseException:
                child.end()
                raise
            return self._bootstrap_servers

    @property
    def bootstrap_servers(self) -> str:
        """``127.0.0.1:port`` of every broker, separated by commas."""
        if not self._bootstrap_servers:
            raise EmbeddedBrokerError("embedded broker: it is not started; call start() first")
        return self._bootstrap_servers

    @property
    def pid(self) -> int:
        """The process id of the child."""
        return self._running().pid

    def failure(self) -> str | None:
        """Return how the child died, or None while it lives and after ``close``."""
        child = self._child
        return None if child is None else child.death()

    def close(self) -> None:
        """End the cluster; its messages are gone.  May be called again."""
        child = self._child
        if child is None:
            return
        if not self._lock.acquire(timeout=_CLOSE_S):
            child.kill()  # whoever waits for an answer now learns of the death, and lets go
            self._lock.acquire()
        try:
            child.end()
        finally:
            self._lock.release()

    def __enter__(self) -> Self:
        """Start the cluster."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the cluster."""
        self.close()

    def create_topic(self, name: str, partitions: int) -> None:
        """Add a topic."""
        _expect_topic(name, partitions)
        self._order(do="create_topic", name=name, partitions=partitions)

    def broker_down(self, broker: int) -> None:
        """Cut every connection of broker 1, 2, …, and refuse new ones until ``broker_up``."""
        self._order(do="broker_down", broker=broker)

    def broker_up(self, broker: int) -> None:
        """Let a broker accept connections again, on the port that it had."""
        self._order(do="broker_up", broker=broker)

    def set_rtt(self, milliseconds: int) -> None:
        """Delay every answer of every broker; 0 ends the delay."""
        self._order(do="set_rtt", milliseconds=milliseconds)

    def set_leader(self, topic: str, partition: int, broker: int) -> None:
        """Move the leadership of one partition to a broker."""
        self._order(do="set_leader", topic=topic, partition=partition, broker=broker)

    def push_errors(self, api_key: int, errors: Sequence[int]) -> None:
        """Answer the next requests of one kind with Kafka error codes, one request each.

        ``api_key`` is Kafka's: 0 is Produce, 1 is Fetch, 3 is Metadata.
        """
        self._order(do="push_errors", api_key=api_key, errors=list(errors))

    def _command(self) -> list[str]:
        try:
            library = mock_cluster.find_library()
        except mock_cluster.MockClusterError as exc:
            raise EmbeddedBrokerError(f"embedded broker: {exc}") from exc
        # -I and -S: neither the folder of the script nor site-packages is on the child's path.
        # It needs none of them, and a neighbour of the script must not shadow a standard module.
        return [
            *(sys.executable, "-I", "-S", str(Path(mock_cluster.__file__).resolve())),
            *("--library", str(library), "--brokers", str(self._brokers), "--"),
            *(f"{name}={partitions}" for name, partitions in self._topics.items()),
        ]

    def _running(self) -> "_Child":
        if self._child is None:
            raise EmbeddedBrokerError("embedded broker: it is not started; call start() first")
        return self._child

    def _order(self, **command: object) -> None:
        """Have the child carry out a command; return when it has."""
        name = command["do"]
        if not self._control:
            raise EmbeddedBrokerError(
                f"embedded broker: {name} needs EmbeddedBroker(…, control=True)"
            )
        with self._lock:
            answer = self._running().ask(command)
        if "error" in answer:
            raise EmbeddedBrokerError(f"embedded broker: {name} was refused: {answer['error']}")


class _Child:
    """The process of the mock cluster, and the pipes to it; one caller at a time."""

    def __init__(self, command: Sequence[str]) -> None:
        # A file, not a pipe: nobody has to drain it, and it can be read after the death.
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - end() closes it
        self._ended = False
        self._unread = b""
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own file, by our own interpreter
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._stderr,
                bufsize=0,
                process_group=0,  # out of the reach of Ctrl-C from the first instant
            )
        except OSError as exc:
            self._stderr.close()
            raise EmbeddedBrokerError(
                f"embedded broker: the interpreter {sys.executable!r} cannot be started: {exc}"
            ) from exc
        assert self._process.stdin is not None  # noqa: S101 - both were asked for as pipes
        assert self._process.stdout is not None  # noqa: S101
        self._stdin = self._process.stdin
        self._stdout = self._process.stdout

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, command: Mapping[str, object]) -> dict[str, str]:
        if self._ended:
            raise EmbeddedBrokerError("embedded broker: it is closed")
        try:
            self._stdin.write(json.dumps(command).encode() + b"\n")
        except BrokenPipeError:
            raise EmbeddedBrokerError(self._obituary()) from None
        return self.read_answer(_ANSWER_S)

    def read_answer(self, timeout_s: float) -> dict[str, str]:
        """Return the next answer of the child."""
        source = self._stdout.fileno()
        deadline = time.monotonic() + timeout_s
        with selectors.DefaultSelector() as selector:
            selector.register(source, selectors.EVENT_READ)
            while b"\n" not in self._unread:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    # Its late answer would be taken for the answer to the next command.
                    self.kill()
                    raise EmbeddedBrokerError(
                        f"embedded broker: no answer within {timeout_s:g} s{self._last_words()}"
                    )
                received = os.read(source, 65536)
                if not received:
                    raise EmbeddedBrokerError(self._obituary())
                self._unread += received
        line, _, self._unread = self._unread.partition(b"\n")
        answer: dict[str, str] = json.loads(line)
        return answer

    def death(self) -> str | None:
        """Return how the child died by itself, or None."""
        if self._ended or self._process.poll() is None:
            return None
        return self._obituary()

    def end(self) -> None:
        if self._ended:
            return
        self._ended = True
        self._stdin.close()
        self._stdout.close()
        try:
            self._process.wait(_CLOSE_S)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()
        self._stderr.close()

    def kill(self) -> None:
        self._process.kill()

    def _obituary(self) -> str:
        """Return a sentence on how the child died; its pipes have ended already."""
        try:
            code = self._process.wait(_CLOSE_S)
        except subprocess.TimeoutExpired:
            return f"embedded broker: it closed its pipes{self._last_words()}"
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        return f"embedded broker: its process died with {how}{self._last_words()}"

    def _last_words(self) -> str:
        # pread: the child writes at the position that a seek would move.
        file = self._stderr.fileno()
        start = max(0, os.fstat(file).st_size - _STDERR_TAIL)
        words = os.pread(file, _STDERR_TAIL, start).decode(errors="replace").strip()
        return f": {words}" if words else " and wrote nothing"


def _expect_topic(name: str, partitions: int) -> None:
    if not _TOPIC_NAME.fullmatch(name):
        raise EmbeddedBrokerError(
            f"embedded broker: {name!r} is no topic name; use 1 to 249 of a-z A-Z 0-9 . _ -"
        )
    if partitions < 1:
        raise EmbeddedBrokerError(
            f"embedded broker: topic {name!r} has {partitions} partitions; use 1 or more"
        )
