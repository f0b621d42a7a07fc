"""The real clients: confluent-kafka behind the contracts of ``clients.py``."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from gatlingpy.errors import ProtocolError
from gatlingpy.protocols.kafka.clients import (
    ConsumerClient,
    ProducerClient,
    TransactionalClient,
    WireMessage,
)
from gatlingpy.protocols.kafka.credentials import Credentials
from gatlingpy.protocols.kafka.properties import ClientConfig
from gatlingpy.protocols.kafka.property_names import BOTH
from gatlingpy.protocols.kafka.refusal import (
    ALL_BROKERS_DOWN,
    BrokerError,
    explain,
    guess,
    refused_properties,
)

if TYPE_CHECKING:
    from confluent_kafka import Consumer, KafkaError, Producer
    from confluent_kafka.admin import AdminClient

_REACH_S: Final = 10.0
_LOOK_S: Final = 2.0
_NOT_FOR_ADMIN: Final = {"statistics.interval.ms", "allow.auto.create.topics"}
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
        credentials: Credentials,
    ) -> None:
        """Nothing is connected yet; ``on_error`` is told of broken connections, on any thread."""
        _refuse_old_clients()
        self._bootstrap_servers = bootstrap_servers
        self._producer_config = producer
        self._consumer_config = consumer
        self._on_error = on_error
        self._credentials = credentials
        self._redact = credentials.redactor
        _LOGGER.addFilter(self._redact)
        self._last_error: BrokerError | None = None
        self._admin: AdminClient | None = None

    def _note(self, error: "KafkaError") -> None:
        noted = BrokerError(error.code(), self._redact(error.str()))
        # That all brokers are down is what follows from the error that was told before.
        if self._last_error is None or noted.code != ALL_BROKERS_DOWN:
            self._last_error = noted
        self._on_error(noted.text)

    def _clients_config(self, config: ClientConfig, name: str) -> dict[str, object]:
        return {
            **config.properties,
            **self._credentials.callbacks(config.properties),
            "client.id": f"{config.properties['client.id']}-{name}",
            "error_cb": self._note,
            "logger": _LOGGER,
        }

    def _refused(self, what: str, error: Exception) -> ProtocolError:
        said = error.args[0].str() if error.args and hasattr(error.args[0], "str") else error
        told = refused_properties(str(said), self._producer_config.properties)
        return ProtocolError(self._redact(told or f"{what}: {said}"))

    def _admin_client(self) -> "AdminClient":
        from confluent_kafka import KafkaException
        from confluent_kafka.admin import AdminClient

        if self._admin is None:
            config = self._clients_config(self._producer_config, "admin")
            wanted = BOTH - _NOT_FOR_ADMIN | {"error_cb", "logger", "oauth_cb"}
            try:
                self._admin = AdminClient({k: v for k, v in config.items() if k in wanted})
            except (KafkaException, ValueError, TypeError) as error:
                raise self._refused("the Kafka client refused its properties", error) from None
        return self._admin

    def topics(self) -> Mapping[str, int]:
        """Return every topic and its number of partitions.

        Gives up after ten seconds, and at once where waiting mends nothing.
        """
        from confluent_kafka import KafkaException

        admin = self._admin_client()
        self._last_error = None
        deadline = time.monotonic() + _REACH_S
        while True:
            try:
                metadata = admin.list_topics(timeout=_LOOK_S)
            except KafkaException as error:
                admin.poll(0)  # librdkafka tells what broke where only to those who poll
                found = self._found(error.args[0])
                late = time.monotonic() >= deadline
                told = self._why(found, late=late)
                if told is not None:
                    raise ProtocolError(self._redact(told)) from None
            else:
                return {name: len(topic.partitions) for name, topic in metadata.topics.items()}

    def _found(self, otherwise: "KafkaError") -> BrokerError:
        return self._last_error or BrokerError(otherwise.code(), otherwise.str())

    def _why(self, found: BrokerError, *, late: bool) -> str | None:
        servers, properties = self._bootstrap_servers, self._producer_config.properties
        told = explain(found, servers, properties)
        if told is None and late:
            told = guess(found, servers, properties) or (
                f"no broker can be reached at {servers}: {found.text}; is it running, and is this "
                "the address that it advertises?"
            )
        return told

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
        client: ProducerClient = self._producer(number)
        client.poll(_CONNECT_S)
        return client

    def transactional_producer(self, number: int, transactional_id: str) -> TransactionalClient:
        """Return a new producer with this id; initialising it connects it."""
        client: TransactionalClient = self._producer(number, {"transactional.id": transactional_id})
        return client

    def _producer(self, number: int, more: Mapping[str, object] | None = None) -> "Producer":
        from confluent_kafka import KafkaException, Producer

        config = self._clients_config(self._producer_config, f"producer-{number}")
        try:
            return Producer(config | dict(more or {}))
        except (KafkaException, ValueError, TypeError) as error:
            raise self._refused("producer_properties were refused", error) from None

    def consumer(self, topic: str, number: int) -> ConsumerClient:
        """Return a new consumer for one topic."""
        from confluent_kafka import Consumer, KafkaException

        config = self._clients_config(self._consumer_config, f"consumer-{topic}-{number}")
        # A position that retention has passed must be told, not silently moved.
        config["auto.offset.reset"] = "error"
        try:
            client = Consumer(config)
        except (KafkaException, ValueError, TypeError) as error:
            raise self._refused("consumer_properties were refused", error) from None
        return ConfluentConsumer(client, topic)

    def close(self) -> None:
        """Drop the client that asked for metadata."""
        self._admin = None
        _LOGGER.removeFilter(self._redact)


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
