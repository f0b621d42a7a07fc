"""The real clients: confluent-kafka behind the contracts of ``clients.py``."""

import logging
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from gatlingpy.errors import ProtocolError
from gatlingpy.protocols.kafka.client_watch import ClientWatch
from gatlingpy.protocols.kafka.clients import (
    ConsumerClient,
    Place,
    ProducerClient,
    TransactionalClient,
)
from gatlingpy.protocols.kafka.confluent_consumer import ConfluentConsumer
from gatlingpy.protocols.kafka.credentials import Credentials
from gatlingpy.protocols.kafka.log_ends import Answer, read_offsets
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
    from confluent_kafka import KafkaError, Producer, ThrottleEvent
    from confluent_kafka.admin import AdminClient

_REACH_S: Final = 10.0
_LOOK_S: Final = 2.0
_NEAR_S: Final = 1.0
_NOT_FOR_ADMIN: Final = {"statistics.interval.ms", "allow.auto.create.topics"}
_LOGGER: Final = logging.getLogger("gatlingpy.kafka")
"""Takes librdkafka's own log lines; silent unless the host program gives it a handler."""
_LOGGER.addHandler(logging.NullHandler())
_LOGGER.propagate = False
_CONNECT_S: Final = 0.3
_TOO_OLD: Final = (2, 15, 1)
_BLOCKING_RELEASES: Final = "2.13.0 to 2.15.0 block in poll() and delay every delivery report"


class OnError(Protocol):
    """Is told of an error in words, and by librdkafka's code.  Thread: any."""

    def __call__(self, text: str, code: int = 0, *, fatal: bool = False) -> None:
        """Take note; ``fatal``: a client is of no use any more."""


class ConfluentCluster:
    """A cluster that librdkafka talks to."""

    def __init__(
        self,
        bootstrap_servers: str,
        producer: ClientConfig,
        consumer: ClientConfig,
        on_error: OnError,
        credentials: Credentials,
        watch: ClientWatch,
    ) -> None:
        """Nothing is connected yet; ``on_error`` is told of what breaks, ``watch`` of all else."""
        _refuse_old_clients()
        self._bootstrap_servers = bootstrap_servers
        self._producer_config = producer
        self._consumer_config = consumer
        self._on_error = on_error
        self._credentials = credentials
        self._redact = credentials.redactor
        _LOGGER.addFilter(self._redact)
        self._watch = watch
        self._last_error: BrokerError | None = None
        self._admin: AdminClient | None = None
        self._a_topic: str | None = None

    def _note(self, error: "KafkaError") -> None:
        noted = BrokerError(error.code(), self._redact(error.str()))
        # That all brokers are down is what follows from the error that was told before.
        if self._last_error is None or noted.code != ALL_BROKERS_DOWN:
            self._last_error = noted
        self._on_error(noted.text, noted.code, fatal=error.fatal())

    def _throttled(self, event: "ThrottleEvent") -> None:
        name = event.broker_name.partition("/")[0]
        self._watch.throttled(event.broker_id, name, round(event.throttle_time * 1_000))

    def _reporting(self, name: str) -> dict[str, object]:
        """Return how a client tells of itself; the user's interval comes before ours."""
        self._watch.opened(name)
        return {
            "statistics.interval.ms": self._watch.interval_ms,
            "stats_cb": partial(self._watch.statistics, name),
            "throttle_cb": self._throttled,
        }

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
                self._a_topic = next(iter(metadata.topics), None)
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

    def brokers(self) -> Mapping[int, str]:
        """Return ``host:port`` of each broker that the cluster says it has, by its number.

        Asks for one topic, since the answer to all may be long; a description of the cluster
        waits for its controller, which may be the broker that is lost.
        """
        from confluent_kafka import KafkaException

        try:
            found = self._admin_client().list_topics(self._a_topic, timeout=_NEAR_S).brokers
        except KafkaException as error:
            raise self._refused("the cluster does not answer", error) from error
        return {number: f"{broker.host}:{broker.port}" for number, broker in found.items()}

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
                if _exists_by_now(error):
                    continue
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

        name = f"producer-{number}"
        config = self._clients_config(self._producer_config, name)
        try:
            return Producer({**self._reporting(name), **config, **(more or {})})
        except (KafkaException, ValueError, TypeError) as error:
            raise self._refused("producer_properties were refused", error) from None

    def consumer(self, name: str, number: int) -> ConsumerClient:
        """Return a new consumer, called after what it reads."""
        from confluent_kafka import Consumer, KafkaException

        name = f"consumer-{name}-{number}"
        config = {**self._reporting(name), **self._clients_config(self._consumer_config, name)}
        # A position that retention has passed must be told, not silently moved.
        config["auto.offset.reset"] = "error"
        shifts = "cooperative" in str(config.get("partition.assignment.strategy", ""))
        try:
            return ConfluentConsumer(
                lambda on_commit: Consumer({**config, "on_commit": on_commit}),
                self._watch.assigned,
                shifts=shifts,
            )
        except (KafkaException, ValueError, TypeError) as error:
            raise self._refused("consumer_properties were refused", error) from None

    def offsets(
        self, places: Sequence[Place], *, first: bool, timeout_s: float = _REACH_S
    ) -> Mapping[Place, int]:
        """Return the next offset to be written of each, or the first that is kept."""
        from confluent_kafka import TopicPartition
        from confluent_kafka.admin import OffsetSpec

        wanted = OffsetSpec.earliest() if first else OffsetSpec.latest()

        def ask(places: Sequence[Place], left_s: float) -> dict[Place, Future[Answer]]:
            asked = {TopicPartition(*place): wanted for place in places}
            told = self._admin_client().list_offsets(asked, request_timeout=left_s)
            return {(at.topic, at.partition): future for at, future in told.items()}

        return read_offsets(ask, places, "start" if first else "end", timeout_s, self._redact)

    def close(self) -> None:
        """Drop the client that asked for metadata."""
        self._admin = None
        _LOGGER.removeFilter(self._redact)


def _exists_by_now(error: Exception) -> bool:
    """Tell whether a topic cannot be created because another run was quicker."""
    from confluent_kafka import KafkaError

    cause = error.args[0] if error.args else None
    return isinstance(cause, KafkaError) and cause.code() == KafkaError.TOPIC_ALREADY_EXISTS


def _refuse_old_clients() -> None:
    import confluent_kafka

    text = confluent_kafka.__version__
    version = tuple(int(part) for part in text.split(".")[:3] if part.isdigit())
    if version < _TOO_OLD:
        raise ProtocolError(
            f"confluent-kafka {text} is too old: {_BLOCKING_RELEASES}; "
            "pip install 'confluent-kafka>=2.15.1'"
        )
