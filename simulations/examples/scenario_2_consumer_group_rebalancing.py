"""Scenario 2: Consumer Group Rebalancing: what users see while the application is deployed.

python -m gatlingpy run simulations.examples.scenario_2_consumer_group_rebalancing

Restart instances of the application one after the other while it runs.  What is in flight is kept
in memory: the original's ``redisStore`` does not exist yet.

The original lets twenty users arrive each second, none of whom ever leaves, where its text speaks
of twenty users; these are twenty users.
"""

from datetime import timedelta

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"orders-in": 4, "orders-out": 4}


class ConsumerGroupRebalancing(Simulation):
    """Twenty users, each of whom orders once a second until the time is over."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
            .num_consumers(4)  # as many as the application has
            .poll_timeout(1)
        )

        order = (
            kafka("Order")
            .request_reply()
            .topics("orders-in", "orders-out")
            .key(lambda session: f"order-{session.user_id}")
            .value({"sku": "A-1", "quantity": 2})
            .as_json()
            .check(json_path("$.status").is_("ACCEPTED"))
            .timeout(45)  # longer than a rebalance takes
        )

        rebalance_scenario = scenario("Consumer Rebalance Test").forever(pace(1).exec(order))

        ramp = param("ramp", timedelta, default="30s")
        duration = param("duration", timedelta, default="5m")
        (
            self.set_up(rebalance_scenario.inject_open(ramp_users(20).during(ramp)))
            .protocols(protocol)
            .max_duration(ramp + duration)
            .assertions(
                global_().response_time().percentile3().lt(10_000),  # the 95th, Gatling's third
                global_().successful_requests().percent().gt(99.0),
            )
        )

    def before(self, run: Run) -> None:
        """Start the application under test."""
        start_service(run, "orders-in", "orders-out", "order")
