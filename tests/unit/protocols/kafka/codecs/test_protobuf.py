"""Protobuf: messages, dicts and objects are written, messages are read, frames name which."""

import base64
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from gatlingpy.errors import ExpressionError, ProtocolError, UsageError
from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.code import CodeTable
from gatlingpy.protocols.kafka.codecs.registry import RegistrySchema
from gatlingpy.protocols.kafka.codecs.schema_codecs import ProtobufCodec
from gatlingpy.protocols.kafka.serialization import serialize
from gatlingpy.tracking.decoding import Unreadable
from tests.unit.protocols.kafka.codecs.protos import (
    ADDRESS_FILE,
    ORDER_FILE,
    Line,
    Order,
    Strict,
    classes,
    descriptor_bytes,
)
from tests.unit.protocols.kafka.codecs.registry_side import Stage, read, tree, with_registry

LINE_BYTES = b"\x0a\x01a\x10\x02"
LINE: dict[str, object] = {"sku": "a", "count": 2}


@dataclass
class LineObject:
    sku: str
    count: int = field(default=0)


# --- without a registry --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [Line(**LINE), LINE, LineObject("a", 2), '{"sku": "a", "count": "2"}',
     classes(ADDRESS_FILE, ORDER_FILE)["Line"](**LINE)],
    ids=["message", "dict", "dataclass", "json text", "same message of another pool"],
)  # fmt: skip
def test_values_of_every_kind_become_the_same_bytes(value: object) -> None:
    """Protobuf's own encoding, with nothing before it."""
    assert Stage().write(ProtobufCodec(Line))(value, "orders") == LINE_BYTES


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (Line, {"sku": "a", "cuont": 2}, r'does not fit the message shop\.Line: .*"cuont"'),
        (Line, {"count": "x"}, r"does not fit the message shop\.Line: .*count"),
        (Line, {"sku": 7}, r"does not fit the message shop\.Line: .*sku"),
        (Line, Order(id="1"), r"the value is a shop\.Order, and the codec writes shop\.Line"),
        (Line, "no json", r"does not fit the message shop\.Line"),
        (Line, 7, r"does not fit the message shop\.Line"),
        (Line, object(), r"does not fit the message shop\.Line"),
        (Strict, {}, r"the message shop\.Strict cannot be written: .*missing required fields: id"),
    ],
)
def test_a_value_that_does_not_fit_is_named(kind: Any, value: object, said: str) -> None:
    """With the field and the message."""
    with pytest.raises(ExpressionError, match=said):
        Stage().write(ProtobufCodec(kind))(value, "orders")


def test_a_message_needs_no_codec() -> None:
    """It knows itself how it is written; one that is not complete is told."""
    assert serialize(Line(**LINE), None) == LINE_BYTES
    with pytest.raises(ExpressionError, match="missing required fields: id"):
        serialize(Strict(), None)
    with pytest.raises(ExpressionError, match=r"\.as_bytes\(\) cannot write"):
        serialize(Line(**LINE), SerializationType.BYTE_ARRAY)


def test_replies_are_messages_of_the_class() -> None:
    """For fields; for paths they are JSON's values."""
    form = Stage().replies(ProtobufCodec(Line))
    assert form.serialization == "protobuf"
    assert read(form, LINE_BYTES) == Line(**LINE)
    assert tree(form, LINE_BYTES) == LINE


def test_bytes_that_are_no_message_fail_the_check() -> None:
    """With the reason."""
    with pytest.raises(Unreadable, match=r"the reply is not a shop\.Line: "):
        read(Stage().replies(ProtobufCodec(Line)), b"\xff\xff")
    with pytest.raises(Unreadable, match="the reply is a tombstone"):
        read(Stage().replies(ProtobufCodec(Line)), None)


def test_a_codec_without_a_class_writes_any_message() -> None:
    """But reads none, without a registry."""
    stage = Stage()
    write = stage.write(ProtobufCodec())
    assert write(Line(**LINE), "orders") == LINE_BYTES
    assert write(Order(id="1"), "orders") == b"\x0a\x011"
    with pytest.raises(
        ExpressionError, match=r"the value is a dict, and the codec knows no message"
    ):
        write(LINE, "orders")
    with pytest.raises(ProtocolError, match=r"a class is needed to read replies"):
        stage.replies(ProtobufCodec())
    (problem,) = ProtobufCodec().compile("x", CodeTable()).problems(None)
    assert "no schema is given" in problem


def test_a_descriptor_set_stands_in_for_a_class(tmp_path: Path) -> None:
    """What protoc writes with --descriptor_set_out; the message is named where there are more."""
    file = tmp_path / "order.desc"
    file.write_bytes(descriptor_bytes(ADDRESS_FILE, ORDER_FILE))
    stage = Stage()
    for name in ("shop.Line", "Line"):
        codec = ProtobufCodec(descriptors=file, message=name)
        assert stage.write(codec)(LINE, "orders") == LINE_BYTES
        assert tree(stage.replies(codec), LINE_BYTES) == LINE
    with pytest.raises(
        UsageError, match=r"the file has shop\.Line, shop\.Order, shop\.Order\.Note; say which"
    ):
        ProtobufCodec(descriptors=file)
    with pytest.raises(UsageError, match=r"there is no 'Lime'"):
        ProtobufCodec(descriptors=file, message="Lime")
    file.write_bytes(b"\xff\xff")
    with pytest.raises(
        UsageError,
        match=r"test_protobuf\.py:\d+: ProtobufCodec\(\.\.\.\): the descriptor set is none",
    ):
        ProtobufCodec(descriptors=file)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"message_class": "Line"}, "a class that protoc has generated is needed"),
        ({"message_class": LineObject}, "a class that protoc has generated is needed"),
        ({"message_class": Line, "proto": "x.proto"}, "give one of these"),
        ({"proto": "nosuch.proto"}, r"there is no file 'nosuch\.proto'; it was looked for in "),
        ({"subject_name_strategy": "topics"}, r'is "topic", "record" or "topic_record"'),
    ],
)
def test_what_is_no_class_and_no_file_is_refused(arguments: dict[str, Any], said: str) -> None:
    """With the user's line."""
    with pytest.raises(UsageError, match=rf"test_protobuf\.py:\d+: ProtobufCodec.*{said}"):
        ProtobufCodec(**arguments)


# --- with a registry -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "index", "bare"),
    [
        (Line, LINE, b"\x00", LINE_BYTES),
        (Order, {"id": "1"}, b"\x02\x02", b"\x0a\x011"),
        (Order.Note, {"text": "x"}, b"\x04\x02\x00", b"\x0a\x01x"),
    ],
    ids=["first", "second", "nested"],
)
def test_frames_name_the_schema_and_the_message(
    kind: Any, value: object, index: bytes, bare: bytes
) -> None:
    """The first message of a file by a single 0; what is imported is registered before."""
    stage = Stage(with_registry())
    codec = ProtobufCodec(kind)
    written = stage.write(codec)(value, "orders")
    assert written == b"\x00\x00\x00\x00\x02" + index + bare
    assert list(stage.registry.subjects) == ["address.proto", "orders-value"]
    assert stage.registry.schemas[1].references == (("address.proto", "address.proto", 1),)
    assert read(stage.replies(codec, topic="orders"), written) == kind(**value)  # type: ignore[arg-type]


def test_another_message_of_the_schema_fails_the_check() -> None:
    """With its name."""
    stage = Stage(with_registry())
    written = stage.write(ProtobufCodec(Line))(LINE, "orders")
    with pytest.raises(Unreadable, match=r"the reply is not a shop\.Order: it is shop\.Line"):
        read(stage.replies(ProtobufCodec(Order)), written)


@pytest.mark.parametrize(
    "data", [b"\x00\x00\x00\x00\x02", b"\x00\x00\x00\x00\x02\x02", b"\x00\x00\x00\x00\x02\x03\x00"]
)
def test_a_frame_that_names_no_message_fails_the_check(data: bytes) -> None:
    """It ends too early, or counts backwards."""
    stage = Stage(with_registry())
    stage.write(ProtobufCodec(Line))
    with pytest.raises(
        Unreadable, match=r"the reply is not a Protobuf message of the schema regis"
    ):
        read(stage.replies(ProtobufCodec(Line), topic="orders"), data)


def test_a_frame_of_a_message_that_is_nowhere_fails_the_check() -> None:
    """With its number."""
    stage = Stage(with_registry())
    stage.write(ProtobufCodec(Line))
    with pytest.raises(Unreadable, match=r"not a shop\.Line: it is number \(9,\)"):
        read(stage.replies(ProtobufCodec(Line)), b"\x00\x00\x00\x00\x02\x02\x12")


def test_messages_bring_their_own_schema_to_a_codec_without_a_class() -> None:
    """Each registered once; replies are read by the writer's, as classes made at run time."""
    stage = Stage(with_registry())
    codec = ProtobufCodec(subject_name_strategy="record")
    write = stage.write(codec)
    written = [write(value, "orders") for value in (Line(**LINE), Order(id="1"), Line(**LINE))]
    assert list(stage.registry.subjects) == ["address.proto", "shop.Line", "shop.Order"]
    form = stage.replies(codec)
    assert [tree(form, data) for data in written] == [
        LINE, {"id": "1", "lines": []}, LINE,
    ]  # fmt: skip
    assert stage.registry.asked["schema"] <= 2


def test_a_schema_of_another_kind_fails_the_check() -> None:
    """With its kind."""
    stage = Stage(with_registry())
    stage.registry.register("a", RegistrySchema("AVRO", '"int"'), normalize=False)
    with pytest.raises(
        Unreadable, match="the reply is not Protobuf: its schema is of the kind AVRO"
    ):
        read(stage.replies(ProtobufCodec(Line)), b"\x00\x00\x00\x00\x01\x00")


def test_a_schema_in_source_form_names_its_messages() -> None:
    """As other clients register it: the class need not be the same, the name must."""
    stage = Stage(with_registry())
    source = 'syntax = "proto3"; package shop; message Other {} message Line { string sku = 1; }'
    stage.registry.register("done-value", RegistrySchema("PROTOBUF", source), normalize=False)
    form = stage.replies(ProtobufCodec(Line))
    assert tree(form, b"\x00\x00\x00\x00\x01\x02\x02" + LINE_BYTES) == LINE
    with pytest.raises(Unreadable, match=r"not a shop\.Line: it is shop\.Other"):
        read(form, b"\x00\x00\x00\x00\x01\x00")


def test_classes_are_registered_as_serialized_descriptors() -> None:
    """As Confluent's client for Python does."""
    stage = Stage(with_registry())
    stage.write(ProtobufCodec(Line))
    assert base64.b64decode(stage.registry.schemas[1].text) == ORDER_FILE.SerializeToString()


def test_the_latest_version_is_taken_where_it_is_asked_for() -> None:
    """And nothing is registered."""
    stage = Stage(with_registry())
    stage.write(ProtobufCodec(Line))
    codec = ProtobufCodec(Line, use_latest_version=True)
    written = stage.write(codec)(LINE, "orders")
    assert written == b"\x00\x00\x00\x00\x02\x00" + LINE_BYTES
    assert stage.registry.asked["register"] == 2
