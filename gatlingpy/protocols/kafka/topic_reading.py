"""Everything that a protocol reads: which topics, for whom, by which consumers.

Topics whose names are the same for every user are read from the start of the run; those that
users name, while they are needed.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

from gatlingpy.protocols.kafka.clients import Cluster, WireMessage
from gatlingpy.protocols.kafka.connection import Connection
from gatlingpy.protocols.kafka.consumed_topics import ConsumedTopics
from gatlingpy.protocols.kafka.consumer import KafkaConsumerActor, OnRecords
from gatlingpy.protocols.kafka.dynamic_topics import DynamicTopic, DynamicTopics, Ready
from gatlingpy.protocols.kafka.group_reading import GroupReading
from gatlingpy.protocols.kafka.plan import KafkaProtocol
from gatlingpy.protocols.kafka.reply_channels import ReplyChannels
from gatlingpy.protocols.kafka.reply_topics import ReplyTopics, consumer_policy
from gatlingpy.spi import Services
from gatlingpy.tracking.tracker import Tracker

_DYNAMIC_POLL_S: Final = 0.01
"""How long a topic that a user names may wait for the poll that is under way."""
_LEAVE_NS: Final = 5_000_000_000
"""How long consumers may take to leave, one after another."""
_LEAST_LEAVE_S: Final = 0.2
"""What each of them may take although others have used up the time."""
_LONGEST_OPENING_NS: Final = 20_000_000_000
"""Ten seconds each for what topics there are and for where they end."""


class TopicReading:
    """The readers of one protocol.  Thread: user, or any before the run."""

    def __init__(
        self,
        plan: KafkaProtocol,
        services: Services,
        channels: ReplyChannels,
        consumed: ConsumedTopics,
        tracker: Tracker[WireMessage],
        learning: Callable[[OnRecords], OnRecords],
    ) -> None:
        """``learning`` has batches wait until they can be read.  Nothing is read yet."""
        self._learning = learning
        self._plan = plan
        self._services = services
        self._channels = channels
        self._consumed = consumed
        self._tracker = tracker
        self._replied: set[str] = set()
        self._users_name_replies = False
        self._users_name_topics = False
        self.dead: dict[str, str] = {}
        """Which topics nobody reads any more, and why."""
        self.topics: ReplyTopics | None = None
        self.group: GroupReading | None = None
        self.dynamic: DynamicTopics | None = None
        self._pool: list[KafkaConsumerActor] = []
        self._readers: dict[str, OnRecords] = {}
        """Who takes the replies that the group reads, by topic."""
        self._fixed: dict[str, DynamicTopic] = {}
        """What users name that is read from the start in any case."""

    # --- before the run --------------------------------------------------------------------------

    def expect_replies(self, topic: str | None) -> None:
        """Take note that requests are answered on a topic; ``None`` for those that users name."""
        if topic is None:
            self._users_name_topics = self._users_name_replies = True
        else:
            self._replied.add(topic)

    def expect_names(self) -> None:
        """Take note that users name topics to take records from."""
        self._users_name_topics = True

    def start(self, connection: Connection, existing: Mapping[str, int]) -> None:
        """Read what must be read from the start; raises ProtocolError."""
        cluster, plan, services = connection.cluster(), self._plan, self._services
        policy = consumer_policy(plan, connection.most_records)
        self.topics = ReplyTopics(
            cluster, services, plan, policy=policy, from_start=connection.from_start,
            reader_of=lambda topic: self._learning(self._reader_of(topic)), on_dead=self._on_dead,
        )  # fmt: skip
        alone = set(self._consumed.named())
        if plan.shared_consumer_group and self._replied:
            self.group = GroupReading(
                cluster, services, plan.num_consumers, policy, from_start=connection.from_start
            )
            self._readers = {topic: self._channels.reader(topic) for topic in self._replied}
            self.group.start(sorted(self._replied), self._learning(self._replies), self._on_dead)
        else:
            alone |= self._replied
        self.topics.start({topic: existing[topic] for topic in sorted(alone)})
        if self._users_name_topics:
            self._start_dynamic(cluster, connection)

    def _start_dynamic(self, cluster: Cluster, connection: Connection) -> None:
        policy = consumer_policy(self._plan, connection.most_records)
        policy = policy._replace(poll_s=min(policy.poll_s, _DYNAMIC_POLL_S), commit_first=False)
        for number in range(self._plan.num_consumers):
            client = cluster.consumer("topics", number)
            actor = KafkaConsumerActor(
                client, self._services, f"topics-{number}", policy,
                self._learning(self._take_any), partial(self._pool_died, number),
            )  # fmt: skip
            self._pool.append(actor)
        self.dynamic = DynamicTopics(
            cluster, self._services, self._pool, from_start=connection.from_start,
            on_closed=self._consumed.close,
        )  # fmt: skip
        for actor in self._pool:
            actor.start({})
        self.dynamic.start()

    def watch(self) -> None:
        """Begin to look for new partitions now and then."""
        if self.topics is not None:
            self.topics.watch()

    # --- who takes what is read ------------------------------------------------------------------

    def _reader_of(self, topic: str) -> OnRecords:
        """Return who takes what is read from a topic: requests, users who consume, or both."""
        in_group = self._plan.shared_consumer_group
        replied = (topic in self._replied and not in_group) or self._users_name_replies
        taken = topic in self._consumed.named()
        if not taken and not self._users_name_topics:
            return self._channels.reader(topic)
        if taken:
            self._consumed.open(topic)
        on_replies = self._channels.reader(topic) if replied else None

        def read(batch: list[WireMessage], received_ns: int) -> None:
            if on_replies is not None:
                on_replies(batch, received_ns)
            self._consumed.received(topic, batch, received_ns)

        return read

    def _replies(self, batch: list[WireMessage], received_ns: int) -> None:
        """Take what the group's consumers read, whichever topic it is of."""
        for topic, messages in _by_topic(batch):
            self._readers[topic](messages, received_ns)

    def _take_any(self, batch: list[WireMessage], received_ns: int) -> None:
        """Take what was read from topics that users name."""
        assert self.dynamic is not None  # noqa: S101 - its consumers have read it
        for name, messages in _by_topic(batch):
            topic = self.dynamic.get(name)
            if topic is None:
                continue  # nobody needs it any more
            if topic.replies:
                if topic.on_replies is None:
                    topic.on_replies = self._channels.reader(name)
                topic.on_replies(messages, received_ns)
            self._consumed.received(name, messages, received_ns)

    # --- topics that users name ------------------------------------------------------------------

    def use(self, name: str, ready: Ready, *, replies: bool) -> None:
        """Have a topic read until ``release``; ``ready`` is told when it is, or why it is not."""
        assert self.dynamic is not None  # noqa: S101 - some request names topics
        if self.topics is not None and self.topics.reads(name):
            topic = self._fixed.get(name)
            if topic is None:
                topic = self._fixed[name] = DynamicTopic(name)
            ready(topic)
            return
        self.dynamic.use(name, ready, replies=replies)

    def dead_of(self, topic: DynamicTopic) -> Mapping[str, str]:
        """Return which topics nobody reads, for a request that is compiled for this one."""
        return {topic.name: topic.cause} if topic.cause else self.dead

    def release(self, topic: DynamicTopic) -> None:
        """Need a topic no more."""
        assert self.dynamic is not None  # noqa: S101 - some request names topics
        self.dynamic.release(topic)

    # --- deaths ----------------------------------------------------------------------------------

    def _on_dead(self, topic: str, cause: str) -> None:
        self.dead[topic] = self._fail(topic, cause)

    def _pool_died(self, number: int, cause: str) -> None:
        assert self.dynamic is not None  # noqa: S101 - it has the pool
        cause = f"the consumer of topics that users name died: {cause}"
        for topic in self.dynamic.died(self._pool[number], cause):
            self._tracker.consumer_failed(topic, self._services.clock.now_ns(), cause)

    def _fail(self, topic: str, cause: str) -> str:
        message = f"the consumer of {topic} died: {cause}"
        self._tracker.consumer_failed(topic, self._services.clock.now_ns(), message)
        return message

    # --- figures and the end ---------------------------------------------------------------------

    def waiting(self) -> int:
        """Return how many requests have not begun because their topic is not open yet."""
        return 0 if self.dynamic is None else self.dynamic.waiting

    def latest_due_ns(self) -> int:
        """Return how long those may wait at most, or 0: a topic is open soon, or fails."""
        return self._services.clock.now_ns() + _LONGEST_OPENING_NS if self.waiting() else 0

    def stop(self) -> None:
        """Let go who waits for a topic, and let nobody wait any more.  Idempotent."""
        if self.dynamic is not None:
            self.dynamic.abandon()

    def notes(self) -> Iterator[str]:
        """Yield what a reader of the report must know."""
        if self.topics is not None:
            yield from self.topics.notes()

    def counters(self) -> Mapping[str, int]:
        """Return what was lost, not committed, not taken, and what became of users' topics."""
        actors = self._actors()
        counts = {
            "replies_lost_to_retention": sum(actor.lost_to_retention for actor in actors),
            "commits_failed": sum(actor.commits_failed for actor in actors),
            **self._consumed.counters(),
        }
        return counts if self.dynamic is None else {**counts, **self.dynamic.counters()}

    def _actors(self) -> list[KafkaConsumerActor]:
        static = [] if self.topics is None else self.topics.actors()
        group = [] if self.group is None else self.group.actors
        return [*static, *group, *self._pool]

    def look_no_more(self) -> None:
        """Ask the cluster for nothing any more; returns at once.  Thread: any."""
        if self.topics is not None:
            self.topics.look_no_more()
        if self.dynamic is not None:
            self.dynamic.look_no_more()

    def close(self) -> None:
        """Stop reading; consumers leave within seconds, whatever brokers do.  Idempotent."""
        if self.dynamic is not None:
            self.dynamic.close()
        if self.topics is not None:
            self.topics.close()
        now_ns = self._services.clock.now_ns
        until_ns = now_ns() + _LEAVE_NS
        for actor in self._actors():
            actor.close(max(_LEAST_LEAVE_S, (until_ns - now_ns()) / 1e9))


def _by_topic(batch: list[WireMessage]) -> Iterator[tuple[str, list[WireMessage]]]:
    found: dict[str, list[WireMessage]] = {}
    for message in batch:
        found.setdefault(message.topic(), []).append(message)
    yield from found.items()
