"""Timestamp Extraction: the time until a reply was written, not until it was read.

python -m gatlingpy run simulations.examples.timestamp_extraction

The timestamp is the clock of the application, or that of the broker: where it runs behind that of
the load generator, durations are too short, or negative, which the report counts and shows.
"""

from datetime import timedelta

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"request_topic": 4, "response_topic": 4}


class TimestampExtraction(Simulation):
    """The record's timestamp ends the request."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
            .use_timestamp_header(True)
        )
        ask = (
            kafka("Ask")
            .request_reply()
            .topics("request_topic", "response_topic")
            .value("when?")
            .check(response_equals())
        )
        duration = param("duration", timedelta, default="30s")
        load = constant_users_per_sec(10).during(duration)
        users = scenario("Askers").exec(ask)
        self.set_up(users.inject_open(load)).protocols(protocol)

    def before(self, run: Run) -> None:
        """Start the application under test."""
        start_service(run, "request_topic", "response_topic")
