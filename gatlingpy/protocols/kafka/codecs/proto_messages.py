"""Messages of Protobuf: their classes, and what writes and reads them."""

from collections.abc import Callable
from typing import Any, TypeAlias

from gatlingpy.errors import ExpressionError, UsageError
from gatlingpy.protocols.kafka.codecs.codec import Encode
from gatlingpy.protocols.kafka.codecs.proto_files import MessagePath, message_classes
from gatlingpy.protocols.kafka.codecs.values import plain
from gatlingpy.tracking.decoding import Decode

MessageClass: TypeAlias = Any
"""A class of messages, generated or made at run time."""


def chosen_class(descriptors: bytes, message: str) -> MessageClass:
    """Return the class of a message of a descriptor set; raises UsageError if it is not there."""
    classes = message_classes(descriptors)
    if message in classes:
        return classes[message]
    short = [name for name in classes if name.rpartition(".")[2] == message]
    if len(short) == 1:
        return classes[short[0]]
    if not message and len(classes) == 1:
        return next(iter(classes.values()))
    has = ", ".join(classes) or "no message"
    raise UsageError(
        f'the file has {has}; say which with message="..."'
        + (f", there is no {message!r}" if message else "")
    )


def place_of(descriptor: Any) -> MessagePath:
    """Return where a message stands in its file."""
    outer = descriptor.containing_type
    if outer is not None:
        return (*place_of(outer), [d.name for d in outer.nested_types].index(descriptor.name))
    return (list(descriptor.file.message_types_by_name).index(descriptor.name),)


def is_message(value: object) -> bool:
    """Tell whether a value is a Protobuf message."""
    return hasattr(type(value), "DESCRIPTOR") and hasattr(value, "SerializeToString")


def protobuf_encoder(kind: MessageClass, start: bytes) -> Encode:
    """Return what writes messages of a class behind ``start``."""
    name = kind.DESCRIPTOR.full_name
    build = _builder(kind)

    def encode(value: Any) -> bytes:
        if type(value) is not kind:
            value = build(value)
        try:
            written: bytes = value.SerializeToString()
        except Exception as error:
            raise ExpressionError(f"the message {name} cannot be written: {error}") from error
        return start + written

    return encode


def _builder(kind: MessageClass) -> Callable[[object], Any]:
    """Return what makes a message of a dict, an object or JSON."""
    from google.protobuf.json_format import Parse, ParseDict, ParseError

    name = kind.DESCRIPTOR.full_name

    def build(value: object) -> Any:
        if is_message(value):
            given = type(value).DESCRIPTOR.full_name  # type: ignore[attr-defined]
            if given == name:
                return value
            raise ExpressionError(f"the value is a {given}, and the codec writes {name}")
        try:
            if isinstance(value, str):
                return Parse(value, kind())
            return ParseDict(plain(value), kind())
        except (ParseError, TypeError, ValueError, AttributeError) as error:
            raise ExpressionError(
                f"the value does not fit the message {name}: {_one_line(error)}"
            ) from error

    return build


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def protobuf_decoder(kind: MessageClass) -> Decode:
    """Return what reads messages of a class."""
    parse, name = kind.FromString, kind.DESCRIPTOR.full_name

    def decode(data: bytes) -> object:
        try:
            message: object = parse(data)
        except Exception as error:
            raise ValueError(f"not a {name}: {error}") from error
        return message

    return decode
