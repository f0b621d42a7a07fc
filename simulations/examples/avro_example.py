"""Avro Example: objects as Avro, their schema in a Schema Registry.

SCHEMA_REGISTRY_URL=http://localhost:8081 \
    python -m gatlingpy run simulations.examples.avro_example
"""

from dataclasses import dataclass
from datetime import timedelta

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"avro-req": 4, "avro-res": 4}


@dataclass(frozen=True)
class User:
    """A record of ``user.avsc``."""

    name: str
    age: int


@message_check("Same user")
def same_user(request: User, reply: User) -> bool:
    """Compare what was sent with what came back."""
    return request == reply


class AvroExample(Simulation):
    """The schema is registered as ``avro-req-value``; without a registry, leave its line out."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
            .schema_registry(env("SCHEMA_REGISTRY_URL", "http://localhost:8081"))
            .value_codec(AvroCodec("user.avsc", as_type=User))
        )
        send = (
            kafka("Send user")
            .request_reply()
            .topics("avro-req", "avro-res")
            .key("key")
            .value(lambda session: User("Alice", 30))
            .check(field("name").is_("Alice"), field("age").gt(17), same_user)
            .timeout(10)
        )
        duration = param("duration", timedelta, default="30s")
        load = constant_users_per_sec(10).during(duration)
        users = scenario("Avro").exec(send)
        self.set_up(users.inject_open(load)).protocols(protocol)

    def before(self, run: Run) -> None:
        """Start the application under test."""
        start_service(run, "avro-req", "avro-res")
