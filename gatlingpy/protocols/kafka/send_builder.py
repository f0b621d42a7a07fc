"""``kafka("name").send()``, written step by step."""

from dataclasses import dataclass, replace
from typing import Self

from gatlingpy.dsl.compiler import Compiler, Expression
from gatlingpy.plan.checks import SerializationType
from gatlingpy.protocols.kafka.action_builder import EncodingGiven, encoding
from gatlingpy.protocols.kafka.arguments import flag
from gatlingpy.protocols.kafka.codec_arguments import (
    AvroGiven,
    JsonSchemaGiven,
    ProtobufGiven,
    avro,
    encoding_given,
    json_schema,
    protobuf,
)
from gatlingpy.protocols.kafka.message_builder import MessageBuilder
from gatlingpy.protocols.kafka.requests import KafkaSend


@dataclass(frozen=True, slots=True)
class KafkaSendBuilder(MessageBuilder):
    """A message while it is being written; each method returns a new builder."""

    _topic: Expression = ""
    _serialization: EncodingGiven = None
    _wait_for_ack: bool = True

    def topic(self, topic: Expression) -> Self:
        """Send to this topic."""
        return replace(self, _topic=topic)

    def as_string(self) -> Self:
        """Write the value as UTF-8 text."""
        return replace(self, _serialization=SerializationType.STRING)

    def as_bytes(self) -> Self:
        """Write the value as the bytes it is."""
        return replace(self, _serialization=SerializationType.BYTE_ARRAY)

    def as_json(self) -> Self:
        """Write the value as JSON; text is taken as JSON already written."""
        return replace(self, _serialization=SerializationType.JSON)

    def as_avro(self, codec: AvroGiven = None) -> Self:
        """Write the value as Avro: by a codec, by a schema, or by the protocol's codec."""
        return replace(self, _serialization=avro(codec))

    def as_protobuf(self, codec: ProtobufGiven = None) -> Self:
        """Write the value as Protobuf: by a codec, by a class, or by the protocol's codec."""
        return replace(self, _serialization=protobuf(codec))

    def as_json_schema(self, codec: JsonSchemaGiven = None) -> Self:
        """Write JSON that fits a schema: by a codec, by a schema, or by the protocol's codec."""
        return replace(self, _serialization=json_schema(codec))

    def serialization(self, encoding: EncodingGiven) -> Self:
        """Write the value this way."""
        given = encoding_given(encoding, "serialization(...)")
        return replace(self, _serialization=given)

    def wait_for_ack(self, wait: bool = True) -> Self:  # noqa: FBT001, FBT002
        """Let the user wait until the broker has confirmed the message: the default."""
        return replace(self, _wait_for_ack=flag(wait, "wait_for_ack(...)"))

    def no_ack(self) -> Self:
        """Let the user go on as soon as the client has taken the message.

        One row is written when its fate is known: the time until the client took it, failed if
        the delivery fails.
        """
        return self.wait_for_ack(False)

    def compile(self, compiler: Compiler, path: str) -> KafkaSend:
        """Return the frozen request."""
        return KafkaSend(
            **self._message(compiler, path),
            topic=compiler.expression(self._topic, f"{path}/topic"),
            serialization=encoding(compiler, self._serialization, f"{path}/codec"),
            wait_for_ack=self._wait_for_ack,
        )
