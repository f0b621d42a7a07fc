"""Avro at work: dicts and the user's objects to Avro's binary encoding, and back."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

import orjson

from gatlingpy.clock import Clock
from gatlingpy.errors import ExpressionError, ProtocolError, UsageError
from gatlingpy.plan.code import CodeTable
from gatlingpy.protocols.kafka.codecs.avro_encoding import exact_encoder
from gatlingpy.protocols.kafka.codecs.avro_schema import (
    AvroSchema,
    is_json_like,
    parse,
    read,
    unknown_names,
)
from gatlingpy.protocols.kafka.codecs.codec import Encode, Reader
from gatlingpy.protocols.kafka.codecs.frame import PREFIX, BareReader, FramedReader, prefix
from gatlingpy.protocols.kafka.codecs.registry import Registered, Registry, RegistrySchema
from gatlingpy.protocols.kafka.codecs.schema_plans import AvroCodecPlan
from gatlingpy.protocols.kafka.codecs.subjects import (
    fetched,
    referred,
    settled_references,
    subject_of,
)
from gatlingpy.protocols.kafka.codecs.values import Convert, json_like, plain, typed
from gatlingpy.tracking.decoding import Decode

_KIND: Final = "AVRO"


class AvroCodecAtWork:
    """One Avro codec of one run (``Codec``)."""

    def __init__(
        self, plan: AvroCodecPlan, registry: Registry | None, code: CodeTable, clock: Clock
    ) -> None:
        """Parse the schema; ``registry`` is ``None`` for values that stand in no frame."""
        self._plan = plan
        self._registry = registry
        self._clock = clock
        self._schema = _parsed(plan, registry) if plan.schema else None
        self._convert: Convert | None = None if plan.as_type is None else typed(code[plan.as_type])
        self._framed_reader: FramedReader | None = None

    def encode_for(self, topic: str, *, key: bool) -> Encode:
        """Return what writes the values, or keys, of a topic."""
        if self._registry is None:
            return avro_encoder(self._own(), b"")
        schema, found = self._settled(self._registry, topic, key=key)
        if not key:
            self._framed(self._registry).add(found.schema_id, found.schema)
        return avro_encoder(schema, prefix(found.schema_id))

    def reader(self, topic: str, *, ahead: bool) -> Reader:
        """Return what reads a topic's values."""
        if self._registry is None:
            read = avro_decoder(self._own(), None)
            return BareReader(read, self._convert, self._plain())
        framed = self._framed(self._registry)
        record = "" if self._schema is None else self._schema.name
        subject = subject_of(self._plan.registry, topic, record, key=False)
        if subject and ahead:
            for found in self._registry.known(subject):
                framed.add(found.schema_id, found.schema)
        return framed

    def _own(self) -> AvroSchema:
        if self._schema is None:
            raise ProtocolError(f"{self._plan.place}: no schema is given")
        return self._schema

    def _framed(self, registry: Registry) -> FramedReader:
        """Return the one reader: whatever the topic, an id names the same schema."""
        if self._framed_reader is None:
            self._framed_reader = FramedReader(
                registry,
                self._clock,
                lambda found: self._made(registry, found),
                self._convert,
                self._plain(),
            )
        return self._framed_reader

    def _plain(self) -> Convert | None:
        """Return what makes JSON's values, ``None`` if they are read as such."""
        if self._schema is not None and is_json_like(self._schema.parsed):
            return None
        return json_like

    def _made(self, registry: Registry, found: RegistrySchema) -> Decode:
        """Return what reads frames whose writer had this schema."""
        if found.kind != _KIND:
            raise ValueError(f"not Avro: its schema is of the kind {found.kind}")
        try:
            writer = parse(found.text, fetched(registry, found))
        except UsageError as error:
            raise ValueError(f"the writer's schema cannot be used: {error}") from error
        return avro_decoder(writer, self._schema, PREFIX)

    def _settled(
        self, registry: Registry, topic: str, *, key: bool
    ) -> tuple[AvroSchema, Registered]:
        plan = self._plan
        use = plan.registry
        record = "" if self._schema is None else self._schema.name
        subject = subject_of(use, topic, record, key=key)
        if not subject:
            raise ProtocolError(
                f"{plan.place}: without a schema the subject must follow from the topic; give "
                'subject="...", or the schema'
            )
        if self._schema is None or use.use_latest_version:
            found = registry.latest(subject, _KIND)
            return parse(found.schema.text, fetched(registry, found.schema)), found
        references = settled_references(registry, use, _KIND, plan.named, _refers)
        text = RegistrySchema(_KIND, plan.schema, references)
        return self._schema, registry.settle(subject, text, use)


def _parsed(plan: AvroCodecPlan, registry: Registry | None) -> AvroSchema:
    try:
        return parse(plan.schema, (*referred(registry, plan.registry), *plan.named))
    except UsageError as error:
        raise ProtocolError(f"{plan.place}: {error}") from error


def _refers(text: str, name: str) -> bool:
    return name in unknown_names(read(text, "the Avro schema"))


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
