"""The way to one cluster: where it is, what its clients are made with, what breaks."""

from collections.abc import Callable
from typing import Final, TypeAlias

from gatlingpy.errors import EmbeddedBrokerError, ProtocolError
from gatlingpy.plan.code import Env
from gatlingpy.protocols.kafka.client_watch import ClientWatch
from gatlingpy.protocols.kafka.clients import Cluster
from gatlingpy.protocols.kafka.confluent import ConfluentCluster, OnError
from gatlingpy.protocols.kafka.credentials import Credentials
from gatlingpy.protocols.kafka.embedded import EmbeddedBroker
from gatlingpy.protocols.kafka.plan import EmbeddedBrokerPlan, KafkaProtocol
from gatlingpy.protocols.kafka.properties import consumer_config, producer_config
from gatlingpy.spi import Services

EMBEDDED_NOTE: Final = (
    "The latencies are those of the embedded broker, which is no Kafka: set "
    "KAFKA_BOOTSTRAP_SERVERS to measure a real one."
)

MakeCluster: TypeAlias = Callable[[str, bool, OnError, ClientWatch], Cluster]
"""Opens a cluster: bootstrap servers, whether embedded, who is told of errors and of reports."""


class Connection:
    """A cluster that clients can be had of; it may be the embedded broker."""

    def __init__(
        self, plan: KafkaProtocol, services: Services, make_cluster: MakeCluster | None = None
    ) -> None:
        """Nothing is reached yet; ``make_cluster`` takes the place of librdkafka in tests."""
        self._plan = plan
        self._services = services
        self._make_cluster = make_cluster or self._confluent_cluster
        self._cluster: Cluster | None = None
        self._broker: EmbeddedBroker | None = None
        self._broker_died = False
        self.watch = ClientWatch(plan, services)
        """Records what the clients tell."""
        self.bootstrap_servers = ""
        """The brokers, once prepared."""
        self.from_start = False
        """Whether replies are read from the start of their topics."""
        self.most_records = 1_000
        """How many records a consumer takes at once."""
        self.block_ms = producer_config({}, "", "").block_ms
        """How long a send may wait for room in the client's queue."""

    def prepare(self) -> None:
        """Start the embedded broker if one is asked for, reach the cluster, create topics."""
        servers = self._plan.bootstrap_servers
        if isinstance(servers, Env):
            servers = servers.resolve()  # type: ignore[assignment]
        embedded = isinstance(servers, EmbeddedBrokerPlan)
        if isinstance(servers, EmbeddedBrokerPlan):
            topics = {**servers.topics, **self._plan.create_topics}
            self._broker = EmbeddedBroker(topics, brokers=servers.brokers)
            servers = self._broker.start()
        self.bootstrap_servers = str(servers)
        self._cluster = self._make_cluster(
            self.bootstrap_servers, embedded, self._on_error, self.watch
        )
        existing = self._cluster.topics()
        if self._plan.create_topics and not embedded:
            missing = {t: n for t, n in self._plan.create_topics.items() if t not in existing}
            self._cluster.create_topics(missing)

    def _confluent_cluster(
        self,
        servers: str,
        embedded: bool,  # noqa: FBT001 - MakeCluster's shape
        on_error: OnError,
        watch: ClientWatch,
    ) -> Cluster:
        run_id = self._services.run_id
        client_id = f"gatlingpy-{run_id}"
        group_id = self._plan.group_id or client_id
        credentials = Credentials(self._plan, self._services, on_error, embedded=embedded)
        given = credentials.under(self._plan.producer_properties)
        producer = producer_config(given, servers, client_id)
        credentials.learn(given, producer.properties)
        self.block_ms = producer.block_ms
        given = credentials.under(self._plan.consumer_properties)
        consumer = consumer_config(given, servers, client_id, group_id, embedded=embedded)
        credentials.learn(given, consumer.properties)
        credentials.ask_for_token(producer.properties)
        self.most_records = consumer.most_records
        reset = str(consumer.properties["auto.offset.reset"])
        self.from_start = reset in {"earliest", "smallest", "beginning"}
        return ConfluentCluster(servers, producer, consumer, on_error, credentials, watch)

    @property
    def is_embedded(self) -> bool:
        """Whether the broker is the embedded one."""
        return self._broker is not None

    def cluster(self) -> Cluster:
        """Return the cluster; raises ProtocolError before ``prepare`` and after ``release``."""
        if self._cluster is None:
            raise ProtocolError("the Kafka protocol was started before it was prepared")
        return self._cluster

    def _on_error(self, text: str, code: int = 0, *, fatal: bool = False) -> None:
        death = self._broker.failure() if self._broker is not None else None
        if death is not None and not self._broker_died:
            self._broker_died = True
            self._services.fatal(EmbeddedBrokerError(death))
        self.watch.failed(text, code, fatal=fatal)

    def release(self) -> None:
        """Close what asked for metadata, and the embedded broker.  Idempotent."""
        if self._cluster is not None:
            self._cluster.close()
            self._cluster = None
        self.watch.close()
        if self._broker is not None:
            self._broker.close()
