"""What Kafka clients tell of themselves, on real Kafka: true numbers, and marks of what breaks."""

import time
from pathlib import Path

import pytest
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient

from gatlingpy.protocols.kafka.client_statistics import read_statistics
from gatlingpy.protocols.kafka.metric_rows import lag_of
from tests.integration.command_line import Workplace, records
from tests.services.kafka import KafkaCluster
from tests.services.kafka_clients import quiet_consumer, quiet_producer

pytestmark = pytest.mark.integration

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


LEADER = """
class Leader(Simulation):
    def __init__(self):
        note = kafka("Note").send().topic({topic!r}).key("one").value("x").timeout(40)
        people = scenario("People").exec(note)
        protocol = BROKER{metrics}
        self.set_up(people.inject_open(constant_users_per_sec(20).during(25))).protocols(protocol)
"""


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize("metrics", ["", ".metric_injection_interval('500ms')"])
def test_a_leader_that_is_killed_and_comes_back_is_marked(
    real_kafka_3: KafkaCluster, work: Workplace, metrics: str
) -> None:
    """With its number and partition, the new leader, and its return; with or without metrics."""
    topic = "killed-with-metrics" if metrics else "killed-without"
    real_kafka_3.create_topic(topic, 1)
    simulation = work.simulation(LEADER.format(topic=topic, metrics=metrics))
    command = work.start("run", simulation, TEST_SERVERS=real_kafka_3.bootstrap_servers)
    command.await_text("active")
    time.sleep(4)
    old = leader_of(real_kafka_3, topic)
    killed_us = time.time_ns() // 1_000
    real_kafka_3.kill(old)
    time.sleep(7)
    real_kafka_3.start(old)
    new = leader_of(real_kafka_3, topic)
    ended = command.wait()
    assert ended.code == 0, ended.text

    told = marks(work.run_folder())
    texts = [text for _, text in told]
    lost = [(at, text) for at, text in told if text.startswith(f"broker {old} (127.0.0.1:")]
    assert "lost" in lost[0][1], texts
    assert f"leader of {topic}[0]" in lost[0][1], texts
    assert 0 < lost[0][0] - killed_us < 2_000_000, texts
    assert f"{topic}[0]: leader moved from broker {old} to broker {new}" in texts
    assert any(" is back after " in text for _, text in lost), texts
    assert len(texts) < 12, texts
    with_rows = gauges(work.run_folder(), "kafka-producer-request-latency-avg")
    assert bool(with_rows) is bool(metrics)


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
