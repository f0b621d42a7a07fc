"""Avro in a schema registry: registered, framed, read by whatever schema a frame names."""

import json
from typing import Any

import pytest

from gatlingpy.errors import ProtocolError
from gatlingpy.protocols.kafka.codecs.registry import RegistrySchema
from gatlingpy.protocols.kafka.codecs.schema_codecs import AvroCodec
from gatlingpy.tracking.decoding import Unreadable
from tests.unit.protocols.kafka.codecs.registry_side import Stage, read, with_registry
from tests.unit.protocols.kafka.codecs.test_avro import ANN, ANN_BYTES, USER, record


def test_values_stand_in_a_frame_that_names_their_schema() -> None:
    """The schema is registered once, when the request is bound, under the topic's subject."""
    stage = Stage(with_registry())
    stage.registry.register("other", RegistrySchema("AVRO", '"string"'), normalize=False)
    write = stage.write(AvroCodec(USER))
    assert [write(ANN, "orders") for _ in range(3)] == [b"\x00\x00\x00\x00\x02" + ANN_BYTES] * 3
    assert stage.registry.asked["register"] == 2
    assert stage.registry.subjects["orders-value"] == [2]
    assert json.loads(stage.registry.schemas[1].text) == USER


def test_registry_false_writes_no_frame() -> None:
    """Though the protocol has a registry."""
    stage = Stage(with_registry())
    assert stage.write(AvroCodec(USER, registry=False))(ANN, "orders") == ANN_BYTES
    assert stage.registry.asked == {}


@pytest.mark.parametrize(
    ("arguments", "subject"),
    [
        ({"subject_name_strategy": "topic"}, "orders-value"),
        ({"subject_name_strategy": "record"}, "shop.User"),
        ({"subject_name_strategy": "topic_record"}, "orders-shop.User"),
        ({"subject": "mine"}, "mine"),
    ],
)
def test_the_subject_follows_the_strategy(arguments: dict[str, Any], subject: str) -> None:
    """Or is the one that is given."""
    stage = Stage(with_registry())
    stage.write(AvroCodec(USER, **arguments))
    assert list(stage.registry.subjects) == [subject]


def test_a_topic_that_users_name_is_registered_at_its_first_value() -> None:
    """Each topic once."""
    stage = Stage(with_registry())
    write = stage.write(AvroCodec(USER), topic=None)
    assert stage.registry.asked == {}
    for _ in range(2):
        write(ANN, "north")
        write(ANN, "south")
    assert sorted(stage.registry.subjects) == ["north-value", "south-value"]
    assert stage.registry.asked["register"] == 2


def test_schemas_are_looked_up_where_they_may_not_be_registered() -> None:
    """One that is not there is told with the remedy, before any user runs."""
    stage = Stage(with_registry())
    codec = AvroCodec(USER, auto_register=False)
    with pytest.raises(
        ProtocolError, match=r"does not have this schema under 'orders-value' .*auto_register=True"
    ):
        stage.write(codec)
    text = json.dumps(USER)
    stage.registry.register("orders-value", RegistrySchema("AVRO", text), normalize=False)
    assert stage.write(codec)(ANN, "orders") == b"\x00\x00\x00\x00\x01" + ANN_BYTES


@pytest.mark.parametrize("codec", [AvroCodec(), AvroCodec(USER, use_latest_version=True)])
def test_the_latest_version_is_taken_as_it_is(codec: AvroCodec) -> None:
    """Where it is asked for, and where no schema is given: values must fit it."""
    stage = Stage(with_registry())
    latest = json.dumps(record(("name", "string")))
    for text in (json.dumps(USER), latest):
        stage.registry.register("orders-value", RegistrySchema("AVRO", text), normalize=False)
    assert stage.write(codec)({"name": "Ann"}, "orders") == b"\x00\x00\x00\x00\x02\x06Ann"


def test_a_subject_of_another_kind_is_refused() -> None:
    """A Protobuf schema is no Avro schema."""
    stage = Stage(with_registry())
    stage.registry.register("orders-value", RegistrySchema("PROTOBUF", "…"), normalize=False)
    with pytest.raises(ProtocolError, match=r"has a schema of kind PROTOBUF, not AVRO"):
        stage.write(AvroCodec())


def test_replies_are_read_by_the_schema_that_their_frame_names() -> None:
    """As the wanted schema has them: fields are added with their defaults, and left out."""
    stage = Stage(with_registry())
    old = record(("name", "string"), ("age", "int"), ("old", "string"))
    new = record(("name", "string"), ("age", "long"))
    new["fields"] += [{"name": "nick", "type": "string", "default": "none"}]  # type: ignore[operator]
    stage.registry.register("done-value", RegistrySchema("AVRO", json.dumps(old)), normalize=False)
    form = stage.replies(AvroCodec(new))
    frame = b"\x00\x00\x00\x00\x01" + ANN_BYTES + b"\x06abc"
    assert read(form, frame) == {"name": "Ann", "age": 30, "nick": "none"}
    assert read(stage.replies(AvroCodec()), frame) == {**ANN, "old": "abc"}


def test_known_schemas_of_the_reply_topic_are_fetched_before_the_run() -> None:
    """So that reading them asks nothing."""
    stage = Stage(with_registry())
    stage.registry.register("done-value", RegistrySchema("AVRO", json.dumps(USER)), normalize=False)
    form = stage.replies(AvroCodec(USER))
    before = dict(stage.registry.asked)
    assert read(form, b"\x00\x00\x00\x00\x01" + ANN_BYTES) == ANN
    assert stage.registry.asked == before


def test_a_request_is_read_by_the_schema_that_it_was_written_with() -> None:
    """Without asking for it."""
    stage = Stage(with_registry())
    codec = stage.encoding(AvroCodec(USER))
    written = stage.write(codec)(ANN, "orders")
    form = stage.requests(codec)
    before = dict(stage.registry.asked)
    assert read(form, written) == ANN
    assert stage.registry.asked == before


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"a":1}', "the reply is not written with the schema registry: it begins with 7b 22 61"),
        (b"\x00\x01", "the reply is not written with the schema registry: it begins with 00 01,"),
        (b"", "the reply is not written with the schema registry: it begins with nothing"),
        (b"\x00\x00\x00\x00\x63xx", "knows no schema with the id 99"),
        (b"\x00\x00\x00\x00\x01", "the reply is not Avro of the schema shop.User"),
        (b"\x00\x00\x00\x00\x02x", "the reply is not Avro: its schema is of the kind JSON"),
    ],
)
def test_frames_that_cannot_be_read_fail_the_check(data: bytes, said: str) -> None:
    """Each with its reason."""
    stage = Stage(with_registry())
    for subject, schema in (
        ("done-value", RegistrySchema("AVRO", json.dumps(USER))),
        ("j", RegistrySchema("JSON", "{}")),
    ):
        stage.registry.register(subject, schema, normalize=False)
    with pytest.raises(Unreadable) as failed:
        read(stage.replies(AvroCodec(USER)), data)
    assert said in str(failed.value)


def test_a_writer_that_cannot_be_reconciled_fails_the_check() -> None:
    """The reader wants what the writer has not."""
    stage = Stage(with_registry())
    other = json.dumps(record(("name", "string")))
    stage.registry.register("done-value", RegistrySchema("AVRO", other), normalize=False)
    with pytest.raises(Unreadable, match=r"the reply is not Avro of the schema shop\.User: .*age"):
        read(stage.replies(AvroCodec(USER)), b"\x00\x00\x00\x00\x01\x06Ann")


def test_schemas_that_others_refer_to_are_registered_first() -> None:
    """Under their names; the main one refers to the versions that they have."""
    stage = Stage(with_registry())
    order = record(("user", "shop.User"), name="Order")
    stage.write(AvroCodec(order, references=[USER]))
    assert list(stage.registry.subjects) == ["shop.User", "orders-value"]
    main = stage.registry.schemas[1]
    assert main.references == (("shop.User", "shop.User", 1),)
    form = stage.replies(AvroCodec(), topic="orders")
    assert read(form, b"\x00\x00\x00\x00\x02" + ANN_BYTES) == {"user": ANN}


def test_a_writers_reference_may_be_older_than_ours() -> None:
    """Though the schemas themselves are the same text."""
    stage = Stage(with_registry())
    order = record(("user", "shop.User"), name="Order")
    write = stage.write(AvroCodec(order, references=[record(("name", "string"))]))
    written = write({"user": {"name": "Ann"}}, "orders")
    newer = record(("name", "string"))
    newer["fields"] += [{"name": "nick", "type": "string", "default": "none"}]  # type: ignore[operator]
    form = stage.replies(AvroCodec(order, references=[newer]), topic="orders")
    assert read(form, b"" if written is None else written) == {
        "user": {"name": "Ann", "nick": "none"}
    }


def test_a_reference_may_be_in_the_registry_already() -> None:
    """By name and subject: its schema is fetched, and the latest version is meant."""
    stage = Stage(with_registry())
    stage.registry.register("users", RegistrySchema("AVRO", json.dumps(USER)), normalize=False)
    order = record(("user", "shop.User"), name="Order")
    write = stage.write(AvroCodec(order, references=[("shop.User", "users")]))
    assert stage.registry.schemas[1].references == (("shop.User", "users", 1),)
    assert write({"user": ANN}, "orders") == b"\x00\x00\x00\x00\x02" + ANN_BYTES
