"""JSON Schema: what does not fit is neither sent nor taken."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from gatlingpy.errors import ExpressionError, ProtocolError, UsageError
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.protocols.kafka.codecs import json_schema
from gatlingpy.protocols.kafka.codecs.registry import RegistrySchema
from gatlingpy.protocols.kafka.codecs.schema_codecs import JsonSchemaCodec
from gatlingpy.tracking.decoding import Unreadable
from tests.unit.protocols.kafka.codecs.registry_side import Stage, read, tree, with_registry

USER: dict[str, Any] = {
    "title": "User",
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "age": {"type": "integer", "minimum": 0},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["name", "age"],
    "additionalProperties": False,
}
NEW_DRAFT = {**USER, "$schema": "https://json-schema.org/draft/2020-12/schema"}
ANN = {"name": "Ann", "age": 30}
ANN_BYTES = b'{"name":"Ann","age":30}'


@dataclass
class User:
    name: str
    age: int


@pytest.fixture(params=[USER, NEW_DRAFT], ids=["quick", "whole"])
def schema(request: pytest.FixtureRequest) -> dict[str, Any]:
    """A schema for each of the validators."""
    found: dict[str, Any] = request.param
    return found


@pytest.mark.parametrize(
    "value", [ANN, User("Ann", 30), FrozenMap(ANN), ANN_BYTES.decode(), ANN_BYTES]
)
def test_values_that_fit_are_written_as_json(schema: dict[str, Any], value: object) -> None:
    """Text and bytes are JSON already."""
    assert Stage().write(JsonSchemaCodec(schema))(value, "orders") == ANN_BYTES


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"name": "Ann"}, "age"),
        ({"name": "Ann", "age": "30"}, r"\$\.age"),
        ({"name": "Ann", "age": -1}, r"\$\.age"),
        ({**ANN, "aeg": 1}, "aeg"),
        ({**ANN, "tags": ["a", 7]}, r"\$\.tags\[1\]"),
        ([], r"\$"),
    ],
)
def test_a_value_that_does_not_fit_is_named(
    schema: dict[str, Any], value: object, said: str
) -> None:
    """With the schema and the place, when it is written as when it is read."""
    stage = Stage()
    with pytest.raises(
        ExpressionError, match=rf"the value does not fit the JSON schema User: .*{said}"
    ):
        stage.write(JsonSchemaCodec(schema))(value, "orders")
    with pytest.raises(
        Unreadable, match=rf"the reply is not what the JSON schema User asks for: .*{said}"
    ):
        read(stage.replies(JsonSchemaCodec(schema)), json.dumps(value).encode())
    loose = stage.replies(JsonSchemaCodec(schema, validate=False))
    assert read(loose, json.dumps(value).encode()) == value


def test_what_is_sent_is_what_is_held_to_the_schema() -> None:
    """A date is text on the wire, and is held to the schema as text."""
    schema = {"type": "object", "properties": {"on": {"type": "string"}}}
    write = Stage().write(JsonSchemaCodec(schema))
    assert write({"on": date(2026, 1, 2)}, "orders") == b'{"on":"2026-01-02"}'
    with pytest.raises(ExpressionError, match="cannot be written as JSON"):
        write({"on": object()}, "orders")
    with pytest.raises(ExpressionError, match="the value is text, but no JSON"):
        write("{", "orders")


def test_replies_are_dicts_or_of_the_type_that_is_given() -> None:
    """For paths they are dicts either way."""
    form = Stage().replies(JsonSchemaCodec(USER, User))
    assert form.serialization == "json-schema"
    assert (read(form, ANN_BYTES), tree(form, ANN_BYTES)) == (User("Ann", 30), ANN)
    with pytest.raises(Unreadable, match="the reply is not JSON: "):
        read(form, b"{")


@pytest.mark.parametrize("text", ["{", "[]", '{"type": "nosuch"}'])
def test_what_is_no_schema_is_refused(text: str) -> None:
    """With the user's line."""
    with pytest.raises(
        UsageError, match=r"test_json_schema\.py:\d+: JsonSchemaCodec\(\.\.\.\): the JSON schema"
    ):
        JsonSchemaCodec(text)


def test_nothing_is_fetched_from_anywhere() -> None:
    """A schema that refers to an address on the web cannot be used: it is told, not fetched."""
    schema = {"type": "object", "properties": {"a": {"$ref": "https://example.com/a.json"}}}
    validate = json_schema.parse(json.dumps(schema)).validate
    with pytest.raises(Exception, match=r"example\.com/a\.json"):
        validate({"a": 1})


def test_schemas_may_refer_to_each_other() -> None:
    """By the names that they are given with."""
    address = {"$id": "address.json", "type": "object", "required": ["city"]}
    user = {"type": "object", "properties": {"to": {"$ref": "address.json"}}}
    stage = Stage(with_registry())
    codec = JsonSchemaCodec(user, references=[address])
    write = stage.write(codec)
    assert (
        write({"to": {"city": "Bonn"}}, "orders") == b'\x00\x00\x00\x00\x02{"to":{"city":"Bonn"}}'
    )
    with pytest.raises(ExpressionError, match="city"):
        write({"to": {}}, "orders")
    assert list(stage.registry.subjects) == ["address.json", "orders-value"]
    assert stage.registry.schemas[1].references == (("address.json", "address.json", 1),)


def test_values_stand_in_a_frame_that_names_their_schema() -> None:
    """Registered under the topic's subject, or under the schema's title."""
    stage = Stage(with_registry())
    assert stage.write(JsonSchemaCodec(USER))(ANN, "orders") == b"\x00\x00\x00\x00\x01" + ANN_BYTES
    stage.write(JsonSchemaCodec(USER, subject_name_strategy="record"))
    assert list(stage.registry.subjects) == ["orders-value", "User"]
    untitled = JsonSchemaCodec({"type": "object"}, subject_name_strategy="record")
    with pytest.raises(
        ProtocolError, match="the subject follows from the schema's title, and it has none"
    ):
        stage.write(untitled)


def test_replies_are_held_to_the_writers_schema_where_none_is_given() -> None:
    """And to the codec's own where there is one."""
    stage = Stage(with_registry())
    stage.registry.register("done-value", RegistrySchema("JSON", json.dumps(USER)), normalize=False)
    frame = b"\x00\x00\x00\x00\x01"
    form = stage.replies(JsonSchemaCodec())
    assert read(form, frame + ANN_BYTES) == ANN
    with pytest.raises(Unreadable, match="not what the JSON schema User asks for"):
        read(form, frame + b"{}")
    assert read(stage.replies(JsonSchemaCodec({"type": "object"})), frame + b"{}") == {}
    with pytest.raises(Unreadable, match="not written with the schema registry"):
        read(form, ANN_BYTES)


def test_the_latest_version_is_taken_where_no_schema_is_given() -> None:
    """Values are held to it."""
    stage = Stage(with_registry())
    stage.registry.register(
        "orders-value", RegistrySchema("JSON", json.dumps(USER)), normalize=False
    )
    write = stage.write(JsonSchemaCodec())
    assert write(ANN, "orders") == b"\x00\x00\x00\x00\x01" + ANN_BYTES
    with pytest.raises(ExpressionError, match="does not fit the JSON schema User"):
        write({}, "orders")
