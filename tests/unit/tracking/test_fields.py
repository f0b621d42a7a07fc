"""Fields of what codecs give: dicts, Protobuf messages, dataclasses, plain objects."""

from collections import OrderedDict
from dataclasses import dataclass
from types import MappingProxyType, SimpleNamespace

import pytest
from google.protobuf import descriptor_pb2, duration_pb2, struct_pb2

from gatlingpy.plan.json_path import MISSING
from gatlingpy.tracking.fields import compile_field


@dataclass(frozen=True, slots=True)
class Line:
    """A part of an order."""

    sku: str
    none: None = None


class Order:
    """An order as a user wrote it."""

    def __init__(self) -> None:
        self.lines = (Line("A"), Line("B"))
        self.tags = MappingProxyType({"x": OrderedDict(y=[1])})

    @property
    def broken(self) -> str:
        """Raise."""
        raise RuntimeError("broken")


MESSAGE = descriptor_pb2.FieldDescriptorProto(
    name="n", number=0, options=descriptor_pb2.FieldOptions(packed=True)
)
FILE = descriptor_pb2.FileDescriptorProto(
    message_type=[descriptor_pb2.DescriptorProto(name="A"), descriptor_pb2.DescriptorProto()]
)
STRUCT = struct_pb2.Struct(fields={"a": struct_pb2.Value(number_value=1)})


@pytest.mark.parametrize(
    ("value", "path", "found"),
    [
        ({"a": {"b": [1, {"c": 2}]}}, "a.b[1].c", 2),
        ({"a": None}, "a", None),
        ({"a": None}, "a.b", MISSING),
        ({"a": [1]}, "a[1]", MISSING),
        ({"a": [1]}, "a[-2]", MISSING),
        ({"a": "text"}, "a[0]", MISSING),
        ({"a": b"bytes"}, "a[0]", MISSING),
        ({"a": "text"}, "a.upper", MISSING),
        ({"a": 1}, "a.real", MISSING),
        ({"items": 1}, "items", 1),
        ({}, "items", MISSING),
        ([{"a": 1}], "[0].a", 1),
        (None, "a", MISSING),
        (Order(), "lines[1].sku", "B"),
        (Order(), "lines[0].none", None),
        (Order(), "lines[0].price", MISSING),
        (Order(), "tags.x.y[0]", 1),
        (SimpleNamespace(a=SimpleNamespace(b=1)), "a.b", 1),
        (MESSAGE, "name", "n"),
        (MESSAGE, "number", 0),
        (MESSAGE, "options.packed", True),
        (MESSAGE, "type_name", MISSING),
        (MESSAGE, "nothing", MISSING),
        (MESSAGE, "SerializeToString", MISSING),
        (FILE, "message_type[0].name", "A"),
        (FILE, "message_type[1].name", MISSING),
        (FILE, "message_type[2]", MISSING),
        (duration_pb2.Duration(), "seconds", 0),
        (STRUCT, "fields.a.number_value", 1.0),
        (STRUCT, "fields.b", MISSING),
        (STRUCT, "fields.a.string_value", MISSING),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_field_is_found_or_missing(value: object, path: str, found: object) -> None:
    """A field of Protobuf that can be absent is missing if it is; any other has its default."""
    assert compile_field(path)(value) == found


def test_what_a_property_raises_is_not_hidden() -> None:
    """It becomes the reason of a failed check."""
    with pytest.raises(RuntimeError, match="broken"):
        compile_field("broken")(Order())
