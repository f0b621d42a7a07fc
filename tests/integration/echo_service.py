"""A system under test: answers every request with its value, or as a known seed says it shall not.

python -m tests.integration.echo_service SERVERS [REQUESTS REPLIES] [--drop S] [--delay SECONDS] ..

A share S of 0.01 is one in a hundred.  What becomes of a request depends on its value alone (see
``fate``), so that a test can compute the truth.
"""

import argparse
import random
import signal
import time
from collections import deque
from types import FrameType

from confluent_kafka import Consumer, Message, Producer, TopicPartition

ECHOED, DROPPED, DOUBLED, CORRUPTED = "echoed", "dropped", "doubled", "corrupted"
CORRUPT = b"corrupted"


def fate(value: bytes, drop: float, double: float, corrupt: float) -> str:
    """Return what happens to a request with this value: seeded by it, and by nothing else."""
    roll = random.Random(value).random()
    for share, what in ((drop, DROPPED), (double, DOUBLED), (corrupt, CORRUPTED)):
        if roll < share:
            return what
        roll -= share
    return ECHOED


class Running:
    """Whether the service is to go on."""

    def __init__(self) -> None:
        """It is, until SIGTERM."""
        self.yes = True
        signal.signal(signal.SIGTERM, self._stop)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.yes = False


def serve(given: argparse.Namespace) -> None:
    """Answer until SIGTERM comes; each reply carries the headers of its request."""
    running = Running()
    requests, replies = given.topics
    quiet = {"bootstrap.servers": given.servers, "log_level": 0}
    producer = Producer({**quiet, "linger.ms": 1, "queue.buffering.max.messages": 1_000_000})
    consumer = Consumer(
        {**quiet, "group.id": "echo", "enable.auto.commit": False, "fetch.wait.max.ms": 10}
    )
    partitions = consumer.list_topics(requests, timeout=20).topics[requests].partitions
    consumer.assign([TopicPartition(requests, partition, 0) for partition in partitions])
    print("subscribed", flush=True)
    at_work: deque[tuple[float, Message]] = deque()
    while running.yes:
        due = time.monotonic() + given.delay
        at_work.extend((due, m) for m in consumer.consume(500, 0.01) if m.error() is None)
        while at_work and at_work[0][0] <= time.monotonic():
            message = at_work.popleft()[1]
            what = fate(message.value(), given.drop, given.double, given.corrupt)
            value = CORRUPT if what == CORRUPTED else message.value()
            for _ in range({DROPPED: 0, DOUBLED: 2}.get(what, 1)):
                producer.produce(replies, value, message.key(), headers=message.headers())
        producer.poll(0)
    producer.flush(5)
    consumer.close()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("servers")
    parser.add_argument("topics", nargs="*", default=["requests", "replies"])
    for what in ("drop", "double", "corrupt", "delay"):
        parser.add_argument(f"--{what}", type=float, default=0.0)
    serve(parser.parse_args())


if __name__ == "__main__":
    main()
