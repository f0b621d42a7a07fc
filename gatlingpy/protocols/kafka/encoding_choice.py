"""Which codec writes a request and which reads its reply, and what is wrong with the choice."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.steps import RequestPlan
from gatlingpy.protocols.kafka.codecs.plan import CodecPlan, SchemaRegistryPlan
from gatlingpy.protocols.kafka.requests import (
    Encoding,
    KafkaConsume,
    KafkaRequestReply,
    KafkaSend,
)

_NEED_CODEC: Final = {
    SerializationType.AVRO: ("as_avro", "AvroCodec(schema)"),
    SerializationType.PROTOBUF: ("as_protobuf", "ProtobufCodec(Person)"),
    SerializationType.JSON_SCHEMA: ("as_json_schema", "JsonSchemaCodec(schema)"),
    SerializationType.CUSTOM: ("serialization", "FunctionCodec(encode, decode)"),
}
"""What only a codec can write and read: the request's method, and a codec to give it."""


class ProtocolCodecs(NamedTuple):
    """The codecs of a protocol."""

    value: CodecPlan | None
    reply: CodecPlan | None
    key: CodecPlan | None = None
    registry: SchemaRegistryPlan | None = None

    def problems(self) -> Iterator[str]:
        """Yield what keeps the codecs from being used."""
        if self.registry is not None:
            yield from self.registry.problems()
        for codec in dict.fromkeys((self.value, self.reply, self.key)):
            if codec is not None:
                yield from codec.problems(self.registry)
        if self.value is not None and not self.value.writes:
            yield f"{self.value.place}: value_codec(...) needs a function that writes values"
        if self.key is not None and not self.key.writes:
            yield f"{self.key.place}: key_codec(...) needs a function that writes keys"
        if self.reply is not None and not self.reply.reads:
            yield f"{self.reply.place}: reply_codec(...) needs a function that reads values"

    def describe(self) -> str:
        """Return what a printed plan says of the codecs; nothing if there are none."""
        parts = (("values", self.value), ("replies", self.reply), ("keys", self.key))
        said = ", ".join(f"{what} {codec.describe()}" for what, codec in parts if codec is not None)
        where = "" if self.registry is None else f"   schemas in {self.registry.describe()}"
        return (f"   {said}" if said else "") + where

    def warnings(self) -> Iterator[str]:
        """Yield what a user should know of the codecs before the run."""
        for codec in dict.fromkeys((self.value, self.reply, self.key)):
            if codec is not None:
                yield from codec.warnings()

    def request_problems(self, request: RequestPlan) -> Iterator[str]:
        """Yield what keeps a request's own encodings from being used."""
        wrongs: dict[str, None] = {}
        for encoding in _encodings(request):
            if isinstance(encoding, CodecPlan):
                wrongs.update(dict.fromkeys(encoding.problems(self.registry)))
        for encoding in {request_encoding(self, _written(request)), *self._read(request)}:
            if isinstance(encoding, SerializationType) and encoding in _NEED_CODEC:
                method, codec = _NEED_CODEC[encoding]
                wrongs[
                    f"{request.label!r} is written or read as {encoding}, and its protocol has no "
                    f"such codec; give one, .{method}({codec}), or add .value_codec({codec}) to "
                    "kafka()"
                ] = None
        yield from wrongs

    def _read(self, request: RequestPlan) -> Iterator[Encoding]:
        match request:
            case KafkaRequestReply():
                yield reply_encoding(self, request.response_serialization)
            case KafkaConsume():
                yield reply_encoding(self, request.serialization)


def request_encoding(codecs: ProtocolCodecs, encoding: Encoding) -> Encoding:
    """Return the codec that writes requests, or their plain type; ``None``: by type."""
    if encoding is None:
        return codecs.value if codecs.value is not None and codecs.value.writes else None
    return _of_kind((codecs.value, codecs.reply), encoding)


def reply_encoding(codecs: ProtocolCodecs, encoding: Encoding) -> Encoding:
    """Return the codec that reads replies, or their plain type.

    Where nothing is said they are read as requests are written; ``None`` is text.
    """
    if encoding is None:
        readable = (c for c in (codecs.reply, codecs.value) if c is not None and c.reads)
        return next(readable, None)
    return _of_kind((codecs.reply, codecs.value), encoding)


def _of_kind(codecs: tuple[CodecPlan | None, ...], encoding: Encoding) -> Encoding:
    if isinstance(encoding, CodecPlan) or encoding not in _NEED_CODEC:
        return encoding
    same = (c for c in codecs if c is not None and c.serialization is encoding)
    return next(same, encoding)


def _encodings(request: RequestPlan) -> Iterator[Encoding]:
    match request:
        case KafkaRequestReply():
            yield request.request_serialization
            yield request.response_serialization
        case KafkaSend() | KafkaConsume():
            yield request.serialization


def _written(request: RequestPlan) -> Encoding:
    match request:
        case KafkaRequestReply():
            return request.request_serialization
        case KafkaSend():
            return request.serialization
    return SerializationType.BYTE_ARRAY
