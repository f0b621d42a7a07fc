"""JSON Extraction & Validation: the fields of a reply.

python -m gatlingpy run simulations.examples.json_extraction_validation
"""

from datetime import timedelta

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"order-requests": 4, "order-responses": 4}


def is_sound(request: str, reply: dict) -> str | None:
    """Look at parsed JSON; a reply that is none has failed before this is called."""
    user_id = reply["user"]["id"]
    if user_id <= 0:
        return f"Invalid User ID: {user_id}"
    return None if reply["items"] else "Items array is empty"


class JsonExtraction(Simulation):
    """The same twice: as a function of request and reply, and as checks without one."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
        )
        text, json = SerializationType.STRING, SerializationType.JSON
        order = kafka("Order").request_reply().topics("order-requests", "order-responses")
        order = order.value("two of them")

        users = scenario("Customers").exec(
            order.check(MessageCheck("JSON Logic Check", str, text, dict, json, is_sound)),
            order.check(
                json_path("$.user.id").of_int().gt(0),
                json_path("$.items[*]").count().gte(1),
                json_path("$.items[0].sku").save_as("sku"),  # for what the user does next
            ),
        )

        duration = param("duration", timedelta, default="30s")
        load = constant_users_per_sec(10).during(duration)
        self.set_up(users.inject_open(load)).protocols(protocol)

    def before(self, run: Run) -> None:
        """Start the application under test."""
        start_service(run, "order-requests", "order-responses", "order")
