"""Quick Start Example: greetings that must come back as they were sent.

python -m gatlingpy run simulations.examples.quick_start_example
"""

from datetime import timedelta
from uuid import uuid4

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"request_topic": 4, "response_topic": 4}


def same(request: str, reply: str) -> str | None:
    """Pass with ``None``, fail with a text."""
    return None if request == reply else f"Mismatch: {request} != {reply}"


class KafkaExampleSimulation(Simulation):
    """Ten users a second, each of whom sends one greeting."""

    def __init__(self) -> None:
        # 1. The protocol
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
            .group_id("gatling-consumer-group")
            .num_producers(1)  # one producer batches best
            .num_consumers(4)  # they share the partitions of the reply topic
            .producer_properties({"acks": "all", "linger.ms": "5", "compression.type": "lz4"})
            .consumer_properties({"auto.offset.reset": "latest"})
        )

        # 2. What a reply must be
        text = SerializationType.STRING
        checks = [MessageCheck("Response Validation", str, text, str, text, same)]

        # 3. What a user does
        scn = scenario("Kafka Request-Reply Demo").exec(
            kafka_request_reply(
                "request_topic",
                "response_topic",
                lambda session: str(uuid4()),  # key
                lambda session: f"Hello Kafka {uuid4()}",  # value
                SerializationType.STRING,
                checks,
                10,  # seconds until the request has failed
            )
        )

        # 4. How users arrive
        duration = param("duration", timedelta, default="30s")
        load = constant_users_per_sec(10).during(duration)
        self.set_up(scn.inject_open(load)).protocols(protocol)

    def before(self, run: Run) -> None:
        """Start the application under test."""
        start_service(run, "request_topic", "response_topic")
