"""Extracting Values for Correlation: an application that puts the id into the body of its reply.

python -m gatlingpy run simulations.examples.extracting_values_for_correlation
"""

from datetime import timedelta

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"request_topic": 4, "response_topic": 4}


class CorrelationByBody(Simulation):
    """The request carries the id in its header, the reply in its JSON."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
            .correlation_extractor(JsonPathExtractor("$.meta.correlationId"))
        )
        ask = (
            kafka("Ask")
            .request_reply()
            .topics("request_topic", "response_topic")
            .value({"question": "who am I?"})
            .as_json()
            .check(
                header("correlationId").not_exists(),
                json_path("$.meta.correlationId").save_as("id"),  # for what the user does next
            )
        )
        duration = param("duration", timedelta, default="30s")
        load = constant_users_per_sec(10).during(duration)
        users = scenario("Askers").exec(ask)
        self.set_up(users.inject_open(load)).protocols(protocol)

    def before(self, run: Run) -> None:
        """Start the application under test."""
        start_service(run, "request_topic", "response_topic", "id_in_body")
