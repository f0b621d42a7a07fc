"""Scenario 4: Application Crash and Resume: latencies that include the time of being down.

python -m gatlingpy run simulations.examples.scenario_4_application_crash_and_resume

Kill the application after 30 s and start it again after 60 s: it finds what was sent meanwhile,
and each reply ends its request with its true response time, as long as the timeout lasts.  That
holds without a store; the original's ``PostgresRequestStore``, which does not exist yet, is for
crashes of the load generator itself.
"""

from datetime import timedelta

from gatlingpy import *
from simulations.examples.service import start_service

TOPICS = {"crash-test-in": 4, "crash-test-out": 4}


class CrashRecovery(Simulation):
    """Ten transactions a second in Protobuf, without a registry, and two minutes of patience."""

    def __init__(self) -> None:
        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
            .timeout_check_interval(5)
            .value_codec(ProtobufCodec(proto="person.proto"))
        )

        crash_recovery_scenario = scenario("Crash Recovery Test").exec(
            kafka("Transaction")
            .request_reply()
            .topics("crash-test-in", "crash-test-out")
            .key("#{randomUuid()}")
            .value({"name": "#{randomAlphanumeric(12)}", "age": 42})
            .check(response_equals())
            .timeout(120)
        )

        duration = param("duration", timedelta, default="120s")
        load = constant_users_per_sec(10).during(duration)
        self.set_up(crash_recovery_scenario.inject_open(load)).protocols(protocol)

    def before(self, run: Run) -> None:
        """Start the application under test; to kill it, look for its process."""
        start_service(run, "crash-test-in", "crash-test-out")
