"""A run ends, with its report, though the broker hangs."""

import pytest

from tests.integration.command_line import Workplace, records
from tests.integration.test_metrics import await_requests
from tests.services.kafka import KafkaCluster

SIMULATION = """
PROTOCOL = kafka().bootstrap_servers(env("TEST_SERVERS")).{protocol}

class Hanging(Simulation):
    def __init__(self):
        ask = kafka("Ask").request_reply().topics("{topic}", "{topic}").loopback()
        people = scenario("P").exec(ask.value("x").timeout(1))
        self.set_up(people.inject_open(constant_users_per_sec(20).during(6))).protocols(PROTOCOL)
"""


@pytest.mark.integration
@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    "protocol",
    ["num_consumers(3)", "sync_commit()", "transactional_id('hang')"],
    ids=["asynchronous", "synchronous", "transactional"],
)
def test_a_run_ends_though_the_broker_hangs(
    real_kafka: KafkaCluster, work: Workplace, protocol: str, request: pytest.FixtureRequest
) -> None:
    """librdkafka would wait for the last commits as long as it does; the process ends as well."""
    topic = f"hanging-{request.node.callspec.id}"
    real_kafka.create_topic(topic, 3)
    simulation = work.simulation(SIMULATION.format(topic=topic, protocol=protocol))
    command = work.start("run", simulation, TEST_SERVERS=real_kafka.bootstrap_servers)
    await_requests(command, work, 40)
    real_kafka.pause(1)
    try:
        ended = command.wait(90)
    finally:
        real_kafka.resume(1)
    assert ended.code == 0, ended.text
    rows = list(records(work.run_folder(), "REQUEST"))
    assert len(rows) == 120
    texts = [field for mark in records(work.run_folder(), "MARK") for field in mark]
    assert any("it could not leave: no answer within" in text for text in texts), texts
