"""librdkafka's mock cluster, alone in a process of its own.

    python -m gatlingpy.protocols.kafka.mock_cluster payment-requests=4 payment-responses=4

Standard output carries one JSON object a line: first ``{"bootstrap_servers": …}``, then one answer
to each command that standard input brings, ``{}`` or ``{"error": …}``.  The process ends when its
standard input does, or when its parent is gone.

A process of its own because a failed assertion in the mock cluster aborts its host.  Only the
standard library here, and launched by its path, so that it starts in a fraction of a second.

librdkafka declares this interface experimental: no other file knows it.  Source: rdkafka_mock.h.
"""

import argparse
import ctypes
import importlib.util
import json
import os
import select
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from ctypes import c_char_p, c_int, c_int16, c_int32, c_size_t, c_void_p
from pathlib import Path
from typing import Final

_FIRST_BROKER: Final = 1
_PRODUCER: Final = 0
_LOG_ERRORS_ONLY: Final = b"3"
_PARENT_CHECK_S: Final = 1.0

# Where a wheel carries the library, by the tool that repaired it: auditwheel (Linux),
# delocate (macOS), delvewheel (Windows).  Folders are relative to the package's.
_BUNDLES: Final = (
    ("../confluent_kafka.libs", "librdkafka*.so*"),
    (".dylibs", "librdkafka*.dylib"),
    ("../confluent_kafka.libs", "librdkafka*.dll"),
)

_SIGNATURES: Final[Mapping[str, tuple[type | None, tuple[type, ...]]]] = {
    "rd_kafka_conf_new": (c_void_p, ()),
    "rd_kafka_conf_set": (c_int, (c_void_p, c_char_p, c_char_p, c_char_p, c_size_t)),
    "rd_kafka_new": (c_void_p, (c_int, c_void_p, c_char_p, c_size_t)),
    "rd_kafka_err2str": (c_char_p, (c_int,)),
    "rd_kafka_mock_cluster_new": (c_void_p, (c_void_p, c_int)),
    "rd_kafka_mock_cluster_bootstraps": (c_char_p, (c_void_p,)),
    "rd_kafka_mock_set_controller_id": (None, (c_void_p, c_int32)),
    "rd_kafka_mock_group_initial_rebalance_delay_ms": (None, (c_void_p, c_int32)),
    "rd_kafka_mock_topic_create": (c_int, (c_void_p, c_char_p, c_int, c_int)),
    "rd_kafka_mock_partition_set_leader": (c_int, (c_void_p, c_char_p, c_int32, c_int32)),
    "rd_kafka_mock_broker_set_down": (c_int, (c_void_p, c_int32)),
    "rd_kafka_mock_broker_set_up": (c_int, (c_void_p, c_int32)),
    "rd_kafka_mock_broker_set_rtt": (c_int, (c_void_p, c_int32, c_int)),
    "rd_kafka_mock_push_request_errors_array": (
        None,
        (c_void_p, c_int16, c_size_t, ctypes.POINTER(c_int)),
    ),
}


class MockClusterError(Exception):
    """The library is missing or too old, or it refused what was asked."""


def find_library() -> Path:
    """Return the librdkafka that confluent-kafka brings along, or else the system's.

    Nothing is imported or loaded.  Raises MockClusterError if there is none.
    """
    spec = importlib.util.find_spec("confluent_kafka")
    if spec is None or spec.origin is None:
        raise MockClusterError(
            "the package confluent_kafka is not installed; pip install confluent-kafka"
        )
    package = Path(spec.origin).parent
    for folder, pattern in _BUNDLES:
        for found in sorted((package / folder).glob(pattern)):
            return found.resolve()
    from ctypes.util import find_library as find_on_system

    on_system = find_on_system("rdkafka")
    if on_system is None:
        raise MockClusterError(
            f"no librdkafka in or beside {package}, and none on the system; install a wheel "
            "(pip install --only-binary :all: confluent-kafka), or name a real Kafka"
        )
    return Path(on_system)


def _load(library: Path) -> ctypes.CDLL:
    """Return the library with its functions' types declared."""
    try:
        loaded = ctypes.CDLL(str(library))
    except OSError as exc:
        raise MockClusterError(f"librdkafka cannot be loaded from {library}: {exc}") from exc
    for name, (result, arguments) in _SIGNATURES.items():
        try:
            function = getattr(loaded, name)
        except AttributeError as exc:
            raise MockClusterError(
                f"the librdkafka at {library} has no {name}; "
                "pip install --upgrade 'confluent-kafka>=2.15.1'"
            ) from exc
        function.restype = result
        function.argtypes = arguments
    return loaded


class MockCluster:
    """A Kafka cluster that lives in this process; its brokers are numbered from 1.

    Every method raises MockClusterError if the library refuses what is asked.
    """

    def __init__(self, library: Path, brokers: int) -> None:
        """Start ``brokers`` brokers on free ports of 127.0.0.1."""
        self._lib = _load(library)
        self._brokers = brokers
        self._cluster = self._lib.rd_kafka_mock_cluster_new(self._new_client(), brokers)
        if not self._cluster:
            raise MockClusterError(f"librdkafka made no mock cluster of {brokers} brokers")
        # The first member of a group would otherwise wait three seconds for others.
        self._lib.rd_kafka_mock_group_initial_rebalance_delay_ms(self._cluster, 0)
        # Without a controller an admin client waits for its timeout; with one it is told at
        # once what is not supported, and can describe the cluster.
        self._lib.rd_kafka_mock_set_controller_id(self._cluster, _FIRST_BROKER)

    @property
    def bootstrap_servers(self) -> str:
        """``host:port`` of every broker, separated by commas."""
        servers: bytes = self._lib.rd_kafka_mock_cluster_bootstraps(self._cluster)
        return servers.decode()

    def create_topic(self, name: str, partitions: int) -> None:
        """Create a topic, replicated three times or as often as there are brokers."""
        replicas = min(3, self._brokers)
        self._expect_no_error(
            self._lib.rd_kafka_mock_topic_create(self._cluster, name.encode(), partitions, replicas)
        )

    def broker_down(self, broker: int) -> None:
        """Cut every connection of a broker, and refuse new ones."""
        self._expect_no_error(self._lib.rd_kafka_mock_broker_set_down(self._cluster, broker))

    def broker_up(self, broker: int) -> None:
        """Let a broker accept connections again, on the port that it had."""
        self._expect_no_error(self._lib.rd_kafka_mock_broker_set_up(self._cluster, broker))

    def set_rtt(self, milliseconds: int) -> None:
        """Delay every answer of every broker."""
        for broker in range(_FIRST_BROKER, _FIRST_BROKER + self._brokers):
            self._expect_no_error(
                self._lib.rd_kafka_mock_broker_set_rtt(self._cluster, broker, milliseconds)
            )

    def set_leader(self, topic: str, partition: int, broker: int) -> None:
        """Move the leadership of one partition.

        No leader at all (-1 to librdkafka) is refused: the next message for that partition would
        end this process with a segmentation fault.
        """
        if broker < _FIRST_BROKER:
            raise MockClusterError(f"broker {broker} cannot lead: brokers are numbered from 1")
        self._expect_no_error(
            self._lib.rd_kafka_mock_partition_set_leader(
                self._cluster, topic.encode(), partition, broker
            )
        )

    def push_errors(self, api_key: int, errors: Sequence[int]) -> None:
        """Answer the next requests of one kind with these error codes, one request each."""
        codes = (c_int * len(errors))(*errors)
        self._lib.rd_kafka_mock_push_request_errors_array(
            self._cluster, api_key, len(errors), codes
        )

    def _new_client(self) -> int:
        """Return the client that a mock cluster must belong to; it connects to nothing."""
        conf = self._lib.rd_kafka_conf_new()
        reason = ctypes.create_string_buffer(512)
        # It would warn that no bootstrap servers are configured, which is on purpose.
        self._lib.rd_kafka_conf_set(conf, b"log_level", _LOG_ERRORS_ONLY, reason, len(reason))
        client: int | None = self._lib.rd_kafka_new(_PRODUCER, conf, reason, len(reason))
        if client is None:
            raise MockClusterError(f"librdkafka made no client: {reason.value.decode()}")
        return client

    def _expect_no_error(self, code: int) -> None:
        if code:
            reason: bytes = self._lib.rd_kafka_err2str(code)
            raise MockClusterError(reason.decode())


def _obey(cluster: MockCluster, line: bytes) -> None:
    """Carry out one command, a JSON object: ``do`` names it, the rest are its arguments."""
    command = json.loads(line)
    match command.pop("do"):
        case "create_topic":
            cluster.create_topic(**command)
        case "broker_down":
            cluster.broker_down(**command)
        case "broker_up":
            cluster.broker_up(**command)
        case "set_rtt":
            cluster.set_rtt(**command)
        case "set_leader":
            cluster.set_leader(**command)
        case "push_errors":
            cluster.push_errors(**command)
        case unknown:
            raise MockClusterError(f"unknown command {unknown!r}")


def _lines_until_orphaned() -> Iterator[bytes]:
    """Yield the lines of standard input until it ends or the parent is gone.

    The parent is looked at as well because a sibling that was forked, and did not exec, holds the
    pipe's other end open when the parent dies.
    """
    parent = os.getppid()
    source = sys.stdin.fileno()
    rest = b""
    while os.getppid() == parent:
        readable, _, _ = select.select([source], [], [], _PARENT_CHECK_S)
        if not readable:
            continue
        received = os.read(source, 65536)
        if not received:
            return
        *lines, rest = (rest + received).split(b"\n")
        yield from lines


def _answer(content: Mapping[str, str]) -> None:
    sys.stdout.write(json.dumps(content) + "\n")
    sys.stdout.flush()


def _parse(arguments: Sequence[str]) -> tuple[Path, int, dict[str, int]]:
    """Return the library, the number of brokers, and the partitions of each topic."""
    parser = argparse.ArgumentParser(prog="mock_cluster", description="An in-memory Kafka cluster.")
    parser.add_argument("--library", type=Path, help="librdkafka (default: confluent-kafka's own)")
    parser.add_argument("--brokers", type=int, default=1)
    parser.add_argument("topics", nargs="*", metavar="topic=partitions")
    options = parser.parse_args(arguments)
    pairs = (topic.rpartition("=") for topic in options.topics)
    topics = {name: int(partitions) for name, _, partitions in pairs}
    return options.library or find_library(), options.brokers, topics


def main(arguments: Sequence[str]) -> int:
    """Serve until standard input ends; return the exit code."""
    # Ctrl-C goes to every process of the terminal; the parent decides when the broker ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        library, brokers, topics = _parse(arguments)
        cluster = MockCluster(library, brokers)
        for name, partitions in topics.items():
            cluster.create_topic(name, partitions)
    except MockClusterError as exc:
        sys.stderr.write(f"{exc}\n")
        return 1
    _answer({"bootstrap_servers": cluster.bootstrap_servers})
    for line in _lines_until_orphaned():
        try:
            _obey(cluster, line)
        except (MockClusterError, TypeError, ValueError, KeyError) as exc:
            _answer({"error": str(exc)})
        else:
            _answer({})
    return 0


if __name__ == "__main__":
    code = main(sys.argv[1:])
    # Taking the cluster down in order would wait for its threads, and there is nothing to save.
    sys.stdout.flush()
    os._exit(code)
