"""A system under test that speaks Avro or Protobuf by Confluent's own serializers.

python -m tests.integration.schema_service SERVERS REGISTRY REQUESTS REPLIES avro|protobuf|bare

It reads a person, makes it a year older, and answers with a schema of its own, which has one field
more; ``bare`` answers with no frame.
"""

import signal
import sys
import uuid
from collections.abc import Callable
from types import FrameType
from typing import Any

from confluent_kafka import Consumer, Producer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

ANSWER_SCHEMA = """\
{"type": "record", "name": "Person", "namespace": "shop", "fields": [
  {"name": "name", "type": "string"},
  {"name": "age", "type": "int"},
  {"name": "by", "type": "string"}
]}"""

Answer = Callable[[bytes, SerializationContext, SerializationContext], bytes | None]


def person_class() -> Any:
    """Return the class of the messages that are read and written: of its second message."""
    kinds = FieldDescriptorProto
    fields = [
        kinds(name="name", number=1, type=kinds.TYPE_STRING, label=kinds.LABEL_OPTIONAL),
        kinds(name="age", number=2, type=kinds.TYPE_INT64, label=kinds.LABEL_OPTIONAL),
    ]
    file = FileDescriptorProto(name="person.proto", package="shop", syntax="proto3")
    file.message_type.append(DescriptorProto(name="Other"))
    file.message_type.append(DescriptorProto(name="Person", field=fields))
    pool = DescriptorPool()
    pool.Add(file)
    return GetMessageClass(pool.FindMessageTypeByName("shop.Person"))


def avro(client: SchemaRegistryClient) -> Answer:
    """Answer in Avro, with the version of the schema that has one field more."""
    read, write = AvroDeserializer(client), AvroSerializer(client, ANSWER_SCHEMA)

    def answer(data: bytes, asked: SerializationContext, told: SerializationContext) -> bytes:
        person: Any = read(data, asked)
        return bytes(write({**person, "age": person["age"] + 1, "by": "service"}, told))

    return answer


def protobuf(client: SchemaRegistryClient) -> Answer:
    """Answer in Protobuf."""
    kind = person_class()
    read, write = ProtobufDeserializer(kind), ProtobufSerializer(kind, client)

    def answer(data: bytes, asked: SerializationContext, told: SerializationContext) -> bytes:
        person: Any = read(data, asked)
        return bytes(write(kind(name=person.name, age=person.age + 1), told))

    return answer


def bare(_client: SchemaRegistryClient) -> Answer:
    """Answer with what is no frame."""
    return lambda data, _asked, _told: b'{"what": "no frame"}'


KINDS = {"avro": avro, "protobuf": protobuf, "bare": bare}


def main(servers: str, registry: str, requests: str, replies: str, kind: str) -> None:
    """Answer until SIGTERM comes."""
    answer = KINDS[kind](SchemaRegistryClient({"url": registry}))
    running = [True]

    def stop(_signal: int, _frame: FrameType | None) -> None:
        running.clear()

    signal.signal(signal.SIGTERM, stop)
    asked = SerializationContext(requests, MessageField.VALUE)
    told = SerializationContext(replies, MessageField.VALUE)
    producer = Producer({"bootstrap.servers": servers, "linger.ms": 1})
    consumer = Consumer(
        {
            "bootstrap.servers": servers,
            "group.id": uuid.uuid4().hex,
            "auto.offset.reset": "earliest",
            "fetch.wait.max.ms": 10,
        }
    )
    assigned: list[object] = []
    consumer.subscribe([requests], on_assign=lambda _consumer, parts: assigned.extend(parts))
    while not assigned and running:
        consumer.poll(0.05)
    sys.stdout.write("subscribed\n")
    sys.stdout.flush()
    while running:
        message = consumer.poll(0.05)
        if message is not None and message.error() is None:
            value = answer(message.value(), asked, told)
            producer.produce(replies, value, message.key(), headers=message.headers())
        producer.poll(0)
    producer.flush(5)
    consumer.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
