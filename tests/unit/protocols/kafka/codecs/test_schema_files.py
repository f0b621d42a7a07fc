"""Schemas in files, and what they refer to."""

import json
from pathlib import Path
from typing import Any

import pytest

from gatlingpy.errors import UsageError
from gatlingpy.plan.code import CodeTable
from gatlingpy.protocols.kafka.codecs.avro_schema import parse, unknown_names
from gatlingpy.protocols.kafka.codecs.schema_codecs import AvroCodec, JsonSchemaCodec
from tests.unit.protocols.kafka.codecs.registry_side import Stage
from tests.unit.protocols.kafka.codecs.test_avro import record

CITY = record(("name", "string"), name="City")
ADDRESS = record(("city", "shop.City"), ("old", ["null", "City"]), name="Address")
USER = record(("to", {"type": "array", "items": "shop.Address"}), ("city", "City"))
VALUE: dict[str, Any] = {"to": [{"city": {"name": "Bonn"}, "old": None}], "city": {"name": "Ulm"}}


def write(folder: Path, **files: object) -> None:
    for name, content in files.items():
        (folder / f"{name.replace('__', '.')}").write_text(json.dumps(content))


def test_a_file_is_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its path, or beside the simulation, or in the working folder; the plan holds the text."""
    write(tmp_path, user__avsc=CITY)
    monkeypatch.chdir(tmp_path)
    for given in (tmp_path / "user.avsc", str(tmp_path / "user.avsc"), "user.avsc"):
        plan = AvroCodec(given).compile("x", CodeTable())
        assert (json.loads(plan.schema), plan.file) == (CITY, "user.avsc")
    (tmp_path / "user.avsc").unlink()
    assert json.loads(plan.schema) == CITY


def test_types_that_are_missing_are_found_beside_the_file(tmp_path: Path) -> None:
    """Under their full names, or without the namespace; and what those miss."""
    write(tmp_path, user__avsc=USER, shop__Address__avsc=ADDRESS, City__avsc=CITY)
    codec = AvroCodec(tmp_path / "user.avsc")
    assert [schema.name for schema in codec.plan.named] == ["shop.City", "shop.Address"]
    assert Stage().write(codec)(VALUE, "orders") == b"\x02\x08Bonn\x00\x00\x06Ulm"


def test_types_may_be_given_in_any_order() -> None:
    """They are put in order; a dict is as good as a file."""
    codec = AvroCodec(USER, references=[ADDRESS, CITY])
    assert [schema.name for schema in codec.plan.named] == ["shop.City", "shop.Address"]
    assert Stage().write(codec)(VALUE, "orders") == b"\x02\x08Bonn\x00\x00\x06Ulm"


def test_a_type_that_is_nowhere_is_named() -> None:
    """With the remedy, and the user's line."""
    with pytest.raises(
        UsageError,
        match=r"test_schema_files\.py:\d+: AvroCodec.*names the type 'shop\.City', which is nowhere; give its schema in references",
    ):
        AvroCodec(USER, references=[ADDRESS])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("nosuch.avsc", r"there is no file 'nosuch\.avsc'; it was looked for in"),
        ("/nosuch.avsc", r"there is no file '/nosuch\.avsc'$"),
        ("{", "the Avro schema is no JSON"),
        ('{"type": "nosuch"}', "the Avro schema cannot be used"),
        (7, "a schema is text, a dict or the path of a file, got 7"),
        (b"{}", "a schema is text, a dict or the path of a file"),
        ({"a": {1, 2}}, "the schema cannot be written as JSON"),
    ],
)
def test_what_is_no_schema_is_refused(given: Any, said: str) -> None:
    """With the user's line."""
    with pytest.raises(
        UsageError, match=rf"test_schema_files\.py:\d+: AvroCodec\(\.\.\.\): .*{said}"
    ):
        AvroCodec(given)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """With its name."""
    (tmp_path / "a.avsc").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match=r"the file 'a\.avsc' cannot be read"):
        AvroCodec(tmp_path / "a.avsc")


def test_as_type_must_be_something_that_can_be_called() -> None:
    """A class or a function."""
    with pytest.raises(UsageError, match="as_type is a class, or a function of a dict, got 'User'"):
        AvroCodec(CITY, as_type="User")  # type: ignore[arg-type]


def test_json_schemas_find_what_stands_beside_them(tmp_path: Path) -> None:
    """By the names of the files, through several of them."""
    write(
        tmp_path,
        user__json={"properties": {"to": {"$ref": "address.json"}}},
        address__json={
            "required": ["city"],
            "properties": {"city": {"$ref": "city.json#/$defs/c"}},
        },
        city__json={"$defs": {"c": {"type": "string"}}},
    )
    codec = JsonSchemaCodec(tmp_path / "user.json")
    assert [schema.name for schema in codec.plan.named] == ["city.json", "address.json"]
    put = Stage().write(codec)
    assert put({"to": {"city": "Bonn"}}, "orders") == b'{"to":{"city":"Bonn"}}'
    with pytest.raises(Exception, match=r"does not fit the JSON schema: \$\.to\.city"):
        put({"to": {"city": 7}}, "orders")


def test_names_that_a_schema_uses_but_does_not_define() -> None:
    """With the namespace that they stand in; those it defines are not among them."""
    assert unknown_names(USER) == ["shop.Address", "shop.City"]
    assert unknown_names(ADDRESS) == ["shop.City"]
    nested = record(
        ("a", CITY), ("b", "City"), ("c", {"type": "map", "values": "other.X"}), name="N"
    )
    assert unknown_names(nested) == ["other.X"]
    assert unknown_names(["null", "string", {"type": "array", "items": "Y"}]) == ["Y"]


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        (json.dumps(CITY), "shop.City", "record"),
        ('{"type": {"type": "record", "name": "a.B", "fields": []}}', "a.B", "record"),
        ("long", "long", "long"),
        ('["null", "int"]', "union", "union"),
    ],
)
def test_a_schema_is_called_by_its_full_name(text: str, name: str, kind: str) -> None:
    """Or by its type."""
    schema = parse(text)
    assert (schema.name, schema.kind) == (name, kind)
