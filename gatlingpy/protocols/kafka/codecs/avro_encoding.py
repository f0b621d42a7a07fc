"""Avro's binary encoding of values that fit their schema exactly; others are somebody else's.

    long, int    zigzag, seven bits a byte, the lowest first
    string       its length in bytes, then UTF-8            bytes    likewise
    record       its fields one after another               enum     its place among the symbols
    union        the place of the branch, then its value    array    blocks: count, items; then 0
    double       eight bytes, the lowest first              map      likewise, each with its key

https://avro.apache.org/docs/1.12.0/specification/#binary-encoding

fastavro's writer takes twice as long, and writes what does not fit: 1.5 as the int 1, "2" as the
double 2.0, a long where there is room for an int.  Its validation would cost as much again.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, Final

from gatlingpy.protocols.kafka.codecs.avro_atoms import (
    ATOMS,
    SMALL,
    Misfit,
    Put,
    put_long,
    put_string,
)

_ABSENT: Final = object()
_END: Final = b"\x00"
"""What ends an array or a map."""

_PYTHON: Final[Mapping[str, type]] = {
    "null": type(None),
    "boolean": bool,
    "int": int,
    "long": int,
    "float": float,
    "double": float,
    "string": str,
    "bytes": bytes,
    "enum": str,
    "fixed": bytes,
    "array": list,
    "map": dict,
    "record": dict,
    "error": dict,
}


def exact_encoder(schema: Any) -> Put:
    """Return what appends values of a schema that fastavro has parsed."""
    return _Encoders(schema.get("__named_schemas", {}) if isinstance(schema, dict) else {}).of(
        schema
    )


class _Encoders:
    """Makes the encoders of one schema; a named type has the same one everywhere."""

    def __init__(self, named: Mapping[str, Any]) -> None:
        self._named = named
        self._made: dict[str, Put] = {}

    def of(self, schema: Any) -> Put:
        if isinstance(schema, str):
            return ATOMS.get(schema) or self._of_name(schema)
        if isinstance(schema, list):
            return self._union(schema)
        if "logicalType" in schema:
            return self._by_fastavro(schema)
        put = self._of_type(schema)
        if "name" in schema:
            self._made[schema["name"]] = put
        return put

    def _of_type(self, schema: Mapping[str, Any]) -> Put:
        match schema["type"]:
            case "record" | "error":
                return self._record(schema)
            case "enum":
                return _enum(schema["symbols"])
            case "array":
                return _array(self.of(schema["items"]))
            case "map":
                return _map(self.of(schema["values"]))
            case "fixed":
                return _fixed(schema["size"])
        return self.of(schema["type"])

    def _of_name(self, name: str) -> Put:
        if name not in self._made and name in self._named:
            self.of(self._named[name])
        made = self._made

        def put(value: Any, out: bytearray) -> None:
            made[name](value, out)  # late: a record may hold itself

        return put

    def _record(self, schema: Mapping[str, Any]) -> Put:
        fields: list[tuple[str, Put]] = []
        defaults: dict[str, bytes] = {}

        def put(value: Any, out: bytearray) -> None:
            if type(value) is not dict:
                raise Misfit
            if len(value) != len(fields):
                _put_with_defaults(value, out, fields, defaults)
                return
            for name, put_field in fields:
                put_field(value[name], out)

        self._made[schema["name"]] = put
        for field in schema["fields"]:
            fields.append((field["name"], self.of(field["type"])))
            if "default" in field:
                defaults[field["name"]] = self._written(field["type"], field["default"])
        return put

    def _union(self, branches: Sequence[Any]) -> Put:
        """By the Python type of the value, if that tells the branch."""
        ways: dict[type, tuple[bytes, Put]] = {}
        for place, branch in enumerate(branches):
            kind = self._python_type(branch)
            if kind is None or kind in ways:
                return self._by_fastavro(list(branches))
            ways[kind] = SMALL[place], self.of(branch)

        def put(value: Any, out: bytearray) -> None:
            way = ways.get(type(value))
            if way is None:
                raise Misfit
            out += way[0]
            way[1](value, out)

        return put

    def _python_type(self, branch: Any) -> type | None:
        if isinstance(branch, str) and branch in self._named:
            branch = self._named[branch]
        if isinstance(branch, dict):
            if "logicalType" in branch:
                return None
            branch = branch["type"]
        return _PYTHON.get(branch) if isinstance(branch, str) else None

    def _by_fastavro(self, schema: Any) -> Put:
        from fastavro.validation import validate

        parsed = self._parsed(schema)

        def put(value: Any, out: bytearray) -> None:
            if not validate(value, parsed, raise_errors=False):
                raise Misfit
            out += _written(parsed, value)

        return put

    def _parsed(self, schema: Any) -> Any:
        from fastavro import parse_schema

        return parse_schema(schema, named_schemas=dict(self._named))

    def _written(self, schema: Any, value: Any) -> bytes:
        return _written(self._parsed(schema), value)


def _written(parsed: Any, value: Any) -> bytes:
    from fastavro import schemaless_writer

    buffer = BytesIO()
    schemaless_writer(buffer, parsed, value)
    return buffer.getvalue()


def _put_with_defaults(
    value: Mapping[str, Any],
    out: bytearray,
    fields: Sequence[tuple[str, Put]],
    defaults: Mapping[str, bytes],
) -> None:
    """Append a record that lacks fields: all that it has must be known."""
    found = 0
    for name, put in fields:
        item = value.get(name, _ABSENT)
        if item is _ABSENT:
            out += defaults[name]
        else:
            put(item, out)
            found += 1
    if found != len(value):
        raise Misfit


def _enum(symbols: Sequence[str]) -> Put:
    places = {symbol: SMALL[place] for place, symbol in enumerate(symbols)}

    def put(value: Any, out: bytearray) -> None:
        if type(value) is not str:
            raise Misfit
        out += places[value]

    return put


def _fixed(size: int) -> Put:
    def put(value: Any, out: bytearray) -> None:
        if type(value) is not bytes or len(value) != size:
            raise Misfit
        out += value

    return put


def _array(put_item: Put) -> Put:
    def put(value: Any, out: bytearray) -> None:
        if type(value) is not list:
            raise Misfit
        if value:
            put_long(len(value), out)
            for item in value:
                put_item(item, out)
        out += _END

    return put


def _map(put_item: Put) -> Put:
    def put(value: Any, out: bytearray) -> None:
        if type(value) is not dict:
            raise Misfit
        if value:
            put_long(len(value), out)
            for key, item in value.items():
                put_string(key, out)
                put_item(item, out)
        out += _END

    return put
