"""Raw Consumer (Consume Only): a record that somebody else wrote, as the effect of something.

python -m gatlingpy run simulations.examples.raw_consumer
"""

from datetime import timedelta

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"commands": 4, "my_topic": 4}


def verify(session: Session) -> Session:
    """Look at what was consumed; an exception marks the user as failed."""
    message = session.get_string("myMessage")
    if message != "expected_value":
        raise RuntimeError(f"Unexpected message: {message}")
    return session


class RawConsumer(Simulation):
    """A command, and then its effect on another topic."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
        )
        users = (
            scenario("Onlookers")
            .exec(kafka("Command", "commands", "#{randomUuid()}", "expected_value"))
            .exec(consume("Consume Event", "my_topic").save_as("myMessage"))
            .exec(verify)
        )
        duration = param("duration", timedelta, default="30s")
        load = constant_users_per_sec(10).during(duration)
        self.set_up(users.inject_open(load)).protocols(protocol)

    def before(self, run: Run) -> None:
        """Start the application under test, which has the effect."""
        start_service(run, "commands", "my_topic")
