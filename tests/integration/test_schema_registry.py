"""A real schema registry, asked by the real client: what we write others read, and the reverse."""

import json
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from confluent_kafka.schema_registry import Schema, SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.json_schema import JSONDeserializer, JSONSerializer
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

from gatlingpy import AvroCodec, JsonSchemaCodec, ProtobufCodec, env, kafka
from gatlingpy.dsl.compiler import Compiler
from gatlingpy.errors import ExpressionError, ProtocolError
from gatlingpy.plan.code import Const
from gatlingpy.protocols.kafka.codecs.builder import CodecBuilder
from gatlingpy.protocols.kafka.encodings import Encodings
from gatlingpy.protocols.kafka.plan import KafkaProtocol
from gatlingpy.protocols.kafka.protocol_builder import KafkaProtocolBuilder
from gatlingpy.testing.services import ManualServices
from gatlingpy.tracking.decoding import Payload
from tests.integration.command_line import ROOT
from tests.integration.schema_service import ANSWER_SCHEMA, person_class
from tests.services.offer import or_refuse
from tests.services.ports import free_port
from tests.services.registry_gate import RegistryGate
from tests.services.schema_registry import RealRegistry, SchemaRegistry

pytestmark = pytest.mark.integration

PERSON: dict[str, Any] = {
    "type": "record", "name": "Person", "namespace": "shop",
    "fields": [{"name": "name", "type": "string"}, {"name": "age", "type": "int"}],
}  # fmt: skip
PERSON_JSON: dict[str, Any] = {
    "title": "Person", "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name", "age"],
}  # fmt: skip
ANN = {"name": "Ann", "age": 30}
Person = person_class()


class Ours:
    """A codec of ours on a registry, and Confluent's client beside it; closed after the test."""

    opened: ClassVar[list["Ours"]] = []

    def __init__(self, url: str, codec: CodecBuilder, protocol: KafkaProtocolBuilder | None = None):
        self.topic = f"topic-{uuid.uuid4().hex}"
        compiler, services = Compiler(), ManualServices()
        base = protocol or kafka().schema_registry(url)
        compiler.bind((base.bootstrap_servers("none:9092").value_codec(codec),))
        (plan,) = compiler.protocols
        assert isinstance(plan, KafkaProtocol)
        services.code = compiler.code
        self.encodings = Encodings(plan, services)
        self.client = SchemaRegistryClient({"url": url})
        self.context = SerializationContext(self.topic, MessageField.VALUE)
        self.opened.append(self)

    def write(self, value: object) -> bytes:
        written = self.encodings.write(None, Const(self.topic))(value, self.topic)
        assert written is not None
        return written

    def read(self, data: bytes) -> object:
        form = self.encodings.replies(None, Const(self.topic))
        return Payload(data, None, "reply").read(form.decode)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """Close every connection that the test has opened."""
    yield
    for ours in Ours.opened:
        ours.encodings.close()
        ours.client.close()
    Ours.opened.clear()


# --- both directions -----------------------------------------------------------------------------


def test_avro_is_read_and_written_as_by_confluents_own(schema_registry: SchemaRegistry) -> None:
    """Byte for byte the same; the schema has one id, whoever registers it."""
    ours = Ours(schema_registry.url, AvroCodec(PERSON))
    theirs = AvroSerializer(ours.client, json.dumps(PERSON))(ANN, ours.context)
    assert ours.write(ANN) == theirs
    assert AvroDeserializer(ours.client)(ours.write(ANN), ours.context) == ANN
    assert ours.read(theirs) == ANN


def test_protobuf_is_read_and_written_as_by_confluents_own(schema_registry: SchemaRegistry) -> None:
    """Byte for byte the same, the message's place in its file included."""
    ours = Ours(schema_registry.url, ProtobufCodec(Person))
    ann = Person(**ANN)
    theirs = ProtobufSerializer(Person, ours.client)(ann, ours.context)
    assert ours.write(ann) == theirs
    assert ProtobufDeserializer(Person, {}, ours.client)(ours.write(ann), ours.context) == ann
    assert ours.read(theirs) == ann


def test_json_schema_is_read_and_written_as_by_confluents_own(
    schema_registry: SchemaRegistry,
) -> None:
    """The same id and the same JSON, but for spaces."""
    ours = Ours(schema_registry.url, JsonSchemaCodec(PERSON_JSON))
    theirs = JSONSerializer(json.dumps(PERSON_JSON), ours.client)(ANN, ours.context)
    assert ours.write(ANN)[:5] == theirs[:5]
    assert json.loads(ours.write(ANN)[5:]) == json.loads(theirs[5:]) == ANN
    read = JSONDeserializer(json.dumps(PERSON_JSON), schema_registry_client=ours.client)
    assert read(ours.write(ANN), ours.context) == ANN
    assert ours.read(theirs) == ANN


def test_a_proto_file_is_registered_in_source_form(
    schema_registry: SchemaRegistry, tmp_path: Path
) -> None:
    """With what it imports; messages without a class are read by it."""
    (tmp_path / "city.proto").write_text(
        'syntax = "proto3"; package shop; message City { string name = 1; }'
    )
    source = (
        'syntax = "proto3"; package shop; import "city.proto"; message Other {}\n'
        "message Visit { City city = 1; int64 at = 2; }"
    )
    (tmp_path / "visit.proto").write_text(source)
    codec = ProtobufCodec(proto=tmp_path / "visit.proto", message="Visit")
    ours = Ours(schema_registry.url, codec)
    value = {"city": {"name": "Bonn"}, "at": 2**40}
    written = ours.write(value)
    registered = ours.client.get_latest_version(f"{ours.topic}-value").schema
    assert "message Visit" in registered.schema_str
    assert [reference.name for reference in registered.references] == ["city.proto"]
    message: Any = Ours(schema_registry.url, ProtobufCodec()).read(written)
    assert (message.city.name, message.at) == ("Bonn", 2**40)


def test_schemas_refer_to_each_other(schema_registry: SchemaRegistry) -> None:
    """As Confluent's own deserializer follows it."""
    name = f"Address{uuid.uuid4().hex}"
    address = {
        "type": "record",
        "name": name,
        "namespace": "shop",
        "fields": [{"name": "city", "type": "string"}],
    }
    order = {
        "type": "record",
        "name": "Order",
        "namespace": "shop",
        "fields": [{"name": "to", "type": name}],
    }
    ours = Ours(schema_registry.url, AvroCodec(order, references=[address]))
    value = {"to": {"city": "Bonn"}}
    written = ours.write(value)
    assert AvroDeserializer(ours.client)(written, ours.context) == value
    assert Ours(schema_registry.url, AvroCodec()).read(written) == value


# --- evolution, subjects, refusals ---------------------------------------------------------------


def test_a_reply_of_a_newer_schema_is_read_as_the_older_one(
    schema_registry: SchemaRegistry,
) -> None:
    """By the id in its frame; by the newer one where no schema is given."""
    ours = Ours(schema_registry.url, AvroCodec(PERSON))
    newer = AvroSerializer(ours.client, ANSWER_SCHEMA)({**ANN, "by": "x"}, ours.context)
    assert ours.read(newer) == ANN
    latest = Ours(schema_registry.url, AvroCodec(subject=f"{ours.topic}-value"))
    assert latest.write({**ANN, "by": "x"}) == newer
    assert latest.read(newer) == {**ANN, "by": "x"}


def test_an_incompatible_schema_is_refused_before_the_run(schema_registry: SchemaRegistry) -> None:
    """With what the registry says."""
    ours = Ours(schema_registry.url, AvroCodec(ANSWER_SCHEMA))
    subject = f"{ours.topic}-value"
    ours.client.register_schema(subject, Schema(json.dumps(PERSON), "AVRO"))
    ours.client.set_compatibility(subject, "BACKWARD")
    with pytest.raises(ProtocolError, match=rf"takes the schema for incompatible with '{subject}'"):
        ours.write({**ANN, "by": "x"})


def test_a_schema_that_must_be_there_and_is_not_is_refused(schema_registry: SchemaRegistry) -> None:
    """With the remedy; so is a subject without any schema."""
    ours = Ours(schema_registry.url, AvroCodec(PERSON, auto_register=False))
    with pytest.raises(
        ProtocolError, match=r"does not have this schema under .*auto_register=True"
    ):
        ours.write(ANN)
    ours.client.register_schema(f"{ours.topic}-value", Schema(json.dumps(PERSON), "AVRO"))
    assert AvroDeserializer(ours.client)(ours.write(ANN), ours.context) == ANN
    with pytest.raises(ProtocolError, match=r"has no subject .*; register a schema there"):
        Ours(schema_registry.url, AvroCodec()).write(ANN)


def test_a_registry_that_is_not_there_is_told(schema_registry: SchemaRegistry) -> None:
    """With its address."""
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(
        ProtocolError, match=rf"the schema registry at {url} cannot be reached: .*ref"
    ):
        Ours(url, AvroCodec(PERSON)).write(ANN)
    wrong = schema_registry.url.replace("/apis/ccompat/v7", "/nosuch")
    with pytest.raises(ProtocolError, match="404"):
        Ours(wrong, AvroCodec(PERSON)).write(ANN)


def test_a_password_is_asked_for(
    schema_registry: SchemaRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The right one lets us in; a wrong one, and none, are told without it."""
    monkeypatch.setenv("RIGHT", "s3cret-right")
    monkeypatch.setenv("WRONG", "s3cret-wrong")
    with RegistryGate(schema_registry.url, "ann", "s3cret-right") as gate:
        right = kafka().schema_registry(gate.url, basic_auth=("ann", env("RIGHT")))
        assert len(Ours(schema_registry.url, AvroCodec(PERSON), right).write(ANN)) == 10
        wrong = kafka().schema_registry(gate.url, basic_auth=("ann", env("WRONG")))
        for protocol in (wrong, kafka().schema_registry(gate.url)):
            with pytest.raises(
                ProtocolError, match=r"does not let us in \(401 .*basic_auth"
            ) as told:
                Ours(schema_registry.url, AvroCodec(PERSON), protocol).write(ANN)
            assert "s3cret" not in str(told.value)


def test_a_registry_is_reached_over_tls(tmp_path: Path) -> None:
    """By those who trust its CA; others are told."""
    script = ROOT / "scripts" / "generate-tls-certs.sh"
    subprocess.run([script, tmp_path], check=True, capture_output=True)
    registry = or_refuse(
        lambda: RealRegistry().open(tmp_path / "broker-cert.pem", tmp_path / "broker-key.pem")
    )
    try:
        trusting = kafka().schema_registry(registry.tls_url, ca_location=tmp_path / "ca-cert.pem")
        assert len(Ours(registry.url, AvroCodec(PERSON), trusting).write(ANN)) == 10
        with pytest.raises(ProtocolError, match=r"cannot be reached: .*certificate"):
            Ours(registry.tls_url, AvroCodec(PERSON)).write(ANN)
    finally:
        registry.close()


def test_the_hot_path_asks_nothing(schema_registry: SchemaRegistry) -> None:
    """Each schema is registered and fetched once, however many values there are."""
    with RegistryGate(schema_registry.url) as gate:
        ours = Ours(schema_registry.url, AvroCodec(PERSON), kafka().schema_registry(gate.url))
        write = ours.encodings.write(None, Const(ours.topic))
        form = ours.encodings.replies(None, Const(ours.topic))
        before = gate.asked.total()
        assert before <= 4
        for age in range(1_000):
            data = write({"name": "Ann", "age": age}, ours.topic)
            assert Payload(data, None, "reply").read(form.decode) == {"name": "Ann", "age": age}
        assert gate.asked.total() == before


def test_a_value_that_cannot_be_written_raises_what_users_are_told() -> None:
    """Without any registry as well."""
    with pytest.raises(ExpressionError, match=r"does not fit the Avro schema shop\.Person"):
        Ours("http://none", AvroCodec(PERSON, registry=False)).write({"name": "Ann"})
