"""Built-in Gatling Metrics: which part of a request its time was spent in.

python -m gatlingpy run simulations.examples.built_in_gatling_metrics

``PaymentRequest`` is the whole, ``PaymentRequest-send`` the part until the broker's
acknowledgement, ``PaymentRequest-store`` the writing of what is in flight.
"""

from datetime import timedelta

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"payment-requests": 4, "payment-responses": 4}


class BuiltInMetrics(Simulation):
    """Parts are no requests: they can be asserted, and are in no count, rate or group."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
            .measure_store_latency(True)
        )
        pay = (
            kafka("PaymentRequest")
            .request_reply()
            .topics("payment-requests", "payment-responses")
            .value({"accountId": "ACC-001", "amount": 1500})
            .as_json()
            .check(json_path("$.status").is_("APPROVED"))
        )
        duration = param("duration", timedelta, default="30s")
        store_ms = param("store_ms", int, default=10)
        send_ms = param("send_ms", int, default=50)
        load = constant_users_per_sec(10).during(duration)
        users = scenario("Payments").exec(pay)
        (
            self.set_up(users.inject_open(load))
            .protocols(protocol)
            .assertions(
                details("PaymentRequest-store").response_time().percentile99().lt(store_ms),
                details("PaymentRequest-send").response_time().percentile99().lt(send_ms),
            )
        )

    def before(self, run: Run) -> None:
        """Start the application under test."""
        start_service(run, "payment-requests", "payment-responses", "payment")
