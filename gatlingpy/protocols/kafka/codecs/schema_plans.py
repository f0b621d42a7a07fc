"""Codecs with a schema, frozen: Avro, Protobuf, JSON Schema."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.code import CodeRef
from gatlingpy.protocols.kafka.codecs.plan import (
    CodecPlan,
    NamedSchema,
    RegistryUse,
    SchemaRegistryPlan,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaCodecPlan(CodecPlan):
    """What codecs with a schema have in common."""

    schema: str = ""
    """The schema's text; empty: the latest of the subject."""
    named: tuple[NamedSchema, ...] = ()
    """Schemas that it refers to, those first that others of them refer to."""
    file: str = field(default="", compare=False)
    """Where the text was read, for messages."""
    as_type: CodeRef | None = None
    """The user's class that values are read as; ``None``: as the format has them."""
    registry: RegistryUse = field(default_factory=RegistryUse)

    @property
    def registry_use(self) -> RegistryUse | None:
        """What it does with a registry."""
        return self.registry

    def problems(self, registry: SchemaRegistryPlan | None) -> Iterator[str]:
        """Yield that there is no schema, as far as no registry can have it."""
        yield from CodecPlan.problems(self, registry)
        if self._is_empty and not self.uses_registry(registry):
            yield (
                f"{self.place}: no schema is given, and no registry is used that could have one; "
                "give the schema, or add .schema_registry(...) to kafka()"
            )

    @property
    def _is_empty(self) -> bool:
        return not self.schema


@dataclass(frozen=True, slots=True, kw_only=True)
class AvroCodecPlan(SchemaCodecPlan):
    """Avro's binary encoding."""

    specific_reader: bool = False
    """Whether Java's ``specific.avro.reader`` asks for objects."""

    def warnings(self) -> Iterator[str]:
        """Yield that there is no class to make objects of."""
        if self.specific_reader and self.as_type is None:
            yield (
                f"{self.place}: specific.avro.reader: without a class Avro values are read as "
                "dicts; for objects add .reply_codec(AvroCodec(schema, as_type=User)) to kafka()"
            )

    @property
    def serialization(self) -> SerializationType:
        """``AVRO``."""
        return SerializationType.AVRO


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonSchemaCodecPlan(SchemaCodecPlan):
    """JSON that is held to a schema."""

    validate: bool = True
    """Whether values that are read are held to it as well."""

    @property
    def serialization(self) -> SerializationType:
        """``JSON_SCHEMA``."""
        return SerializationType.JSON_SCHEMA


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtobufCodecPlan(SchemaCodecPlan):
    """Protobuf's binary encoding; ``schema`` is the text of a .proto file if one was given."""

    message: str = ""
    """The full name of the message, if no class is given; empty: the first of the file."""
    message_class: CodeRef | None = None
    """The generated class; with neither it nor a file, messages bring their own."""
    descriptors: bytes = b""
    """The compiled .proto file with all it imports, a serialized FileDescriptorSet."""

    @property
    def serialization(self) -> SerializationType:
        """``PROTOBUF``."""
        return SerializationType.PROTOBUF

    @property
    def _is_empty(self) -> bool:
        return self.message_class is None and not self.descriptors
