"""How a simulation reaches Kafka, frozen: the cluster, its clients, and what is measured."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from gatlingpy.plan.check_rules import payload_problems, saved_keys
from gatlingpy.plan.checks import Check
from gatlingpy.plan.code import CodeRef, Env, SecretFile
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.plan.steps import ProtocolPlan, RequestPlan
from gatlingpy.protocols.kafka.arguments import server_problems, topic_problems
from gatlingpy.protocols.kafka.codecs.plan import CodecPlan, SchemaRegistryPlan
from gatlingpy.protocols.kafka.consumer_rules import (
    commit_problems,
    group_problems,
    group_request_problems,
)
from gatlingpy.protocols.kafka.correlation import Correlation
from gatlingpy.protocols.kafka.encoding_choice import ProtocolCodecs
from gatlingpy.protocols.kafka.measuring import interval_problems, interval_warnings
from gatlingpy.protocols.kafka.message_values import key_problems
from gatlingpy.protocols.kafka.producer_conflicts import NO_TRANSACTIONS, producer_conflicts
from gatlingpy.protocols.kafka.properties import consumer_problems, producer_problems
from gatlingpy.protocols.kafka.requests import KafkaMessage, KafkaRequestReply, KafkaSend
from gatlingpy.protocols.kafka.security import client_problems, describe_security

_SHOWN: Final = 5
"""How many requests a warning names."""

Property: TypeAlias = str | int | float | bool | Env | SecretFile
"""A client property: a plain value, or where to find what must stay secret."""


@dataclass(frozen=True, slots=True)
class EmbeddedBrokerPlan:
    """A broker inside gatlingpy, for demonstrations and tests: topics and their partitions."""

    topics: FrozenMap[int]
    brokers: int = 1


@dataclass(frozen=True, slots=True)
class MemoryStorePlan:
    """No journal: what is in flight is lost if the injector dies."""

    @property
    def shared(self) -> bool:
        """Whether several injectors can find each other's requests in it."""
        return False


class Commit(StrEnum):
    """When a transaction is committed."""

    MESSAGE = "message"
    """After each message: the default, and the original's."""
    BATCH = "batch"
    """After as many messages as have gathered, or once no more has come for a moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaProtocol(ProtocolPlan):
    """How to reach a cluster, and how replies are matched to requests."""

    bootstrap_servers: str | Env | EmbeddedBrokerPlan = ""
    group_id: str | None = None
    num_producers: int = 1
    num_consumers: int = 1
    security: FrozenMap[Property] = field(default_factory=FrozenMap)
    """Properties of every client, under those of producers and consumers."""
    oauth_token: CodeRef | None = None
    """The user's function that gives OAUTHBEARER tokens."""
    producer_properties: FrozenMap[Property] = field(default_factory=FrozenMap)
    consumer_properties: FrozenMap[Property] = field(default_factory=FrozenMap)
    correlation: Correlation = field(default_factory=Correlation)
    checks: tuple[Check, ...] = ()
    """Asked of every reply, and of every consumed record, before the request's own."""
    value_codec: CodecPlan | None = None
    reply_codec: CodecPlan | None = None
    key_codec: CodecPlan | None = None
    registry: SchemaRegistryPlan | None = None
    transactional_id: str | Env | None = None
    transaction_commit: Commit = Commit.MESSAGE
    transaction_size: int = 1_000
    """How many messages a transaction holds at most, where it is committed by batch."""
    shared_consumer_group: bool = False
    commit_interval_ns: int | None = 5_000_000_000
    """How often reply positions are committed; ``None``: never."""
    sync_commit: bool = False
    use_timestamp_header: bool = False
    metric_injection_interval_ns: int | None = None
    measure_store_latency: bool = False
    poll_timeout_ns: int = 100_000_000
    timeout_check_interval_ns: int = 5_000_000_000
    store: MemoryStorePlan = field(default_factory=MemoryStorePlan)
    create_topics: FrozenMap[int] = field(default_factory=FrozenMap)

    @property
    def kind(self) -> str:
        """``kafka``."""
        return "kafka"

    @property
    def codecs(self) -> ProtocolCodecs:
        """Its codecs, and where their schemas are."""
        return ProtocolCodecs(self.value_codec, self.reply_codec, self.key_codec, self.registry)

    def problems(self) -> Iterator[str]:
        """Yield what would keep the clients from being made."""
        yield from self._server_problems()
        yield from self.codecs.problems()
        if self.group_id is not None and not self.group_id.strip():
            yield "kafka().group_id(...) is empty; leave it out, and each run gets its own group"
        if self.num_producers < 1:
            yield f"num_producers must be at least 1, got {self.num_producers}"
        if self.num_consumers < 1:
            yield f"num_consumers must be at least 1, got {self.num_consumers}"
        yield from self.correlation.problems()
        if self.poll_timeout_ns <= 0:
            yield "poll_timeout(...) is 0, so that consumers would never rest; give it some seconds"
        yield from interval_problems(self.metric_injection_interval_ns)
        yield from commit_problems(self.commit_interval_ns)
        yield from group_problems(
            is_shared=self.shared_consumer_group, store_is_shared=self.store.shared
        )
        yield from topic_problems("create_topics", self.create_topics)
        yield from producer_problems(self.producer_properties)
        yield from self._transaction_problems()
        yield from consumer_problems(self.consumer_properties)
        clients = {
            "producer_properties": self.producer_properties,
            "consumer_properties": self.consumer_properties,
        }
        yield from client_problems(self.security, clients, has_token=self.oauth_token is not None)

    def _transaction_problems(self) -> Iterator[str]:
        transactional = self.transactional_id is not None
        yield from producer_conflicts(self.producer_properties, transactional=transactional)
        if transactional and isinstance(self.bootstrap_servers, EmbeddedBrokerPlan):
            yield NO_TRANSACTIONS
        if self.transactional_id == "":
            yield 'transactional_id("") is empty; give it a name that no other application has'
        if self.transaction_size < 1:
            least = "transactional_id(batch_size=...) must be at least 1"
            yield f"{least}, got {self.transaction_size}"

    def _server_problems(self) -> Iterator[str]:
        servers: object = self.bootstrap_servers
        if isinstance(servers, Env):
            servers = servers.default  # the variable itself is read when the run starts
        match servers:
            case EmbeddedBrokerPlan(topics, brokers):
                yield from topic_problems("embedded_broker", topics)
                if brokers < 1:
                    yield f"embedded_broker needs at least 1 broker, got {brokers}"
            case str():
                yield from server_problems(servers)

    def request_problems(self, request: RequestPlan) -> Iterator[str]:
        """Yield what keeps a request-reply from being matched: an id that is always empty."""
        yield from self.codecs.request_problems(request)
        if self.shared_consumer_group:
            yield from group_request_problems(request)
        if isinstance(request, KafkaMessage) and self.key_codec is None:
            yield from (f"{request.label!r}: {told}" for told in key_problems(request.key))
        if not isinstance(request, KafkaRequestReply):
            return
        if request.skip_payload_storage:
            yield from payload_problems(request.label, self.checks)
        if request.detached:
            yield from self._unsaved_problems(request)
        how = request.correlation or self.correlation
        if request.correlation is not None:
            yield from (f"{request.label!r}: {problem}" for problem in how.problems())
        for problem in how.request_problems(request.key, request.value, request.headers):
            yield f"{request.label!r}: {problem}"

    def _unsaved_problems(self, request: KafkaRequestReply) -> Iterator[str]:
        for key in (key for check in self.checks for key in saved_keys(check)):
            yield (
                f"{request.label!r}: a check of its protocol saves {key!r} from the reply, but its "
                f'user does not wait for it; take away .resume_on("{request.resume_on}") or '
                "save_as(...)"
            )

    def warnings(self, requests: Sequence[RequestPlan]) -> Iterator[str]:
        """Yield which requests give up before their delivery does, and what measuring costs."""
        yield from self.codecs.warnings()
        yield from interval_warnings(self.metric_injection_interval_ns)
        given = self.producer_properties
        delivery_ms = given.get("delivery.timeout.ms", given.get("message.timeout.ms", 30_000))
        if isinstance(delivery_ms, Env | SecretFile):
            return
        early = {
            request.label: request.timeout_ns
            for request in requests
            if isinstance(request, KafkaSend | KafkaRequestReply)
            and request.timeout_ns < float(delivery_ms) * 1_000_000
        }
        if early:
            # One warning for all: as many as there are requests would hide the others.
            told = [f"{label!r} after {ns / 1e9:g} s" for label, ns in early.items()]
            more = f" and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
            yield (
                f"these give up before their delivery does: {', '.join(told[:_SHOWN])}{more}; a "
                f"message may be delivered until {float(delivery_ms) / 1000:g} s "
                "(delivery.timeout.ms), and what is delivered or answered in between is counted "
                "as late"
            )

    def _transactions(self) -> str:
        match self.transactional_id:
            case None:
                return ""
            case Env(name):
                transactional_id = f"${{{name}}}"
            case text:
                transactional_id = text
        return f" in transactions by {self.transaction_commit} ({transactional_id}-0 …)"

    def describe(self) -> str:
        """Return one line: brokers, clients, correlation, store."""
        match self.bootstrap_servers:
            case Env(name, default):
                brokers = f"${{{name}}}"
                if isinstance(default, EmbeddedBrokerPlan):
                    brokers += ", else an embedded broker"
            case EmbeddedBrokerPlan():
                brokers = "an embedded broker"
            case text:
                brokers = text
        return (
            f"kafka     {brokers}   producers {self.num_producers}{self._transactions()}, "
            f"consumers {self.num_consumers}   "
            f"matched by {self.correlation.describe()}   store memory"
            f"{describe_security(self.security)}{self.codecs.describe()}"
        )
