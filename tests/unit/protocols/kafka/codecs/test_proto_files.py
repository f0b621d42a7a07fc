"""Files of Protobuf: compiled on the spot, and the names in them."""

import base64
from pathlib import Path

import pytest

from gatlingpy.errors import UsageError
from gatlingpy.plan.code import CodeTable
from gatlingpy.protocols.kafka.codecs import proto_files
from gatlingpy.protocols.kafka.codecs.proto_files import message_names
from gatlingpy.protocols.kafka.codecs.registry import RegistrySchema
from gatlingpy.protocols.kafka.codecs.schema_codecs import ProtobufCodec
from tests.unit.protocols.kafka.codecs.protos import ORDER_FILE
from tests.unit.protocols.kafka.codecs.registry_side import Stage, read, tree, with_registry

ADDRESS = 'syntax = "proto3";\npackage shop;\nmessage Address { string city = 1; }\n'
ORDER = """\
syntax = "proto3";
package shop;
import "common/address.proto";
import "google/protobuf/timestamp.proto";

// message Comment { is none }
/* message Neither { } */
message Line { string sku = 1; }
enum Kind { option allow_alias = true; NEW = 0; FRESH = 0; }
message Order {
  string id = 1;
  message Note { string text = 1 [json_name = "message { x"]; message Deep {} }
  oneof way { Note note = 2; Line line = 3; }
  map<string, Note> notes = 4;
  shop.Address to = 5;
  google.protobuf.Timestamp at = 6;
  message Last {}
}
service Orders { rpc Get(Order) returns (Order) {} }
message After {}
"""
NAMES = {
    (0,): "shop.Line", (1,): "shop.Order", (1, 0): "shop.Order.Note",
    (1, 0, 0): "shop.Order.Note.Deep", (1, 1): "shop.Order.Last", (2,): "shop.After",
}  # fmt: skip


@pytest.fixture
def order_file(tmp_path: Path) -> Path:
    """A file that imports another."""
    (tmp_path / "common").mkdir()
    (tmp_path / "common" / "address.proto").write_text(ADDRESS)
    (tmp_path / "order.proto").write_text(ORDER)
    return tmp_path / "order.proto"


def test_names_of_messages_are_read_from_the_source() -> None:
    """Comments, texts, enums, services and oneofs are none of them."""
    assert message_names(ORDER) == NAMES


def test_names_of_messages_are_read_from_serialized_descriptors() -> None:
    """As Confluent's client for Python registers them."""
    text = base64.b64encode(ORDER_FILE.SerializeToString()).decode()
    assert message_names(text) == {
        (0,): "shop.Line", (1,): "shop.Order", (1, 0): "shop.Order.Note",
    }  # fmt: skip


def test_a_file_is_compiled_with_what_it_imports(order_file: Path) -> None:
    """Its messages are written and read without any generated code."""
    stage, codec = Stage(), ProtobufCodec(proto=order_file, message="Order")
    value = {"id": "1", "note": {"text": "x"}, "to": {"city": "Bonn"}, "at": "2026-01-02T03:04:05Z"}
    written = stage.write(codec)(value, "orders")
    assert written is not None
    assert tree(stage.replies(codec), written) == {**value, "notes": {}}


def test_the_sources_are_what_is_registered(order_file: Path) -> None:
    """The imported file under its own name; files that everybody has are not."""
    stage = Stage(with_registry())
    codec = ProtobufCodec(proto=order_file, message="shop.Order")
    written = stage.write(codec)({"id": "1"}, "orders")
    assert list(stage.registry.subjects) == ["common/address.proto", "orders-value"]
    assert [schema.text for schema in stage.registry.schemas] == [ADDRESS, ORDER]
    assert stage.registry.schemas[1].references == (
        ("common/address.proto", "common/address.proto", 1),
    )
    assert written == b"\x00\x00\x00\x00\x02\x02\x02\x0a\x011"


def test_replies_are_read_by_a_schema_in_source_form(order_file: Path) -> None:
    """Compiled when it is met, with what it refers to; for codecs that have no class."""
    stage = Stage(with_registry())
    written = stage.write(ProtobufCodec(proto=order_file, message="Order"))(
        {"id": "1", "to": {"city": "Bonn"}}, "orders"
    )
    form = stage.replies(ProtobufCodec())
    assert tree(form, written) == {"id": "1", "to": {"city": "Bonn"}, "notes": {}}


def test_a_schema_that_does_not_compile_fails_the_check() -> None:
    """With the compiler's words."""
    stage = Stage(with_registry())
    stage.registry.register("a", RegistrySchema("PROTOBUF", "message A {"), normalize=False)
    with pytest.raises(Exception, match="not readable: the writer's schema cannot be used: protoc"):
        read(stage.replies(ProtobufCodec()), b"\x00\x00\x00\x00\x01\x00")


def test_imports_are_looked_for_in_the_folders_that_are_given(
    order_file: Path, tmp_path: Path
) -> None:
    """Beside the file first."""
    (tmp_path / "main").mkdir()
    moved = order_file.rename(tmp_path / "main" / "order.proto")
    with pytest.raises(UsageError, match=r"protoc refuses order\.proto: .*common/address\.proto"):
        ProtobufCodec(proto=moved, message="Order")
    codec = ProtobufCodec(proto=moved, message="Order", include=[tmp_path])
    assert codec.plan.message == "shop.Order"


def test_mistakes_in_a_file_are_told_in_the_compilers_words(tmp_path: Path) -> None:
    """With the user's line."""
    (tmp_path / "bad.proto").write_text('syntax = "proto3";\nmessage A { strin id = 1; }\n')
    with pytest.raises(
        UsageError,
        match=r'test_proto_files\.py:\d+: ProtobufCodec.*bad\.proto:2:.*"strin" is not defined',
    ):
        ProtobufCodec(proto=tmp_path / "bad.proto")


def test_without_a_compiler_the_ways_out_are_told(
    order_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Installing one, or doing without."""
    monkeypatch.setattr(proto_files, "find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(
        UsageError,
        match=r"pip install 'gatlingpy\[proto\]', or put protoc on the path; a generated class",
    ):
        ProtobufCodec(proto=order_file)


def test_the_plan_holds_what_the_file_held(order_file: Path) -> None:
    """So that it travels: the file is needed no more."""
    plan = ProtobufCodec(proto=order_file, message="Order").compile("x", CodeTable())
    assert (plan.schema, plan.file, plan.message) == (ORDER, "order.proto", "shop.Order")
    assert [(schema.name, schema.text) for schema in plan.named] == [
        ("common/address.proto", ADDRESS)
    ]
    order_file.unlink()
    stage = Stage()
    assert stage.encodings.write(plan, None)({"id": "1"}, "orders") == b"\x0a\x011"
