"""CSV Feeder Example: each payment from the next line of a file.

python -m gatlingpy run simulations.examples.csv_feeder_example
"""

from datetime import timedelta

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"payment-requests": 4, "payment-responses": 4}


class PaymentSimulation(Simulation):
    """Pays from the accounts of ``payment_data.csv``, from the start again after the last."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
        )

        scn = (
            scenario("Payment Processing")
            .feed(csv("payment_data.csv").circular())  # into the user's session
            .exec(
                kafka_request_reply(
                    "payment-requests",
                    "payment-responses",
                    "#{accountId}",
                    '{"accountId":"#{accountId}","amount":#{amount},"currency":"#{currency}"}',
                    SerializationType.STRING,
                    [json_path("$.accountId").is_("#{accountId}")],
                    10,
                    name="Pay",
                )
            )
        )

        duration = param("duration", timedelta, default="60s")
        load = constant_users_per_sec(10).during(duration)
        self.set_up(scn.inject_open(load)).protocols(protocol)

    def before(self, run: Run) -> None:
        """Start the application under test."""
        start_service(run, "payment-requests", "payment-responses", "payment")
