"""Avro's binary encoding of single values: numbers, text, bytes.

Zigzag, seven bits a byte, the lowest first, for whole numbers and for lengths.
https://avro.apache.org/docs/1.12.0/specification/#binary-encoding
"""

import struct
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

Put: TypeAlias = Callable[[Any, bytearray], None]
"""Appends a value; raises Misfit, or KeyError, for one that does not fit exactly."""


class Misfit(Exception):  # noqa: N818 - a state
    """A value that is not of exactly the types that a schema asks for."""


_DOUBLE: Final = struct.Struct("<d").pack
_FLOAT: Final = struct.Struct("<f").pack


def _varint(number: int) -> bytes:
    rest = (number << 1) ^ (number >> 63)
    written = bytearray()
    while rest > 0x7F:
        written.append(rest & 0x7F | 0x80)
        rest >>= 7
    written.append(rest)
    return bytes(written)


_MANY: Final = 8_192
SMALL: Final = tuple(_varint(number) for number in range(_MANY))
"""The numbers that two bytes are enough for: most lengths, counts and places."""


def put_string(value: Any, out: bytearray) -> None:
    if type(value) is not str:
        raise Misfit
    data = value.encode()
    length = len(data)
    out += SMALL[length] if length < _MANY else _varint(length)
    out += data


def put_bytes(value: Any, out: bytearray) -> None:
    if type(value) is not bytes:
        raise Misfit
    length = len(value)
    out += SMALL[length] if length < _MANY else _varint(length)
    out += value


def put_long(value: Any, out: bytearray) -> None:
    if type(value) is not int or not -0x8000_0000_0000_0000 <= value <= 0x7FFF_FFFF_FFFF_FFFF:
        raise Misfit
    out += SMALL[value] if 0 <= value < _MANY else _varint(value)


def put_int(value: Any, out: bytearray) -> None:
    if type(value) is not int or not -0x8000_0000 <= value <= 0x7FFF_FFFF:
        raise Misfit
    out += SMALL[value] if 0 <= value < _MANY else _varint(value)


def put_double(value: Any, out: bytearray) -> None:
    if type(value) is not float and type(value) is not int:
        raise Misfit
    out += _DOUBLE(value)


def put_float(value: Any, out: bytearray) -> None:
    if type(value) is not float and type(value) is not int:
        raise Misfit
    out += _FLOAT(value)


def put_boolean(value: Any, out: bytearray) -> None:
    if type(value) is not bool:
        raise Misfit
    out.append(value)


def put_null(value: Any, _out: bytearray) -> None:
    if value is not None:
        raise Misfit


ATOMS: Final[Mapping[str, Put]] = {
    "null": put_null,
    "boolean": put_boolean,
    "int": put_int,
    "long": put_long,
    "float": put_float,
    "double": put_double,
    "string": put_string,
    "bytes": put_bytes,
}
"""By the names of the types."""
