"""Schemas of Avro: parsed with what they refer to, and the names in them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from gatlingpy.errors import UsageError
from gatlingpy.protocols.kafka.codecs.plan import NamedSchema

_PRIMITIVES: Final = frozenset(
    {"null", "boolean", "int", "long", "float", "double", "bytes", "string"}
)
_NAMED: Final = frozenset({"record", "error", "enum", "fixed"})
_NOT_OF_JSON: Final = frozenset({"bytes", "fixed"})
_TEXTS: Final = frozenset({"string", "enum", "bytes", "fixed"})


class AvroSchema(NamedTuple):
    """A schema that values can be written and read with."""

    name: str
    """Its full name, or its type if it has none."""
    parsed: Any
    """As fastavro wants it."""
    text: str
    kind: str
    """Its type: ``record``, ``string``, ..."""
    named: tuple[NamedSchema, ...]
    """What it refers to."""

    def is_same(self, other: "AvroSchema") -> bool:
        """Whether what one has written the other reads as it is."""
        return self.text == other.text and self.named == other.named

    @property
    def is_text(self) -> bool:
        """Whether its values are text or bytes themselves."""
        return self.kind in _TEXTS


def parse(text: str, named: Sequence[NamedSchema] = ()) -> AvroSchema:
    """Parse a schema; raises UsageError for one that is no Avro schema."""
    from fastavro import parse_schema

    known: dict[str, Any] = {}
    for schema in (*named, NamedSchema("", text)):
        what = f"the Avro schema {schema.name!r}" if schema.name else "the Avro schema"
        raw = read(schema.text, what)
        try:
            parsed = parse_schema(raw, named_schemas=known)
        except Exception as error:
            raise UsageError(f"{what} cannot be used: {_reason(error)}") from error
    kind = raw.get("type") if isinstance(raw, Mapping) else raw
    kind = kind if isinstance(kind, str) else "union"
    return AvroSchema(name_of(raw), parsed, text, kind, tuple(named))


def _reason(error: Exception) -> str:
    unknown = getattr(error, "name", None)
    if unknown and type(error).__name__ == "UnknownType":
        return (
            f"it names the type {unknown!r}, which is nowhere; give its schema in references=[...]"
        )
    return str(error) or type(error).__name__


def read(text: str, what: str) -> Any:
    """Return a schema's JSON; raises UsageError if it is none.  A bare type's name will do."""
    if text.strip().strip('"') in _PRIMITIVES:
        return text.strip().strip('"')
    try:
        raw = json.loads(text)
    except ValueError as error:
        raise UsageError(f"{what} is no JSON: {error}") from error
    while isinstance(raw, dict) and isinstance(raw.get("type"), dict | list):
        raw = raw["type"]  # a type may stand in a box of its own
    return raw


def name_of(raw: object) -> str:
    """Return the full name of a schema, or its type if it has none."""
    if isinstance(raw, Mapping):
        if raw.get("type") in _NAMED:
            return _full(str(raw.get("name", "")), str(raw.get("namespace", "")))
        return name_of(raw.get("type", ""))
    return raw if isinstance(raw, str) else "union"


def unknown_names(raw: object) -> list[str]:
    """Return the full names that a schema uses but does not define, in the order of use."""
    defined: set[str] = set()
    used: dict[str, None] = {}
    for name, is_definition in _names(raw, ""):
        if is_definition:
            defined.add(name)
        elif name not in defined:
            used[name] = None
    return [name for name in used if name not in defined]


def _names(raw: object, namespace: str) -> Iterator[tuple[str, bool]]:
    """Yield each full name and whether it is defined there."""
    match raw:
        case str() if raw not in _PRIMITIVES:
            yield _full(raw, namespace), False
        case list():
            for branch in raw:
                yield from _names(branch, namespace)
        case {"type": kind, "name": name, **rest} if kind in _NAMED:
            full = _full(str(name), str(rest.get("namespace", namespace)))
            yield full, True
            fields = rest.get("fields")
            for field in fields if isinstance(fields, list) else ():
                yield from _names(field.get("type"), full.rpartition(".")[0])
        case {"type": "array", "items": inner} | {"type": "map", "values": inner}:
            yield from _names(inner, namespace)
        case {"type": inner}:
            yield from _names(inner, namespace)


def is_json_like(schema: Any) -> bool:
    """Tell whether values that are read by a schema are JSON's as they are."""
    named: Mapping[str, Any] = schema.get("__named_schemas", {}) if isinstance(schema, dict) else {}
    seen: set[str] = set()

    def like(part: Any) -> bool:
        if isinstance(part, str):
            if part in seen or part not in named:
                return part not in _NOT_OF_JSON
            seen.add(part)
            return like(named[part])
        if isinstance(part, list):
            return all(map(like, part))
        if "logicalType" in part or part["type"] in _NOT_OF_JSON:
            return False
        inner = [field["type"] for field in part.get("fields", ())]
        inner += [part[key] for key in ("items", "values") if key in part]
        return all(map(like, inner)) and (isinstance(part["type"], str) or like(part["type"]))

    return like(schema)


def _full(name: str, namespace: str) -> str:
    return name if "." in name or not namespace else f"{namespace}.{name}"
