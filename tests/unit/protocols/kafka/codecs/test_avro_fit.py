"""The quick look at values: what it takes, fastavro's own validation takes as well."""

from typing import Any

import pytest
from fastavro import parse_schema
from fastavro.validation import validate
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.protocols.kafka.codecs.avro_fit import is_json_like, quick_fit
from gatlingpy.protocols.kafka.codecs.schema_codecs import AvroCodec
from tests.unit.protocols.kafka.codecs.registry_side import Stage, read
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


def test_a_value_that_fits_is_taken_at_once() -> None:
    """Records inside of themselves as well."""
    fits = quick_fit(parse_schema(TREE))
    assert fits(FIT)
    assert fits({**FIT, "next": FIT})
    assert not fits({**FIT, "next": {**FIT, "value": "1"}})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("value", 1.0), ("value", True), ("value", 2**31), ("value", "1"), ("next", {}),
        ("tags", ["a", 1]), ("tags", ("a",)), ("by_name", {"x": "1"}), ("by_name", {1: 1.0}),
        ("state", "C"), ("again", 1), ("raw", b"abc"), ("flag", 1), ("big", 2**63),
        ("bytes", "x"), ("ratio", "1"), ("ratio", None),
    ],
)  # fmt: skip
def test_one_that_does_not_is_looked_at_closely(name: str, value: object) -> None:
    """Whichever field it is."""
    assert not quick_fit(parse_schema(TREE))({**FIT, name: value})


@given(st.sampled_from(sorted(FIT)), anything)
def test_what_it_takes_is_valid(name: str, value: object) -> None:
    """By fastavro's own word; and it is read back as it was."""
    schema, given_ = parse_schema(TREE), {**FIT, name: value}
    if name == "ratio" and isinstance(value, float | int):
        given_["ratio"] = 0.5
    if quick_fit(schema)(given_):
        assert validate(given_, schema, raise_errors=False)
        stage, codec = Stage(), AvroCodec(TREE)
        written = stage.write(codec)(given_, "orders")
        assert read(stage.replies(codec), written) == given_


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
