"""What a run in transactions has told of each message, and what its topic holds."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from confluent_kafka import TopicPartition

from tests.integration.command_line import records
from tests.services.kafka_clients import partition_counts, quiet_consumer
from tests.services.waiting import await_true

NAME, MESSAGE, USER, ENDING = 2, 6, 11, 12


@dataclass(frozen=True, slots=True)
class Told:
    """How one request ended, says the log."""

    ending: str
    message: str


def told(folder: Path) -> dict[str, Told]:
    """Return how each request ended, by ``<user>/<name>``, which is what its message holds."""
    rows = list(records(folder, "REQUEST"))
    by_body = {f"{r[USER]}/{r[NAME]}": Told(r[ENDING], r[MESSAGE]) for r in rows}
    assert len(by_body) == len(rows)
    return by_body


def marks(folder: Path) -> list[str]:
    """Return the texts of the marks on the time line."""
    return [fields[2] for fields in records(folder, "MARK")]


def ends(servers: str, topic: str) -> int:
    """Return how many places of a topic are taken, by messages and by the ends of transactions."""
    consumer = quiet_consumer(servers)
    try:
        places = [TopicPartition(topic, p) for p in range(partition_counts(servers)[topic])]
        return sum(consumer.get_watermark_offsets(place, timeout=10)[1] for place in places)
    finally:
        consumer.close()


def bodies(servers: str, topic: str, isolation: str = "read_committed") -> Counter[str]:
    """Return how often each body is in a topic, as a consumer of this isolation sees it."""
    consumer = quiet_consumer(
        servers, enable_auto_commit=False, enable_partition_eof=True, isolation_level=isolation
    )
    seen: Counter[str] = Counter()
    unfinished = set(range(partition_counts(servers)[topic]))
    try:
        consumer.assign([TopicPartition(topic, p, 0) for p in unfinished])

        def is_finished() -> bool:
            for message in consumer.consume(1_000, 0.1):
                if message.error() is None:
                    seen[(message.value() or b"")[:100].decode()] += 1
                else:
                    unfinished.discard(message.partition())
            return not unfinished

        await_true(is_finished, timeout_s=60, what=f"the end of {topic}")
    finally:
        consumer.close()
    return seen


def assert_reconciled(folder: Path, servers: str, topic: str) -> dict[str, Told]:
    """Every request that is ok is in the topic exactly once, and none that failed to be sent is.

    Unless it is named as in doubt; one that has timed out may be there, since nobody knew.
    """
    by_body = told(folder)
    committed = bodies(servers, topic)
    assert set(committed.values()) <= {1}
    for body, request in by_body.items():
        if request.ending == "ok":
            assert body in committed, f"{body} is ok and not in {topic}"
        elif request.ending == "send" and not request.message.startswith("in doubt"):
            assert body not in committed, f"{body} is in {topic}: {request}"
    assert committed.keys() <= by_body.keys()
    return by_body
