"""The example that everybody runs first: a payment service behind two Kafka topics.

python -m gatlingpy run simulations.payment
"""

import sys

from gatlingpy import (
    Run,
    Session,
    Simulation,
    constant_users_per_sec,
    csv,
    details,
    embedded_broker,
    env,
    global_,
    json_path,
    kafka,
    ramp_users_per_sec,
    scenario,
)


def payment(session: Session) -> dict[str, object]:
    """Write the request's body from the feeder's record."""
    return {
        "accountId": session["accountId"],
        "amount": session["amount"],
        "currency": session["currency"],
    }


class PaymentSimulation(Simulation):
    """Ramps up to 200 payments a second and holds them."""

    def __init__(self) -> None:
        topics = {"payment-requests": 4, "payment-responses": 4}
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(topics)))
            .create_topics(topics)
            .num_consumers(2)
            .producer_properties({"compression.type": "lz4", "delivery.timeout.ms": 9_000})
        )

        pay = (
            kafka("Pay")
            .request_reply()
            .request_topic("payment-requests")
            .response_topic("payment-responses")
            .key("#{accountId}")
            .value(payment)
            .as_json()
            .check(json_path("$.status").is_("APPROVED"), json_path("$.id").save_as("paymentId"))
            .timeout(10)
        )

        payments = scenario("Payments").feed(csv("payments.csv").circular()).exec(pay)

        (
            self.set_up(
                payments.inject_open(
                    ramp_users_per_sec(10).to(200).during(20),
                    constant_users_per_sec(200).during(20),
                )
            )
            .protocols(protocol)
            .assertions(
                global_().successful_requests().percent().gt(99.0),
                details("Pay").response_time().percentile(99).lt(500),
            )
        )

    def before(self, run: Run) -> None:
        """Start the service; it ends with the run."""
        run.start_process(
            [sys.executable, "-m", "simulations.payment_service", run.bootstrap_servers],
            ready="subscribed",
        )
