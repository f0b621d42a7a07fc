"""``kafka("name").request_reply()``, written step by step."""

from dataclasses import dataclass, replace
from typing import Literal, Self

from gatlingpy.dsl.check_arguments import must_be_text
from gatlingpy.dsl.checks import CheckArgument, CheckBuilder, as_checks
from gatlingpy.dsl.compiler import Compiler, Expression
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.checks import SerializationType
from gatlingpy.protocols.kafka.action_builder import EncodingGiven, encoding
from gatlingpy.protocols.kafka.codec_arguments import (
    AvroGiven,
    JsonSchemaGiven,
    ProtobufGiven,
    avro,
    encoding_given,
    json_schema,
    protobuf,
)
from gatlingpy.protocols.kafka.correlation import Correlation
from gatlingpy.protocols.kafka.correlation_builder import CorrelationBuilder
from gatlingpy.protocols.kafka.correlation_methods import Correlating
from gatlingpy.protocols.kafka.message_builder import MessageBuilder
from gatlingpy.protocols.kafka.plan import KafkaProtocol
from gatlingpy.protocols.kafka.requests import KafkaRequestReply, ResumeOn


@dataclass(frozen=True, slots=True)
class KafkaRequestReplyBuilder(MessageBuilder, Correlating):
    """A request-reply while it is being written; each method returns a new builder."""

    _timeout_ns: int = 10_000_000_000
    _request_topic: Expression = ""
    _response_topic: Expression = ""
    _request_serialization: EncodingGiven = None
    _response_serialization: EncodingGiven = None
    _correlation: CorrelationBuilder | None = None
    _checks: tuple[CheckBuilder, ...] = ()
    _resume_on: ResumeOn = ResumeOn.REPLY
    _loopback: bool = False
    _skip_payload_storage: bool = False
    _store_session: tuple[str, ...] | None = None

    def request_topic(self, topic: Expression) -> Self:
        """Send to this topic."""
        return replace(self, _request_topic=topic)

    def response_topic(self, topic: Expression) -> Self:
        """Expect the reply on this topic."""
        return replace(self, _response_topic=topic)

    def topics(self, request: Expression, response: Expression) -> Self:
        """Send to the first and expect the reply on the second."""
        return replace(self, _request_topic=request, _response_topic=response)

    def serialization(self, request: EncodingGiven, response: EncodingGiven = None) -> Self:
        """Write the request this way, and read the reply that way: as the request by default."""
        encoding_given(request, "serialization(...)")
        reply = encoding_given(request if response is None else response, "serialization(...)")
        return replace(self, _request_serialization=request, _response_serialization=reply)

    def as_string(self) -> Self:
        """Write the request as text, and give checks the reply as text."""
        return self.serialization(SerializationType.STRING)

    def as_bytes(self) -> Self:
        """Write the request as bytes, and give checks the reply as bytes."""
        return self.serialization(SerializationType.BYTE_ARRAY)

    def as_json(self) -> Self:
        """Write the request as JSON, and give checks the reply as parsed JSON."""
        return self.serialization(SerializationType.JSON)

    def as_avro(self, codec: AvroGiven = None, reply: AvroGiven = None) -> Self:
        """Write the request and read the reply as Avro.

        By a codec, by a schema, or by the protocol's codec; ``reply`` is for replies of another
        schema.
        """
        return self.serialization(avro(codec), None if reply is None else avro(reply))

    def as_protobuf(self, codec: ProtobufGiven = None, reply: ProtobufGiven = None) -> Self:
        """Write the request and read the reply as Protobuf.

        By a codec, by a class, or by the protocol's codec; ``reply`` is for replies of another
        class.
        """
        return self.serialization(protobuf(codec), None if reply is None else protobuf(reply))

    def as_json_schema(self, codec: JsonSchemaGiven = None, reply: JsonSchemaGiven = None) -> Self:
        """Write the request and read the reply as JSON that is held to a schema.

        By a codec, by a schema, or by the protocol's codec; ``reply`` is for replies of another
        schema.
        """
        return self.serialization(json_schema(codec), None if reply is None else json_schema(reply))

    def check(self, *checks: CheckArgument) -> Self:
        """Ask these of the reply; the first that fails fails the request."""
        return replace(self, _checks=(*self._checks, *as_checks(*checks)))

    checks = check

    def resume_on(self, event: Literal["reply", "ack", "send"]) -> Self:
        """Let the user go on at the reply (default), at the broker's ack, or once it is sent."""
        if event not in list(ResumeOn):
            raise UsageError(
                f'{user_line()}: resume_on(...) takes "reply", "ack" or "send", got {event!r}'
            )
        return replace(self, _resume_on=ResumeOn(event))

    def loopback(self) -> Self:
        """Mean it that request and response topic are the same."""
        return replace(self, _loopback=True)

    def skip_payload_storage(self) -> Self:
        """Forget the request's value once it is sent, so that it takes no memory.

        Checks that compare the reply with the request are refused then.
        """
        return replace(self, _skip_payload_storage=True)

    def store_session(self, *keys: str) -> Self:
        """Keep only these attributes of the session for checks while the reply is awaited.

        For users that go on at the ack or at the send: what they do later is not seen.
        """
        for key in keys:
            must_be_text("store_session", key)
        return replace(self, _store_session=keys)

    def _correlated(self, how: CorrelationBuilder) -> Self:
        return replace(self, _correlation=how)

    @property
    def _how(self) -> CorrelationBuilder:
        return self._correlation or CorrelationBuilder()

    def _matched(self, compiler: Compiler, path: str, protocol: str) -> Correlation | None:
        """Return how its replies are matched where that is not as its protocol says."""
        if self._correlation is None:
            return None
        plans = (plan for plan in compiler.protocols if plan.id == protocol)
        base = next((p.correlation for p in plans if isinstance(p, KafkaProtocol)), Correlation())
        return self._correlation.compile(f"{path}/correlation", compiler.code, base)

    def compile(self, compiler: Compiler, path: str) -> KafkaRequestReply:
        """Return the frozen request."""
        checks = enumerate(self._checks)
        parts = self._message(compiler, path)
        return KafkaRequestReply(
            **parts,
            request_topic=compiler.expression(self._request_topic, f"{path}/topic"),
            response_topic=compiler.expression(self._response_topic, f"{path}/response_topic"),
            request_serialization=encoding(
                compiler, self._request_serialization, f"{path}/request_codec"
            ),
            response_serialization=encoding(
                compiler, self._response_serialization, f"{path}/response_codec"
            ),
            correlation=self._matched(compiler, path, parts["protocol"]),
            checks=tuple(c.compile(f"{path}/check/{i}", compiler.code) for i, c in checks),
            resume_on=self._resume_on,
            loopback=self._loopback,
            skip_payload_storage=self._skip_payload_storage,
            store_session=self._store_session,
        )
