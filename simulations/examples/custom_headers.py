"""Custom Headers: metadata beside key and value, made for each message.

python -m gatlingpy run simulations.examples.custom_headers
"""

import time
from datetime import timedelta
from uuid import uuid4

from gatlingpy import *

TOPICS = {"my_topic": 4}


class CustomHeaders(Simulation):
    """Headers are functions of the session, templates or plain texts."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
        )
        users = scenario("Traced").exec(
            kafka("Send with Headers", "my_topic", "my_key", "my_value").headers(
                {
                    "X-Correlation-ID": lambda session: str(uuid4()),
                    "X-Source": "Gatling-Load-Test",
                    "X-Timestamp": lambda session: str(time.time_ns() // 1_000_000),
                }
            )
        )
        duration = param("duration", timedelta, default="30s")
        load = constant_users_per_sec(10).during(duration)
        self.set_up(users.inject_open(load)).protocols(protocol)
