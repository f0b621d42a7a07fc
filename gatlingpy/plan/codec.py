"""Plan to JSON and back, and its fingerprint.

Each plan class becomes an object whose ``"$"`` names the class; tuples become arrays, so that a
plan holds nothing but plan classes, tuples, FrozenMaps, enums, str, int, float, bool, bytes and
None.  A protocol contributes its own classes through ``types``.
"""

import base64
import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import TypeAlias

from gatlingpy.plan.frozen import FrozenMap

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

_TAG = "$"


def encode(value: object, *, places: bool = True) -> Json:
    """Turn a plan, or any part of one, into JSON values.

    ``places=False`` leaves out the fields that are only for people, such as ``file:line``: those
    that plans are not compared by.  Raises TypeError for anything that has
    no business in a plan, such as a function or a list.
    """
    match value:
        case Enum():
            return {_TAG: type(value).__name__, "value": value.value}
        case None | bool() | int() | float() | str():
            return value
        case bytes():
            return {_TAG: "bytes", "base64": base64.b64encode(value).decode()}
        case tuple():
            return [encode(item, places=places) for item in value]
        case FrozenMap():
            return {_TAG: "map", "items": [[k, encode(v, places=places)] for k, v in value.items()]}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _encode_fields(value, places=places)
    raise TypeError(f"{type(value).__name__} {value!r} cannot be part of a plan")


def _encode_fields(value: object, *, places: bool) -> Json:
    encoded: dict[str, Json] = {_TAG: type(value).__name__}
    for field in dataclasses.fields(value):  # type: ignore[arg-type]
        if places or field.compare:
            encoded[field.name] = encode(getattr(value, field.name), places=places)
    return encoded


class Decoder:
    """Turns the JSON of ``encode`` back into plan objects of known classes."""

    def __init__(self, types: Iterable[type]) -> None:
        """``types`` are the plan classes and enums that may occur; their names must differ."""
        self._types: Mapping[str, Callable[..., object]] = {cls.__name__: cls for cls in types}

    def decode(self, value: Json) -> object:
        """Rebuild a value; raises ValueError for a class that this decoder does not know."""
        match value:
            case list():
                return tuple(self.decode(item) for item in value)
            case dict():
                return self._decode_tagged(value)
        return value

    def _decode_tagged(self, value: dict[str, Json]) -> object:
        tag = value.get(_TAG)
        if tag == "bytes":
            return base64.b64decode(str(value["base64"]))
        if tag == "map":
            items = self.decode(value["items"])
            return FrozenMap(items)  # type: ignore[arg-type]
        cls = self._types.get(str(tag))
        if cls is None:
            raise ValueError(f"a plan holds an unknown class {tag!r}")
        rest = {name: self.decode(item) for name, item in value.items() if name != _TAG}
        return (
            cls(rest["value"]) if isinstance(cls, type) and issubclass(cls, Enum) else cls(**rest)
        )


def to_json(value: object) -> str:
    """Write a plan as one line of JSON; a plan compiled again gives the same text."""
    return json.dumps(encode(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def fingerprint(value: object) -> str:
    """Name a plan by its content: 64 hexadecimal digits, whatever machine or folder it is on."""
    text = json.dumps(encode(value, places=False), separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
