"""The Kafka protocol of one run: wires the actors to the tracker.

user thread ─perform─▶ tracker.open ─▶ producer actor ─▶ broker ─▶ system ─▶ consumer actor
     ▲                                     │ delivery report                        │
     └──────────── tracker ends the request, resumes the user ◀─────────────────────┘
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from gatlingpy.errors import EmbeddedBrokerError, ExpressionError, ProtocolError
from gatlingpy.plan.code import Env
from gatlingpy.plan.expression import constant
from gatlingpy.plan.steps import ProtocolPlan, RequestPlan
from gatlingpy.protocols.kafka.clients import Cluster, WireMessage
from gatlingpy.protocols.kafka.confluent import ConfluentCluster
from gatlingpy.protocols.kafka.embedded import EmbeddedBroker
from gatlingpy.protocols.kafka.plan import (
    EmbeddedBrokerPlan,
    KafkaProtocol,
    KafkaRequestReply,
    KafkaSend,
)
from gatlingpy.protocols.kafka.producer import KafkaProducerActor
from gatlingpy.protocols.kafka.properties import consumer_config, producer_config
from gatlingpy.protocols.kafka.reply import Reply
from gatlingpy.protocols.kafka.reply_topics import ReplyTopics
from gatlingpy.protocols.kafka.request_reply import RequestReplyAction
from gatlingpy.protocols.kafka.send import SendAction
from gatlingpy.spi import Perform, Services, Settled
from gatlingpy.stats.events import MARK
from gatlingpy.tracking.tracker import Tracker

_FLUSH_S: Final = 5.0
_SAME_ERROR_NS: Final = 1_000_000_000

EMBEDDED_NOTE: Final = (
    "The latencies are those of the embedded broker, which is no Kafka: set "
    "KAFKA_BOOTSTRAP_SERVERS to measure a real one."
)

MakeCluster = Callable[[str, bool, Callable[[str], None]], Cluster]
"""Opens a cluster: bootstrap servers, whether embedded, who is told of broken connections."""


class KafkaRuntime:
    """One ``KafkaProtocol`` at work (``spi.ProtocolRuntime``)."""

    def __init__(
        self, plan: KafkaProtocol, services: Services, make_cluster: MakeCluster | None = None
    ) -> None:
        """``make_cluster`` takes the place of librdkafka in tests."""
        self._plan = plan
        self._services = services
        self._make_cluster = make_cluster or self._confluent_cluster
        self._cluster: Cluster | None = None
        self._broker: EmbeddedBroker | None = None
        self._bootstrap_servers = ""
        self._tracker: Tracker[WireMessage] = Tracker(services, Reply)
        self._producers: list[KafkaProducerActor] = []
        self._replies: ReplyTopics | None = None
        self._dead: dict[str, str] = {}
        self._reply_topics: set[str] = set()
        self._named_topics: dict[str, str] = {}
        self._sends: list[SendAction] = []
        self._turn = 0
        self._from_start = False
        self._most_records = 1_000
        self._last_error = ("", 0)
        self._broker_died = False
        self._block_ms = producer_config({}, "", "").block_ms

    # --- before the run --------------------------------------------------------------------------

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
        self._bootstrap_servers = str(servers)
        self._cluster = self._make_cluster(self._bootstrap_servers, embedded, self._on_error)
        existing = self._cluster.topics()
        if self._plan.create_topics and not embedded:
            missing = {t: n for t, n in self._plan.create_topics.items() if t not in existing}
            self._cluster.create_topics(missing)

    def _confluent_cluster(
        self,
        servers: str,
        embedded: bool,  # noqa: FBT001 - MakeCluster's shape
        on_error: Callable[[str], None],
    ) -> Cluster:
        run_id = self._services.run_id
        client_id = f"gatlingpy-{run_id}"
        group_id = self._plan.group_id or client_id
        producer = producer_config(self._plan.producer_properties, servers, client_id)
        self._block_ms = producer.block_ms
        consumer = consumer_config(
            self._plan.consumer_properties, servers, client_id, group_id, embedded=embedded
        )
        self._most_records = consumer.most_records
        reset = str(consumer.properties["auto.offset.reset"])
        self._from_start = reset in {"earliest", "smallest", "beginning"}
        return ConfluentCluster(servers, producer, consumer, on_error)

    @property
    def addresses(self) -> Mapping[str, str]:
        """``bootstrap_servers``, once prepared."""
        return {"bootstrap_servers": self._bootstrap_servers}

    @property
    def notes(self) -> Sequence[str]:
        """Say so if the broker is the embedded one."""
        return (EMBEDDED_NOTE,) if self._broker is not None else ()

    def _on_error(self, text: str) -> None:
        death = self._broker.failure() if self._broker is not None else None
        if death is not None and not self._broker_died:
            self._broker_died = True
            self._services.fatal(EmbeddedBrokerError(death))
        now = self._services.clock.now_ns()
        last, at_ns = self._last_error
        if text != last or now > at_ns + _SAME_ERROR_NS:
            self._last_error = (text, now)
            self._services.record((MARK, "kafka", text, now))  # type: ignore[arg-type]

    # --- requests --------------------------------------------------------------------------------

    def bind(self, request: RequestPlan, settled: Settled | None = None) -> Perform:
        """Compile a send or a request-reply."""
        try:
            return self._bound(request, settled)
        except ExpressionError as error:
            # What is the same for every user is written once, here.
            raise ProtocolError(f"{request.place}: {error}") from error

    def _bound(self, request: RequestPlan, settled: Settled | None) -> Perform:
        match request:
            case KafkaRequestReply():
                self._reply_topics.add(request.response_topic)
                self._note_topic(request.response_topic, request.where)
                self._note_topic(constant(request.request_topic), request.where)
                return RequestReplyAction(
                    request, self._plan.correlation_header, self._services, self._tracker,
                    self._next_producer, self._dead, settled,
                ).perform  # fmt: skip
            case KafkaSend():
                self._note_topic(constant(request.topic), request.where)
                send = SendAction(request, self._services, self._tracker, self._next_producer)
                self._sends.append(send)
                return send.perform
        raise TypeError(f"{type(request).__name__} is no Kafka request")

    def _note_topic(self, topic: object, where: str) -> None:
        if isinstance(topic, str):
            self._named_topics.setdefault(topic, where)

    def _next_producer(self) -> KafkaProducerActor:
        producers = self._producers
        if len(producers) == 1:
            return producers[0]
        self._turn = (self._turn + 1) % len(producers)
        return producers[self._turn]

    # --- the run ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Check the topics, resolve every reply position, then make the producers."""
        cluster = self._opened()
        existing = cluster.topics()
        missing = [topic for topic in sorted(self._named_topics) if topic not in existing]
        if missing:
            raise ProtocolError(
                f"{self._named_topics[missing[0]]}: no such topic at {self._bootstrap_servers}: "
                f"{', '.join(map(repr, missing))}; create it, or add "
                '.create_topics({"name": partitions}) to kafka()'
            )
        self._replies = ReplyTopics(
            cluster,
            self._services,
            self._plan,
            most_records=self._most_records,
            from_start=self._from_start,
            on_replies=self._on_replies,
            on_dead=self._on_dead,
        )
        self._replies.start({topic: existing[topic] for topic in sorted(self._reply_topics)})
        for number in range(self._plan.num_producers):
            client = cluster.producer(number)
            actor = KafkaProducerActor(client, self._services, number, self._block_ms)
            self._producers.append(actor)
        self._replies.watch()

    def _opened(self) -> Cluster:
        if self._cluster is None:
            raise ProtocolError("the Kafka protocol was started before it was prepared")
        return self._cluster

    def _on_replies(self, batch: list[WireMessage], received_ns: int) -> None:
        header = self._plan.correlation_header
        answered = self._tracker.answered
        for message in batch:
            correlation_id = None
            for name, value in message.headers() or ():
                if name == header:
                    correlation_id = value or None  # the last one counts; an empty one is none
            answered(correlation_id, received_ns, message)

    def _on_dead(self, topic: str, cause: str) -> None:
        message = f"the consumer of {topic} died: {cause}"
        self._dead[topic] = message
        self._tracker.consumer_failed(topic, self._services.clock.now_ns(), message)

    # --- figures and the end ---------------------------------------------------------------------

    def in_flight(self) -> int:
        """Return how many requests have not ended."""
        sent, failed, delivered = self._unwatched()
        return self._tracker.in_flight() + sent - failed - delivered

    def _unwatched(self) -> tuple[int, int, int]:
        counts = [send.counters() for send in self._sends]
        delivered = sum(actor.unwatched_delivered for actor in self._producers)
        return sum(sent for sent, _ in counts), sum(failed for _, failed in counts), delivered

    def latest_due_ns(self) -> int:
        """Return when the last of them is due, or 0; those that have ended may count as well."""
        if not self.in_flight():
            return 0
        latest = [send.latest_due_ns for send in self._sends]
        return max([self._tracker.latest_due_ns(), *latest])

    def end_all(self) -> None:
        """End what has not ended."""
        self._tracker.end_all()

    def counters(self) -> Mapping[str, int]:
        """Return the tracker's counts, with sends that nobody waited for, and the queue's."""
        counts = dict(self._tracker.counters())
        sent, failed, delivered = self._unwatched()
        counts["registered"] += sent
        counts["in_flight"] += sent - failed - delivered
        counts["ending.ok"] += delivered
        counts["ending.send"] += failed
        counts["queue_full"] = sum(actor.queue_full for actor in self._producers)
        lost = self._replies.lost_to_retention() if self._replies is not None else 0
        counts["replies_lost_to_retention"] = lost
        return counts

    def close(self) -> None:
        """Deliver or fail what is left, then stop every thread."""
        for producer in self._producers:
            producer.close(_FLUSH_S)
        if self._replies is not None:
            self._replies.close()

    def release(self) -> None:
        """Close what asked for metadata, and the embedded broker."""
        if self._cluster is not None:
            self._cluster.close()
            self._cluster = None
        if self._broker is not None:
            self._broker.close()


def kafka_runtime(plan: ProtocolPlan, services: Services) -> KafkaRuntime:
    """Return the runtime of a Kafka protocol (``spi.ProtocolFactory``)."""
    if not isinstance(plan, KafkaProtocol):
        raise TypeError(f"{type(plan).__name__} is no Kafka protocol")
    return KafkaRuntime(plan, services)
