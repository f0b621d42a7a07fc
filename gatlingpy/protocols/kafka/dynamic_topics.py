"""Topics that users name while the run goes on: read while somebody needs them, then let go.

    asked for ──▶ opening ──position known, assigned──▶ open ──idle 30 s──▶ closing ──▶ gone
                    │ no such topic, no broker, consumer dead
                    └──▶ told to those who wait

A small pool of consumers reads them all, and a thread of its own asks where they end, so neither
users nor receipts ever wait for the cluster.  What a user does begins only when its topic is open:
what is produced then is read.
"""

import zlib
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial
from typing import Final, TypeAlias

from gatlingpy.protocols.kafka.clients import Cluster, Place
from gatlingpy.protocols.kafka.consumer import KafkaConsumerActor, OnRecords
from gatlingpy.protocols.kafka.topic_lookup import Found, TopicLookup
from gatlingpy.spi import Perform, Services

MOST_OPEN: Final = 1_000
"""How many topics are open at a time; who needs one more waits until another is let go."""
IDLE_NS: Final = 30_000_000_000
"""How long a topic that nobody needs stays open."""


class _State(Enum):
    QUEUED = auto()
    OPENING = auto()
    OPEN = auto()
    CLOSING = auto()
    GONE = auto()


@dataclass(slots=True, eq=False)
class DynamicTopic:
    """One topic, from when it is first asked for until it is gone."""

    name: str
    cause: str = ""
    """Why it cannot be read; empty if it can."""
    is_over: bool = False
    """Whether the run is stopping, so that nothing may begin any more."""
    replies: bool = False
    """Whether requests expect replies on it."""
    state: _State = _State.QUEUED
    users: int = 0
    waiting: "list[tuple[Ready, int]]" = field(default_factory=list)
    """Who waits for it to be open, and since when."""
    positions: Mapping[Place, int] = field(default_factory=dict)
    """Where reading began."""
    actor: KafkaConsumerActor | None = None
    idle_since_ns: int = 0
    actions: dict[object, Perform] = field(default_factory=dict)
    """What is compiled for this topic, by who has compiled it."""
    on_replies: OnRecords | None = None
    """Who takes the replies that come on it."""


Ready: TypeAlias = Callable[[DynamicTopic], None]
"""Told that a topic is open, or, by its ``cause``, why it cannot be."""


class DynamicTopics:
    """The topics that users of one protocol name.  Thread: user."""

    def __init__(
        self,
        cluster: Cluster,
        services: Services,
        actors: Sequence[KafkaConsumerActor],
        *,
        from_start: bool,
        on_closed: Callable[[str], None],
    ) -> None:
        """``actors`` read nothing yet; ``on_closed`` is told which topic is read no more."""
        self._now_ns = services.clock.now_ns
        self._at = services.at
        self._actors = list(actors)
        self._dead = ""
        self._from_start = from_start
        self._on_closed = on_closed
        self._lookup = TopicLookup(
            cluster, services, from_start=from_start, found=self._found, seen=self._seen
        )
        self._topics: dict[str, DynamicTopic] = {}
        self._admitted = 0
        self._closing = 0
        self._queue: deque[DynamicTopic] = deque()
        self._idle: OrderedDict[DynamicTopic, None] = OrderedDict()
        self._is_sweeping = False
        self._is_over = False
        self._left: dict[str, Mapping[Place, int]] = {}
        """How far topics were read that are gone, where reading begins at their start."""
        self._waits, self._waited_ns, self._opened_count, self._held_back = 0, 0, 0, 0
        self.waiting = 0
        """How many users wait for a topic to be open."""

    def start(self) -> None:
        """Begin to look topics up."""
        self._lookup.start()

    def look_no_more(self) -> None:
        """Begin no look for topics any more; returns at once."""
        self._lookup.look_no_more()

    def get(self, name: str) -> DynamicTopic | None:
        """Return a topic that is not gone."""
        return self._topics.get(name)

    # --- users -----------------------------------------------------------------------------------

    def use(self, name: str, ready: Ready, *, replies: bool) -> None:
        """Have a topic open until ``release``; ``ready`` is called now or later, once."""
        topic = self._topics.get(name)
        if topic is None:
            topic = self._topics[name] = DynamicTopic(name, is_over=self._is_over)
            self._admit(topic)
        topic.users += 1
        topic.replies |= replies
        self._idle.pop(topic, None)
        if topic.state is _State.OPEN or topic.is_over:
            ready(topic)
        else:
            topic.waiting.append((ready, self._now_ns()))
            self.waiting += 1

    def release(self, topic: DynamicTopic) -> None:
        """Need a topic no more that ``ready`` was given."""
        topic.users -= 1
        if topic.users or topic.state is not _State.OPEN:
            return
        if self._needs_room():
            self._close(topic)
        else:
            topic.idle_since_ns = self._now_ns()
            self._idle[topic] = None
            self._sweep_later()

    def abandon(self) -> None:
        """Let go who waits, because the run is stopping, and whoever comes from now on."""
        self._is_over = True
        self._queue.clear()
        for topic in list(self._topics.values()):
            topic.is_over = True
            self._tell(topic)

    def _tell(self, topic: DynamicTopic) -> None:
        waiting, topic.waiting = topic.waiting, []
        self.waiting -= len(waiting)
        now = self._now_ns()
        for ready, asked_ns in waiting:
            self._waits += 1
            self._waited_ns += now - asked_ns
            ready(topic)

    # --- opening ---------------------------------------------------------------------------------

    def _admit(self, topic: DynamicTopic) -> None:
        if self._admitted < MOST_OPEN:
            self._admitted += 1
            topic.state = _State.OPENING
            self._lookup.ask(topic.name)
            return
        topic.state = _State.QUEUED
        self._held_back += 1
        self._queue.append(topic)
        if self._idle and self._needs_room():
            self._close(next(iter(self._idle)))

    def _needs_room(self) -> bool:
        """Tell whether more topics wait for room than will be made by those that are closing."""
        return len(self._queue) > self._closing

    def _found(self, found: Found) -> None:
        given: dict[KafkaConsumerActor, list[DynamicTopic]] = {}
        for name, what in found.items():
            topic = self._topics.get(name)
            if topic is None or topic.state is not _State.OPENING:
                continue
            if isinstance(what, str) or not self._actors:
                self._fail(topic, what if isinstance(what, str) else self._dead)
                continue
            topic.actor = self._actors[zlib.crc32(name.encode()) % len(self._actors)]
            topic.positions = {**what, **self._left.get(name, {})}
            given.setdefault(topic.actor, []).append(topic)
        for actor, topics in given.items():
            # All at once: each time its consumer learns of new partitions, it reads nothing.
            every = {place: at for topic in topics for place, at in topic.positions.items()}
            actor.add(every, partial(self._opened, topics))

    def _opened(self, topics: Sequence[DynamicTopic]) -> None:
        for topic in topics:
            if topic.state is _State.OPENING:
                topic.state = _State.OPEN
                self._opened_count += 1
                self._tell(topic)

    def _fail(self, topic: DynamicTopic, cause: str) -> None:
        topic.cause = cause
        self._forget(topic)
        self._tell(topic)
        self._admit_more()

    def _forget(self, topic: DynamicTopic) -> None:
        self._closing -= topic.state is _State.CLOSING
        topic.state = _State.GONE
        self._idle.pop(topic, None)
        self._admitted -= 1
        del self._topics[topic.name]

    def _admit_more(self) -> None:
        while self._queue and self._admitted < MOST_OPEN:
            self._admit(self._queue.popleft())

    def _seen(self, partitions: Mapping[str, int]) -> None:
        """Read partitions that were added to open topics, from their start."""
        for topic in self._topics.values():
            if topic.state is _State.OPEN and topic.actor is not None:
                new = range(len(topic.positions), partitions.get(topic.name, 0))
                if new:
                    fresh = {(topic.name, partition): 0 for partition in new}
                    topic.actor.add(fresh)
                    topic.positions = {**topic.positions, **fresh}

    # --- closing ---------------------------------------------------------------------------------

    def _sweep_later(self) -> None:
        if not self._is_sweeping and self._idle:
            self._is_sweeping = True
            self._at(next(iter(self._idle)).idle_since_ns + IDLE_NS, self._sweep)

    def _sweep(self) -> None:
        self._is_sweeping = False
        now = self._now_ns()
        for topic in list(self._idle):
            if topic.idle_since_ns + IDLE_NS > now:
                break
            self._close(topic)
        self._sweep_later()

    def _close(self, topic: DynamicTopic) -> None:
        self._idle.pop(topic, None)
        topic.state = _State.CLOSING
        self._closing += 1
        if topic.actor is not None:
            topic.actor.drop(list(topic.positions), partial(self._closed, topic))

    def _closed(self, topic: DynamicTopic, reached: Mapping[Place, int]) -> None:
        if topic.state is not _State.CLOSING:
            return
        self._on_closed(topic.name)
        if self._from_start:
            self._left[topic.name] = {**topic.positions, **reached}
        self._forget(topic)
        if topic.waiting:  # somebody came while it was let go
            self._topics[topic.name] = topic
            topic.actor, topic.positions = None, {}
            self._admit(topic)
        self._admit_more()

    def died(self, actor: KafkaConsumerActor, cause: str) -> list[str]:
        """Take note that a consumer is of no use any more; returns what it has read."""
        self._dead = cause
        self._actors = [other for other in self._actors if other is not actor]
        topics = [topic for topic in self._topics.values() if topic.actor is actor]
        for topic in topics:
            self._on_closed(topic.name)
            self._fail(topic, cause)
        return [topic.name for topic in topics]

    def close(self) -> None:
        """Look nothing up any more.  Idempotent."""
        self._lookup.close()

    def counters(self) -> Mapping[str, int]:
        """Return what became of topics, and how long users have waited before they began."""
        return {
            "topics_opened": self._opened_count,
            "topics_open": self._admitted,
            "topics_waited_for": self._waits,
            "topics_waited_for_ms": self._waited_ns // 1_000_000,
            "topics_held_back": self._held_back,
        }
