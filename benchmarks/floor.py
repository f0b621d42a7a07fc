"""The floor: what a hand-written loop costs that does the same and nothing else.

It sends at a rate, matches replies by header in a dict, compares them with the request, and writes
a log line for each.

    python -m benchmarks.floor BOOTSTRAP_SERVERS RATE SECONDS LOG
"""

import gc
import json
import resource
import sys
import time
from pathlib import Path

from confluent_kafka import Consumer, Producer, TopicPartition

VALUE = b"x" * 200
REQUESTS, RESPONSES = "bench-requests", "bench-responses"


def main(servers: str, rate: float, seconds: float, log: Path) -> dict[str, float]:
    """Run the loop and return what it measured."""
    producer = Producer(
        {
            "bootstrap.servers": servers,
            "acks": "all",
            "enable.idempotence": True,
            "linger.ms": 5,
            "queue.buffering.max.messages": 1_000_000,
        }
    )
    consumer = Consumer(
        {
            "bootstrap.servers": servers,
            "group.id": "floor",
            "enable.auto.commit": False,
            "fetch.wait.max.ms": 10,
        }
    )
    partitions = consumer.list_topics(RESPONSES, timeout=10).topics[RESPONSES].partitions
    consumer.assign(
        [
            TopicPartition(
                RESPONSES, p, consumer.get_watermark_offsets(TopicPartition(RESPONSES, p))[1]
            )
            for p in partitions
        ]
    )
    acked = 0

    def on_delivery(error: object, _message: object) -> None:
        nonlocal acked
        acked += error is None

    waiting: dict[bytes, tuple[int, bytes]] = {}
    now_ns = time.monotonic_ns
    answered = wrong = sent = 0
    total = int(rate * seconds)
    file = log.open("w")
    gc.collect()
    begin, cpu = now_ns(), _cpu_s()
    gap_ns = 1e9 / rate
    end = begin + int((seconds + 5) * 1e9)
    while answered < total and now_ns() < end:
        due = min(total, int((now_ns() - begin) / gap_ns) + 1)
        while sent < due:
            correlation_id = b"%x" % sent
            waiting[correlation_id] = (now_ns(), VALUE)
            producer.produce(
                REQUESTS, VALUE, str(sent), on_delivery=on_delivery,
                headers=[("correlationId", correlation_id)],
            )  # fmt: skip
            sent += 1
        producer.poll(0)
        first = consumer.poll(0.001)
        if first is None:
            continue
        lines = []
        batch = [first, *consumer.consume(2_000, 0)]
        received = now_ns()
        for message in batch:
            for name, value in message.headers():
                if name == "correlationId":
                    start, request = waiting.pop(value)
                    ok = message.value() == request
                    wrong += not ok
                    lines.append(
                        f"REQUEST\t\tPay\t{start // 1000000}\t{received // 1000000}\t"
                        f"{'OK' if ok else 'KO'}\t \t{start // 1000}\t"
                        f"{(received - start) // 1000}\n"
                    )
                    answered += 1
        file.write("".join(lines))
    cpu, took = _cpu_s() - cpu, (now_ns() - begin) / 1e9
    producer.flush(5)
    file.close()
    return {
        "requests": total,
        "answered": answered,
        "wrong": wrong,
        "cpu_us": cpu / total * 1e6,
        "rate": answered / took,
        "seconds": took,
    }


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), Path(sys.argv[4]))))
