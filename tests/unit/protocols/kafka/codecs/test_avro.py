"""Avro: what fits a schema is written and read back, what does not is named."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from gatlingpy.errors import ExpressionError, ProtocolError
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.protocols.kafka.codecs.schema_codecs import AvroCodec
from gatlingpy.tracking.decoding import Unreadable
from tests.unit.protocols.kafka.codecs.registry_side import Stage, read, tree


def record(*fields: tuple[str, Any], name: str = "User", **more: object) -> dict[str, object]:
    return {
        "type": "record", "name": name, "namespace": "shop",
        "fields": [{"name": field, "type": kind} for field, kind in fields], **more,
    }  # fmt: skip


USER = record(("name", "string"), ("age", "int"))
ANN = {"name": "Ann", "age": 30}
ANN_BYTES = b"\x06Ann\x3c"


@dataclass
class User:
    name: str
    age: int


class UserTuple(NamedTuple):
    name: str
    age: int


class Person:
    """A class that knows both ways itself."""

    def __init__(self, name: str, age: int) -> None:
        self.called = (name, age)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Person":
        return cls(values["name"], values["age"])

    def to_dict(self) -> dict[str, object]:
        return {"name": self.called[0], "age": self.called[1]}


@pytest.mark.parametrize(
    "value",
    [ANN, FrozenMap(ANN), User("Ann", 30), UserTuple("Ann", 30), Person("Ann", 30),
     '{"name": "Ann", "age": 30}'],
    ids=["dict", "frozen", "dataclass", "named tuple", "to_dict", "json text"],
)  # fmt: skip
def test_values_of_every_kind_become_the_same_bytes(value: object) -> None:
    """Avro's own binary encoding, with nothing before it."""
    assert Stage().write(AvroCodec(USER))(value, "orders") == ANN_BYTES


def test_nothing_is_a_tombstone() -> None:
    """Whatever the codec."""
    assert Stage().write(AvroCodec(USER))(None, "orders") is None


def test_replies_are_dicts_by_default() -> None:
    """For fields and for paths."""
    form = Stage().replies(AvroCodec(USER))
    assert (form.serialization, read(form, ANN_BYTES)) == ("avro", ANN)
    assert tree(form, ANN_BYTES) == ANN


def test_replies_are_objects_of_the_type_that_is_given() -> None:
    """Of a dataclass, of a class with from_dict, of any class, of a function."""
    stage = Stage()
    assert read(stage.replies(AvroCodec(USER, User)), ANN_BYTES) == User("Ann", 30)
    person = read(stage.replies(AvroCodec(USER, as_type=Person)), ANN_BYTES)
    assert isinstance(person, Person)
    assert person.called == ("Ann", 30)
    assert read(stage.replies(AvroCodec(USER, UserTuple)), ANN_BYTES) == UserTuple("Ann", 30)
    assert read(stage.replies(AvroCodec(USER, lambda user: user["age"])), ANN_BYTES) == 30
    assert tree(stage.replies(AvroCodec(USER, User)), ANN_BYTES) == ANN


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"name": "Ann"}, "the field 'age' is missing or None, and must be int"),
        ({"name": "Ann", "age": "30"}, "the field 'age' is '30', and must be int"),
        ({"name": "Ann", "age": 1.5}, "the field 'age' is 1.5, and must be int"),
        ({"name": "Ann", "age": 2**31}, "the field 'age' is 2147483648, and must be int"),
        ({**ANN, "aeg": 1}, "has a field 'aeg' that the schema has not"),
        ({"name": "Ann", "aeg": 30}, "has a field 'aeg' that the schema has not"),
        (7, "it is a int, not a dict or an object with fields"),
        ("Ann", "the value is text, but no JSON"),
        (b"Ann", r"the Avro codec writes dicts and objects; use \.as_bytes\(\)"),
    ],
)
def test_a_value_that_does_not_fit_is_named(value: object, said: str) -> None:
    """With the field and the schema; nothing is cut to fit."""
    with pytest.raises(ExpressionError, match=said):
        Stage().write(AvroCodec(USER))(value, "orders")


def test_a_field_inside_of_others_is_named() -> None:
    """With the way to it; objects inside of dicts are written as well."""
    order = record(("user", USER), ("tags", {"type": "array", "items": "string"}), name="Order")
    write = Stage().write(AvroCodec(order))
    assert write({"user": User("Ann", 30), "tags": ["a"]}, "orders") == (
        ANN_BYTES + b"\x02\x02a\x00"
    )
    with pytest.raises(ExpressionError, match=r"schema shop\.Order: the field '.*age'"):
        write({"user": {"name": "Ann", "age": "x"}, "tags": []}, "orders")
    with pytest.raises(ExpressionError, match=r"schema shop\.Order: .*tags"):
        write({"user": ANN, "tags": [7]}, "orders")


def test_a_field_with_a_default_may_be_left_out() -> None:
    """As in Java."""
    schema = record(("name", "string"))
    schema["fields"] += [{"name": "nick", "type": ["null", "string"], "default": None}]  # type: ignore[operator]
    assert Stage().write(AvroCodec(schema))({"name": "Ann"}, "orders") == b"\x06Ann\x00"


def test_a_symbol_that_an_enum_has_not_is_refused() -> None:
    """With those that it has."""
    schema = record(("c", {"type": "enum", "name": "Currency", "symbols": ["EUR", "USD"]}))
    with pytest.raises(
        ExpressionError, match=r"the field 'c' is 'GBP', and must be one of EUR, USD"
    ):
        Stage().write(AvroCodec(schema))({"c": "GBP"}, "orders")


@pytest.mark.parametrize(
    ("schema", "value"), [("string", "x"), ("long", 7), ('"bytes"', b"\x01"), (["null", "int"], 3)]
)
def test_schemas_need_not_be_records(schema: Any, value: object) -> None:
    """Text is text then, and no JSON."""
    stage, codec = Stage(), AvroCodec(schema)
    written = stage.write(codec)(value, "orders")
    assert read(stage.replies(codec), written) == value


def test_logical_types_are_pythons_and_json_likes_for_paths() -> None:
    """Decimals are numbers for paths, moments ISO 8601, bytes base64."""
    schema = record(
        ("at", {"type": "long", "logicalType": "timestamp-millis"}),
        ("on", {"type": "int", "logicalType": "date"}),
        ("price", {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}),
        ("id", {"type": "string", "logicalType": "uuid"}),
        ("raw", "bytes"),
    )
    value = {
        "at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "on": date(2026, 1, 2),
        "price": Decimal("12.50"), "id": UUID(int=7), "raw": b"\x00\xff",
    }  # fmt: skip
    stage, codec = Stage(), AvroCodec(schema)
    written = stage.write(codec)(value, "orders")
    form = stage.replies(codec)
    assert read(form, written) == value
    assert tree(form, written) == {
        "at": "2026-01-02T03:04:05+00:00", "on": "2026-01-02", "price": 12.5,
        "id": "00000000-0000-0000-0000-000000000007", "raw": "AP8=",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x06An", "the reply is not Avro of the schema shop.User: "),
        (b"", "the reply is not Avro of the schema shop.User: "),
        (ANN_BYTES + b"more", "the reply is not Avro of the schema shop.User: 4 bytes are left"),
        (None, "the reply is a tombstone: it has no value"),
    ],
)
def test_bytes_that_are_none_of_the_schema_fail_the_check(data: bytes | None, said: str) -> None:
    """With the reason."""
    with pytest.raises(Unreadable) as failed:
        read(Stage().replies(AvroCodec(USER)), data)
    assert str(failed.value).startswith(said)


def test_a_type_that_cannot_be_made_fails_the_check() -> None:
    """What the user's class raises is said."""

    def refuse(_value: object) -> object:
        raise LookupError("no such user")

    with pytest.raises(Unreadable, match=r"the reply cannot be decoded: LookupError: no such user"):
        read(Stage().replies(AvroCodec(USER, refuse)), ANN_BYTES)


def test_without_schema_and_registry_nothing_can_be_written() -> None:
    """The plan says so, with the remedy."""
    stage = Stage()
    plan = AvroCodec().compile("x", CodeTable())
    (problem,) = plan.problems(None)
    assert "no schema is given, and no registry is used" in problem
    with pytest.raises(ProtocolError, match="no schema is given"):
        stage.write(AvroCodec())
    (problem,) = AvroCodec(USER, registry=True).compile("x", CodeTable()).problems(None)
    assert "registry=True, but the protocol has no schema registry" in problem
