"""The same request-replies in JSON and in Avro with a schema registry."""

import os

from benchmarks.simulations import REQUESTS, RESPONSES, figure, protocol, user_key
from gatlingpy import (
    Session,
    Simulation,
    constant_users_per_sec,
    json_path,
    kafka,
    scenario,
)
from gatlingpy.protocols.kafka.protocol_builder import KafkaProtocolBuilder
from gatlingpy.protocols.kafka.request_reply_builder import KafkaRequestReplyBuilder

CURRENCY = {"type": "enum", "name": "Currency", "symbols": ["EUR", "USD"]}
SCHEMA = {
    "type": "record",
    "name": "Payment",
    "namespace": "shop",
    "fields": [
        {"name": "id", "type": "string"},
        {"name": "account", "type": "string"},
        {"name": "amount", "type": "double"},
        {"name": "currency", "type": CURRENCY},
        {"name": "number", "type": "long"},
        {"name": "note", "type": ["null", "string"], "default": None},
        {"name": "tags", "type": {"type": "array", "items": "string"}},
        {"name": "text", "type": "string"},
    ],
}
_TEXT = "x" * 120


def payment(session: Session) -> dict[str, object]:
    """Return a payment of about 200 bytes."""
    return {
        "id": f"P-{session.user_id}",
        "account": "ACC-001",
        "amount": 12.5,
        "currency": "EUR",
        "number": session.user_id,
        "note": None,
        "tags": ["a", "b"],
        "text": _TEXT,
    }


class Payments(Simulation):
    """Payments as JSON."""

    def __init__(self) -> None:
        ask = (
            kafka("Pay")
            .request_reply()
            .topics(REQUESTS, RESPONSES)
            .key(user_key)
            .value(payment)
            .check(json_path("$.account").is_("ACC-001"))
            .timeout(10)
        )
        load = constant_users_per_sec(figure("RATE")).during(figure("SECONDS"))
        users = scenario("Pay").exec(self.encoded(ask)).inject_open(load)
        self.set_up(users).protocols(self.cluster())

    def encoded(self, ask: KafkaRequestReplyBuilder) -> KafkaRequestReplyBuilder:
        """Say how values are written and read."""
        return ask.as_json()

    def cluster(self) -> KafkaProtocolBuilder:
        """Return the brokers."""
        return protocol()


class AvroPayments(Payments):
    """Payments as Avro, in frames that name the schema."""

    def encoded(self, ask: KafkaRequestReplyBuilder) -> KafkaRequestReplyBuilder:
        """Say how values are written and read."""
        return ask.as_avro(SCHEMA)

    def cluster(self) -> KafkaProtocolBuilder:
        """Return the brokers, and the registry."""
        return protocol().schema_registry(os.environ["BENCH_REGISTRY"])
