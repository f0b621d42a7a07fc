"""The real clients: confluent-kafka behind the contracts of ``clients.py``."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from gatlingpy.errors import ProtocolError
from gatlingpy.protocols.kafka.clients import ConsumerClient, ProducerClient, WireMessage
from gatlingpy.protocols.kafka.properties import ClientConfig

if TYPE_CHECKING:
    from confluent_kafka import Consumer, KafkaError
    from confluent_kafka.admin import AdminClient

_REACH_S: Final = 10.0
_LOGGER: Final = logging.getLogger("gatlingpy.kafka")
"""Takes librdkafka's own log lines; silent unless the host program gives it a handler."""
_LOGGER.addHandler(logging.NullHandler())
_LOGGER.propagate = False
_CONNECT_S: Final = 0.3
_TOO_OLD: Final = (2, 15, 1)
_BLOCKING_RELEASES: Final = "2.13.0 to 2.15.0 block in poll() and delay every delivery report"

OnError = Callable[[str], None]


class ConfluentCluster:
    """A cluster that librdkafka talks to."""

    def __init__(
        self,
        bootstrap_servers: str,
        producer: ClientConfig,
        consumer: ClientConfig,
        on_error: OnError,
    ) -> None:
        """Nothing is connected yet; ``on_error`` is told of broken connections, on any thread."""
        _refuse_old_clients()
        self._bootstrap_servers = bootstrap_servers
        self._producer_config = producer
        self._consumer_config = consumer
        self._on_error = on_error
        self._last_error = ""
        self._admin: AdminClient | None = None

    def _note(self, error: "KafkaError") -> None:
        self._last_error = error.str()
        self._on_error(error.str())

    def _admin_client(self) -> "AdminClient":
        from confluent_kafka.admin import AdminClient

        if self._admin is None:
            names = self._producer_config.properties
            common = {
                name: value
                for name, value in names.items()
                if name.startswith(("bootstrap", "security", "sasl", "ssl", "socket", "client"))
            }
            try:
                self._admin = AdminClient({**common, "error_cb": self._note, "logger": _LOGGER})
            except Exception as error:
                raise ProtocolError(f"the Kafka client refused its properties: {error}") from error
        return self._admin

    def topics(self) -> Mapping[str, int]:
        """Return every topic and its number of partitions; gives up after ten seconds."""
        from confluent_kafka import KafkaException

        admin = self._admin_client()
        try:
            metadata = admin.list_topics(timeout=_REACH_S)
        except KafkaException as error:
            admin.poll(0)  # librdkafka tells what broke where only to those who poll
            said = self._last_error or error.args[0].str()
            raise ProtocolError(
                f"no broker can be reached at {self._bootstrap_servers}: {said}; is it running, "
                "and is this the address that it advertises?"
            ) from error
        return {name: len(topic.partitions) for name, topic in metadata.topics.items()}

    def create_topics(self, topics: Mapping[str, int]) -> None:
        """Create the topics that do not exist."""
        from confluent_kafka.admin import NewTopic

        missing = topics.keys() - self.topics().keys()
        wanted = [NewTopic(name, num_partitions=topics[name]) for name in sorted(missing)]
        if not wanted:
            return
        for name, future in self._admin_client().create_topics(wanted).items():
            try:
                future.result(timeout=30)
            except Exception as error:
                raise ProtocolError(f"topic {name!r} could not be created: {error}") from error

    def producer(self, number: int) -> ProducerClient:
        """Return a new producer that has had time to connect.

        An idempotent producer whose first message comes before it is connected keeps that message
        until librdkafka asks for a producer id again: measured 0.5 s on the embedded broker and
        1 s on Apache Kafka 4.3, against 6 to 9 ms a moment later.  That wait is no latency of the
        system under test.
        """
        from confluent_kafka import Producer

        named = f"{self._producer_config.properties['client.id']}-producer-{number}"
        config = {
            **self._producer_config.properties,
            "client.id": named,
            "error_cb": self._note,
            "logger": _LOGGER,
        }
        try:
            client: ProducerClient = Producer(config)
        except Exception as error:
            raise ProtocolError(f"producer_properties were refused: {error}") from error
        client.poll(_CONNECT_S)
        return client

    def consumer(self, topic: str, number: int) -> ConsumerClient:
        """Return a new consumer for one topic."""
        from confluent_kafka import Consumer

        named = f"{self._consumer_config.properties['client.id']}-consumer-{topic}-{number}"
        config = {
            **self._consumer_config.properties,
            "client.id": named,
            # A position that retention has passed must be told, not silently moved.
            "auto.offset.reset": "error",
            "error_cb": self._note,
            "logger": _LOGGER,
        }
        try:
            client = Consumer(config)
        except Exception as error:
            raise ProtocolError(f"consumer_properties were refused: {error}") from error
        return ConfluentConsumer(client, topic)

    def close(self) -> None:
        """Drop the client that asked for metadata."""
        self._admin = None


class ConfluentConsumer:
    """A consumer that reads assigned partitions of one topic.  Thread: one."""

    def __init__(self, client: "Consumer", topic: str) -> None:
        """``client`` is not used by anybody else."""
        self._client = client
        self._topic = topic
        self.poll: Callable[[float], WireMessage | None] = client.poll

    def assign(self, positions: Mapping[int, int]) -> None:
        """Read these partitions, each from this offset."""
        self._client.assign(self._at(positions))

    def add(self, positions: Mapping[int, int]) -> None:
        """Read these partitions as well, or from another offset."""
        known = {p.partition for p in self._client.assignment()}
        again = {p: offset for p, offset in positions.items() if p in known}
        if again:
            self._client.incremental_unassign(self._at(again))
        self._client.incremental_assign(self._at(positions))

    def _at(self, positions: Mapping[int, int]) -> Sequence[object]:
        from confluent_kafka import TopicPartition

        return [TopicPartition(self._topic, p, offset) for p, offset in positions.items()]

    def watermarks(self, partition: int) -> tuple[int, int]:
        """Return the first offset kept and the next to be written."""
        from confluent_kafka import KafkaException, TopicPartition

        try:
            low, high = self._client.get_watermark_offsets(
                TopicPartition(self._topic, partition), timeout=_REACH_S
            )
        except KafkaException as error:
            raise ProtocolError(
                f"the end of {self._topic}[{partition}] cannot be read: {error.args[0].str()}"
            ) from error
        return low, high

    def consume(self, most: int) -> list[WireMessage]:
        """Return the messages that are there already."""
        messages: list[WireMessage] = self._client.consume(most, 0)
        return messages

    def commit(self) -> None:
        """Commit the positions, without waiting."""
        from confluent_kafka import KafkaException

        try:
            self._client.commit(asynchronous=True)
        except KafkaException:
            # Nothing was read since the last commit, or the coordinator is away: the positions
            # serve people who watch the group, not the measurement.
            return

    def close(self) -> None:
        """Leave."""
        self._client.close()


def _refuse_old_clients() -> None:
    import confluent_kafka

    text = confluent_kafka.__version__
    version = tuple(int(part) for part in text.split(".")[:3] if part.isdigit())
    if version < _TOO_OLD:
        raise ProtocolError(
            f"confluent-kafka {text} is too old: {_BLOCKING_RELEASES}; "
            "pip install 'confluent-kafka>=2.15.1'"
        )
