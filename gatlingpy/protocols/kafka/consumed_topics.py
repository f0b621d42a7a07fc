"""The topics that users take records from, each with its queue of records and users."""

from collections.abc import Hashable, Mapping
from typing import Final

from gatlingpy.protocols.kafka.clients import WireMessage
from gatlingpy.protocols.kafka.correlation import Source
from gatlingpy.protocols.kafka.encodings import Encodings
from gatlingpy.protocols.kafka.record_queue import Read, RecordQueue
from gatlingpy.protocols.kafka.requests import Encoding
from gatlingpy.spi import Services
from gatlingpy.tracking.extraction import compile_reader
from gatlingpy.tracking.tracker import Tracker

EARLY_RECORDS: Final = 10_000
"""How many records of a topic wait for users at most; the oldest make room."""


class ConsumedTopics:
    """The queues of one protocol, by topic.  Thread: user, unless nothing runs yet."""

    def __init__(
        self, encodings: Encodings, services: Services, tracker: Tracker[WireMessage]
    ) -> None:
        """No topic is read yet."""
        self._encodings = encodings
        self._code = services.code
        self._tracker = tracker
        self._ways: dict[str | None, dict[Hashable, Read]] = {}
        self._queues: dict[str, RecordQueue] = {}
        self._closed = [0, 0, 0]
        """What those that are closed have counted: untaken, dropped, unreadable."""

    def named(self) -> list[str]:
        """Return the topics that are the same for every user."""
        return sorted(topic for topic in self._ways if topic is not None)

    def add(self, topic: str | None, source: Source | None, encoding: Encoding) -> Hashable:
        """Take note of a topic, ``None`` for users' own, and how records are found in it.

        Returns what names that way for the queues; ``None`` for the next record.
        """
        ways = self._ways.setdefault(topic, {})
        if source is None:
            return None
        way = (source, encoding)
        if way not in ways:
            form = self._encodings.replies(encoding)
            ways[way] = compile_reader(source, self._code, form, "record")
        return way

    def open(self, topic: str) -> RecordQueue:
        """Return the queue of a topic; a new one if there is none yet."""
        queue = self._queues.get(topic)
        if queue is None:
            self._tracker.not_for_replies_alone.add(topic)
            ways = {**self._ways.get(topic, {}), **self._ways.get(None, {})}
            queue = self._queues[topic] = RecordQueue(
                ways, EARLY_RECORDS, self._tracker.offered, self._tracker.is_waiting
            )
        return queue

    def received(self, topic: str, batch: list[WireMessage], received_ns: int) -> None:
        """Take what was read from a topic, if users take records from it."""
        queue = self._queues.get(topic)
        if queue is not None:
            queue.received(batch, received_ns)

    def close(self, topic: str) -> None:
        """Forget a topic, and what nobody has taken from it."""
        self._tracker.not_for_replies_alone.discard(topic)
        queue = self._queues.pop(topic, None)
        if queue is not None:
            for place, count in enumerate((queue.untaken, queue.dropped, queue.unreadable)):
                self._closed[place] += count

    def counters(self) -> Mapping[str, int]:
        """Return what became of records: none of these is a failed request."""
        if not self._ways:
            return {}
        untaken, dropped, unreadable = self._closed
        for queue in self._queues.values():
            untaken += queue.untaken
            dropped += queue.dropped
            unreadable += queue.unreadable
        return {
            "records_not_consumed": untaken,
            "records_dropped_early": dropped,
            "records_without_readable_id": unreadable,
        }
