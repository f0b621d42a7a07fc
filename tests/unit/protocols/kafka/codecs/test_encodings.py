"""Which codec a value goes through, and what is counted."""

import pytest

from gatlingpy.dsl.compiler import Compiler
from gatlingpy.errors import ExpressionError, ProtocolError, UsageError
from gatlingpy.plan.checks import SerializationType
from gatlingpy.protocols.kafka.codecs.function_codecs import FunctionCodec, PrimitiveCodec
from gatlingpy.protocols.kafka.codecs.registry import RegistryFailure
from gatlingpy.protocols.kafka.codecs.schema_codecs import (
    AvroCodec,
    JsonSchemaCodec,
    ProtobufCodec,
)
from gatlingpy.protocols.kafka.dsl import consume, env, kafka
from gatlingpy.protocols.kafka.protocol_builder import KafkaProtocolBuilder
from tests.unit.protocols.kafka.codecs.protos import Line
from tests.unit.protocols.kafka.codecs.registry_side import Stage, read, with_registry
from tests.unit.protocols.kafka.codecs.test_avro import ANN, ANN_BYTES, USER

AVRO, STRING, BYTES, JSON = (
    SerializationType.AVRO, SerializationType.STRING, SerializationType.BYTE_ARRAY,
    SerializationType.JSON,
)  # fmt: skip
BASE = kafka().bootstrap_servers("fake:9092")
WITH_AVRO = BASE.value_codec(AvroCodec(USER))
ASK = kafka("Ask").request_reply().topics("a", "b").value("x")


def problems(protocol: KafkaProtocolBuilder, action: object) -> list[str]:
    stage = Stage(protocol)
    return list(stage.plan.request_problems(action.compile(stage.compiler, "Shop/0")))  # type: ignore[attr-defined]


def test_the_protocols_codec_writes_what_nothing_else_is_said_of() -> None:
    """And reads replies, unless there is another for them."""
    stage = Stage(WITH_AVRO)
    assert stage.write()(ANN, "orders") == ANN_BYTES
    assert read(stage.replies(), ANN_BYTES) == ANN
    both = Stage(WITH_AVRO.reply_codec(PrimitiveCodec("string")))
    assert read(both.replies(), b"text") == "text"
    assert read(both.requests(), ANN_BYTES) == ANN


def test_without_a_codec_values_are_written_by_their_types() -> None:
    """And replies are text; as ever."""
    stage = Stage()
    assert stage.write()({"a": 1}, "orders") == b'{"a":1}'
    assert stage.write()(Line(sku="a"), "orders") == b"\x0a\x01a"
    assert read(stage.replies(), b"x") == "x"


@pytest.mark.parametrize("codec", ["value", "reply"])
def test_the_name_of_a_kind_means_the_protocols_codec_of_that_kind(codec: str) -> None:
    """Whichever of the two it is."""
    protocol = (
        BASE.value_codec(AvroCodec(USER)) if codec == "value" else BASE.reply_codec(AvroCodec(USER))
    )
    stage = Stage(protocol)
    assert stage.write(AVRO)(ANN, "orders") == ANN_BYTES
    assert read(stage.replies(AVRO), ANN_BYTES) == ANN


def test_plain_kinds_are_plain_though_there_is_a_codec() -> None:
    """Replies are read so, and text and bytes stay; objects go through the codec, as in Java."""
    stage = Stage(WITH_AVRO)
    assert stage.write(JSON)(ANN, "orders") == b'{"name":"Ann","age":30}'
    for kind in (STRING, BYTES):
        assert stage.write(kind)("text", "orders") == b"text"
        assert stage.write(kind)(ANN, "orders") == ANN_BYTES
    assert read(stage.replies(BYTES), ANN_BYTES) == ANN_BYTES
    with pytest.raises(ExpressionError, match=r"\.as_bytes\(\) cannot write"):
        Stage().write(BYTES)(ANN, "orders")


@pytest.mark.parametrize(
    ("action", "kind", "remedy"),
    [
        (ASK.as_avro(), "avro", r".as_avro(AvroCodec(schema))"),
        (ASK.as_protobuf(), "protobuf", r".as_protobuf(ProtobufCodec(Person))"),
        (ASK.as_json_schema(), "json-schema", r".as_json_schema(JsonSchemaCodec(schema))"),
        (ASK.serialization(SerializationType.CUSTOM), "custom", "FunctionCodec(encode, decode)"),
        (ASK.serialization(JSON, AVRO), "avro", "AvroCodec(schema)"),
        (kafka("Log").send().topic("a").value("x").as_avro(), "avro", "AvroCodec(schema)"),
        (consume("Take", "a").as_avro(), "avro", "AvroCodec(schema)"),
    ],
)
def test_a_kind_without_a_codec_is_a_problem_with_its_remedy(
    action: object, kind: str, remedy: str
) -> None:
    """Of the plan; where it gets past that, it is told when the request is bound."""
    (problem,) = problems(BASE, action)
    assert f"is written or read as {kind}, and its protocol has no such codec" in problem
    assert remedy in problem
    assert problems(BASE.value_codec(FunctionCodec(str, str)), ASK.as_avro())
    with pytest.raises(ProtocolError, match="there is no codec for avro"):
        Stage().write(AVRO)


def test_a_kind_with_its_codec_is_no_problem() -> None:
    """Of the protocol, or of the request itself."""
    assert problems(WITH_AVRO, ASK.as_avro()) == []
    assert problems(WITH_AVRO, consume("Take", "a").as_avro()) == []
    for action in (
        ASK.as_avro(USER), ASK.as_avro(AvroCodec(USER)), ASK.as_protobuf(Line),
        ASK.as_protobuf(ProtobufCodec(Line)), ASK.as_json_schema({"type": "object"}),
        ASK.as_json_schema(JsonSchemaCodec({"type": "object"})),
        ASK.serialization(AvroCodec(USER), ProtobufCodec(Line)),
        ASK.as_avro(USER, reply='"string"'), ASK.as_protobuf(Line, reply=Line),
        ASK.as_json_schema({}, reply={"type": "object"}),
        kafka("Log").send().topic("a").value("x").as_protobuf(Line),
        kafka("Log").send().topic("a").value("x").as_json_schema({"type": "object"}),
        kafka("Log").send().topic("a").value("x").serialization(AvroCodec(USER)),
        consume("Take", "a").as_protobuf(Line), consume("Take", "a").as_json_schema({}),
        consume("Take", "a").serialization(AvroCodec(USER)),
    ):  # fmt: skip
        assert problems(BASE, action) == []
    assert problems(BASE, ASK.as_avro(AvroCodec(USER, registry=True)))


def test_a_reply_may_have_another_codec_than_its_request() -> None:
    """By the second argument; the request's where there is none."""
    compiler = Compiler()
    request = ASK.as_avro(USER, reply='"string"').compile(compiler, "Shop/0")
    assert request.request_serialization != request.response_serialization
    assert request.response_serialization.schema == '"string"'  # type: ignore[union-attr]
    same = ASK.as_avro(USER).compile(compiler, "Shop/1")
    assert same.request_serialization == same.response_serialization


@pytest.mark.parametrize(
    "give",
    [
        lambda: ASK.as_avro(ProtobufCodec(Line)),
        lambda: ASK.as_json_schema(AvroCodec(USER)),
        lambda: ASK.as_protobuf("Line"),
        lambda: ASK.serialization("avro"),
        lambda: ASK.serialization(AvroCodec),
        lambda: consume("Take", "a").serialization(7),
        lambda: BASE.value_codec(USER),
        lambda: BASE.reply_codec(AvroCodec),
        lambda: BASE.key_codec(None),
    ],
)
def test_what_is_no_codec_is_refused(give: object) -> None:
    """With the user's line."""
    with pytest.raises(UsageError, match=r"test_encodings\.py:\d+: "):
        give()  # type: ignore[operator]


def test_codecs_that_cannot_do_what_they_are_for_are_problems() -> None:
    """A value codec that only reads, a reply codec that only writes."""
    for protocol, said in (
        (
            BASE.value_codec(FunctionCodec(None, str)),
            "value_codec(...) needs a function that writes",
        ),
        (BASE.key_codec(FunctionCodec(None, str)), "key_codec(...) needs a function that writes"),
        (BASE.reply_codec(FunctionCodec(str)), "reply_codec(...) needs a function that reads"),
    ):
        (problem,) = Stage(protocol).plan.problems()
        assert said in problem


def test_keys_have_a_codec_of_their_own() -> None:
    """With a subject of their own in the registry."""
    stage = Stage(with_registry().key_codec(AvroCodec(USER)))
    write = stage.encodings.write_key()
    assert write is not None
    assert write(ANN, "orders") == b"\x00\x00\x00\x00\x01" + ANN_BYTES
    assert write(None, "orders") is None
    assert list(stage.registry.subjects) == ["orders-key"]
    assert Stage().encodings.write_key() is None


def test_what_codecs_write_is_counted_and_timed() -> None:
    """What they are not needed for is not, nor tombstones."""
    stage = Stage(WITH_AVRO)
    services = stage.services

    def slow(value: object) -> bytes:
        services.clock.advance(3_000_000)
        return b"x"

    assert Stage().encodings.counters() == {}
    write = stage.write(FunctionCodec(slow))
    for value in (1, None, 2):
        write(value, "orders")
    stage.write(JSON)(ANN, "orders")
    assert stage.encodings.counters() == {"values_serialized": 2, "serializing_us": 6_000}


def test_each_codec_is_opened_once() -> None:
    """However many requests have it."""
    stage = Stage(with_registry().value_codec(AvroCodec(USER)))
    for _ in range(3):
        stage.write()
    assert stage.registry.asked["register"] == 1


def test_a_topic_that_users_name_and_the_registry_refuses_fails_that_user() -> None:
    """It is an error of the value, not of the run."""
    stage = Stage(with_registry().value_codec(AvroCodec(USER)))
    write = stage.write(topic=None)
    stage.registry.failure = RegistryFailure(409, 409, "no")
    with pytest.raises(ExpressionError, match="incompatible with 'orders-value'"):
        write(ANN, "orders")
    stage.registry.failure = None
    assert write(ANN, "orders") == b"\x00\x00\x00\x00\x01" + ANN_BYTES


def test_while_users_run_no_schemas_are_fetched_ahead() -> None:
    """A topic that a user names is read by what its replies say."""
    stage = Stage(with_registry().value_codec(AvroCodec(USER)))
    stage.encodings.start()
    stage.replies()
    assert stage.registry.asked["versions"] == 0


def test_a_printed_plan_names_the_codecs() -> None:
    """Each by its kind; without one it says nothing."""
    protocol = WITH_AVRO.key_codec(PrimitiveCodec("long")).reply_codec(ProtobufCodec(Line))
    assert Stage(protocol).plan.describe().endswith("values avro, replies protobuf, keys long")
    assert Stage().plan.describe().endswith("store memory")
    assert Stage(with_registry()).plan.describe().endswith("schemas in http://registry:8081")
    named = BASE.schema_registry(env("REGISTRY")).value_codec(AvroCodec(USER))
    assert Stage(named).plan.describe().endswith("values avro   schemas in ${REGISTRY}")
