"""The topics that are read from the start of a run: who reads which partition, and from where."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

from gatlingpy.errors import ProtocolError
from gatlingpy.mailbox import Mailbox, Worker
from gatlingpy.protocols.kafka.clients import Cluster
from gatlingpy.protocols.kafka.consumer import ConsumerPolicy, KafkaConsumerActor, OnRecords
from gatlingpy.protocols.kafka.plan import KafkaProtocol
from gatlingpy.spi import Services

_LONGEST_POLL_S: Final = 0.5
"""However long a poll may take, closing waits for it; a record ends it at once in any case."""
_WATCH_NS: Final = 10_000_000_000


def consumer_policy(plan: KafkaProtocol, most_records: int) -> ConsumerPolicy:
    """Return how consumers of these settings read and commit.

    Where reading begins is committed for a group that the user has named: of one that this run
    alone has, nobody asks.
    """
    is_named = plan.group_id is not None or "group.id" in plan.consumer_properties
    return ConsumerPolicy(
        poll_s=min(plan.poll_timeout_ns / 1e9, _LONGEST_POLL_S),
        most_records=most_records,
        commit_interval_ns=plan.commit_interval_ns,
        wait_for_commits=plan.sync_commit,
        commit_first=is_named and plan.commit_interval_ns is not None,
    )


class ReplyTopics:
    """The consumer actors of these topics, and the watch for new partitions."""

    def __init__(
        self,
        cluster: Cluster,
        services: Services,
        plan: KafkaProtocol,
        *,
        policy: ConsumerPolicy,
        from_start: bool,
        reader_of: Callable[[str], OnRecords],
        on_dead: Callable[[str, str], None],
    ) -> None:
        """``from_start`` reads what is in the topics already.

        ``reader_of`` gives who takes the batches of a topic; that and ``on_dead``, with topic and
        cause, are called on the user thread.
        """
        self._cluster = cluster
        self._services = services
        self._most = plan.num_consumers
        self._policy = policy
        self._from_start = from_start
        self._reader_of = reader_of
        self._on_dead = on_dead
        self._consumers: dict[str, list[KafkaConsumerActor]] = {}
        self._partitions: dict[str, int] = {}
        self._doorbell: Mailbox[None] = services.mailbox(0)
        self._watcher: Worker | None = None
        self._closing = False

    def start(self, topics: Mapping[str, int]) -> None:
        """Read these topics, with so many partitions each, from a position that is known.

        Raises ProtocolError if the positions cannot all be had in ten seconds.
        """
        places = [(topic, p) for topic, count in topics.items() for p in range(count)]
        positions = self._cluster.offsets(places, first=self._from_start) if places else {}
        for topic, partitions in topics.items():
            self._partitions[topic] = partitions
            actors = self._consumers[topic] = []
            for number in range(min(self._most, partitions)):
                mine = [(topic, p) for p in range(number, partitions, self._most)]
                actor = KafkaConsumerActor(
                    self._cluster.consumer(topic, number), self._services, f"{topic}-{number}",
                    self._policy, self._reader_of(topic), partial(self._on_dead, topic),
                )  # fmt: skip
                actor.start({place: positions[place] for place in mine})
                actors.append(actor)

    def notes(self) -> Iterator[str]:
        """Yield which topics have fewer partitions than consumers were asked for."""
        for topic, partitions in sorted(self._partitions.items()):
            if partitions < self._most:
                count = f"{partitions} partition{'' if partitions == 1 else 's'}"
                yield (
                    f"num_consumers({self._most}) is more than {topic!r} has partitions: it has "
                    f"{count}, and so many consumers."
                )

    def watch(self) -> None:
        """Begin to look for new partitions now and then."""
        if self._partitions:
            self._watcher = self._services.spawn("kafka-watch", self._watch, self._doorbell.wake)

    def reads(self, topic: str) -> bool:
        """Tell whether this is one of them."""
        return topic in self._partitions

    def actors(self) -> list[KafkaConsumerActor]:
        """Return all consumers."""
        return [actor for group in self._consumers.values() for actor in group]

    def look_no_more(self) -> None:
        """Begin no look for new partitions any more; returns at once."""
        self._closing = True  # GIL: a word for the watch

    def close(self) -> None:
        """Stop watching.  Idempotent; those who read are closed by who asks for ``actors``."""
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None

    def _watch(self) -> None:
        """Notice partitions that were added to a topic, and read them from their start."""
        look_ns = self._services.clock.now_ns() + _WATCH_NS
        self._doorbell.take(look_ns)
        if self._closing or self._services.clock.now_ns() < look_ns:
            return  # rung: the run is closing
        try:
            existing = self._cluster.topics()
        except ProtocolError:
            return  # an outage is measured by the requests; the next look comes soon
        for topic, known in list(self._partitions.items()):
            for partition in range(known, existing.get(topic, known)):
                actors = self._consumers[topic]
                actors[partition % len(actors)].add({(topic, partition): 0})
            self._partitions[topic] = max(known, existing.get(topic, known))
