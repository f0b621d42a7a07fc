"""Avro at work: dicts and the user's objects to Avro's binary encoding, and back."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import orjson

from gatlingpy.clock import Clock
from gatlingpy.errors import ExpressionError
from gatlingpy.plan.code import CodeTable
from gatlingpy.protocols.kafka.codecs.avro_encoding import exact_encoder
from gatlingpy.protocols.kafka.codecs.avro_schema import (
    AvroSchema,
    is_json_like,
    parse,
    read,
    unknown_names,
)
from gatlingpy.protocols.kafka.codecs.codec import Encode
from gatlingpy.protocols.kafka.codecs.frame import PREFIX
from gatlingpy.protocols.kafka.codecs.framed_codec import TextSchemaCodec
from gatlingpy.protocols.kafka.codecs.plan import NamedSchema
from gatlingpy.protocols.kafka.codecs.registry import Registry, RegistrySchema
from gatlingpy.protocols.kafka.codecs.schema_plans import AvroCodecPlan
from gatlingpy.protocols.kafka.codecs.values import json_like, plain
from gatlingpy.tracking.decoding import Decode


class AvroCodecAtWork(TextSchemaCodec[AvroCodecPlan, AvroSchema]):
    """One Avro codec of one run (``Codec``)."""

    KIND = "AVRO"
    WORDS = "Avro"
    NO_SUBJECT = (
        'without a schema the subject must follow from the topic; give subject="...", or the schema'
    )

    def __init__(
        self, plan: AvroCodecPlan, registry: Registry | None, code: CodeTable, clock: Clock
    ) -> None:
        """Parse the schema; ``registry`` is ``None`` for values that stand in no frame."""
        super().__init__(plan, registry, code, clock)
        if self._schema is None or not is_json_like(self._schema.parsed):
            self._plain = json_like

    def _parse(self, text: str, named: Sequence[NamedSchema]) -> AvroSchema:
        return parse(text, named)

    def _refers(self, text: str, name: str) -> bool:
        return name in unknown_names(read(text, "the Avro schema"))

    def _record(self, schema: AvroSchema) -> str:
        return schema.name

    def _encoder(self, schema: AvroSchema, start: bytes) -> Encode:
        return avro_encoder(schema, start)

    def _bare(self) -> Decode:
        return avro_decoder(self._own(), None)

    def _made(self, registry: Registry, found: RegistrySchema) -> Decode:
        return avro_decoder(self._writer(registry, found), self._schema, PREFIX)


def avro_encoder(schema: AvroSchema, start: bytes) -> Encode:
    """Return what writes values of a schema behind ``start``."""
    from fastavro import schemaless_writer
    from fastavro.validation import validate

    parsed, is_text, put = schema.parsed, schema.is_text, exact_encoder(schema.parsed)

    def encode(value: object) -> bytes:
        if type(value) is not dict:
            value = _data(value, is_text=is_text)
        out = bytearray(start)
        try:
            put(value, out)
        except Exception:  # noqa: BLE001 - looked at closely
            return closely(plain(value))
        return bytes(out)

    def closely(value: object) -> bytes:
        """Write what fits loosely, such as a subclass of a type; say what does not fit at all."""
        buffer = BytesIO()
        buffer.write(start)
        try:
            validate(value, parsed)
            schemaless_writer(buffer, parsed, value, strict_allow_default=True)
        except Exception as error:
            raise ExpressionError(_misfit(schema, value, error)) from error
        return buffer.getvalue()

    return encode


def _data(value: object, *, is_text: bool) -> object:
    if isinstance(value, str) and not is_text:
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError as error:
            raise ExpressionError(f"the value is text, but no JSON: {error}") from error
    if isinstance(value, bytes) and not is_text:
        raise ExpressionError(
            "the value is bytes, and the Avro codec writes dicts and objects; use .as_bytes() for "
            "what is written already"
        )
    return plain(value)


def _misfit(schema: AvroSchema, value: object, error: Exception) -> str:
    """Say which field of which schema a value does not fit."""
    from fastavro.validation import ValidationError

    if extra := _extra_field(schema, value):
        reason = f"it has a field {extra!r} that the schema has not"
    elif isinstance(error, ValidationError):
        reason = _field(schema, value, error)
    else:
        reason = _said(error)
    return f"the value does not fit the Avro schema {schema.name}: {reason}"


def _extra_field(schema: AvroSchema, value: object) -> str:
    if schema.kind != "record" or not isinstance(value, Mapping):
        return ""
    known = {field["name"] for field in schema.parsed["fields"]}
    return next((str(name) for name in value if name not in known), "")


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__


def _field(schema: AvroSchema, value: object, error: Any) -> str:
    if schema.kind == "record" and not isinstance(value, Mapping):
        return f"it is a {type(value).__name__}, not a dict or an object with fields"
    first = error.errors[0]
    name = str(first.field or "").removeprefix(f"{schema.name}.") or "it"
    if first.datum is None:
        return f"the field {name!r} is missing or None, and must be {_type(first.schema)}"
    return f"the field {name!r} is {first.datum!r}, and must be {_type(first.schema)}"


def _type(schema: object) -> str:
    if isinstance(schema, Mapping):
        if schema.get("type") == "enum":
            return f"one of {', '.join(map(str, schema.get('symbols', ())))}"
        return str(schema.get("name") or schema.get("logicalType") or schema.get("type"))
    if isinstance(schema, list):
        return " or ".join(_type(branch) for branch in schema)
    return str(schema)


def avro_decoder(writer: AvroSchema, wanted: AvroSchema | None, start: int = 0) -> Decode:
    """Return what reads values of a writer's schema, as the wanted one has them."""
    from fastavro import schemaless_reader

    written = writer.parsed
    reader = None if wanted is None or wanted.is_same(writer) else wanted.parsed
    name = writer.name

    def decode(data: bytes) -> object:
        buffer = BytesIO(data)
        buffer.seek(start)
        try:
            value: object = schemaless_reader(buffer, written, reader)
        except Exception as error:
            raise ValueError(f"not Avro of the schema {name}: {_said(error)}") from error
        if (rest := len(data) - buffer.tell()) > 0:
            raise ValueError(f"not Avro of the schema {name}: {rest} bytes are left over")
        return value

    return decode
