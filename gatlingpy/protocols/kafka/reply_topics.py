"""The reply topics of one run: who reads which partition, from where, and what is added later."""

from collections.abc import Callable, Mapping
from typing import Final

from gatlingpy.errors import ProtocolError
from gatlingpy.mailbox import Mailbox, Worker
from gatlingpy.protocols.kafka.clients import Cluster
from gatlingpy.protocols.kafka.consumer import KafkaConsumerActor, OnReplies
from gatlingpy.protocols.kafka.plan import KafkaProtocol
from gatlingpy.spi import Services

_LONGEST_POLL_S: Final = 0.5
"""However long a poll may take, closing waits for it; a reply ends it at once in any case."""
_WATCH_NS: Final = 10_000_000_000


class ReplyTopics:
    """The consumer actors of all reply topics, and the watch for new partitions."""

    def __init__(
        self,
        cluster: Cluster,
        services: Services,
        plan: KafkaProtocol,
        *,
        most_records: int,
        from_start: bool,
        reader_of: Callable[[str], OnReplies],
        on_dead: Callable[[str, str], None],
    ) -> None:
        """``from_start`` reads what is in the topics already.

        ``reader_of`` gives who takes the batches of a topic; that and ``on_dead`` are called on
        the user thread.
        """
        self._cluster = cluster
        self._services = services
        self._plan = plan
        self._most_records = most_records
        self._from_start = from_start
        self._reader_of = reader_of
        self._on_dead = on_dead
        self._consumers: dict[str, list[KafkaConsumerActor]] = {}
        self._partitions: dict[str, int] = {}
        self._doorbell: Mailbox[None] = services.mailbox(0)
        self._watcher: Worker | None = None

    def start(self, topics: Mapping[str, int]) -> None:
        """Read these topics, with so many partitions each, from a position that is known."""
        for topic, partitions in topics.items():
            self._start_consumers(topic, partitions)

    def watch(self) -> None:
        """Begin to look for new partitions now and then."""
        if self._partitions:
            self._watcher = self._services.spawn("kafka-watch", self._watch, self._doorbell.wake)

    def lost_to_retention(self) -> int:
        """Return how many replies the brokers had dropped before they were read."""
        return sum(actor.lost_to_retention for actor in self._actors())

    def close(self) -> None:
        """Stop watching and reading.  Idempotent."""
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None
        for actor in self._actors():
            actor.close()

    def _actors(self) -> list[KafkaConsumerActor]:
        return [actor for group in self._consumers.values() for actor in group]

    def _start_consumers(self, topic: str, partitions: int) -> None:
        self._partitions[topic] = partitions
        actors: list[KafkaConsumerActor] = []
        self._consumers[topic] = actors
        for number in range(min(self._plan.num_consumers, partitions)):
            client = self._cluster.consumer(topic, number)
            mine = range(number, partitions, self._plan.num_consumers)
            positions = {p: self._first_offset(client.watermarks(p)) for p in mine}
            actor = KafkaConsumerActor(
                client, self._services, topic, number,
                poll_s=min(self._plan.poll_timeout_ns / 1e9, _LONGEST_POLL_S),
                most_records=self._most_records,
                on_replies=self._reader_of(topic), on_dead=self._on_dead,
            )  # fmt: skip
            actor.start(positions)
            actors.append(actor)

    def _first_offset(self, watermarks: tuple[int, int]) -> int:
        low, high = watermarks
        return low if self._from_start else high

    def _watch(self) -> None:
        """Notice partitions that were added to a reply topic, and read them from their start."""
        look_ns = self._services.clock.now_ns() + _WATCH_NS
        self._doorbell.take(look_ns)
        if self._services.clock.now_ns() < look_ns:
            return  # rung: the run is closing
        try:
            existing = self._cluster.topics()
        except ProtocolError:
            return  # an outage is measured by the requests; the next look comes soon
        for topic, known in list(self._partitions.items()):
            for partition in range(known, existing.get(topic, known)):
                actors = self._consumers[topic]
                actors[partition % len(actors)].add({partition: 0})
            self._partitions[topic] = max(known, existing.get(topic, known))
