"""Scenario 3: Partition Leader Election: what users see while a partition has no leader.

KAFKA_BOOTSTRAP_SERVERS=broker1:9092,broker2:9092,broker3:9092 \
    python -m gatlingpy run simulations.examples.scenario_3_partition_leader_election

Stop the broker that leads partition 0 while it runs.  What is in flight is kept in memory; a store
that survives a crash of the load generator, the original's ``postgresStore``, does not exist yet.
"""

import time
from datetime import timedelta

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"test-topic": 4, "response-topic": 4}


class LeaderElection(Simulation):
    """All requests go to one partition, so that its leader is everybody's."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS, brokers=3)))
            .create_topics(TOPICS)
            .producer_properties(
                {
                    "acks": "all",  # of the replicas that are in sync
                    "max.in.flight.requests.per.connection": "1",  # strictly in order
                    "request.timeout.ms": "30000",
                }
            )
            .metric_injection_interval("500ms")  # retries and errors of the producer
        )

        partition_chaos = scenario("Leader Election Test").exec(
            kafka("Request")
            .request_reply()
            .topics("test-topic", "response-topic")
            .key("fixed-key")
            .partition(0)  # where a fixed key alone would leave it to the partitioner
            .value(lambda session: f"test-message-{time.perf_counter_ns()}")
            .check(response_equals())
            .timeout(20)
        )

        duration = param("duration", timedelta, default="120s")
        load = constant_users_per_sec(50).during(duration)
        (
            self.set_up(partition_chaos.inject_open(load))
            .protocols(protocol)
            .assertions(
                details("Kafka Metrics").max("kafka-producer-record-error-rate").lt(0.01),
                global_().successful_requests().percent().gt(95.0),
            )
        )

    def before(self, run: Run) -> None:
        """Start the application under test."""
        start_service(run, "test-topic", "response-topic")
