"""Example Optimized Configuration: many messages rather than quick ones.

python -m gatlingpy run simulations.examples.example_optimized_configuration
"""

from datetime import timedelta

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"request_topic": 4, "response_topic": 4}


class OptimizedConfiguration(Simulation):
    """A bus rather than a taxi: it waits until it is full."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
            .num_producers(1)
            .num_consumers(4)  # as many as the reply topic has partitions
            .producer_properties(
                {
                    "acks": "1",  # quicker than "all"
                    "linger.ms": "10",  # wait for company
                    "batch.size": "131072",  # 128 KiB
                    "compression.type": "lz4",
                }
            )
            .consumer_properties({"auto.offset.reset": "latest"})
        )
        ask = (
            kafka("Ask")
            .request_reply()
            .topics("request_topic", "response_topic")
            .key("#{randomUuid()}")
            .value("#{randomAlphanumeric(200)}")
            .check(response_equals())
        )
        rate = param("users_per_sec", float, default=1000)
        duration = param("duration", timedelta, default="30s")
        load = constant_users_per_sec(rate).during(duration)
        users = scenario("Many").exec(ask)
        self.set_up(users.inject_open(load)).protocols(protocol)

    def before(self, run: Run) -> None:
        """Start the application under test."""
        start_service(run, "request_topic", "response_topic")
