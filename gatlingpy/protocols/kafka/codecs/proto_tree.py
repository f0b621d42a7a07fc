"""Protobuf messages as JSON's values, for paths: field names as in the .proto, numbers as such."""

import base64
import struct
from collections.abc import Iterator
from typing import Any, Final

_WELL_KNOWN: Final = "google.protobuf."
_WRAPPERS: Final = frozenset(
    f"{_WELL_KNOWN}{kind}Value"
    for kind in (
        "Double", "Float", "Int64", "UInt64", "Int32", "UInt32", "Bool", "String", "Bytes",
    )
)  # fmt: skip


def message_tree(message: Any) -> object:
    """Return a message as JSON could hold it.

    A field that can be absent and is, is left out; any other has at least its default.  Enums are
    names, bytes base64 text; timestamps, durations and the like are as in Protobuf's own JSON.
    """
    name = message.DESCRIPTOR.full_name
    if name in _WRAPPERS:
        return _item(message.DESCRIPTOR.fields_by_name["value"], message.value)
    if name.startswith(_WELL_KNOWN):
        from google.protobuf.json_format import MessageToDict

        found: object = MessageToDict(message, preserving_proto_field_name=True)
        return found
    return dict(_fields(message))


def _fields(message: Any) -> Iterator[tuple[str, object]]:
    for field in message.DESCRIPTOR.fields:
        if field.has_presence and not message.HasField(field.name):
            continue
        value = getattr(message, field.name)
        if not _is_repeated(field):
            yield field.name, _item(field, value)
        elif _is_map(field):
            kind = field.message_type.fields_by_name["value"]
            yield field.name, {str(key): _item(kind, value[key]) for key in value}
        else:
            yield field.name, [_item(field, item) for item in value]


def _is_repeated(field: Any) -> bool:
    repeated = getattr(field, "is_repeated", None)
    return bool(field.label == field.LABEL_REPEATED if repeated is None else repeated)


def _is_map(field: Any) -> bool:
    return field.message_type is not None and bool(field.message_type.GetOptions().map_entry)


def _item(field: Any, value: Any) -> object:
    if field.message_type is not None:
        return message_tree(value)
    if field.enum_type is not None:
        known = field.enum_type.values_by_number.get(value)
        return value if known is None else known.name
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return _shortest(value) if field.type == field.TYPE_FLOAT else value


def _shortest(value: float) -> float:
    """Return the shortest decimal that is the same number of 32 bits: 0.1, not 0.10000000149."""
    if value - value != 0:
        return value  # infinite, or no number
    packed = struct.pack("f", value)
    return next(
        short
        for digits in range(6, 18)
        if struct.pack("f", short := float(f"{value:.{digits}g}")) == packed
    )
