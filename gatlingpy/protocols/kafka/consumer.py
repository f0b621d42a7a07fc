"""The consumer actor: owns one client, stamps what it receives, and passes it on.

Partitions are assigned, not subscribed to: the position of each is known before the first request
is sent, so no reply can fall between assignment and position, and nothing ever rebalances.
"""

from collections import deque
from collections.abc import Callable, Mapping
from typing import Final

from gatlingpy.mailbox import Worker
from gatlingpy.protocols.kafka.clients import ConsumerClient, WireMessage
from gatlingpy.spi import Services
from gatlingpy.stats.events import MARK

_COMMIT_EVERY_NS: Final = 5_000_000_000
_DEAD_NS: Final = 100_000_000
_AUTO_OFFSET_RESET: Final = -140
"""librdkafka's RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET: the position is outside the log."""

OnReplies = Callable[[list[WireMessage], int], None]


class KafkaConsumerActor:
    """One consumer of one reply topic.  ``step`` is for its own thread."""

    def __init__(
        self,
        client: ConsumerClient,
        services: Services,
        topic: str,
        number: int,
        *,
        poll_s: float,
        most_records: int,
        on_replies: OnReplies,
        on_dead: Callable[[str, str], None],
    ) -> None:
        """``on_replies`` and ``on_dead`` (topic, cause) are called on the user thread."""
        self._client = client
        self._services = services
        self._now_ns = services.clock.now_ns
        self._topic = topic
        self._number = number
        self._poll_s = poll_s
        self._most = most_records - 1
        self._on_replies = on_replies
        self._on_dead = on_dead
        self._new: deque[Mapping[int, int]] = deque()
        self._next_commit_ns = 0
        self._dead = False
        self._worker: Worker | None = None
        self.lost_to_retention = 0
        """How many replies the broker had dropped before they were read."""

    def start(self, positions: Mapping[int, int]) -> None:
        """Begin to read these partitions, each from this offset."""
        self._client.assign(positions)
        self._next_commit_ns = self._now_ns() + _COMMIT_EVERY_NS
        name = f"kafka-consume-{self._topic}-{self._number}"
        self._worker = self._services.spawn(name, self.step)

    def add(self, positions: Mapping[int, int]) -> None:
        """Read these partitions as well.  Thread: any."""
        self._new.append(positions)

    def step(self) -> None:
        """Receive a batch."""
        try:
            first = self._client.poll(self._poll_s)
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody reads this topic now
            self._die(str(error))
            self._services.sleep(_DEAD_NS)
            return
        if first is not None:
            batch = [first, *self._client.consume(self._most)]
            received_ns = self._now_ns()
            self._receive(batch, received_ns)
        while self._new:
            self._client.add(self._new.popleft())
        if self._now_ns() > self._next_commit_ns:
            self._next_commit_ns = self._now_ns() + _COMMIT_EVERY_NS
            self._client.commit()

    def _receive(self, batch: list[WireMessage], received_ns: int) -> None:
        failed = [message for message in batch if message.error() is not None]
        if failed:
            batch = [message for message in batch if message.error() is None]
        self._services.post(self._on_replies, batch, received_ns)
        for message in failed:  # afterwards: what was received before a death is still answered
            self._failure(message)

    def _failure(self, message: WireMessage) -> None:
        error = message.error()
        if error is None:
            return
        if error.code() == _AUTO_OFFSET_RESET:
            self._skip_gap(message)
        elif error.fatal():
            self._die(error.str())

    def _skip_gap(self, message: WireMessage) -> None:
        """Replies are gone: say which, and read on from the first that is still there."""
        partition, wanted = message.partition(), message.offset()
        low, high = self._client.watermarks(partition)
        lost = max(0, low - wanted) if wanted >= 0 else 0
        self.lost_to_retention += lost
        text = f"{self._topic}[{partition}]: replies {wanted} to {low - 1} are gone (retention)"
        self._services.record((MARK, "kafka", text, self._now_ns()))  # type: ignore[arg-type]
        self._client.add({partition: low if lost else high})

    def _die(self, cause: str) -> None:
        if not self._dead:
            self._dead = True
            self._services.post(self._on_dead, self._topic, cause)

    def close(self) -> None:
        """Stop reading, commit and leave.  Idempotent."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None
            self._client.commit()
            self._client.close()
