"""Handling In-Flight Requests at Test End: the run waits for what is under way.

python -m gatlingpy run simulations.examples.handling_in_flight_requests_at_test_end

The original needs ``nothing_for`` at the end of the profile for that.  Here a run ends when its
last request has ended, by its reply or by its timeout, so that it is optional.
"""

from datetime import timedelta

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"request_topic": 4, "response_topic": 4}


class InFlightAtTheEnd(Simulation):
    """An application that takes a second: many requests are on their way when the load ends."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
        )
        ask = (
            kafka("Ask")
            .request_reply()
            .topics("request_topic", "response_topic")
            .value("take your time")
            .check(response_equals())
            .timeout(10)
        )
        rate = param("users_per_sec", float, default=100)
        ramp = param("ramp", timedelta, default="60s")
        hold = param("duration", timedelta, default="5m")
        users = scenario("Patient").exec(ask)
        self.set_up(
            users.inject_open(
                ramp_users_per_sec(10).to(rate).during(ramp),
                constant_users_per_sec(rate).during(hold),
                nothing_for(param("cooldown", timedelta, default="10s")),  # works, and may go
            )
        ).protocols(protocol)

    def before(self, run: Run) -> None:
        """Start the application under test."""
        start_service(run, "request_topic", "response_topic", takes_s=1)
