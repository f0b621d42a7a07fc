"""The Kafka protocol of one run: wires the actors to the tracker.

user thread ─perform─▶ tracker.open ─▶ producer actor ─▶ broker ─▶ system ─▶ consumer actor
     ▲                                     │ delivery report                        │
     └──────────── tracker ends the request, resumes the user ◀─────────────────────┘
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from gatlingpy.dsl.user_code import told_at
from gatlingpy.errors import ExpressionError, ProtocolError
from gatlingpy.plan.code import Const
from gatlingpy.plan.expression import constant
from gatlingpy.plan.steps import ProtocolPlan, RequestPlan
from gatlingpy.protocols.kafka.clients import WireMessage
from gatlingpy.protocols.kafka.connection import EMBEDDED_NOTE, Connection, MakeCluster
from gatlingpy.protocols.kafka.consume import ConsumeAction, topic_of
from gatlingpy.protocols.kafka.consumed_topics import ConsumedTopics
from gatlingpy.protocols.kafka.dynamic_action import DynamicAction
from gatlingpy.protocols.kafka.encodings import Encodings
from gatlingpy.protocols.kafka.plan import KafkaProtocol
from gatlingpy.protocols.kafka.producer_pool import ProducerPool
from gatlingpy.protocols.kafka.reply import Reply
from gatlingpy.protocols.kafka.reply_channels import ReplyChannels
from gatlingpy.protocols.kafka.request_reply import RequestReplyAction
from gatlingpy.protocols.kafka.requests import KafkaConsume, KafkaRequestReply, KafkaSend
from gatlingpy.protocols.kafka.send import SendAction
from gatlingpy.protocols.kafka.topic_reading import TopicReading
from gatlingpy.spi import Perform, Services, Settled
from gatlingpy.tracking.alarm import NOTHING_UNREAD
from gatlingpy.tracking.tracker import Tracker

TIMESTAMP_NOTE: Final = (
    "Response times of request-replies end at the timestamp of the reply's record "
    "(use_timestamp_header): another machine's clock is in them, so that they may be negative."
)


class KafkaRuntime:
    """One ``KafkaProtocol`` at work (``spi.ProtocolRuntime``)."""

    def __init__(
        self, plan: KafkaProtocol, services: Services, make_cluster: MakeCluster | None = None
    ) -> None:
        """``make_cluster`` takes the place of librdkafka in tests."""
        self._plan = plan
        self._services = services
        self._connection = Connection(plan, services, make_cluster)
        self._encodings = Encodings(plan, services)
        self._producers = ProducerPool(plan, services, self._connection)
        self._tracker: Tracker[WireMessage] = Tracker(
            services, Reply, _place(plan), self._encodings.unread_since_ns
        )
        self._channels = ReplyChannels(self._encodings, services, self._tracker)
        self._consumed = ConsumedTopics(self._encodings, services, self._tracker)
        self._reading = TopicReading(
            plan, services, self._channels, self._consumed, self._tracker, self._encodings.learning
        )
        self._named_topics: dict[str, str] = {}
        self._sends: list[SendAction] = []

    # --- before the run --------------------------------------------------------------------------

    def prepare(self) -> None:
        """Start the embedded broker if one is asked for, reach the cluster, create topics."""
        self._connection.prepare()
        self._producers.prepare()

    @property
    def addresses(self) -> Mapping[str, str]:
        """``bootstrap_servers``, once prepared."""
        return {"bootstrap_servers": self._connection.bootstrap_servers}

    @property
    def notes(self) -> Sequence[str]:
        """Say so if the broker is the embedded one, and what of the consumers, once started."""
        embedded = (EMBEDDED_NOTE,) if self._connection.is_embedded else ()
        stamped = (TIMESTAMP_NOTE,) if self._plan.use_timestamp_header else ()
        return (*embedded, *stamped, *self._reading.notes())

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
                how = self._channels.in_known_places(request.correlation or self._plan.correlation)
                request = replace(request, correlation=how)
                self._note_topic(constant(request.request_topic), request.where)
                return self._bound_reply(request, settled)
            case KafkaSend():
                self._note_topic(constant(request.topic), request.where)
                send = SendAction(
                    request, self._encodings, self._services, self._tracker, self._producers.next
                )
                self._sends.append(send)
                return send.perform
            case KafkaConsume():
                return self._bound_consume(request)
        raise TypeError(f"{type(request).__name__} is no Kafka request")

    def _note_topic(self, topic: object, where: str) -> None:
        if isinstance(topic, str):
            self._named_topics.setdefault(topic, where)

    def _bound_reply(self, request: KafkaRequestReply, settled: Settled | None) -> Perform:
        given = constant(request.response_topic)
        topic = given if isinstance(given, str) else None
        self._note_topic(topic, request.where)
        self._reading.expect_replies(topic)
        how = request.correlation or self._plan.correlation
        self._channels.add(topic, how, request.response_serialization)
        if topic is not None:
            return self._reply_action(request, topic, self._reading.dead, settled)
        self._reply_action(request, "of-a-user", {}, None)  # what cannot be compiled is told now
        return DynamicAction(
            request.place,
            topic_of(request.response_topic, self._services.code, "the response topic"),
            lambda topic, settled: self._reply_action(
                request, topic.name, self._reading.dead_of(topic), settled
            ),
            self._reading, self._services,
            replies=True, detached=request.detached, settled=settled,
        ).perform  # fmt: skip

    def _reply_action(
        self,
        request: KafkaRequestReply,
        topic: str,
        dead: Mapping[str, str],
        settled: Settled | None,
    ) -> Perform:
        return RequestReplyAction(
            replace(request, response_topic=Const(topic)), self._plan, self._encodings,
            self._services, self._tracker, self._producers.next, dead, settled,
        ).perform  # fmt: skip

    def _bound_consume(self, request: KafkaConsume) -> Perform:
        given = constant(request.topic)
        topic = given if isinstance(given, str) else None
        way = self._consumed.add(topic, request.match, request.serialization)
        self._note_topic(topic, request.where)

        def action(topic: str, dead: Mapping[str, str]) -> Perform:
            return ConsumeAction(
                replace(request, topic=Const(topic)), self._plan, self._encodings,
                self._services, self._tracker, self._consumed, way, dead,
            ).perform  # fmt: skip

        if topic is not None:
            return action(topic, self._reading.dead)
        action("of-a-user", {})  # what cannot be compiled is told now
        self._reading.expect_names()
        return DynamicAction(
            request.place,
            topic_of(request.topic, self._services.code, "the topic"),
            lambda topic, _settled: action(topic.name, self._reading.dead_of(topic)),
            self._reading, self._services, replies=False,
        ).perform  # fmt: skip

    # --- the run ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Check the topics, resolve every reply position, then make the producers."""
        cluster = self._connection.cluster()
        existing = cluster.topics()
        missing = [topic for topic in sorted(self._named_topics) if topic not in existing]
        if missing:
            raise ProtocolError(
                f"{self._named_topics[missing[0]]}: no such topic at "
                f"{self._connection.bootstrap_servers}: {', '.join(map(repr, missing))}; create "
                'it, or add .create_topics({"name": partitions}) to kafka()'
            )
        self._encodings.start()
        self._connection.watch.start(cluster)
        with told_at(self._plan.where):
            self._reading.start(self._connection, existing)
            self._producers.start()
        self._reading.watch()

    # --- figures and the end ---------------------------------------------------------------------

    def in_flight(self) -> int:
        """Return how many requests have not ended."""
        sent, failed, delivered = self._unwatched()
        begun = self._tracker.in_flight() + sent - failed - delivered
        return begun + self._reading.waiting()

    def _unwatched(self) -> tuple[int, int, int]:
        counts = [send.counters() for send in self._sends]
        delivered = self._producers.unwatched_delivered()
        return sum(sent for sent, _ in counts), sum(failed for _, failed in counts), delivered

    def latest_due_ns(self) -> int:
        """Return when the last of them is due, or 0; those that have ended may count as well."""
        if not self.in_flight():
            return 0
        latest = [send.latest_due_ns for send in self._sends]
        if self._encodings.unread_since_ns() != NOTHING_UNREAD:
            latest.append(self._services.clock.now_ns())  # they are read soon, or cannot be
        return max([self._tracker.latest_due_ns(), self._reading.latest_due_ns(), *latest])

    def stop(self) -> None:
        """Let go who waits for a topic to be open."""
        self._reading.stop()

    def end_all(self) -> None:
        """End what has not ended."""
        self._reading.stop()
        self._tracker.end_all()

    def counters(self) -> Mapping[str, int]:
        """Return the tracker's counts, with sends that nobody waited for, and the queue's."""
        counts = dict(self._tracker.counters())
        sent, failed, delivered = self._unwatched()
        counts["registered"] += sent
        counts["in_flight"] += sent - failed - delivered
        counts["ending.ok"] += delivered
        counts["ending.send"] += failed
        counts["queue_full"] = self._producers.queue_full()
        counts.update(self._reading.counters())
        counts.update(self._encodings.counters())
        return counts

    def close(self) -> None:
        """Deliver or fail what is left, then stop every thread."""
        self._reading.look_no_more()  # a look that began meanwhile would have to be waited for
        self._connection.watch.await_report()
        self._producers.close()
        self._reading.close()
        self._encodings.close()
        self._connection.watch.close()

    def release(self) -> None:
        """Close what asked for metadata, and the embedded broker."""
        self._connection.release()


def _place(plan: KafkaProtocol) -> str:
    """Return what tells the ids of a protocol from those of others: nothing for the first."""
    return plan.id.removeprefix(plan.kind).removeprefix("-")


def kafka_runtime(plan: ProtocolPlan, services: Services) -> KafkaRuntime:
    """Return the runtime of a Kafka protocol (``spi.ProtocolFactory``)."""
    if not isinstance(plan, KafkaProtocol):
        raise TypeError(f"{type(plan).__name__} is no Kafka protocol")
    return KafkaRuntime(plan, services)
