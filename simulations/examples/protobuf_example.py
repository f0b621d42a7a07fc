"""Protobuf Example: messages of a .proto file, their schema in a Schema Registry.

SCHEMA_REGISTRY_URL=http://localhost:8081 \
    python -m gatlingpy run simulations.examples.protobuf_example

The file is compiled when the simulation is read: pip install 'gatlingpy[proto]'.  A class that
protoc has generated will do as well, ``ProtobufCodec(Person)``, and so will its objects as values.
"""

from datetime import timedelta

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"proto-req": 4, "proto-res": 4}


@message_check("Same person")
def same_person(request: object, reply: object) -> bool:
    """Compare two messages; both have been read as ``Person``."""
    return request == reply


class ProtobufExample(Simulation):
    """A dict is a message as well: its fields are looked at when it is written."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
            .schema_registry(env("SCHEMA_REGISTRY_URL", "http://localhost:8081"))
            .value_codec(ProtobufCodec(proto="person.proto"))
        )
        send = (
            kafka("Send person")
            .request_reply()
            .topics("proto-req", "proto-res")
            .key("key")
            .value({"name": "Bob", "age": 42})
            .check(field("name").is_("Bob"), same_person)
            .timeout(10)
        )
        duration = param("duration", timedelta, default="30s")
        load = constant_users_per_sec(10).during(duration)
        users = scenario("Protobuf").exec(send)
        self.set_up(users.inject_open(load)).protocols(protocol)

    def before(self, run: Run) -> None:
        """Start the application under test."""
        start_service(run, "proto-req", "proto-res")
