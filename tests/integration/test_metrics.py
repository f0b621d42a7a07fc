"""What Kafka clients tell of themselves, on real Kafka: true numbers, and marks of what breaks."""

import signal
import subprocess
import time
from bisect import bisect
from itertools import pairwise
from pathlib import Path

import pytest
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourceType,
)

from gatlingpy.protocols.kafka.client_statistics import read_statistics
from gatlingpy.protocols.kafka.metric_rows import lag_of
from tests.integration.command_line import Command, Workplace, records
from tests.services.kafka import KafkaCluster
from tests.services.kafka_clients import consume_all, quiet_consumer, quiet_producer
from tests.services.kafka_jars import KAFKA
from tests.services.offer import or_refuse
from tests.services.waiting import await_true

METRICS = "Kafka Metrics"


def gauges(folder: Path, name: str, source: str = METRICS) -> list[float]:
    """Return the readings of a gauge, in the order of the log."""
    rows = records(folder, "GAUGE")
    return [float(fields[14]) for fields in rows if fields[1:3] == [source, name]]


def marks(folder: Path) -> list[tuple[int, str]]:
    """Return when, in epoch microseconds, and what was marked."""
    return [(int(fields[7]), fields[2]) for fields in records(folder, "MARK")]


def leader_of(cluster: KafkaCluster, topic: str) -> int:
    """Return which broker leads the only partition of a topic, by a client of the test's own."""
    admin = AdminClient({"bootstrap.servers": cluster.bootstrap_servers, "log_level": 0})
    number: int = admin.list_topics(topic, timeout=10).topics[topic].partitions[0].leader
    return number


def await_mark(command: Command, work: Workplace, text: str) -> None:
    """Return when a run has a mark with this text."""

    def seen() -> bool:
        assert command.process.poll() is None, command.said()
        return any(text in mark for _, mark in marks(work.run_folder()))

    await_true(seen, timeout_s=90, what=lambda: f"{text!r} in {marks(work.run_folder())}")


def await_requests(command: Command, work: Workplace, count: int) -> None:
    """Return when a run has ended so many requests."""

    def enough() -> bool:
        logs = [folder / "simulation.log" for folder in work.run_folders()]
        if not (logs and logs[0].exists()):
            return False
        return len(list(records(work.run_folder(), "REQUEST"))) >= count

    await_true(enough, timeout_s=60, what=lambda: f"{count} requests in {command.said()}")


LEADER = """
class Leader(Simulation):
    def __init__(self):
        note = kafka("Note").send().topic({topic!r}).key("one").value("x").timeout(40)
        people = scenario("People").exec(note)
        protocol = BROKER{metrics}
        self.set_up(people.inject_open(constant_users_per_sec(20).during(200))).protocols(protocol)
"""


@pytest.mark.integration
@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("metrics", ["", ".metric_injection_interval('500ms')"])
def test_a_leader_that_is_killed_and_comes_back_is_marked(
    real_kafka_3: KafkaCluster, work: Workplace, metrics: str
) -> None:
    """With its number and partition, the new leader, and its return; with or without metrics."""
    topic = "killed-with-metrics" if metrics else "killed-without"
    real_kafka_3.create_topic(topic, 1)
    simulation = work.simulation(LEADER.format(topic=topic, metrics=metrics))
    command = work.start("run", simulation, TEST_SERVERS=real_kafka_3.bootstrap_servers)
    try:
        await_requests(command, work, 60)
        old = leader_of(real_kafka_3, topic)
        killed_us = time.time_ns() // 1_000
        real_kafka_3.kill(old)
        try:
            await_mark(command, work, "leader moved from broker")
        finally:
            restarted_us = time.time_ns() // 1_000
            real_kafka_3.start(old)
        new = leader_of(real_kafka_3, topic)
        await_mark(command, work, " is back after ")
    finally:
        command.send(signal.SIGINT)
        ended = command.wait()
    assert ended.code == 130, ended.text

    told = marks(work.run_folder())
    texts = [text for _, text in told]
    of_old = [(at, text) for at, text in told if text.startswith(f"broker {old} ")]
    lost_us, lost = of_old[0]
    assert lost.startswith(f"broker {old} lost, leader of {topic}[0]: "), texts
    assert lost_us > killed_us
    assert f"{topic}[0]: leader moved from broker {old} to broker {new}" in texts
    backs = [at for at, text in of_old if text.startswith(f"broker {old} is back after ")]
    assert backs, texts
    assert backs[0] > restarted_us
    assert len(texts) < 15, texts
    with_rows = gauges(work.run_folder(), "kafka-producer-request-latency-avg")
    assert bool(with_rows) is bool(metrics)


@pytest.mark.integration
def test_the_lag_is_what_a_slow_consumer_has_not_read(real_kafka: KafkaCluster) -> None:
    """As an independent client sees the end of the log, and the consumer's own count of records.

    Records of aborted and committed transactions leave gaps in the log; they count for nothing.
    """
    topic, servers = "metrics-lag", real_kafka.bootstrap_servers
    real_kafka.create_topic(topic, 1)
    reports: list[str] = []
    consumer = Consumer(
        {
            "bootstrap.servers": servers, "group.id": "lag", "enable.auto.commit": False,
            "isolation.level": "read_uncommitted",
            "statistics.interval.ms": 200, "stats_cb": reports.append, "log_level": 0,
        }
    )  # fmt: skip
    consumer.assign([TopicPartition(topic, 0, 0)])
    producer = quiet_producer(servers, transactional_id="lag")
    producer.init_transactions(20)
    for _ in range(20):
        producer.begin_transaction()
        for _ in range(10):
            producer.produce(topic, b"x")
        producer.commit_transaction(20)
    judge = quiet_consumer(servers, "judge", enable_auto_commit=False)
    end = judge.get_watermark_offsets(TopicPartition(topic, 0), timeout=10)[1]
    judge.close()
    assert end == 20 * 11, "each commit takes an offset of its own"

    taken, lags = 0, list[tuple[int, int]]()
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline and not (lags and lags[-1][1] == 0):
        if taken < 200 and consumer.poll(0.05) is not None:
            taken += 1
        time.sleep(0.01)
        if taken == 200:
            consumer.poll(0.05)
        while reports:
            (partition,) = read_statistics("c", reports.pop(0)).partitions
            lag = lag_of(partition, 0, read_committed=False)
            if lag is not None and partition.end == end:
                # The report was made before it was served by the poll that took the last record.
                lags.append((200 - taken, lag))
    consumer.close()
    assert lags[-1][1] == 0, lags
    assert len(lags) >= 5
    assert all(0 <= lag - left <= 25 for left, lag in lags), lags
    assert max(lag for _, lag in lags) > 50, lags


REFUSED = """
class Refused(Simulation):
    def __init__(self):
        small = kafka("Small").send().topic({good!r}).value("x")
        large = kafka("Large").send().topic({topic!r}).value("x" * 5_000).no_ack()
        protocol = BROKER.metric_injection_interval(0.5)
        self.set_up(
            scenario("A").exec(small).inject_open(constant_users_per_sec(20).during(10)),
            scenario("B").exec(large).inject_open(
                nothing_for(4), constant_users_per_sec(40).during(4)),
        ).protocols(protocol).assertions(
            details("Kafka Metrics").max("kafka-producer-record-error-rate").lt(0.01),
            details("Kafka Metrics").last("kafka-producer-record-error-rate").is_(0.0),
            details("Kafka Metrics").max("kafka-consumer-lag-max").lt(100),
        )
"""


@pytest.mark.integration
@pytest.mark.slow
def test_the_error_rate_is_that_of_messages_which_the_broker_refuses(
    real_kafka: KafkaCluster, work: Workplace
) -> None:
    """40 a second are too large for the topic, for 4 seconds; before and after there is none."""
    topic = "metrics-refused"
    # A batch is refused as a whole: small messages to the same topic would share its fate.
    for name in (topic, "metrics-taken"):
        real_kafka.create_topic(name, 1)
    admin = AdminClient({"bootstrap.servers": real_kafka.bootstrap_servers, "log_level": 0})
    limit = ConfigEntry("max.message.bytes", "1000", incremental_operation=AlterConfigOpType.SET)
    wanted = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=[limit])
    admin.incremental_alter_configs([wanted])[wanted].result(20)

    simulation = work.simulation(REFUSED.format(topic=topic, good="metrics-taken"))
    ended = work.run("run", simulation, TEST_SERVERS=real_kafka.bootstrap_servers)
    assert ended.code == 2, ended.text
    assert "record-error-rate is less than 0.01 : false" in ended.text
    assert "last of kafka-producer-record-error-rate is 0.0 : true (actual : 0.0)" in ended.text
    folder = work.run_folder()
    assert sum(fields[12] == "send" for fields in records(folder, "REQUEST")) == 160
    rates = gauges(folder, "kafka-producer-record-error-rate")
    assert rates[:5] == [0.0] * 5
    # Half a second holds 20, give or take what a batch and a busy machine shift.
    assert max(rates) == pytest.approx(40, rel=0.5), rates
    failed = sum(rate * length for rate, length in zip(rates, spans(folder), strict=True))
    assert failed == pytest.approx(160), rates


def spans(folder: Path) -> list[float]:
    """Return how many seconds each row of metrics covers; the first is taken to fail nothing."""
    rows = records(folder, "GAUGE")
    name = "kafka-producer-record-error-rate"
    moments = [int(fields[7]) for fields in rows if fields[2] == name]
    return [0.0, *((b - a) / 1e6 for a, b in pairwise(moments))]


THROTTLED = """
class Throttled(Simulation):
    def __init__(self):
        ask = (kafka("Ask").request_reply().topics({requests!r}, {replies!r})
            .value("x" * 1_000).timeout(6))
        protocol = (BROKER.metric_injection_interval(0.5)
            .consumer_properties({{"client.id": "slow"}}))
        people = scenario("A").exec(ask).inject_open(constant_users_per_sec(50).during(12))
        self.set_up(people).protocols(protocol)
    def before(self, run): start_service(run, {requests!r}, {replies!r})
"""


@pytest.mark.integration
@pytest.mark.slow
@pytest.mark.timeout(120)
def test_what_a_throttled_consumer_has_not_been_given_is_its_lag(
    real_kafka: KafkaCluster, work: Workplace
) -> None:
    """It reads a fifth of what comes: its lag is what is in the topic, less what it has received.

    The broker holds its fetches back for seconds, in which the client cannot know how the log
    grows; and it says that it does so, which is marked.
    """
    requests, replies = "throttled-requests", "throttled-replies"
    for topic in (requests, replies):
        real_kafka.create_topic(topic, 1)
    limit_reading(real_kafka, f"slow-consumer-{replies}-0", 10_000)
    body = THROTTLED.format(requests=requests, replies=replies)
    simulation = work.simulation(body)
    ended = work.run("run", simulation, TEST_SERVERS=real_kafka.bootstrap_servers)
    folder = work.run_folder()

    written = sorted(
        message.timestamp()[1] * 1_000
        for message in consume_all(real_kafka.bootstrap_servers, replies, 600)
    )
    received = sorted(
        [int(f[7]) + int(f[8]) for f in records(folder, "REQUEST") if f[12] == "ok"]
        + [int(f[7]) for f in records(folder, "REPLY") if f[12] == "late"]
    )
    rows = [f for f in records(folder, "GAUGE") if f[2] == "kafka-consumer-lag-max"]
    told = [(int(f[7]), float(f[14])) for f in rows]
    true = [bisect(written, at) - bisect(received, at) for at, _ in told]
    assert max(true) > 100, ended.text
    wrong = [
        (at, lag, bounds)
        for at, lag in told
        # Within a quarter of a second: that old may what a reading is made of be.
        if not (bounds := near(written, received, at))[0] - 5 <= lag <= bounds[1] + 5
    ]
    assert len(wrong) <= len(told) // 10, (wrong, told, true)
    assert max(lag for _, lag in told) == pytest.approx(max(true), rel=0.25)
    throttled = [text for _, text in marks(folder) if " throttles by " in text]
    assert throttled
    assert throttled[0].startswith("broker 1 throttles by "), throttled


def near(written: list[int], received: list[int], at_us: int) -> tuple[int, int]:
    """Return the least and the greatest lag within a quarter of a second before a moment."""
    moments = range(at_us - 250_000, at_us + 50_001, 25_000)
    lags = [bisect(written, moment) - bisect(received, moment) for moment in moments]
    return min(lags), max(lags)


def limit_reading(cluster: KafkaCluster, client: str, bytes_a_second: int) -> None:
    """Give a client a quota; librdkafka cannot, Kafka's own program can."""
    program = or_refuse(KAFKA.java)
    command = [
        program, "-cp", f"{or_refuse(KAFKA.jars)}/*", "kafka.admin.ConfigCommand",
        "--bootstrap-server", cluster.bootstrap_servers, "--alter",
        "--add-config", f"consumer_byte_rate={bytes_a_second}",
        "--entity-type", "clients", "--entity-name", client,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_metrics_that_were_not_recorded_are_asked_for_in_vain(work: Workplace) -> None:
    """The assertion fails, and says what to add."""
    simulation = work.simulation(
        """
        note = kafka("Note").send().topic("requests").value("x")

        class Forgotten(Simulation):
            def __init__(self):
                self.set_up(once(note)).protocols(BROKER).assertions(
                    details("Kafka Metrics").max("kafka-consumer-lag-max").lt(100))
        """
    )
    ended = work.run("run", simulation)
    assert ended.code == 2, ended.text
    assert "add .metric_injection_interval(...) to kafka()" in ended.text


def test_a_run_of_a_moment_has_metrics_too(work: Workplace) -> None:
    """One that ends before the first report waits for it; an interval may be longer than a run."""
    simulation = work.simulation(
        """
        note = kafka("Note").send().topic("requests").value("x")

        class Brief(Simulation):
            def __init__(self):
                protocol = BROKER.metric_injection_interval("1m")
                self.set_up(once(note)).protocols(protocol).assertions(
                    details("Kafka Metrics").max("kafka-producer-record-error-rate").is_(0.0),
                    details("Kafka Metrics").last("kafka-producer-record-send-rate").gt(0))
        """
    )
    ended = work.run("run", simulation)
    assert ended.code == 0, ended.text


def test_metrics_of_two_protocols_do_not_mix(work: Workplace) -> None:
    """The first has the name of the original, the second one of its own."""
    simulation = work.simulation(
        """
        one = BROKER.metric_injection_interval(0.2)
        two = (kafka().bootstrap_servers(embedded_broker({"others": 1}))
            .metric_injection_interval(0.2))

        class Two(Simulation):
            def __init__(self):
                quick = kafka("Quick").send().topic("requests").value("x")
                slow = kafka("Slow").send().topic("others").value("x")
                self.set_up(
                    scenario("A").exec(quick)
                        .inject_open(constant_users_per_sec(100).during(2)).protocols(one),
                    scenario("B").exec(slow)
                        .inject_open(constant_users_per_sec(10).during(2)).protocols(two),
                )
        """
    )
    ended = work.run("run", simulation)
    assert ended.code == 0, ended.text
    folder = work.run_folder()
    rates = [
        max(gauges(folder, "kafka-producer-record-send-rate", source))
        for source in (METRICS, f"{METRICS} kafka-2")
    ]
    assert 60 < rates[0] < 200, rates
    assert 5 < rates[1] < 30, rates
