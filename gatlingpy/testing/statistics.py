"""What fake clients tell of themselves, in the form of librdkafka's statistics."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from gatlingpy.protocols.kafka.client_watch import ClientWatch
from gatlingpy.protocols.kafka.clients import (
    ConsumerClient,
    Place,
    ProducerClient,
    TransactionalClient,
)
from gatlingpy.testing.broker import FakeCluster
from gatlingpy.testing.consumer import FakeConsumer
from gatlingpy.testing.producer import FakeProducer

_BROKER: Final = {"nodeid": 1, "nodename": "fake:9092", "state": "UP", "rxidle": 0}
_UNREAD: Final = -1001
"""librdkafka's RD_KAFKA_OFFSET_INVALID: no record was taken yet."""


class WatchedCluster:
    """A fake cluster whose clients tell a watch of themselves (``clients.Cluster``).

    Each protocol of a simulation has one of its own, on the same cluster.
    """

    def __init__(self, cluster: FakeCluster, watch: ClientWatch) -> None:
        """``watch`` is told nothing where it wants no metrics."""
        self._cluster = cluster
        self._watch = watch

    def topics(self) -> Mapping[str, int]:
        """Return every topic and its number of partitions."""
        return self._cluster.topics()

    def offsets(
        self,
        places: Sequence[Place],
        *,
        first: bool,
        timeout_s: float = 10.0,
    ) -> Mapping[Place, int]:
        """Return the next offset to be written of each, or the first that is kept."""
        return self._cluster.offsets(places, first=first, timeout_s=timeout_s)

    def brokers(self) -> Mapping[int, str]:
        """Return ``host:port`` of each broker."""
        return self._cluster.brokers()

    def create_topics(self, topics: Mapping[str, int]) -> None:
        """Create topics that do not exist."""
        self._cluster.create_topics(topics)

    def close(self) -> None:
        """Close the cluster."""
        self._cluster.close()

    def producer(self, number: int) -> ProducerClient:
        """Return a new producer."""
        client = self._cluster.producer(number)
        self._watch_producer(number)
        return client

    def transactional_producer(self, number: int, transactional_id: str) -> TransactionalClient:
        """Return a new producer with this id."""
        client = self._cluster.transactional_producer(number, transactional_id)
        self._watch_producer(number)
        return client

    def consumer(self, name: str, number: int) -> ConsumerClient:
        """Return a new consumer, which may be bound to die."""
        client = self._cluster.consumer(name, number)
        fake = self._cluster.consumers[-1]
        fake.tell = self._of_consumer(f"consumer-{name}-{number}", fake)
        return client

    def _watch_producer(self, number: int) -> None:
        fake = self._cluster.producers[-1]
        fake.tell = self._of_producer(f"producer-{number}", fake)

    def _of_producer(self, name: str, client: FakeProducer) -> Callable[[], None]:
        def report() -> Mapping[str, object]:
            return {"txmsgs": client.accepted, "msg_cnt": len(client), "msg_size_max": 1 << 30}

        return self._reporting(name, "producer", report)

    def _of_consumer(self, name: str, client: FakeConsumer) -> Callable[[], None]:
        starts: dict[tuple[str, int], int] = {}

        def report() -> Mapping[str, object]:
            topics: dict[str, dict[str, dict[str, object]]] = {}
            for place, offset in client.places.items():
                began = starts.setdefault(place, offset) == offset
                if began:
                    self._watch.assigned(place[0], {place[1]: offset})
                end = self._cluster.watermarks(*place)[1]
                topics.setdefault(place[0], {"partitions": {}})["partitions"][str(place[1])] = {
                    "partition": place[1], "leader": 1, "leader_epoch": 0,
                    "desired": True, "fetch_state": "active",
                    "hi_offset": end, "ls_offset": end, "fetchq_cnt": 0,
                    "next_offset": offset, "app_offset": _UNREAD if began else offset,
                }  # fmt: skip
            return {"rxmsgs": client.taken, "topics": topics}

        return self._reporting(name, "consumer", report)

    def _reporting(
        self, name: str, kind: str, report: Callable[[], Mapping[str, object]]
    ) -> Callable[[], None]:
        watch, now_ns = self._watch, self._cluster.clock.now_ns
        watch.opened(name)
        begun_ns = last_ns = now_ns()

        def tell() -> None:
            nonlocal last_ns
            now = now_ns()
            if not watch.wants_metrics or now < last_ns + watch.interval_ms * 1_000_000:
                return
            last_ns = now
            times = {"ts": now // 1_000, "age": (now - begun_ns) // 1_000}
            told = {"type": kind, **times, "brokers": {"fake:9092/1": _BROKER}, **report()}
            watch.statistics(name, json.dumps(told))

        return tell
