"""Codecs without a schema at work: the user's own functions, and single values."""

import struct
from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

from gatlingpy.errors import ExpressionError
from gatlingpy.plan.code import CodeRef, CodeTable
from gatlingpy.plan.expression import explained
from gatlingpy.protocols.kafka.codecs.codec import Encode, Reader
from gatlingpy.protocols.kafka.codecs.frame import BareReader
from gatlingpy.protocols.kafka.codecs.function_plans import (
    FunctionCodecPlan,
    Primitive,
    PrimitiveCodecPlan,
)
from gatlingpy.protocols.kafka.codecs.values import json_like
from gatlingpy.tracking.decoding import Decode, read_bytes, read_json, read_text
from gatlingpy.tracking.wording import explain

Call: TypeAlias = Callable[..., object]


class FunctionCodecAtWork:
    """Calls the user's functions (``Codec``)."""

    def __init__(self, plan: FunctionCodecPlan, code: CodeTable) -> None:
        """Find the functions."""
        self._plan = plan
        self._code = code

    def encode_for(self, topic: str, *, key: bool) -> Encode:
        """Return what calls the serializer."""
        ref = self._plan.encode
        if ref is None:
            raise ExpressionError(f"{self._plan.place} has no function that writes values")
        function = self._code[ref]
        extra = _context(function, topic, key=key, wanted=self._plan.encode_takes_topic)
        what = f"the serializer at {ref.where}"

        def encode(value: object) -> bytes:
            try:
                written = function(value, *extra)
            except BaseException as error:
                raise ExpressionError(f"{what} raised {explain(error)}") from error
            return _bytes(written, what)

        return encode

    def reader(self, topic: str, *, ahead: bool) -> Reader:  # noqa: ARG002 - no registry
        """Return what calls the deserializer; text where there is none."""
        ref = self._plan.decode
        if ref is None:
            return BareReader(read_text, None, None)
        return BareReader(self._decoder(ref, topic), None, _json_value)

    def _decoder(self, ref: CodeRef, topic: str) -> Decode:
        function = self._code[ref]
        extra = _context(function, topic, key=False, wanted=self._plan.decode_takes_topic)

        def decode(data: bytes) -> object:
            try:
                return function(data, *extra)
            except BaseException as error:
                raise explained(error, ref.where) from error

        return decode


def _context(function: Call, topic: str, *, key: bool, wanted: bool) -> tuple[object, ...]:
    """Return what a function is given beside the value: the topic, if it takes it.

    Confluent's own serializers take a context of theirs.
    """
    if any(kind.__module__.startswith("confluent_kafka.") for kind in type(function).__mro__):
        from confluent_kafka.serialization import MessageField, SerializationContext

        return (SerializationContext(topic, MessageField.KEY if key else MessageField.VALUE),)
    return (topic,) if wanted else ()


def _bytes(written: object, what: str) -> bytes:
    match written:
        case bytes():
            return written
        case str():
            return written.encode()
        case bytearray() | memoryview():
            return bytes(written)
    raise ExpressionError(f"{what} returned a {type(written).__name__}, not bytes")


def _json_value(value: object) -> object:
    """What a deserializer gives may be JSON still, as text or bytes."""
    if isinstance(value, str):
        return read_json(value.encode())
    return read_json(value) if isinstance(value, bytes) else json_like(value)


class _Number(NamedTuple):
    """How a number is written."""

    layout: struct.Struct
    make: Callable[[Any], int | float]
    what: str


_NUMBERS: Final = {
    Primitive.SHORT: _Number(struct.Struct(">h"), int, "a whole number of 16 bits"),
    Primitive.INTEGER: _Number(struct.Struct(">i"), int, "a whole number of 32 bits"),
    Primitive.LONG: _Number(struct.Struct(">q"), int, "a whole number of 64 bits"),
    Primitive.FLOAT: _Number(struct.Struct(">f"), float, "a number"),
    Primitive.DOUBLE: _Number(struct.Struct(">d"), float, "a number"),
}


class PrimitiveCodecAtWork:
    """Writes single values as the Java client does (``Codec``)."""

    def __init__(self, plan: PrimitiveCodecPlan) -> None:
        """Nothing is opened."""
        self._primitive = plan.primitive

    def encode_for(self, topic: str, *, key: bool) -> Encode:  # noqa: ARG002 - the same for all
        """Return what writes values of the type."""
        number = _NUMBERS.get(self._primitive)
        if number is not None:
            return _number_encoder(number)
        return _encode_uuid if self._primitive is Primitive.UUID else _encode_text

    def reader(self, topic: str, *, ahead: bool) -> Reader:  # noqa: ARG002
        """Return what reads values of the type."""
        match self._primitive:
            case Primitive.STRING:
                return BareReader(read_text, None, _json_value)
            case Primitive.BYTES:
                return BareReader(read_bytes, None, _json_value)
            case Primitive.UUID:
                return BareReader(_decode_uuid, None, str)
        return BareReader(_number_decoder(_NUMBERS[self._primitive]), None, None)


def _number_encoder(number: _Number) -> Encode:
    layout, make, what = number

    def encode(value: object) -> bytes:
        try:
            made = make(value)
            if (isinstance(value, float | bool) and made != value) or isinstance(value, bool):
                raise ValueError  # noqa: TRY301 - told as the others are
            return layout.pack(made)
        except (ValueError, TypeError, OverflowError, struct.error) as error:
            raise ExpressionError(f"the value must be {what}, got {value!r}") from error

    return encode


def _number_decoder(number: _Number) -> Decode:
    layout, _, what = number

    def decode(data: bytes) -> object:
        if len(data) != layout.size:
            raise ValueError(f"not {what}: it has {len(data)} bytes, not {layout.size}")
        found: object = layout.unpack(data)[0]
        return found

    return decode


def _encode_text(value: object) -> bytes:
    match value:
        case bytes():
            return value
        case bytearray() | memoryview():
            return bytes(value)
        case str():
            return value.encode()
        case int() | float():
            return str(value).encode()
    raise ExpressionError(f"the value must be text, bytes or a number, got {value!r}")


def _encode_uuid(value: object) -> bytes:
    try:
        return str(value if isinstance(value, UUID) else UUID(str(value))).encode()
    except ValueError as error:
        raise ExpressionError(f"the value must be a UUID, got {value!r}") from error


def _decode_uuid(data: bytes) -> object:
    try:
        return UUID(data.decode())
    except ValueError:
        raise ValueError(f"not a UUID: {data!r}") from None
