"""Values and keys to the bytes that cross the wire."""

import orjson

from gatlingpy.errors import ExpressionError
from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.protocols.kafka.codecs.proto_messages import is_message, protobuf_encoder


def serialize(value: object, serialization: SerializationType | None) -> bytes | None:
    """Write a value; ``None`` stays ``None``, a tombstone.

    Without a declared type, text is UTF-8, bytes stay as they are, Protobuf messages become
    Protobuf, and dicts, lists, dataclasses and numbers JSON.  With ``JSON``, text is taken as JSON
    already written.  Raises ExpressionError.
    """
    match value:
        case None:
            return None
        case bytes():
            return value
        case str():
            return value.encode()
        case bytearray() | memoryview():
            return bytes(value)
    if serialization is None and is_message(value):
        return protobuf_encoder(type(value), b"")(value)
    if serialization in {None, SerializationType.JSON}:
        return _json(value)
    raise ExpressionError(
        f"the value is a {type(value).__name__}, which .as_{serialization}() cannot write; "
        "add .as_json(), or return text or bytes"
    )


def _json(value: object) -> bytes:
    try:
        return orjson.dumps(value, default=_plain)
    except TypeError as error:
        raise ExpressionError(f"the value cannot be written as JSON: {error}") from error


def _plain(value: object) -> object:
    if isinstance(value, FrozenMap):
        return dict(value)
    raise TypeError(f"{type(value).__name__} {value!r} is no JSON value")
