"""What ``as_avro``, ``as_protobuf``, ``as_json_schema`` and ``serialization`` are given."""

from typing import TypeAlias

from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.checks import SerializationType
from gatlingpy.protocols.kafka.action_builder import EncodingGiven
from gatlingpy.protocols.kafka.codecs.builder import CodecBuilder
from gatlingpy.protocols.kafka.codecs.schema_codecs import (
    AvroCodec,
    JsonSchemaCodec,
    ProtobufCodec,
)
from gatlingpy.protocols.kafka.codecs.schema_files import SchemaGiven

AvroGiven: TypeAlias = AvroCodec | SchemaGiven | None
"""A codec, a schema, or nothing for the protocol's codec."""

JsonSchemaGiven: TypeAlias = JsonSchemaCodec | SchemaGiven | None
"""A codec, a schema, or nothing for the protocol's codec."""

ProtobufGiven: TypeAlias = ProtobufCodec | type[object] | None
"""A codec, a generated class, or nothing for the protocol's codec."""


def avro(given: AvroGiven) -> EncodingGiven:
    """Return the codec; raises UsageError for what is none."""
    if given is None:
        return SerializationType.AVRO
    return given if isinstance(given, AvroCodec) else AvroCodec(_no_other(given, "as_avro(...)"))


def json_schema(given: JsonSchemaGiven) -> EncodingGiven:
    """Return the codec; raises UsageError for what is none."""
    if given is None:
        return SerializationType.JSON_SCHEMA
    if isinstance(given, JsonSchemaCodec):
        return given
    return JsonSchemaCodec(_no_other(given, "as_json_schema(...)"))


def protobuf(given: ProtobufGiven) -> EncodingGiven:
    """Return the codec; raises UsageError for what is none."""
    if given is None:
        return SerializationType.PROTOBUF
    return given if isinstance(given, ProtobufCodec) else ProtobufCodec(given)


def encoding_given(given: EncodingGiven, what: str) -> EncodingGiven:
    """Return a serialization type or a codec; raises UsageError for anything else."""
    value: object = given
    if isinstance(value, type) or not isinstance(value, SerializationType | CodecBuilder | None):
        raise UsageError(
            f"{user_line()}: {what} takes a SerializationType or a codec such as AvroCodec(...), "
            f"got {given!r}"
        )
    return given


def _no_other(given: SchemaGiven, what: str) -> SchemaGiven:
    if isinstance(given, CodecBuilder):
        raise UsageError(f"{user_line()}: {what} cannot take a {type(given).__name__}")
    return given
