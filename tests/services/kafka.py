"""Real Apache Kafka for tests."""

import base64
import subprocess
import uuid
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from tests.services import kafka_clients
from tests.services.kafka_elsewhere import kafka_in_docker, named_kafka
from tests.services.kafka_jars import KAFKA
from tests.services.kafka_security import KafkaSecurity, Listener
from tests.services.offer import ServiceBroken, ServiceUnavailable, first_offered
from tests.services.ports import free_port
from tests.services.server_process import ServerProcess, remove_folder, temporary_folder

_READY_S = 120

# A broker for tests starts often and lives briefly: the quick compiler alone is worth two seconds.
_QUICK_START = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")

_LOGGING = """\
rootLogger.level=INFO
rootLogger.appenderRefs=out
rootLogger.appenderRef.out.ref=Out
appender.out.type=Console
appender.out.name=Out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d{ISO8601} %-5p %c{1}: %m%n
"""


class KafkaCluster(Protocol):
    """What a test may ask of any Kafka; those that are not ours to stop end the test instead."""

    @property
    def bootstrap_servers(self) -> str:
        """``host:port`` of every broker, separated by commas."""

    def create_topic(self, name: str, partitions: int, replication: int | None = None) -> None:
        """Create a topic, on as many brokers as there are unless told; wait for its leaders."""

    def start(self, node: int) -> None:
        """Start a broker that was stopped or killed; wait until the cluster has it again."""

    def stop(self, node: int) -> None:
        """End a broker in order: it hands its partitions over first."""

    def kill(self, node: int) -> None:
        """End a broker as a power cut would."""

    def pause(self, node: int) -> None:
        """Make a broker hang: its connections stay open and nothing is answered."""

    def resume(self, node: int) -> None:
        """Let a broker that hangs go on."""

    def close(self) -> None:
        """End what was started for the tests."""


class RealKafka:
    """One or more KRaft brokers, each broker and controller, from Maven's jars; numbered from 1.

    Topics are not created by use, unless ``properties`` says ``auto.create.topics.enable``.
    """

    def __init__(
        self,
        nodes: int = 1,
        *,
        properties: Mapping[str, str] | None = None,
        heap: str = "384m",
        java_options: Sequence[str] = _QUICK_START,
        security: KafkaSecurity | None = None,
    ) -> None:
        """Describe the cluster; nothing is started.

        ``properties`` are the brokers' own and win over ours.  For a measurement rather than a
        test, pass ``java_options=()`` and a larger ``heap``.  With ``security`` every broker has
        all of its listeners; ``servers`` gives their addresses.
        """
        self._nodes = nodes
        self._properties = dict(properties or {})
        self._java_options = [f"-Xmx{heap}", *java_options]
        self._brokers: dict[int, ServerProcess] = {}
        self._security = security
        self._ports = _free_ports(
            nodes, security.listeners() if security else (Listener.PLAINTEXT,)
        )
        self._folder: Path | None = None

    def open(self) -> Self:
        """Start all brokers; return when the cluster has them.

        Raises ServiceUnavailable without Java or the jars, and ServiceBroken, with the end of its
        log, if a broker does not start.
        """
        program, jars = KAFKA.java(), KAFKA.jars()
        self._folder = folder = temporary_folder("kafka")
        (folder / "log4j2.properties").write_text(_LOGGING)
        if self._security is not None:
            self._security.make(folder / "security")
            self._java_options += self._security.java_options()
        voters = ",".join(f"{node}@127.0.0.1:{free_port()}" for node in self._ports)
        base = [
            program,
            *self._java_options,
            f"-Dlog4j2.configurationFile={folder}/log4j2.properties",
        ]
        base += ["-cp", f"{jars}/*"]
        try:
            self._format(base, voters)
            for node in self._ports:
                command = [*base, "kafka.Kafka", str(self._properties_file(node))]
                self._brokers[node] = ServerProcess(command, folder / f"broker-{node}.log")
                self._brokers[node].start()
            for node in self._ports:
                self._await_member(node)
        except BaseException:
            self.close()
            raise
        return self

    @property
    def bootstrap_servers(self) -> str:
        """``127.0.0.1:port`` of every broker, separated by commas."""
        return self.servers(Listener.PLAINTEXT)

    def servers(self, listener: Listener) -> str:
        """``127.0.0.1:port`` of every broker's way in of this kind, separated by commas."""
        return ",".join(self._address(node, listener) for node in self._ports)

    def create_topic(self, name: str, partitions: int, replication: int | None = None) -> None:
        """Create a topic, on as many brokers as there are unless told; wait for its leaders."""
        copies = replication or self._nodes
        kafka_clients.create_topic(self.bootstrap_servers, name, partitions, copies)

    def start(self, node: int) -> None:
        """Start a broker that was stopped or killed; wait until the cluster has it again."""
        self._brokers[node].start()
        self._await_member(node)

    def stop(self, node: int) -> None:
        """End a broker in order: it hands its partitions over first."""
        self._brokers[node].stop()

    def kill(self, node: int) -> None:
        """End a broker as a power cut would."""
        self._brokers[node].kill()

    def pause(self, node: int) -> None:
        """Make a broker hang: its connections stay open and nothing is answered."""
        self._brokers[node].pause()

    def resume(self, node: int) -> None:
        """Let a broker that hangs go on."""
        self._brokers[node].resume()

    def log_bytes(self, topic: str) -> int:
        """Return how much room the messages of a topic take, on all brokers together."""
        assert self._folder is not None
        files = self._folder.glob(f"data-*/{topic}-[0-9]*/*.log")
        return sum(file.stat().st_size for file in files)

    def log_tail(self, node: int) -> str:
        """Return the last lines of a broker's log."""
        return self._brokers[node].log_tail()

    def close(self) -> None:
        """Kill all brokers and remove their data.  May be called again."""
        for broker in self._brokers.values():
            broker.kill()
        if self._folder is not None:
            remove_folder(self._folder)

    def __enter__(self) -> Self:
        """Start all brokers."""
        return self.open()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Kill all brokers."""
        self.close()

    def _address(self, node: int, listener: Listener = Listener.PLAINTEXT) -> str:
        return f"127.0.0.1:{self._ports[node][listener]}"

    def _await_member(self, node: int) -> None:
        """Return when the broker answers, and knows as many others as are running."""

        def joined() -> bool:
            running = sum(broker.running for broker in self._brokers.values())
            return kafka_clients.brokers_seen(self._address(node)) == running

        self._brokers[node].await_ready(joined, timeout_s=_READY_S)

    def _format(self, base: Sequence[str], voters: str) -> None:
        """Write each broker's properties, and prepare its storage; all brokers at once."""
        random = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        cluster = f"K{random[1:]}"  # a dash in the first place would be taken for an option
        with ExitStack() as started:
            formatting = []
            for node in self._ports:
                file = self._properties_file(node)
                settings = self._settings(node, voters)
                file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
                program = [*base, "kafka.tools.StorageTool", "format", "-t", cluster]
                program += self._security.format_options() if self._security else []
                process = started.enter_context(
                    subprocess.Popen(
                        [*program, "-c", str(file)],
                        stdout=subprocess.PIPE,
                        stderr=subprocess.STDOUT,
                    )
                )
                started.callback(process.kill)
                formatting.append(process)
            for process in formatting:
                said, _ = process.communicate(timeout=_READY_S)
                if process.returncode:
                    raise ServiceBroken(f"Kafka's storage cannot be formatted:\n{said.decode()}")

    def _properties_file(self, node: int) -> Path:
        assert self._folder is not None
        return self._folder / f"broker-{node}.properties"

    def _settings(self, node: int, voters: str) -> dict[str, str]:
        controller = voters.split(",")[node - 1].split("@")[1]
        copies = str(min(3, self._nodes))
        in_sync = str(min(2, self._nodes))
        ways = [f"{way}://{self._address(node, way)}" for way in self._ports[node]]
        listeners = ",".join(ways)
        protocols = self._security.protocol_map() if self._security else "PLAINTEXT:PLAINTEXT"
        return {
            "process.roles": "broker,controller",
            "node.id": str(node),
            "controller.quorum.voters": voters,
            "listeners": f"{listeners},CONTROLLER://{controller}",
            "advertised.listeners": listeners,
            "listener.security.protocol.map": f"{protocols},CONTROLLER:PLAINTEXT",
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": "PLAINTEXT",
            "log.dirs": f"{self._folder}/data-{node}",
            "auto.create.topics.enable": "false",
            # A killed broker is missed, and may come back, after 4 s instead of 9.
            "broker.session.timeout.ms": "4000",
            "broker.heartbeat.interval.ms": "500",
            "default.replication.factor": copies,
            "min.insync.replicas": in_sync,
            "offsets.topic.replication.factor": copies,
            "offsets.topic.num.partitions": "3",
            "transaction.state.log.replication.factor": copies,
            "transaction.state.log.min.isr": in_sync,
            "transaction.state.log.num.partitions": "3",
            "group.initial.rebalance.delay.ms": "0",
            **(self._security.settings() if self._security else {}),
        } | self._properties


def _free_ports(nodes: int, listeners: Sequence[Listener]) -> dict[int, dict[Listener, int]]:
    """Return a port for each listener of each broker."""
    wanted = [(node, listener) for node in range(1, nodes + 1) for listener in listeners]
    taken: set[int] = set()
    ports: dict[int, dict[Listener, int]] = {node: {} for node in range(1, nodes + 1)}
    for node, listener in wanted:
        port = next(port for port in iter(free_port, 0) if port not in taken)
        taken.add(port)
        ports[node][listener] = port
    return ports


def find_kafka(nodes: int = 1) -> KafkaCluster:
    """Return a running cluster; only brokers of our own come in any other number than one.

    Raises ServiceUnavailable with the reasons if there is none.
    """

    def in_docker() -> KafkaCluster:
        if nodes != 1:
            raise ServiceUnavailable(f"Docker is used for one broker, not for {nodes}")
        return kafka_in_docker()

    def named() -> KafkaCluster:
        cluster = named_kafka()
        if nodes != 1 and kafka_clients.brokers_seen(cluster.bootstrap_servers) < nodes:
            raise ServiceUnavailable(f"{cluster.bootstrap_servers} has fewer than {nodes} brokers")
        return cluster

    return first_offered("Kafka", [named, RealKafka(nodes).open, in_docker])
