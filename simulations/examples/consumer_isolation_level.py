"""Consumer Isolation Level: replies of aborted transactions are not read.

python -m gatlingpy run simulations.examples.consumer_isolation_level

The embedded broker reads everything, whatever is asked for; give KAFKA_BOOTSTRAP_SERVERS.
"""

from datetime import timedelta

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"request_topic": 4, "response_topic": 4}


class ConsumerIsolationLevel(Simulation):
    """``read_uncommitted`` is the default, as it is in the original."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
            .consumer_properties({"isolation.level": "read_committed"})
        )
        ask = (
            kafka("Ask")
            .request_reply()
            .topics("request_topic", "response_topic")
            .value("committed only")
            .check(response_equals())
        )
        duration = param("duration", timedelta, default="30s")
        load = constant_users_per_sec(10).during(duration)
        users = scenario("Committed").exec(ask)
        self.set_up(users.inject_open(load)).protocols(protocol)

    def before(self, run: Run) -> None:
        """Start the application under test."""
        start_service(run, "request_topic", "response_topic")
