"""``kafka("name")``: a send or a request-reply, written step by step."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from gatlingpy.dsl.checks import CheckBuilder, as_check
from gatlingpy.dsl.compiler import Compiler, Expression
from gatlingpy.dsl.duration import Duration, to_ns
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.code import Expr
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.plan.template import has_placeholder
from gatlingpy.protocols.kafka.arguments import mapping, text
from gatlingpy.protocols.kafka.plan import KafkaRequestReply, KafkaSend, ResumeOn
from gatlingpy.protocols.kafka.protocol_builder import KIND

Headers: TypeAlias = Mapping[str, Expression]


@dataclass(frozen=True, slots=True)
class KafkaRequest:
    """A named request that does not say yet what it does."""

    name: Expression
    where: str

    def send(self) -> "KafkaSendBuilder":
        """Send a message that no reply is expected to."""
        return KafkaSendBuilder(self.name, self.where)

    def request_reply(self) -> "KafkaRequestReplyBuilder":
        """Send a message and wait for the reply to it on another topic."""
        return KafkaRequestReplyBuilder(self.name, self.where)


def _reply_topic(topic: object, what: str) -> str:
    """Consumers are assigned before the first user starts: the name must be known by then."""
    if isinstance(topic, str) and not has_placeholder(topic):
        return topic
    raise UsageError(
        f"{user_line()}: {what}: the response topic must be a text that is the same for every "
        f"user, got {topic!r}"
    )


def _optional(compiler: Compiler, value: Expression | None, path: str) -> Expr | None:
    return None if value is None else compiler.expression(value, path)


def _headers(compiler: Compiler, headers: Headers, path: str) -> FrozenMap[Expr]:
    return FrozenMap(
        {name: compiler.expression(v, f"{path}/headers/{name}") for name, v in headers.items()}
    )


@dataclass(frozen=True, slots=True)
class KafkaSendBuilder:
    """A message while it is being written; each method returns a new builder."""

    name: Expression
    where: str
    _topic: Expression = ""
    _key: Expression | None = None
    _value: Expression = None
    _serialization: SerializationType | None = None
    _headers: Headers = field(default_factory=FrozenMap)
    _wait_for_ack: bool = True
    _timeout_ns: int = 30_000_000_000

    @property
    def kind(self) -> str:
        """``kafka``."""
        return KIND

    def topic(self, topic: Expression) -> "KafkaSendBuilder":
        """Send to this topic."""
        return replace(self, _topic=topic)

    def key(self, key: Expression) -> "KafkaSendBuilder":
        """Give the message this key; without one the broker's partitions are taken in turn."""
        return replace(self, _key=key)

    def value(self, value: Expression) -> "KafkaSendBuilder":
        """Give the message this value: text, bytes, or what JSON can hold."""
        return replace(self, _value=value)

    def header(self, name: str, value: Expression) -> "KafkaSendBuilder":
        """Add a header; a value of ``None`` leaves it out."""
        return replace(self, _headers={**self._headers, text(name, "header(name, ...)"): value})

    def headers(self, headers: Headers) -> "KafkaSendBuilder":
        """Add these headers."""
        given = mapping(headers, "headers(...)", '{"source": "#{id}"}')
        return replace(self, _headers={**self._headers, **given})

    def as_string(self) -> "KafkaSendBuilder":
        """Write the value as UTF-8 text."""
        return replace(self, _serialization=SerializationType.STRING)

    def as_bytes(self) -> "KafkaSendBuilder":
        """Write the value as the bytes it is."""
        return replace(self, _serialization=SerializationType.BYTE_ARRAY)

    def as_json(self) -> "KafkaSendBuilder":
        """Write the value as JSON; text is taken as JSON already written."""
        return replace(self, _serialization=SerializationType.JSON)

    def wait_for_ack(self, wait: bool = True) -> "KafkaSendBuilder":  # noqa: FBT001, FBT002
        """Let the user wait until the broker has confirmed the message: the default."""
        return replace(self, _wait_for_ack=wait)

    def no_ack(self) -> "KafkaSendBuilder":
        """Let the user go on as soon as the client has taken the message.

        One row is written when its fate is known: the time until the client took it, failed if
        the delivery fails.
        """
        return self.wait_for_ack(False)

    def timeout(self, timeout: Duration) -> "KafkaSendBuilder":
        """Fail the request if the broker has not confirmed it after so long; 30 s by default."""
        return replace(self, _timeout_ns=to_ns(timeout, f"{user_line()}: timeout(...)"))

    def compile(self, compiler: Compiler, path: str) -> KafkaSend:
        """Return the frozen request."""
        return KafkaSend(
            name=compiler.expression(self.name, f"{path}/name"),
            protocol=compiler.protocol(KIND),
            where=self.where,
            topic=compiler.expression(self._topic, f"{path}/topic"),
            key=_optional(compiler, self._key, f"{path}/key"),
            value=compiler.expression(self._value, f"{path}/value"),
            serialization=self._serialization,
            headers=_headers(compiler, self._headers, path),
            wait_for_ack=self._wait_for_ack,
            timeout_ns=self._timeout_ns,
        )


@dataclass(frozen=True, slots=True)
class KafkaRequestReplyBuilder:
    """A request-reply while it is being written; each method returns a new builder."""

    name: Expression
    where: str
    _request_topic: Expression = ""
    _response_topic: str = ""
    _key: Expression | None = None
    _value: Expression = None
    _request_serialization: SerializationType | None = None
    _response_serialization: SerializationType | None = None
    _headers: Headers = field(default_factory=FrozenMap)
    _checks: tuple[CheckBuilder, ...] = ()
    _timeout_ns: int = 10_000_000_000
    _resume_on: ResumeOn = ResumeOn.REPLY
    _loopback: bool = False

    @property
    def kind(self) -> str:
        """``kafka``."""
        return KIND

    def request_topic(self, topic: Expression) -> "KafkaRequestReplyBuilder":
        """Send to this topic."""
        return replace(self, _request_topic=topic)

    def response_topic(self, topic: str) -> "KafkaRequestReplyBuilder":
        """Expect the reply on this topic."""
        return replace(self, _response_topic=_reply_topic(topic, "response_topic(...)"))

    def topics(self, request: Expression, response: str) -> "KafkaRequestReplyBuilder":
        """Send to the first and expect the reply on the second."""
        reply = _reply_topic(response, "topics(...)")
        return replace(self, _request_topic=request, _response_topic=reply)

    def key(self, key: Expression) -> "KafkaRequestReplyBuilder":
        """Give the message this key."""
        return replace(self, _key=key)

    def value(self, value: Expression) -> "KafkaRequestReplyBuilder":
        """Give the message this value: text, bytes, or what JSON can hold."""
        return replace(self, _value=value)

    def header(self, name: str, value: Expression) -> "KafkaRequestReplyBuilder":
        """Add a header; one with the name of the correlation header supplies the id itself."""
        return replace(self, _headers={**self._headers, text(name, "header(name, ...)"): value})

    def headers(self, headers: Headers) -> "KafkaRequestReplyBuilder":
        """Add these headers."""
        given = mapping(headers, "headers(...)", '{"source": "#{id}"}')
        return replace(self, _headers={**self._headers, **given})

    def _as(self, serialization: SerializationType) -> "KafkaRequestReplyBuilder":
        return replace(
            self, _request_serialization=serialization, _response_serialization=serialization
        )

    def as_string(self) -> "KafkaRequestReplyBuilder":
        """Write the request as text, and give checks the reply as text."""
        return self._as(SerializationType.STRING)

    def as_bytes(self) -> "KafkaRequestReplyBuilder":
        """Write the request as bytes, and give checks the reply as bytes."""
        return self._as(SerializationType.BYTE_ARRAY)

    def as_json(self) -> "KafkaRequestReplyBuilder":
        """Write the request as JSON, and give checks the reply as parsed JSON."""
        return self._as(SerializationType.JSON)

    def check(self, *checks: CheckBuilder) -> "KafkaRequestReplyBuilder":
        """Ask these of the reply; the first that fails fails the request."""
        return replace(self, _checks=(*self._checks, *(as_check(check) for check in checks)))

    checks = check

    def timeout(self, timeout: Duration) -> "KafkaRequestReplyBuilder":
        """Fail the request if no reply has come after so long; 10 s by default."""
        return replace(self, _timeout_ns=to_ns(timeout, f"{user_line()}: timeout(...)"))

    def resume_on(self, event: Literal["reply", "ack", "send"]) -> "KafkaRequestReplyBuilder":
        """Let the user go on at the reply (default), at the broker's ack, or once it is sent."""
        if event not in list(ResumeOn):
            raise UsageError(
                f'{user_line()}: resume_on(...) takes "reply", "ack" or "send", got {event!r}'
            )
        return replace(self, _resume_on=ResumeOn(event))

    def loopback(self) -> "KafkaRequestReplyBuilder":
        """Mean it that request and response topic are the same."""
        return replace(self, _loopback=True)

    def compile(self, compiler: Compiler, path: str) -> KafkaRequestReply:
        """Return the frozen request."""
        checks = enumerate(self._checks)
        return KafkaRequestReply(
            name=compiler.expression(self.name, f"{path}/name"),
            protocol=compiler.protocol(KIND),
            where=self.where,
            request_topic=compiler.expression(self._request_topic, f"{path}/topic"),
            response_topic=self._response_topic,
            key=_optional(compiler, self._key, f"{path}/key"),
            value=compiler.expression(self._value, f"{path}/value"),
            request_serialization=self._request_serialization,
            response_serialization=self._response_serialization,
            headers=_headers(compiler, self._headers, path),
            checks=tuple(c.compile(f"{path}/check/{i}", compiler.code) for i, c in checks),
            timeout_ns=self._timeout_ns,
            resume_on=self._resume_on,
            loopback=self._loopback,
        )
