"""Between the user's objects and the plain data that schemas speak of: dicts, lists, numbers."""

import base64
import dataclasses
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Final, TypeAlias
from uuid import UUID

Convert: TypeAlias = Callable[[object], object]
"""Makes one value of another; raises whatever the user's own class raises."""

_ATOMS: Final = (str, bytes, int, float, bool, type(None))
_MADE_BY: Final = ("from_dict", "fromdict", "model_validate")
"""What classes call the method that makes one of a dict, the first that is there counts."""
_WRITTEN_BY: Final = ("to_dict", "asdict", "model_dump")
"""What objects call the method that gives them as a dict."""


_LEAVES: Final[Mapping[type, Convert]] = {
    bytes: lambda value: base64.b64encode(value).decode(),  # type: ignore[arg-type]
    bytearray: lambda value: base64.b64encode(value).decode(),  # type: ignore[arg-type]
    Decimal: lambda value: float(str(value)),
    date: str,
    time: str,
    datetime: lambda value: value.isoformat(),  # type: ignore[attr-defined]
    UUID: str,
}
"""How values that JSON has not are written for paths."""


def plain(value: object) -> object:
    """Return a value in which objects are dicts, all the way down.

    Dataclasses, named tuples, and what has a ``to_dict``, ``asdict`` or ``model_dump`` method.
    """
    if isinstance(value, _ATOMS):
        return value
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        names = getattr(value, "_fields", None)
        if names is None:
            # A tuple stays one: it says which branch of a union is meant.
            return type(value)(plain(item) for item in value)
        return {name: plain(item) for name, item in zip(names, value, strict=True)}
    return _object(value)


def _object(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    for name in _WRITTEN_BY:
        method = getattr(value, name, None)
        if callable(method):
            return plain(method())
    return value


def json_like(value: object) -> object:
    """Return a value as JSON could hold it, for paths; raises ValueError if none could.

    Bytes are base64 text, decimals numbers, dates and times ISO 8601, enums their values.
    """
    if isinstance(value, Enum):
        return json_like(value.value)
    if isinstance(value, str | int | float | None):
        return value
    if isinstance(value, Mapping):
        return {str(key): json_like(item) for key, item in value.items()}
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        return [json_like(item) for item in value]
    write = _LEAVES.get(type(value))
    if write is not None:
        return write(value)
    made = plain(value)
    if made is value:
        raise ValueError(f"not JSON-like: it is a {type(value).__name__}")
    return json_like(made)


def typed(kind: Callable[..., object]) -> Convert:
    """Return what makes the user's objects of dicts.

    By the class's own ``from_dict`` (or ``model_validate``) if it has one; a dataclass by its
    fields, those that are dataclasses themselves included; any other class or function is called
    with the dict.
    """
    for name in _MADE_BY:
        method = getattr(kind, name, None)
        if callable(method):
            made: Convert = method
            return made
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return _dataclass(kind)
    if isinstance(kind, type) and kind is not dict:
        return lambda value: kind(**value) if isinstance(value, Mapping) else kind(value)
    return kind  # type: ignore[return-value] # a function; classes are done with


def _dataclass(kind: type) -> Convert:
    fields: dict[str, Convert] | None = None

    def make(value: object) -> object:
        nonlocal fields
        if not isinstance(value, Mapping):
            raise ValueError(  # noqa: TRY004 - what decoders raise
                f"not a {kind.__name__}: it is a {type(value).__name__}"
            )
        if fields is None:  # late, so that a class may hold itself
            hints = typing.get_type_hints(kind)
            fields = {f.name: _hinted(hints[f.name]) for f in dataclasses.fields(kind) if f.init}
        known = {name: convert(value[name]) for name, convert in fields.items() if name in value}
        return kind(**known)

    return make


def _hinted(hint: object) -> Convert:
    """Return what makes a field of the type that it is annotated with; others stay as they are."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _dataclass(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if origin in {list, tuple, Sequence} and arguments:
        each, many = _hinted(arguments[0]), tuple if origin is tuple else list
        return lambda value: many(each(item) for item in value)  # type: ignore[attr-defined]
    if origin in {dict, Mapping} and len(arguments) == 2:
        each = _hinted(arguments[1])
        return lambda value: {k: each(v) for k, v in value.items()}  # type: ignore[attr-defined]
    if origin in {typing.Union, types.UnionType}:
        return _optional(arguments)
    return _same


def _optional(arguments: tuple[object, ...]) -> Convert:
    rest = [argument for argument in arguments if argument is not type(None)]
    if len(rest) != 1:
        return _same
    convert = _hinted(rest[0])
    return lambda value: None if value is None else convert(value)


def _same(value: object) -> object:
    return value
