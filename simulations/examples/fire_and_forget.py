"""Fire and Forget: a user goes on as soon as the client has taken its message.

python -m gatlingpy run simulations.examples.fire_and_forget

A message whose delivery fails later is a failed request all the same, and shown as one.
"""

from datetime import timedelta

from gatlingpy import *

TOPICS = {"events_topic": 4}


class FireAndForget(Simulation):
    """Events in numbers, and nobody who waits for them."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
        )
        events = scenario("Events").exec(
            kafka("Fire Event", "events_topic", "key", "value", False, 30)  # wait_for_ack, timeout
        )
        rate = param("users_per_sec", float, default=500)
        duration = param("duration", timedelta, default="30s")
        load = constant_users_per_sec(rate).during(duration)
        self.set_up(events.inject_open(load)).protocols(protocol)
