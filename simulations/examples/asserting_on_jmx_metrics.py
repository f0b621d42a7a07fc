"""Asserting on JMX Metrics (Metric Injection): what the Kafka clients tell of themselves.

python -m gatlingpy run simulations.examples.asserting_on_jmx_metrics

There is no Java here, so the numbers are those of librdkafka, under the original's names.
"""

from datetime import timedelta

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"request_topic": 4, "response_topic": 4}


class MetricInjection(Simulation):
    """A run fails if its consumers fall behind, however quick the replies were."""

    def __init__(self) -> None:
        interval = param("interval", timedelta, default="1s")
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
            .metric_injection_interval(interval)
        )
        ask = (
            kafka("Ask")
            .request_reply()
            .topics("request_topic", "response_topic")
            .value("how are you?")
            .check(response_equals())
        )
        duration = param("duration", timedelta, default="30s")
        load = constant_users_per_sec(10).during(duration)
        users = scenario("Askers").exec(ask)
        (
            self.set_up(users.inject_open(load))
            .protocols(protocol)
            .assertions(
                details("Kafka Metrics").max("kafka-consumer-lag-max").lt(100),
                details("Kafka Metrics").max("kafka-producer-record-error-rate").is_(0.0),
            )
        )

    def before(self, run: Run) -> None:
        """Start the application under test."""
        start_service(run, "request_topic", "response_topic")
