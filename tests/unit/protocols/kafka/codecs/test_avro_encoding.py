"""Avro's encoding of what fits exactly: byte for byte what fastavro writes."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from fastavro import parse_schema, schemaless_writer
from fastavro.validation import validate
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.protocols.kafka.codecs.avro_atoms import Misfit
from gatlingpy.protocols.kafka.codecs.avro_encoding import exact_encoder
from gatlingpy.protocols.kafka.codecs.avro_schema import is_json_like
from gatlingpy.protocols.kafka.codecs.schema_codecs import AvroCodec
from tests.unit.protocols.kafka.codecs.registry_side import Stage
from tests.unit.protocols.kafka.codecs.test_avro import record

TREE = record(
    ("value", "int"),
    ("next", ["null", "Tree"]),
    ("tags", {"type": "array", "items": "string"}),
    ("by_name", {"type": "map", "values": "double"}),
    ("state", {"type": "enum", "name": "State", "symbols": ["A", "B"]}),
    ("again", "State"),
    ("raw", {"type": "fixed", "name": "Two", "size": 2}),
    ("flag", "boolean"),
    ("big", {"type": "long"}),
    ("bytes", "bytes"),
    ("ratio", "float"),
    name="Tree",
)
FIT: dict[str, Any] = {
    "value": 1, "next": None, "tags": ["a"], "by_name": {"x": 1.5}, "state": "A", "again": "B",
    "raw": b"ab", "flag": True, "big": 2**62, "bytes": b"", "ratio": 1,
}  # fmt: skip

anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**65), 2**65) | st.floats() | st.text(max_size=2)
    | st.binary(max_size=3) | st.sampled_from(["A", "B", "a"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip


def exact(value: object, schema: Any = TREE) -> bytes | None:
    """Return the bytes, or ``None`` for what does not fit exactly."""
    out = bytearray()
    try:
        exact_encoder(parse_schema(schema))(value, out)
    except (Misfit, KeyError, OverflowError, UnicodeEncodeError):
        return None
    return bytes(out)


def fastavros(value: object, schema: Any = TREE) -> bytes:
    buffer = BytesIO()
    schemaless_writer(buffer, parse_schema(schema), value)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "value", [FIT, {**FIT, "next": FIT}, {**FIT, "next": {**FIT, "next": FIT}}]
)
def test_a_value_that_fits_is_written_as_fastavro_does(value: dict[str, object]) -> None:
    """Records inside of themselves as well."""
    assert exact(value) == fastavros(value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("value", 1.0), ("value", True), ("value", 2**31), ("value", "1"), ("next", {}),
        ("tags", ["a", 1]), ("tags", ("a",)), ("by_name", {"x": "1"}), ("by_name", {1: 1.0}),
        ("state", "C"), ("again", 1), ("raw", b"abc"), ("flag", 1), ("big", 2**63),
        ("bytes", "x"), ("ratio", "1"), ("ratio", None), ("ratio", 1e300), ("more", 1),
    ],
)  # fmt: skip
def test_one_that_does_not_is_left_to_others(name: str, value: object) -> None:
    """Whichever field it is, and one that the schema has not."""
    assert exact({**FIT, name: value}) is None


@given(st.sampled_from(sorted(FIT)), anything)
def test_what_is_written_is_what_fastavro_writes(name: str, value: object) -> None:
    """And fastavro's own validation takes it."""
    changed = {**FIT, name: value}
    written = exact(changed)
    if written is not None:
        assert validate(changed, parse_schema(TREE), raise_errors=False)
        assert written == fastavros(changed)


@given(st.integers(-(2**63), 2**63 - 1))
def test_numbers_are_written_as_fastavro_does(number: int) -> None:
    """All that fit into 64 bits."""
    assert exact(number, "long") == fastavros(number, "long")


@pytest.mark.parametrize("length", [0, 1, 63, 64, 8_191, 8_192, 100_000])
def test_lengths_are_written_as_fastavro_does(length: int) -> None:
    """Of text, bytes, lists and mappings."""
    for value, schema in (
        ("ü" * length, "string"),
        (b"x" * length, "bytes"),
        ([1] * length, {"type": "array", "items": "int"}),
        ({str(n): n for n in range(length)}, {"type": "map", "values": "int"}),
    ):
        assert exact(value, schema) == fastavros(value, schema)


UNIONS: list[tuple[Any, list[object]]] = [
    (["null", "string"], [None, "x"]),
    (["string", "null", "long", "boolean"], ["x", None, 7, True]),
    (["int", "long"], [1, 2**40]),
    (
        ["null", {"type": "long", "logicalType": "timestamp-millis"}],
        [None, datetime(2026, 1, 2, tzinfo=UTC)],
    ),
    (
        ["null", record(("a", "int"), name="A"), record(("b", "int"), name="B")],
        [{"a": 1}, {"b": 1}],
    ),
    (["null", record(("a", "int"), name="A")], [None, {"a": 1}]),
]


@pytest.mark.parametrize(("schema", "values"), UNIONS)
def test_the_branch_of_a_union_is_fastavros(schema: Any, values: list[object]) -> None:
    """Where the type of the value tells it, and where it does not."""
    for value in values:
        assert exact(value, schema) == fastavros(value, schema)
    assert exact(object(), schema) is None


def test_fields_that_are_left_out_have_their_defaults() -> None:
    """Those that have any; more than the schema knows are too many."""
    schema = record(("a", "int"), name="D")
    schema["fields"] += [  # type: ignore[operator]
        {"name": "b", "type": ["null", "string"], "default": None},
        {"name": "c", "type": {"type": "array", "items": "int"}, "default": [1]},
        {"name": "d", "type": "double", "default": 1.5},
    ]
    for value in ({"a": 1}, {"a": 1, "b": "x"}, {"a": 1, "d": 2.0}, {"a": 1, "c": [], "b": None}):
        assert exact(value, schema) == fastavros(value, schema)
    assert exact({"b": "x"}, schema) is None
    assert exact({"a": 1, "e": 1}, schema) is None


def test_what_fits_loosely_is_written_all_the_same() -> None:
    """A subclass of text, a tuple for a list; by fastavro then."""

    class Text(str):
        """Text of a kind."""

        __slots__ = ()

    schema = record(("a", "string"), ("b", {"type": "array", "items": "int"}), name="L")
    written = Stage().write(AvroCodec(schema))({"a": Text("x"), "b": (1,)}, "orders")
    assert written == fastavros({"a": "x", "b": [1]}, schema)


@pytest.mark.parametrize(
    ("schema", "like"),
    [
        ("string", True),
        ("bytes", False),
        (["null", "long"], True),
        (["null", "bytes"], False),
        ({"type": "array", "items": "bytes"}, False),
        ({"type": "map", "values": "int"}, True),
        ({"type": "int", "logicalType": "date"}, False),
        (record(("next", ["null", "Tree"]), name="Tree"), True),
        (TREE, False),
        (record(("a", record(("b", "bytes"), name="B"))), False),
        (record(("a", record(("b", "int"), name="B")), ("c", "B")), True),
    ],
)
def test_values_of_jsons_types_are_known_by_their_schema(schema: Any, like: bool) -> None:
    """Wherever a type stands that JSON has not."""
    assert is_json_like(parse_schema(schema)) is like
