"""The system under test of the demonstration: answers payments, in a process of its own.

python -m simulations.payment_service BOOTSTRAP_SERVERS
"""

import json
import random
import signal
import sys
import time
from collections import deque
from types import FrameType

from confluent_kafka import Consumer, Message, Producer, TopicPartition

REQUESTS, RESPONSES = "payment-requests", "payment-responses"
WORK_S = 0.020
"""How long a payment takes on average, as a real service would ask a database."""

running = True


def stop(_signal: int, _frame: FrameType | None) -> None:
    """Leave the loop."""
    global running  # noqa: PLW0603
    running = False


def answer(message: Message) -> bytes:
    """Approve a payment, or say why not."""
    payment = json.loads(message.value())
    approved = float(payment["amount"]) < 10_000
    reply = {
        "id": f"PAY-{random.getrandbits(40):010x}",
        "accountId": payment["accountId"],
        "status": "APPROVED" if approved else "DECLINED",
    }
    return json.dumps(reply).encode()


def main(bootstrap_servers: str) -> None:
    """Answer until a signal comes; each reply carries the headers of its request."""
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    producer = Producer({"bootstrap.servers": bootstrap_servers, "linger.ms": 2})
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap_servers,
            "group.id": "payment-service",
            "enable.auto.commit": False,
            "fetch.wait.max.ms": 10,
        }
    )
    partitions = consumer.list_topics(REQUESTS, timeout=10).topics[REQUESTS].partitions
    ends = [consumer.get_watermark_offsets(TopicPartition(REQUESTS, p))[1] for p in partitions]
    consumer.assign(
        [TopicPartition(REQUESTS, p, end) for p, end in zip(partitions, ends, strict=True)]
    )
    print("subscribed", flush=True)

    at_work: deque[tuple[float, Message]] = deque()
    while running or at_work:
        message = consumer.poll(0.002) if running else None
        if message is not None and message.error() is None:
            at_work.append((time.monotonic() + random.expovariate(1 / WORK_S), message))
        while at_work and at_work[0][0] <= time.monotonic():
            _, done = at_work.popleft()
            producer.produce(RESPONSES, answer(done), done.key(), headers=done.headers())
        producer.poll(0)
    producer.flush(5)
    consumer.close()


if __name__ == "__main__":
    main(sys.argv[1])
