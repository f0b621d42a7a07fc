"""Codecs without a schema, frozen: the user's own functions, and single numbers."""

from dataclasses import dataclass
from enum import StrEnum

from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.code import CodeRef
from gatlingpy.protocols.kafka.codecs.plan import CodecPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCodecPlan(CodecPlan):
    """The user's own functions."""

    encode: CodeRef | None = None
    decode: CodeRef | None = None
    encode_takes_topic: bool = False
    decode_takes_topic: bool = False

    @property
    def serialization(self) -> SerializationType:
        """``CUSTOM``."""
        return SerializationType.CUSTOM

    @property
    def writes(self) -> bool:
        """Whether there is a function that writes."""
        return self.encode is not None

    @property
    def reads(self) -> bool:
        """Whether there is a function that reads."""
        return self.decode is not None


class Primitive(StrEnum):
    """Names how a single value is written, as the Java client's serializers of these names do."""

    STRING = "string"
    BYTES = "bytes"
    SHORT = "short"
    INTEGER = "integer"
    LONG = "long"
    FLOAT = "float"
    DOUBLE = "double"
    UUID = "uuid"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimitiveCodecPlan(CodecPlan):
    """A single value, such as a whole number as eight bytes."""

    primitive: Primitive

    @property
    def serialization(self) -> SerializationType:
        """``CUSTOM``, or what text and bytes are called."""
        match self.primitive:
            case Primitive.STRING:
                return SerializationType.STRING
            case Primitive.BYTES:
                return SerializationType.BYTE_ARRAY
        return SerializationType.CUSTOM

    def describe(self) -> str:
        """Return the name of the type."""
        return str(self.primitive)
