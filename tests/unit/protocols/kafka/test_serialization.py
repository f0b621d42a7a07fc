"""Values to bytes: by their type, or as it was declared."""

import pytest

from gatlingpy.errors import ExpressionError
from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.protocols.kafka.message_values import text_or_bytes
from gatlingpy.protocols.kafka.serialization import serialize

STRING, BYTES, JSON = (
    SerializationType.STRING, SerializationType.BYTE_ARRAY, SerializationType.JSON,
)  # fmt: skip


@pytest.mark.parametrize("serialization", [None, STRING, BYTES, JSON])
def test_text_bytes_and_nothing_are_written_as_they_are(
    serialization: SerializationType | None,
) -> None:
    """Whatever was declared: text is UTF-8, and JSON text is JSON already."""
    assert serialize("grüße", serialization) == "grüße".encode()
    assert serialize(b"\x00\xff", serialization) == b"\x00\xff"
    assert serialize(bytearray(b"ab"), serialization) == b"ab"
    assert serialize(memoryview(b"ab"), serialization) == b"ab"
    assert serialize("", serialization) == b""
    assert serialize(None, serialization) is None


@pytest.mark.parametrize("serialization", [None, JSON])
@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"a": [1, 2.5, None, True]}, b'{"a":[1,2.5,null,true]}'),
        ([1, "x"], b'[1,"x"]'),
        ((1, 2), b"[1,2]"),
        (7, b"7"),
        (True, b"true"),
        (FrozenMap({"a": FrozenMap({"b": 1})}), b'{"a":{"b":1}}'),
    ],
)
def test_structures_and_numbers_are_written_as_json(
    value: object, written: bytes, serialization: SerializationType | None
) -> None:
    """Frozen ones as well."""
    assert serialize(value, serialization) == written


@pytest.mark.parametrize("serialization", [STRING, BYTES])
def test_a_structure_where_text_was_declared_is_refused(serialization: SerializationType) -> None:
    """With the remedy."""
    with pytest.raises(ExpressionError, match=r"the value is a dict, .*add \.as_json\(\)"):
        serialize({"a": 1}, serialization)


def test_what_json_cannot_hold_is_refused() -> None:
    """With its type."""
    with pytest.raises(ExpressionError, match="cannot be written as JSON"):
        serialize({"a": object()}, None)
    with pytest.raises(ExpressionError, match="cannot be written as JSON"):
        serialize({1, 2}, JSON)


@pytest.mark.parametrize(
    ("value", "written"),
    [("k", b"k"), ("ü", "ü".encode()), (b"\x01", b"\x01"), (5, b"5"), (2.5, b"2.5"), (None, None)],
)
def test_keys_and_headers_are_text_bytes_or_numbers(value: object, written: bytes | None) -> None:
    """Or none."""
    assert text_or_bytes(value, "the key") == written


def test_another_key_is_refused_by_its_name() -> None:
    """What, and what it is."""
    with pytest.raises(ExpressionError, match="the key must be text, bytes or a number, got dict"):
        text_or_bytes({}, "the key")
