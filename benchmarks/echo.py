"""The system under test of the benchmarks: answers every request with its own value.

python -m benchmarks.echo BOOTSTRAP_SERVERS REQUEST_TOPIC RESPONSE_TOPIC
"""

import gc
import signal
import sys
from types import FrameType

from confluent_kafka import Consumer, Producer, TopicPartition

running = True


def stop(_signal: int, _frame: FrameType | None) -> None:
    """Leave the loop."""
    global running
    running = False


def main(servers: str, requests: str, responses: str) -> None:
    """Echo until a signal comes."""
    gc.disable()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    producer = Producer(
        {
            "bootstrap.servers": servers,
            "linger.ms": 2,
            "queue.buffering.max.messages": 1_000_000,
            "delivery.report.only.error": True,
        }
    )
    consumer = Consumer(
        {
            "bootstrap.servers": servers,
            "group.id": "echo",
            "enable.auto.commit": False,
            "fetch.wait.max.ms": 5,
        }
    )
    partitions = consumer.list_topics(requests, timeout=10).topics[requests].partitions
    consumer.assign(
        [
            TopicPartition(
                requests, p, consumer.get_watermark_offsets(TopicPartition(requests, p))[1]
            )
            for p in partitions
        ]
    )
    print("ready", flush=True)
    while running:
        first = consumer.poll(0.1)
        if first is None:
            continue
        for message in (first, *consumer.consume(2_000, 0)):
            if message.error() is None:
                producer.produce(
                    responses, message.value(), message.key(), headers=message.headers()
                )
        producer.poll(0)
    producer.flush(5)


if __name__ == "__main__":
    main(*sys.argv[1:4])
