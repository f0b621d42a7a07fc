"""What a simulation wants of Kafka, frozen: the protocol, a send, a request-reply."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from gatlingpy.plan.checks import NOTHING, Check, SerializationType
from gatlingpy.plan.code import Const, Env, Expr
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.plan.steps import ProtocolPlan, RequestPlan, show_expression
from gatlingpy.protocols.kafka.arguments import server_problems, topic_problems
from gatlingpy.protocols.kafka.properties import consumer_problems, producer_problems

NOWHERE: Final = Const("")
_EMPTY_IDS: Final = (Const(""), Const(None), Const(b""))

Property: TypeAlias = str | int | float | bool | Env
"""A client property: a plain value, or an environment variable for what must stay secret."""


@dataclass(frozen=True, slots=True)
class EmbeddedBrokerPlan:
    """A broker inside gatlingpy, for demonstrations and tests: topics and their partitions."""

    topics: FrozenMap[int]
    brokers: int = 1


@dataclass(frozen=True, slots=True)
class MemoryStorePlan:
    """No journal: what is in flight is lost if the injector dies."""


class ResumeOn(StrEnum):
    """What a user waits for after a request-reply was sent."""

    REPLY = "reply"
    ACK = "ack"
    SEND = "send"


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaProtocol(ProtocolPlan):
    """How to reach a cluster, and how replies are matched to requests."""

    bootstrap_servers: str | Env | EmbeddedBrokerPlan = ""
    group_id: str | None = None
    num_producers: int = 1
    num_consumers: int = 1
    producer_properties: FrozenMap[Property] = field(default_factory=FrozenMap)
    consumer_properties: FrozenMap[Property] = field(default_factory=FrozenMap)
    correlation_header: str = "correlationId"
    poll_timeout_ns: int = 100_000_000
    timeout_check_interval_ns: int = 5_000_000_000
    store: MemoryStorePlan = field(default_factory=MemoryStorePlan)
    create_topics: FrozenMap[int] = field(default_factory=FrozenMap)

    @property
    def kind(self) -> str:
        """``kafka``."""
        return "kafka"

    def problems(self) -> Iterator[str]:
        """Yield what would keep the clients from being made."""
        yield from self._server_problems()
        if self.group_id is not None and not self.group_id.strip():
            yield "kafka().group_id(...) is empty; leave it out, and each run gets its own group"
        if self.num_producers < 1:
            yield f"num_producers must be at least 1, got {self.num_producers}"
        if self.num_consumers < 1:
            yield f"num_consumers must be at least 1, got {self.num_consumers}"
        if not self.correlation_header:
            yield "correlation_header_name(...) is empty; name the header that carries the id"
        if self.poll_timeout_ns <= 0:
            yield "poll_timeout(...) is 0, so that consumers would never rest; give it some seconds"
        yield from topic_problems("create_topics", self.create_topics)
        yield from producer_problems(self.producer_properties)
        yield from consumer_problems(self.consumer_properties)

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
        if not isinstance(request, KafkaRequestReply):
            return
        for name, value in request.headers.items():
            if name == self.correlation_header and value in _EMPTY_IDS:
                yield (
                    f"{request.label!r}: the header {name!r}, which carries the correlation id, "
                    "is empty; give it a value, or leave the header out and gatlingpy makes an id"
                )

    def warnings(self, requests: Sequence[RequestPlan]) -> Iterator[str]:
        """Yield which requests give up before their delivery does."""
        given = self.producer_properties
        delivery_ms = given.get("delivery.timeout.ms", given.get("message.timeout.ms", 30_000))
        if isinstance(delivery_ms, Env):
            return
        early = {
            request.label: request.timeout_ns
            for request in requests
            if isinstance(request, KafkaSend | KafkaRequestReply)
            and request.timeout_ns < float(delivery_ms) * 1_000_000
        }
        for label, timeout_ns in early.items():
            yield (
                f"{label!r} gives up after {timeout_ns / 1e9:g} s, but its message may be "
                f"delivered until {float(delivery_ms) / 1000:g} s (delivery.timeout.ms); what is "
                "delivered or answered in between is counted as late"
            )

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
            f"kafka     {brokers}   producers {self.num_producers}, "
            f"consumers {self.num_consumers}   "
            f"matched by header {self.correlation_header}   store memory"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaSend(RequestPlan):
    """A message that no reply is expected to."""

    topic: Expr = NOWHERE
    key: Expr | None = None
    value: Expr = NOTHING
    serialization: SerializationType | None = None
    headers: FrozenMap[Expr] = field(default_factory=FrozenMap)
    wait_for_ack: bool = True
    timeout_ns: int = 30_000_000_000

    @property
    def kind(self) -> str:
        """``kafka``."""
        return "kafka"

    def problems(self) -> Iterator[str]:
        """Yield what would keep this message from being sent."""
        if self.topic == NOWHERE:
            yield f'{self.label!r} has no topic; add .topic("...")'
        if self.timeout_ns <= 0:
            yield f"{self.label!r} has a timeout of 0; give it some seconds"

    def describe(self) -> tuple[str, ...]:
        """Return the lines for a printed plan."""
        acks = "waits for the ack" if self.wait_for_ack else "does not wait"
        head = f"send  {self.label}   → {show_expression(self.topic)}   {acks}"
        return (head, *_contents(self.key, self.value, self.headers))


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaRequestReply(RequestPlan):
    """A message and the reply to it on another topic."""

    request_topic: Expr = NOWHERE
    response_topic: str = ""
    key: Expr | None = None
    value: Expr = NOTHING
    request_serialization: SerializationType | None = None
    response_serialization: SerializationType | None = None
    headers: FrozenMap[Expr] = field(default_factory=FrozenMap)
    checks: tuple[Check, ...] = ()
    timeout_ns: int = 10_000_000_000
    resume_on: ResumeOn = ResumeOn.REPLY
    loopback: bool = False

    @property
    def kind(self) -> str:
        """``kafka``."""
        return "kafka"

    def problems(self) -> Iterator[str]:
        """Yield what would keep this request from being sent or answered."""
        if self.request_topic == NOWHERE:
            yield f'{self.label!r} has no request topic; add .request_topic("...")'
        if not self.response_topic:
            yield (
                f'{self.label!r} has no response topic; add .response_topic("..."), or use '
                ".send() if no reply is expected"
            )
        elif self.request_topic == Const(self.response_topic) and not self.loopback:
            yield (
                f"{self.label!r} would read its own requests as replies: request and response "
                f"topic are both {self.response_topic!r}; add .loopback() if that is meant"
            )
        if self.timeout_ns <= 0:
            yield f"{self.label!r} has a timeout of 0; give it some seconds"
        if self.resume_on is not ResumeOn.REPLY and self._saves():
            yield (
                f"{self.label!r} saves from the reply, but its user does not wait for it; take "
                f'away .resume_on("{self.resume_on}") or save_as(...)'
            )

    def _saves(self) -> bool:
        return any(getattr(check, "save_as", "") for check in self.checks)

    @property
    def detached(self) -> bool:
        """Whether its user does not wait for the reply."""
        return self.resume_on is not ResumeOn.REPLY

    def describe(self) -> tuple[str, ...]:
        """Return the lines for a printed plan."""
        head = (
            f"request-reply  {self.label}   {show_expression(self.request_topic)} → "
            f"{self.response_topic}   timeout {self.timeout_ns / 1e9:g} s   "
            f"resumes on {self.resume_on}"
        )
        checks = tuple(f"check  {show_check(check)}" for check in self.checks)
        return (head, *_contents(self.key, self.value, self.headers), *checks)


def _contents(key: Expr | None, value: Expr, headers: FrozenMap[Expr]) -> tuple[str, ...]:
    shown_key = () if key is None else (f"key    {show_expression(key)}",)
    shown_headers = tuple(f"header {name}: {show_expression(v)}" for name, v in headers.items())
    return (*shown_key, f"value  {show_expression(value)}", *shown_headers)


def show_check(check: Check) -> str:
    """Return a check as a reader of the plan should see it."""
    name = getattr(check, "name", "")
    extract = getattr(check, "extract", None)
    if extract is None:
        return name or type(check).__name__
    what = getattr(extract, "path", None) or getattr(extract, "pattern", None)
    expected = getattr(check, "expected", None)
    shown = f"{what or getattr(extract, 'text', 'body')} {getattr(check, 'expectation', '')}"
    if expected is not None and expected != Const(None):
        shown += f" {show_expression(expected)}"
    saved = getattr(check, "save_as", "")
    return shown + (f" → {saved}" if saved else "")


PLAN_TYPES: tuple[type, ...] = (
    EmbeddedBrokerPlan,
    MemoryStorePlan,
    ResumeOn,
    KafkaProtocol,
    KafkaSend,
    KafkaRequestReply,
)
