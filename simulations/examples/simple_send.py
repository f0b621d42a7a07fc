"""Simple Send (Wait for Ack): a user goes on when the broker has acknowledged its message.

python -m gatlingpy run simulations.examples.simple_send
"""

from datetime import timedelta

from gatlingpy import *

TOPICS = {"request_topic": 4}


class SimpleSend(Simulation):
    """The shortest send there is: topic, key and value."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
        )
        users = scenario("Senders").exec(kafka("request_topic", "my-key", "my-value"))
        duration = param("duration", timedelta, default="30s")
        load = constant_users_per_sec(10).during(duration)
        self.set_up(users.inject_open(load)).protocols(protocol)
