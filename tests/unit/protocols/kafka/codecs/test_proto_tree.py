"""Messages for paths: names as in the .proto, numbers as numbers, defaults where there are any."""

import math
from datetime import UTC, datetime

import pytest
from google.protobuf.descriptor_pb2 import EnumDescriptorProto, EnumValueDescriptorProto
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.protocols.kafka.codecs.proto_tree import _shortest, message_tree
from tests.unit.protocols.kafka.codecs.protos import F, Line, Order, classes, field, file, message

OPTIONAL = field("maybe_count", 7, F.TYPE_INT32)
OPTIONAL.proto3_optional = True
OPTIONAL.oneof_index = 0

_ENTRY = message("CountsEntry", field("key", 1), field("value", 2, F.TYPE_INT64))
_ENTRY.options.map_entry = True

WIDE = message(
    "Wide",
    field("big_number", 1, F.TYPE_UINT64),
    field("ratio", 2, F.TYPE_FLOAT),
    field("raw", 3, F.TYPE_BYTES),
    field("state", 4, F.TYPE_ENUM, ".shop.Wide.State"),
    field("counts", 5, F.TYPE_MESSAGE, ".shop.Wide.CountsEntry", many=True),
    field("at", 6, F.TYPE_MESSAGE, ".google.protobuf.Timestamp"),
    OPTIONAL,
    field("wrapped", 8, F.TYPE_MESSAGE, ".google.protobuf.Int64Value"),
    nested_type=[_ENTRY],
    enum_type=[
        EnumDescriptorProto(
            name="State",
            value=[
                EnumValueDescriptorProto(name=n, number=i) for i, n in enumerate(("NEW", "OLD"))
            ],
        )
    ],
)
WIDE.oneof_decl.add(name="_maybe_count")
Wide = classes(
    file(
        "wide.proto", WIDE,
        dependency=["google/protobuf/timestamp.proto", "google/protobuf/wrappers.proto"],
    )
)["Wide"]  # fmt: skip


def test_fields_that_cannot_be_absent_have_their_defaults() -> None:
    """Those that can be are left out."""
    assert message_tree(Wide()) == {
        "big_number": 0, "ratio": 0.0, "raw": "", "state": "NEW", "counts": {},
    }  # fmt: skip


def test_every_kind_of_field_has_a_value_of_json() -> None:
    """Numbers of 64 bits are numbers, enums their names, bytes base64, moments ISO 8601."""
    wide = Wide(
        big_number=2**63, ratio=0.1, raw=b"\x00\xff", state="OLD", counts={"a": 2**40},
        maybe_count=0, wrapped={"value": 2**60},
    )  # fmt: skip
    wide.at.FromDatetime(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    assert message_tree(wide) == {
        "big_number": 2**63, "ratio": 0.1, "raw": "AP8=", "state": "OLD",
        "counts": {"a": 2**40}, "at": "2026-01-02T03:04:05Z", "maybe_count": 0, "wrapped": 2**60,
    }  # fmt: skip


def test_a_number_that_an_enum_has_not_stays_a_number() -> None:
    """A newer writer may have more."""
    assert message_tree(Wide(state=9))["state"] == 9  # type: ignore[index]


def test_messages_inside_of_messages_are_dicts() -> None:
    """In lists as well."""
    order = Order(id="1", lines=[Line(sku="a", count=2)], note={"text": "x"})
    assert message_tree(order) == {
        "id": "1", "lines": [{"sku": "a", "count": 2}], "note": {"text": "x"},
    }  # fmt: skip


@given(st.floats(width=32))
def test_floats_are_the_shortest_that_are_the_same(value: float) -> None:
    """Of 32 bits."""
    import struct

    short = _shortest(value)
    assert struct.pack("f", short) == struct.pack("f", value) or math.isnan(value)
    digits = [f"{value:.{n}g}" for n in range(6, 18)]
    assert math.isnan(value) or next(
        text for text in digits if struct.pack("f", float(text)) == struct.pack("f", value)
    ) in {f"{short:.{n}g}" for n in range(6, 18)}


@pytest.mark.parametrize("value", [math.inf, -math.inf])
def test_infinite_floats_stay_as_they_are(value: float) -> None:
    """Nothing is looked for."""
    assert _shortest(value) == value
