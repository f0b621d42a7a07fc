"""Scenario 1: Broker Outage During Load: what users see while one of three brokers is away.

KAFKA_BOOTSTRAP_SERVERS=broker1:9092,broker2:9092,broker3:9092 \
    python -m gatlingpy run simulations.examples.scenario_1_broker_outage_during_load

Stop a broker after 30 s and start it after 60 s; the report's charts show the height of the spike,
and when the latency is back where it was.  What is in flight is kept in memory; a store that
survives a crash of the load generator, the original's ``postgresStore``, does not exist yet.
"""

from datetime import timedelta

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"request-topic": 4, "response-topic": 4}


class BrokerOutage(Simulation):
    """Fifty requests a second for two minutes, none of which may be lost or wrong."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS, brokers=3)))
            .create_topics(TOPICS)
            .producer_properties({"acks": "all", "retries": "10", "retry.backoff.ms": "500"})
            .consumer_properties({"session.timeout.ms": "30000", "heartbeat.interval.ms": "3000"})
        )

        chaos_scenario = scenario("Broker Outage Test").exec(
            kafka("Request")
            .request_reply()
            .topics("request-topic", "response-topic")
            .key("#{randomUuid()}")
            .value('{"payload":"#{randomAlphanumeric(200)}"}')
            .check(response_equals())
            .timeout(30)
        )

        duration = param("duration", timedelta, default="120s")
        load = constant_users_per_sec(50).during(duration)
        self.set_up(chaos_scenario.inject_open(load)).protocols(protocol)

    def before(self, run: Run) -> None:
        """Start the application under test."""
        start_service(run, "request-topic", "response-topic")
