"""Best Practices for Chaos Testing: a cool-down, and trouble that the simulation makes itself.

python -m gatlingpy run simulations.examples.best_practices_for_chaos_testing \
    -p script=scripts/kill-random-broker.sh
"""

import shlex
import subprocess
from datetime import timedelta

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"request-topic": 4, "response-topic": 4}


class AutomatedChaos(Simulation):
    """Every hundredth user runs a script before it sends its request."""

    def __init__(self) -> None:
        script = param("script", str, default="true", help="what makes trouble")

        def trouble(session: Session) -> Session:
            if session.user_id % 100 == 0:
                subprocess.run(shlex.split(script), check=True)  # noqa: S603 - the user's own
            return session

        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
        )
        users = (
            scenario("Trouble")
            .exec(trouble, blocking=True)  # it waits for a program: not on the users' thread
            .exec(
                kafka("Request")
                .request_reply()
                .topics("request-topic", "response-topic")
                .value("still there?")
                .check(response_equals())
            )
        )
        duration = param("duration", timedelta, default="60s")
        cooldown = param("cooldown", timedelta, default="60s")
        self.set_up(
            users.inject_open(
                constant_users_per_sec(50).during(duration),
                nothing_for(cooldown),  # requests in flight are waited for without it as well
            )
        ).protocols(protocol)

    def before(self, run: Run) -> None:
        """Start the application under test."""
        start_service(run, "request-topic", "response-topic")
