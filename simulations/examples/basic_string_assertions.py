"""Basic String Assertions: what stands in the text of a reply, and how long it is.

python -m gatlingpy run simulations.examples.basic_string_assertions
"""

from datetime import timedelta

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"request_topic": 4, "response_topic": 4}


def says_success(request: str, reply: str) -> str | None:
    """Look at the text; what is returned is what the report says."""
    if '"status":"success"' not in reply:
        return "Response missing success status"
    if len(reply) < 10:
        return "Response too short"
    return None


class BasicStringAssertions(Simulation):
    """The same twice: as a function of request and reply, and as checks without one."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
        )
        text = SerializationType.STRING
        ask = kafka("Ask").request_reply().topics("request_topic", "response_topic").value("do it")

        users = scenario("Readers").exec(
            ask.check(MessageCheck("Content Check", str, text, str, text, says_success)),
            ask.check(substring('"status":"success"'), body_length().gte(10)),
        )

        duration = param("duration", timedelta, default="30s")
        load = constant_users_per_sec(10).during(duration)
        self.set_up(users.inject_open(load)).protocols(protocol)

    def before(self, run: Run) -> None:
        """Start the application under test."""
        start_service(run, "request_topic", "response_topic", "success")
