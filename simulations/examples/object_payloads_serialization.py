"""Object Payloads & Serialization: values of any class, written by a function of yours.

python -m gatlingpy run simulations.examples.object_payloads_serialization
"""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"req_topic": 4, "res_topic": 4}


@dataclass(frozen=True)
class MyCustomObject:
    """What is sent, and what comes back."""

    data: str


def my_serializer(value: MyCustomObject) -> bytes:
    """Write an object; a second argument, if there were one, would be the topic."""
    return json.dumps(asdict(value)).encode()


def my_deserializer(data: bytes) -> MyCustomObject:
    """Read an object; an exception is a failed check."""
    return MyCustomObject(**json.loads(data))


@message_check("Same object")
def same_object(request: MyCustomObject, reply: MyCustomObject) -> bool:
    """Compare two objects: they are read before, and their types looked at."""
    return request == reply


class ObjectPayloads(Simulation):
    """The protocol says how values are written and read, and requests just have them."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
            .value_serializer(my_serializer)
            .value_deserializer(my_deserializer)
        )
        send = (
            kafka("Send object")
            .request_reply()
            .topics("req_topic", "res_topic")
            .key("key")
            .value(lambda session: MyCustomObject(f"data of user {session.user_id}"))
            .check(same_object, field("data").exists())
            .timeout(10)
        )
        duration = param("duration", timedelta, default="30s")
        load = constant_users_per_sec(10).during(duration)
        users = scenario("Objects").exec(send)
        self.set_up(users.inject_open(load)).protocols(protocol)

    def before(self, run: Run) -> None:
        """Start the application under test."""
        start_service(run, "req_topic", "res_topic")
