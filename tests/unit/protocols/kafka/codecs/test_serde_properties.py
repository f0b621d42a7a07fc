"""Properties of Java's clients: what they say of serializers and registries is done."""

from dataclasses import dataclass
from typing import Any

import pytest

from gatlingpy.errors import UsageError
from gatlingpy.plan.code import Env
from gatlingpy.protocols.kafka.codecs.function_plans import Primitive, PrimitiveCodecPlan
from gatlingpy.protocols.kafka.codecs.plan import CodecPlan, SubjectStrategy
from gatlingpy.protocols.kafka.codecs.registry import RegistrySchema
from gatlingpy.protocols.kafka.codecs.schema_codecs import AvroCodec
from gatlingpy.protocols.kafka.codecs.schema_plans import (
    AvroCodecPlan,
    JsonSchemaCodecPlan,
    ProtobufCodecPlan,
    SchemaCodecPlan,
)
from gatlingpy.protocols.kafka.dsl import env, kafka
from gatlingpy.protocols.kafka.protocol_builder import KafkaProtocolBuilder
from tests.unit.protocols.kafka.codecs.protos import Line
from tests.unit.protocols.kafka.codecs.registry_side import REGISTRY, Stage, read

URL = {"schema.registry.url": REGISTRY}
CONFLUENT = "io.confluent.kafka.serializers"
KAFKA = "org.apache.kafka.common.serialization"
AVRO = {**URL, "value.serializer": f"{CONFLUENT}.KafkaAvroSerializer"}
AVRO_BACK = {**URL, "value.deserializer": f"{CONFLUENT}.KafkaAvroDeserializer"}


@dataclass
class User:
    name: str


def protocol(producer: Any = None, consumer: Any = None) -> KafkaProtocolBuilder:
    made = kafka().bootstrap_servers("fake:9092")
    made = made if producer is None else made.producer_properties(producer)
    return made if consumer is None else made.consumer_properties(consumer)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (f"{CONFLUENT}.KafkaAvro", AvroCodecPlan),
        (f"{CONFLUENT}.protobuf.KafkaProtobuf", ProtobufCodecPlan),
        (f"{CONFLUENT}.json.KafkaJsonSchema", JsonSchemaCodecPlan),
        ("KafkaAvro", AvroCodecPlan),
    ],
)
def test_serializers_with_a_registry_become_codecs(name: str, kind: type[CodecPlan]) -> None:
    """And the URL the registry; nothing of it is a property of the client any more."""
    stage = Stage(protocol(
        {**URL, "acks": "all", "value.serializer": f"{name}Serializer"},
        {**URL, "value.deserializer": f"{name}Deserializer"},
    ))  # fmt: skip
    plan = stage.plan
    assert (type(plan.value_codec), type(plan.reply_codec)) == (kind, kind)
    assert plan.registry is not None
    assert plan.registry.url == REGISTRY
    assert dict(plan.producer_properties) == {"acks": "all"}
    assert dict(plan.consumer_properties) == {}
    assert list(plan.problems()) == []


@pytest.mark.parametrize(
    ("name", "primitive"),
    [("Long", "long"), ("Integer", "integer"), ("Short", "short"), ("Float", "float"),
     ("Double", "double"), ("UUID", "uuid")],
)  # fmt: skip
def test_serializers_of_single_values_become_codecs(name: str, primitive: str) -> None:
    """Of keys and values."""
    plan = Stage(protocol({
        "key.serializer": f"{KAFKA}.{name}Serializer",
        "value.serializer": f"{KAFKA}.{name}Serializer",
    }, {"value.deserializer": f"{KAFKA}.{name}Deserializer"})).plan  # fmt: skip
    for codec in (plan.key_codec, plan.value_codec, plan.reply_codec):
        assert isinstance(codec, PrimitiveCodecPlan)
        assert codec.primitive is Primitive(primitive)


def test_serializers_of_text_and_bytes_need_no_codec() -> None:
    """Values are written by their types, as they are anyway."""
    names = {f"{part}.serializer": f"{KAFKA}.StringSerializer" for part in ("key", "value")}
    plan = Stage(protocol(names, {"value.deserializer": f"{KAFKA}.ByteArrayDeserializer"})).plan
    assert plan.codecs[:3] == (None, None, None)
    assert list(plan.problems()) == []


@pytest.mark.parametrize(
    ("name", "properties", "remedy"),
    [
        ("value.serializer", "producer", r"\.value_serializer\(fn\)"),
        ("key.serializer", "producer", r"\.key_codec\("),
        ("value.deserializer", "consumer", r"\.value_deserializer\(fn\)"),
        ("key.deserializer", "consumer", "in the checks"),
    ],
)
def test_a_class_that_is_not_known_is_told_with_the_remedy(
    name: str, properties: str, remedy: str
) -> None:
    """Whichever it is for."""
    import re

    plan = Stage(protocol(**{properties: {name: "com.example.MyCustomSerializer"}})).plan
    (problem,) = plan.problems()
    assert re.search(
        rf"{name} 'com\.example\.MyCustomSerializer' is a Java class.*{remedy}", problem
    )


def test_functions_of_the_users_own_may_stand_in_the_properties() -> None:
    """They leave the plan for the code table."""
    stage = Stage(protocol(
        {"value.serializer": lambda value: f"<{value}>", "key.serializer": lambda key, topic: topic},
        {"value.deserializer": lambda data: data.decode().upper()},
    ))  # fmt: skip
    assert stage.write()("x", "orders") == b"<x>"
    assert read(stage.replies(), b"abc") == "ABC"
    key = stage.encodings.write_key()
    assert key is not None
    assert key("k", "orders") == b"orders"
    assert dict(stage.plan.producer_properties) == {}


def test_classes_are_what_values_are_read_as() -> None:
    """Of Avro records, and of Protobuf messages."""
    avro = Stage(protocol(AVRO, {**AVRO_BACK, "specific.avro.value.type": User}))
    schema = '{"type":"record","name":"User","fields":[{"name":"name","type":"string"}]}'
    for subject in ("orders-value", "done-value"):
        avro.registry.register(subject, RegistrySchema("AVRO", schema), normalize=False)
    assert avro.write()({"name": "Ann"}, "orders") == b"\x00\x00\x00\x00\x01\x06Ann"
    assert read(avro.replies(), b"\x00\x00\x00\x00\x01\x06Ann") == User("Ann")
    consumer = {
        **URL, "value.deserializer": "KafkaProtobufDeserializer",
        "specific.protobuf.value.type": Line,
    }  # fmt: skip
    proto = Stage(protocol({**URL, "value.serializer": "KafkaProtobufSerializer"}, consumer))
    written = proto.write()(Line(sku="a"), "orders")
    assert read(proto.replies(topic="orders"), written) == Line(sku="a")


def test_the_name_of_a_java_class_is_refused() -> None:
    """There is none in Python."""
    consumer = {**AVRO_BACK, "specific.avro.value.type": "com.example.User"}
    with pytest.raises(
        UsageError, match=r"test_serde_properties\.py:\d+: specific\.avro\.value\.type 'com"
    ):
        Stage(protocol(AVRO, consumer))


def test_specific_avro_reader_without_a_class_is_warned_of() -> None:
    """Dicts it is; with a class nobody is told."""
    plan = Stage(protocol(AVRO, {**AVRO_BACK, "specific.avro.reader": "true"})).plan
    (warning,) = plan.codecs.warnings()
    assert warning in plan.warnings(())
    assert "without a class Avro values are read as dicts" in warning
    given = {**AVRO_BACK, "specific.avro.reader": "true", "specific.avro.value.type": User}
    assert list(Stage(protocol(AVRO, given)).plan.codecs.warnings()) == []
    plain = Stage(protocol(AVRO, {**AVRO_BACK, "specific.avro.reader": False})).plan
    assert list(plain.codecs.warnings()) == []


def test_settings_of_serializers_are_kept() -> None:
    """As text or as truth values."""
    codec = Stage(protocol({
        **AVRO, "auto.register.schemas": "false", "use.latest.version": True,
        "normalize.schemas": "TRUE",
        "value.subject.name.strategy": f"{CONFLUENT}.subject.TopicRecordNameStrategy",
    })).plan.value_codec  # fmt: skip
    assert isinstance(codec, SchemaCodecPlan)
    use = codec.registry
    assert (use.auto_register, use.use_latest_version, use.normalize) == (False, True, True)
    assert use.strategy is SubjectStrategy.TOPIC_RECORD
    with pytest.raises(UsageError, match="the subject name strategy 'MyStrategy' is not known"):
        Stage(protocol({**AVRO, "value.subject.name.strategy": "com.example.MyStrategy"}))


def test_the_registrys_own_settings_are_given_to_its_client() -> None:
    """With and without the prefix; where credentials come from is clear."""
    plan = Stage(protocol({
        **AVRO, "basic.auth.credentials.source": "USER_INFO",
        "basic.auth.user.info": env("REGISTRY_LOGIN"),
        "schema.registry.ssl.ca.location": "ca.pem",
    })).plan  # fmt: skip
    assert plan.registry is not None
    assert dict(plan.registry.properties) == {
        "basic.auth.user.info": Env("REGISTRY_LOGIN"), "ssl.ca.location": "ca.pem",
    }  # fmt: skip
    open_plan = Stage(protocol({**AVRO, "basic.auth.user.info": "ann:secret"})).plan
    (problem,) = open_plan.problems()
    assert "basic.auth.user.info is a secret" in problem
    assert "ann:secret" not in problem


def test_two_registries_are_refused() -> None:
    """One protocol has one."""
    with pytest.raises(UsageError, match=r"different schema\.registry\.url"):
        Stage(protocol(AVRO, {**AVRO_BACK, "schema.registry.url": "http://other"}))


def test_methods_win_over_properties() -> None:
    """The codec with a schema over the one without, the registry as well."""
    schema = '{"type":"record","name":"User","fields":[]}'
    made = protocol(AVRO).value_codec(AvroCodec(schema)).schema_registry("http://mine:8081")
    plan = Stage(made).plan
    assert isinstance(plan.value_codec, AvroCodecPlan)
    assert plan.value_codec.schema == schema
    assert plan.registry is not None
    assert plan.registry.url == "http://mine:8081"


def test_a_registry_codec_without_a_registry_is_a_problem() -> None:
    """With the remedy."""
    plan = Stage(protocol({"value.serializer": "KafkaAvroSerializer"})).plan
    problems = list(plan.problems())
    assert any("registry=True, but the protocol has no schema registry" in p for p in problems)
