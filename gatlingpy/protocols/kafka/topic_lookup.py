"""Where topics end: asked of the cluster on a thread of its own, so that nobody waits for it."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from gatlingpy.errors import ProtocolError
from gatlingpy.mailbox import Mailbox, Worker
from gatlingpy.protocols.kafka.clients import Cluster, Place
from gatlingpy.spi import Services

_TICK_NS: Final = 1_000_000
_LOOK_NS: Final = 10_000_000_000
_ALONE_S: Final = 1.0
_ALONE_NS: Final = 10_000_000_000
"""How long each topic may take that is asked for alone, and all of them."""

Found: TypeAlias = Mapping[str, Mapping[Place, int] | str]
"""For each topic the position to read each partition from, or why it is not known."""


class TopicLookup:
    """Asks for topics in batches, and now and then how many partitions all topics have."""

    def __init__(
        self,
        cluster: Cluster,
        services: Services,
        *,
        from_start: bool,
        found: Callable[[Found], None],
        seen: Callable[[Mapping[str, int]], None],
    ) -> None:
        """``found`` and ``seen`` are called on the user thread.

        ``seen`` is told the partitions of all topics whenever they were looked at, every ten
        seconds at least.
        """
        self._cluster = cluster
        self._services = services
        self._from_start = from_start
        self._found = found
        self._seen = seen
        self._asked: Mailbox[str] = services.mailbox(_TICK_NS)
        self._worker: Worker | None = None
        self._closing = False

    def start(self) -> None:
        """Begin to answer."""
        self._worker = self._services.spawn("kafka-topics", self.step, self._asked.wake)

    def ask(self, topic: str) -> None:
        """Find a topic.  Thread: any."""
        self._asked.put(topic)

    def step(self) -> None:
        """Answer what was asked, or look around."""
        look_ns = self._services.clock.now_ns() + _LOOK_NS
        topics = self._asked.take(look_ns)
        if self._closing:
            return
        if topics:
            self._services.post(self._found, self._look(topics))
        elif self._services.clock.now_ns() >= look_ns:
            try:
                self._services.post(self._seen, self._cluster.topics())
            except ProtocolError:
                return  # an outage is measured by the requests; the next look comes soon

    def _look(self, topics: list[str]) -> Found:
        try:
            existing = self._cluster.topics()
        except ProtocolError as error:
            return dict.fromkeys(topics, str(error))
        self._services.post(self._seen, existing)
        found: dict[str, Mapping[Place, int] | str] = {}
        there = {}
        for topic in topics:
            if topic in existing:
                there[topic] = [(topic, partition) for partition in range(existing[topic])]
            else:
                found[topic] = f"no such topic: {topic!r}; create it before it is needed"
        return {**found, **self._ends(there)}

    def _ends(self, places: dict[str, list[Place]]) -> Found:
        every = [place for of_topic in places.values() for place in of_topic]
        if not every:
            return {}
        try:
            ends = self._cluster.offsets(every, first=self._from_start)
        except ProtocolError as error:
            if len(places) == 1:
                return dict.fromkeys(places, str(error))
            return self._ends_alone(places, str(error))
        return {topic: {at: ends[at] for at in of_topic} for topic, of_topic in places.items()}

    def _ends_alone(self, places: dict[str, list[Place]], why: str) -> Found:
        """Ask for one topic after another, so that one keeps no other from being read.

        Each that cannot be read takes its time; those that are left when it is up are told ``why``.
        """
        until_ns = self._services.clock.now_ns() + _ALONE_NS
        found: dict[str, Mapping[Place, int] | str] = {}
        for topic, of_topic in places.items():
            if self._closing or self._services.clock.now_ns() >= until_ns:
                found[topic] = why
                continue
            try:
                found[topic] = self._cluster.offsets(
                    of_topic, first=self._from_start, timeout_s=_ALONE_S
                )
            except ProtocolError as error:
                found[topic] = str(error)
        return found

    def look_no_more(self) -> None:
        """Begin no look any more; returns at once."""
        self._closing = True  # GIL: a word for the thread

    def close(self) -> None:
        """Answer no more.  Idempotent."""
        self.look_no_more()
        if self._worker is not None:
            self._worker.close()
            self._worker = None
