"""Kafka clusters that others run: they are used, and never stopped."""

import os
from typing import NoReturn

from tests.services import kafka_clients
from tests.services.containers import Container
from tests.services.offer import ServiceBroken, ServiceUnavailable, refuse
from tests.services.ports import free_port
from tests.services.waiting import await_true

VARIABLE = "GATLINGPY_TEST_KAFKA"
_IMAGE = "apache/kafka:4.1.0"
_READY_S = 120


class KafkaElsewhere:
    """A cluster whose brokers cannot be stopped from here: a test that wants to is ended."""

    def __init__(self, bootstrap_servers: str, container: Container | None = None) -> None:
        """Wait until the cluster answers; raises ServiceBroken if it does not."""
        self._bootstrap_servers = bootstrap_servers
        self._container = container
        try:
            await_true(
                lambda: kafka_clients.brokers_seen(bootstrap_servers),
                timeout_s=_READY_S if container else 10,
                what=f"Kafka at {bootstrap_servers} answers",
            )
        except AssertionError as exc:
            said = container.log_tail() if container else ""
            self.close()
            raise ServiceBroken(f"{exc}\n{said}") from exc

    @property
    def bootstrap_servers(self) -> str:
        """``host:port`` of brokers, separated by commas."""
        return self._bootstrap_servers

    def create_topic(self, name: str, partitions: int, replication: int | None = None) -> None:
        """Create a topic, on every broker up to three unless told; wait for its leaders."""
        copies = replication or min(3, kafka_clients.brokers_seen(self._bootstrap_servers))
        kafka_clients.create_topic(self._bootstrap_servers, name, partitions, copies)

    def start(self, node: int) -> None:
        """End the test."""
        self._not_ours("start", node)

    def stop(self, node: int) -> None:
        """End the test."""
        self._not_ours("stop", node)

    def kill(self, node: int) -> None:
        """End the test."""
        self._not_ours("kill", node)

    def pause(self, node: int) -> None:
        """End the test."""
        self._not_ours("pause", node)

    def resume(self, node: int) -> None:
        """End the test."""
        self._not_ours("resume", node)

    def close(self) -> None:
        """Remove the container, if there is one."""
        if self._container is not None:
            self._container.close()

    def _not_ours(self, verb: str, node: int) -> NoReturn:
        refuse(f"broker {node} of {self._bootstrap_servers} is not ours to {verb}")


def named_kafka() -> KafkaElsewhere:
    """Return the cluster that the environment names; raises ServiceUnavailable if none is."""
    servers = os.environ.get(VARIABLE)
    if not servers:
        raise ServiceUnavailable(f"{VARIABLE} is not set")
    return KafkaElsewhere(servers)


def kafka_in_docker() -> KafkaElsewhere:
    """Return a broker in Docker; raises ServiceUnavailable if Docker does not answer."""
    port = free_port()
    settings = {
        "PROCESS_ROLES": "broker,controller",
        "NODE_ID": "1",
        "CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
        "LISTENERS": "PLAINTEXT://:9092,CONTROLLER://:9093",
        "ADVERTISED_LISTENERS": f"PLAINTEXT://127.0.0.1:{port}",
        "LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "INTER_BROKER_LISTENER_NAME": "PLAINTEXT",
        "AUTO_CREATE_TOPICS_ENABLE": "false",
        "OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
    }
    environment = {f"KAFKA_{name}": value for name, value in settings.items()}
    container = Container(_IMAGE, 9092, port, environment=environment)
    return KafkaElsewhere(f"127.0.0.1:{port}", container)
