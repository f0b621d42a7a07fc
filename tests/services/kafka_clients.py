"""Small clients of a Kafka cluster, for arranging a test and for looking at what came of it."""

import time

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from tests.services.waiting import await_true

# Refused connections are what a starting broker answers, and are not worth a line each.
_QUIET = {"log_level": 0, "reconnect.backoff.ms": 50, "reconnect.backoff.max.ms": 200}


def quiet_producer(bootstrap_servers: str, **properties: object) -> Producer:
    """Return a producer that sends at once and writes nothing; write ``_`` for ``.`` in names."""
    more = {name.replace("_", "."): value for name, value in properties.items()}
    return Producer(_QUIET | {"bootstrap.servers": bootstrap_servers, "linger.ms": 0} | more)


def quiet_consumer(bootstrap_servers: str, group: str = "tests", **properties: object) -> Consumer:
    """Return a consumer that starts at the beginning and is told of a message within 10 ms."""
    more = {name.replace("_", "."): value for name, value in properties.items()}
    usual = {
        "bootstrap.servers": bootstrap_servers,
        "group.id": group,
        "auto.offset.reset": "earliest",
        "fetch.wait.max.ms": 10,
    }
    return Consumer(_QUIET | usual | more)


def brokers_seen(bootstrap_servers: str) -> int:
    """Return how many brokers the cluster says it has; 0 if nobody answers."""
    try:
        return len(_admin(bootstrap_servers).list_topics(timeout=1).brokers)
    except KafkaException:
        return 0


def partition_counts(bootstrap_servers: str) -> dict[str, int]:
    """Return the topics, and how many partitions each has."""
    topics = _admin(bootstrap_servers).list_topics(timeout=10).topics
    return {name: len(topic.partitions) for name, topic in topics.items()}


def create_topic(bootstrap_servers: str, name: str, partitions: int, replication: int) -> None:
    """Create a topic; return when each of its partitions has a leader."""
    admin = _admin(bootstrap_servers)
    topic = NewTopic(name, num_partitions=partitions, replication_factor=replication)
    tries = 0

    def created() -> bool:
        nonlocal tries
        tries += 1
        try:
            admin.create_topics([topic])[name].result(20)
        except TimeoutError:
            return False  # a broker that was made to hang takes its time to be heard again
        except KafkaException as error:
            if tries == 1 or error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise
        return True

    await_true(created, timeout_s=90, what=f"the topic {name}")

    def led() -> bool:
        seen = admin.list_topics(name, timeout=10).topics[name].partitions.values()
        return len(seen) == partitions and all(partition.leader >= 0 for partition in seen)

    await_true(led, timeout_s=30, what=f"every partition of {name} has a leader")


def consume_all(
    bootstrap_servers: str, topic: str, expected: int, *, timeout_s: float = 30
) -> list[Message]:
    """Return the first messages of a topic, from all partitions, without joining a group.

    Fails if fewer than ``expected`` arrive within the time.
    """
    # Without a commit no coordinator is needed, whose making takes a new cluster two seconds.
    consumer = quiet_consumer(bootstrap_servers, enable_auto_commit=False)
    received: list[Message] = []
    deadline = time.monotonic() + timeout_s
    try:
        partitions = range(partition_counts(bootstrap_servers)[topic])
        consumer.assign([TopicPartition(topic, partition, 0) for partition in partitions])
        while len(received) < expected:
            left = deadline - time.monotonic()
            assert left > 0, f"{len(received)} of {expected} messages in {topic} arrived"
            received += [m for m in consumer.consume(500, min(left, 0.1)) if m.error() is None]
    finally:
        consumer.close()
    return received


def _admin(bootstrap_servers: str) -> AdminClient:
    return AdminClient(_QUIET | {"bootstrap.servers": bootstrap_servers})
