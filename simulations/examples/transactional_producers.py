"""Transactional Producers (Exactly-Once Semantics): each request in a transaction of its own.

KAFKA_BOOTSTRAP_SERVERS=localhost:9092 \
    python -m gatlingpy run simulations.examples.transactional_producers

The embedded broker knows no transactions: this one needs a Kafka.
"""

from datetime import timedelta

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"orders": 4, "confirmations": 4}


class TransactionalProducers(Simulation):
    """A request counts as sent once its transaction is committed, whatever that costs."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", "localhost:9092"))
            .create_topics(TOPICS)
            .transactional_id("my-transactional-id")  # -0, -1, -2 and -3: one for each producer
            .num_producers(4)
        )
        ask = (
            kafka("Ask")
            .request_reply()
            .topics("orders", "confirmations")
            .key("#{randomUuid()}")
            .value("all or nothing")
            .check(response_equals())
        )
        duration = param("duration", timedelta, default="30s")
        load = constant_users_per_sec(10).during(duration)
        users = scenario("Exact").exec(ask)
        self.set_up(users.inject_open(load)).protocols(protocol)

    def before(self, run: Run) -> None:
        """Start the application under test, which sees what was committed and nothing else."""
        committed = {"isolation.level": "read_committed"}
        start_service(run, "orders", "confirmations", properties=committed)
