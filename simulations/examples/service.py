"""The application under test of the examples: answers on one topic what comes on another.

python -m simulations.examples.service SERVERS REQUESTS REPLIES [ANSWER] [SECONDS] [PROPERTIES]
"""

import json
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Final

from confluent_kafka import Consumer, KafkaException, Message, Producer, TopicPartition

from gatlingpy import Run

Headers = list[tuple[str, bytes]]
Answer = tuple[bytes | None, Headers]
"""The value and the headers of a reply."""


def start_service(
    run: Run,
    requests: str,
    replies: str,
    answer: str = "echo",
    *,
    takes_s: float = 0,
    properties: Mapping[str, str] | None = None,
) -> None:
    """Start the application, in a process that ends with the run; return when it listens.

    ``answer`` is the name of one of the functions below, and ``takes_s`` how long it takes;
    ``properties`` are further ones of the application's Kafka clients.
    """
    topics = [run.bootstrap_servers, requests, replies]
    options = [answer, str(takes_s), json.dumps(properties or {})]
    run.start_process([sys.executable, "-m", __name__, *topics, *options], ready="subscribed")


# --- what it answers -----------------------------------------------------------------------------


def echo(message: Message) -> Answer:
    """Send the request back, its headers included: one of them is the correlation id."""
    return message.value(), message.headers() or []


def payment(message: Message) -> Answer:
    """Approve a payment."""
    request = json.loads(message.value())
    reply = {"accountId": request["accountId"], "status": "APPROVED"}
    return json.dumps(reply).encode(), message.headers() or []


def success(message: Message) -> Answer:
    """Say that all is well, in JSON without spaces."""
    return b'{"status":"success","took":7}', message.headers() or []


def order(message: Message) -> Answer:
    """Accept an order: its user and its items."""
    reply = {"user": {"id": 42}, "items": [{"sku": "A-1"}, {"sku": "B-2"}], "status": "ACCEPTED"}
    return json.dumps(reply).encode(), message.headers() or []


def id_in_body(message: Message) -> Answer:
    """Copy the id from the header of the request into the body of the reply, and no header."""
    identity = dict(message.headers() or [])["correlationId"].decode()
    reply = {"meta": {"correlationId": identity}, "status": "ACCEPTED"}
    return json.dumps(reply).encode(), []


ANSWERS: Final[Mapping[str, Callable[[Message], Answer]]] = {
    "echo": echo,
    "payment": payment,
    "success": success,
    "order": order,
    "id_in_body": id_in_body,
}


# --- the process ---------------------------------------------------------------------------------


class Running:
    """Whether the application is to go on."""

    def __init__(self) -> None:
        """It is, until SIGTERM."""
        self.yes = True
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.yes = False


def connection(clients: Mapping[str, str]) -> dict[str, str]:
    """Return the properties that producers know as well."""
    return {k: v for k, v in clients.items() if k.startswith(("bootstrap.", "ssl.", "security."))}


def committed(consumer: Consumer, places: list[TopicPartition]) -> list[TopicPartition]:
    """Return where the application got to; the first of a group waits for its coordinator."""
    until = time.monotonic() + 10
    while True:
        try:
            return consumer.committed(places, timeout=10)
        except KafkaException:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def listening(clients: Mapping[str, str], topic: str) -> Consumer:
    """Return a consumer that goes on where the application was ended, or begins with what comes."""
    group = {"group.id": "example-service", "enable.auto.commit": "false"}
    consumer = Consumer({**clients, **group, "fetch.wait.max.ms": "10"})
    partitions = consumer.list_topics(topic, timeout=10).topics[topic].partitions
    places = committed(consumer, [TopicPartition(topic, p) for p in partitions])
    for place in places:
        if place.offset < 0:
            place.offset = consumer.get_watermark_offsets(place)[1]
    consumer.commit(offsets=places, asynchronous=False)
    consumer.assign(places)
    return consumer


def main(
    servers: str,
    requests: str,
    replies: str,
    answer: str = "echo",
    takes_s: str = "0",
    properties: str = "{}",
) -> None:
    """Answer until SIGTERM comes."""
    running = Running()
    clients = {"bootstrap.servers": servers, **json.loads(properties)}
    producer = Producer({**connection(clients), "linger.ms": "1"})
    consumer = listening(clients, requests)
    print("subscribed", flush=True)

    at_work: deque[tuple[float, Message]] = deque()
    while running.yes or at_work:
        messages = consumer.consume(100, 0.01) if running.yes else []
        due = time.monotonic() + float(takes_s)
        at_work.extend((due, message) for message in messages if message.error() is None)
        while at_work and at_work[0][0] <= time.monotonic():
            message = at_work.popleft()[1]
            value, headers = ANSWERS[answer](message)
            producer.produce(
                replies,
                value,
                message.key(),
                headers=headers,
                # Done once its reply is there: who is killed before answers again, and loses none.
                on_delivery=lambda _error, _reply, done=message: consumer.commit(done),
            )
        producer.poll(0)
    producer.flush(5)
    consumer.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
