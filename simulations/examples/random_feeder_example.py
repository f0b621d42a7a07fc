"""Random Feeder Example: each payment made up on the spot.

python -m gatlingpy run simulations.examples.random_feeder_example
"""

import random
import time
from datetime import timedelta
from uuid import uuid4

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"payments": 4, "payment-responses": 4}


class DynamicPayments(Simulation):
    """Values of a feeder may be functions: they are called for each record."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
        )

        random_feeder = feeder(
            {
                "randomAmount": lambda: round(random.uniform(0, 10_000), 2),
                "randomAccountId": lambda: f"ACC-{str(uuid4())[:8]}",
                "timestamp": lambda: time.time_ns() // 1_000_000,
            }
        )

        scn = (
            scenario("Dynamic Payments")
            .feed(random_feeder)
            .exec(
                kafka("Pay")
                .request_reply()
                .topics("payments", "payment-responses")
                .key("#{randomAccountId}")
                .value(
                    {
                        "accountId": "#{randomAccountId}",
                        "amount": "#{randomAmount}",
                        "ts": "#{timestamp}",
                    }
                )
                .as_json()
                .check(json_path("$.accountId").is_("#{randomAccountId}"))
                .timeout(10)
            )
        )

        duration = param("duration", timedelta, default="60s")
        load = constant_users_per_sec(10).during(duration)
        self.set_up(scn.inject_open(load)).protocols(protocol)

    def before(self, run: Run) -> None:
        """Start the application under test."""
        start_service(run, "payments", "payment-responses", "payment")
