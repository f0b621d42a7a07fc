"""The embedded broker, started, and ended in every way a broker can end."""

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatlingpy.errors import EmbeddedBrokerError
from gatlingpy.protocols.kafka import embedded, mock_cluster
from gatlingpy.protocols.kafka.embedded import EmbeddedBroker
from tests.services.kafka_clients import brokers_seen, partition_counts
from tests.services.waiting import await_true

PARENT = """
import os, signal, sys
from gatlingpy.protocols.kafka.embedded import EmbeddedBroker
broker = EmbeddedBroker({})
broker.start()
sibling = os.fork() if "fork" in sys.argv else -1
if sibling == 0:
    signal.pause()
print(broker.bootstrap_servers, sibling, flush=True)
signal.pause()
"""


def refuses_connections(bootstrap_servers: str) -> bool:
    """Tell whether nothing listens at the first address any more."""
    host, _, port = bootstrap_servers.split(",", maxsplit=1)[0].partition(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except ConnectionRefusedError:
        return True
    return False


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    """A broker with one topic that can be controlled."""
    with EmbeddedBroker({"t": 1}, control=True) as started:
        yield started


def test_topics_have_their_partitions() -> None:
    """A client sees each topic with the number of partitions that was asked for."""
    with EmbeddedBroker({"requests": 4, "responses.v1": 7}) as broker:
        assert partition_counts(broker.bootstrap_servers) == {"requests": 4, "responses.v1": 7}


def test_start_returns_one_address_for_each_broker() -> None:
    """Bootstrap servers are host:port pairs, as many as there are brokers."""
    broker = EmbeddedBroker({}, brokers=3)
    try:
        servers = broker.start().split(",")
        assert len(servers) == 3
        assert all(server.startswith("127.0.0.1:") for server in servers)
        assert ",".join(servers) == broker.bootstrap_servers
        assert brokers_seen(broker.bootstrap_servers) == 3
    finally:
        broker.close()


def test_close_ends_the_child_and_may_be_repeated() -> None:
    """After close nothing listens and the process is gone; a second close does nothing."""
    broker = EmbeddedBroker({})
    servers = broker.start()
    pid = broker.pid
    started = time.monotonic()
    broker.close()
    assert time.monotonic() - started < 2
    broker.close()
    assert refuses_connections(servers)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert broker.failure() is None


def test_close_ends_a_child_that_hangs(broker: EmbeddedBroker) -> None:
    """A child that does not react is ended within two seconds."""
    os.kill(broker.pid, signal.SIGSTOP)
    started = time.monotonic()
    broker.close()
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("how", ["alone", "fork"])
def test_the_child_ends_with_a_parent_that_is_killed(how: str) -> None:
    """kill -9 of the parent ends the broker, even if a forked sibling holds its pipes open."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, how],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[4],
    )
    assert parent.stdout is not None
    with parent:
        servers, sibling = parent.stdout.readline().split()
        try:
            assert not refuses_connections(servers)
            parent.kill()
            parent.wait()
            await_true(lambda: refuses_connections(servers))
        finally:
            if int(sibling) > 0:
                os.kill(int(sibling), signal.SIGKILL)


def test_an_interrupt_does_not_end_the_child(broker: EmbeddedBroker) -> None:
    """The broker outlives Ctrl-C, which reaches every process of a terminal."""
    os.kill(broker.pid, signal.SIGINT)
    broker.create_topic("after", 2)
    assert partition_counts(broker.bootstrap_servers) == {"t": 1, "after": 2}
    assert os.getpgid(broker.pid) != os.getpgid(0)


def test_a_child_that_dies_is_reported(broker: EmbeddedBroker) -> None:
    """The next command, and failure(), say how the child died."""
    assert broker.failure() is None
    os.kill(broker.pid, signal.SIGKILL)
    await_true(lambda: broker.failure() is not None)
    assert "died with signal SIGKILL" in str(broker.failure())
    with pytest.raises(EmbeddedBrokerError, match="died with signal SIGKILL"):
        broker.set_rtt(1)


def test_a_child_that_cannot_start_is_reported_with_its_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What the child wrote before it died is in the error."""
    library = tmp_path / "librdkafka.so"
    library.write_text("not a library")
    monkeypatch.setattr(mock_cluster, "find_library", lambda: library)
    with pytest.raises(EmbeddedBrokerError, match=r"exit code 1.*cannot be loaded"):
        EmbeddedBroker({}).start()


def test_a_child_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A start that takes too long is an error, and the child is ended."""
    broker = EmbeddedBroker({})
    monkeypatch.setattr(embedded, "_START_S", 0.1)
    monkeypatch.setattr(broker, "_command", lambda: [sys.executable, "-c", "input()"])
    with pytest.raises(EmbeddedBrokerError, match=r"no answer within 0\.1 s"):
        broker.start()
    with pytest.raises(ProcessLookupError):
        os.kill(broker.pid, 0)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without confluent-kafka the error says what to install."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EmbeddedBrokerError, match="pip install confluent-kafka"):
        EmbeddedBroker({}).start()


def test_a_refused_command_says_why(broker: EmbeddedBroker) -> None:
    """A command that the cluster refuses is an error, and the cluster lives on."""
    with pytest.raises(EmbeddedBrokerError, match=r"create_topic was refused: .*already exists"):
        broker.create_topic("t", 1)
    with pytest.raises(EmbeddedBrokerError, match="numbered from 1"):
        broker.set_leader("t", 0, -1)
    with pytest.raises(EmbeddedBrokerError, match="broker_down was refused"):
        broker.broker_down(9)
    broker.set_rtt(0)


def test_control_must_be_asked_for() -> None:
    """Without control=True a running cluster cannot be changed."""
    with (
        EmbeddedBroker({"t": 1}) as broker,
        pytest.raises(EmbeddedBrokerError, match="control=True"),
    ):
        broker.broker_down(1)


@pytest.mark.parametrize(
    ("topics", "brokers", "message"),
    [
        ({"a b": 1}, 1, "'a b' is no topic name"),
        ({"a": 0}, 1, "'a' has 0 partitions"),
        ({}, 0, "brokers is 0"),
    ],
)
def test_nonsense_is_refused_before_a_start(
    topics: dict[str, int], brokers: int, message: str
) -> None:
    """Names, partitions and brokers are looked at when the object is made."""
    with pytest.raises(EmbeddedBrokerError, match=message):
        EmbeddedBroker(topics, brokers=brokers)


def test_a_broker_is_used_between_start_and_close() -> None:
    """Addresses and commands need a start, and there is one start."""
    broker = EmbeddedBroker({"t": 1}, control=True)
    with pytest.raises(EmbeddedBrokerError, match="not started"):
        _ = broker.bootstrap_servers
    with pytest.raises(EmbeddedBrokerError, match="not started"):
        broker.set_rtt(1)
    broker.close()
    with broker:
        with pytest.raises(EmbeddedBrokerError, match="started before"):
            broker.start()
        broker.set_rtt(0)
    with pytest.raises(EmbeddedBrokerError, match="closed"):
        broker.set_rtt(0)
