"""Scenario 5: Network Partition (Split Brain): when the network is slow, or away.

KAFKA_BOOTSTRAP_SERVERS=toxiproxy:9093 \
    python -m gatlingpy run simulations.examples.scenario_5_network_partition

The brokers must advertise the proxy's address, or clients go round it.  What is in flight is kept
in memory: the original's ``redisStore`` does not exist yet, nor do calls that break the network.
"""

from datetime import timedelta

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"request-topic": 4, "response-topic": 4}


class NetworkPartition(Simulation):
    """Clients that give up early: a failed delivery is a failed request."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
            .producer_properties({"request.timeout.ms": "10000", "delivery.timeout.ms": "15000"})
        )
        ask = (
            kafka("Request")
            .request_reply()
            .topics("request-topic", "response-topic")
            .key("#{randomUuid()}")
            .value("are you there?")
            .check(response_equals())
            .timeout(30)
        )
        duration = param("duration", timedelta, default="120s")
        load = constant_users_per_sec(50).during(duration)
        users = scenario("Network Partition Test").exec(ask)
        self.set_up(users.inject_open(load)).protocols(protocol)

    def before(self, run: Run) -> None:
        """Start the application under test."""
        start_service(run, "request-topic", "response-topic")
