"""Fields of decoded values: of dicts, Protobuf messages, dataclasses and any other objects."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from gatlingpy.plan.field_path import Step, field_steps
from gatlingpy.plan.json_path import MISSING

ReadField: TypeAlias = Callable[[object], object]
"""Gives a field of a decoded value, or MISSING."""


def compile_field(path: str) -> ReadField:
    """Compile a path such as ``order.lines[0].sku``; raises UsageError if it is none."""
    steps = field_steps(path)

    def read(value: object) -> object:
        for step in steps:
            value = _step(value, step)
            if value is MISSING:
                return MISSING
        return value

    return read


def _step(value: object, step: Step) -> object:
    if isinstance(step, int):
        return _item(value, step)
    if hasattr(type(value), "DESCRIPTOR"):  # first, since a Struct claims to be a mapping
        return _protobuf_field(value, step)
    if isinstance(value, Mapping):
        return value.get(step, MISSING)
    # The attributes of Python's own types, such as str.title, are no fields.
    return MISSING if type(value).__module__ == "builtins" else getattr(value, step, MISSING)


def _item(value: object, index: int) -> object:
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        return MISSING
    return value[index] if -len(value) <= index < len(value) else MISSING


def _protobuf_field(message: object, name: str) -> object:
    """A field that can be absent and is, is not found; any other has at least its default."""
    field = message.DESCRIPTOR.fields_by_name.get(name)  # type: ignore[attr-defined]
    if field is None or (field.has_presence and not message.HasField(name)):  # type: ignore[attr-defined]
        return MISSING
    found: object = getattr(message, name)
    return found
