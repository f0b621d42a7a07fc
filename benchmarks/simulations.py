"""The simulations that are measured; their figures come from the environment."""

import os

from gatlingpy import (
    Session,
    Simulation,
    at_once_users,
    constant_users_per_sec,
    kafka,
    pause,
    repeat,
    response_equals,
    scenario,
)
from gatlingpy.protocols.kafka.protocol_builder import KafkaProtocolBuilder

VALUE = b"x" * 200
REQUESTS, RESPONSES = "bench-requests", "bench-responses"


def figure(name: str) -> float:
    """Return a number from the environment."""
    return float(os.environ[f"BENCH_{name}"])


def protocol() -> KafkaProtocolBuilder:
    """Return the cluster that the benchmark has started."""
    return (
        kafka()
        .bootstrap_servers(os.environ["BENCH_SERVERS"])
        .consumer_properties({"fetch.wait.max.ms": 10})
    )


def user_key(session: Session) -> str:
    """Return a key that spreads users over the partitions."""
    return str(session.user_id)


class EchoSimulation(Simulation):
    """Request-replies at a steady rate, one for each user."""

    def __init__(self) -> None:
        pay = (
            kafka("Pay")
            .request_reply()
            .topics(REQUESTS, RESPONSES)
            .key(user_key)
            .value(VALUE)
            .check(response_equals())
            .timeout(10)
        )
        load = constant_users_per_sec(figure("RATE")).during(figure("SECONDS"))
        self.set_up(scenario("Echo").exec(pay).inject_open(load)).protocols(protocol())


class FireSimulation(Simulation):
    """Messages that nobody waits for, as fast as they go."""

    def __init__(self) -> None:
        send = kafka("Fire").send().topic("bench-fire").value(VALUE).no_ack()
        fire = scenario("Fire").exec(repeat(int(figure("MESSAGES")), send))
        self.set_up(fire.inject_open(at_once_users(int(figure("USERS"))))).protocols(protocol())


class WaitSimulation(Simulation):
    """Users that do nothing but wait."""

    def __init__(self) -> None:
        waiting = scenario("Wait").exec(pause(figure("SECONDS")))
        self.set_up(waiting.inject_open(at_once_users(int(figure("USERS")))))
