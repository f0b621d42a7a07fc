"""Idempotent Producers: a retry of the client never makes a second request.

python -m gatlingpy run simulations.examples.idempotent_producers

These are the defaults of gatlingpy already, and said here for the reader.
"""

from datetime import timedelta

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"request_topic": 4, "response_topic": 4}


class IdempotentProducers(Simulation):
    """Java's names of the properties are understood."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
            .producer_properties(
                {
                    "enable.idempotence": "true",
                    "acks": "all",  # which idempotence needs
                    "retries": "2147483647",
                }
            )
        )
        once = (
            kafka("Once")
            .request_reply()
            .topics("request_topic", "response_topic")
            .key("#{randomUuid()}")
            .value("exactly once")
            .check(response_equals())
        )
        duration = param("duration", timedelta, default="30s")
        load = constant_users_per_sec(10).during(duration)
        users = scenario("Careful").exec(once)
        self.set_up(users.inject_open(load)).protocols(protocol)

    def before(self, run: Run) -> None:
        """Start the application under test."""
        start_service(run, "request_topic", "response_topic")
