"""The consumer actor: owns one client, stamps what it receives, and passes it on.

Partitions are assigned, not subscribed to: the position of each is known before the first request
is sent, so no reply can fall between assignment and position, and nothing ever rebalances.
``group_consumer.py`` has the one whose partitions its group assigns.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Final, NamedTuple, TypeAlias

from gatlingpy.errors import ProtocolError
from gatlingpy.mailbox import Worker
from gatlingpy.protocols.kafka.clients import ConsumerClient, Place, WireMessage
from gatlingpy.spi import Services
from gatlingpy.stats.events import MARK

_DEAD_NS: Final = 100_000_000
_NEVER_NS: Final = 1 << 62
_AUTO_OFFSET_RESET: Final = -140
"""librdkafka's RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET: the position is outside the log."""

OnRecords: TypeAlias = Callable[[list[WireMessage], int], None]
"""Takes what one poll gave, and when that was."""


class ConsumerPolicy(NamedTuple):
    """How all consumers of a protocol read and commit."""

    poll_s: float = 0.1
    most_records: int = 1_000
    """How many a poll gives at most."""
    commit_interval_ns: int | None = 5_000_000_000
    """``None``: nothing is ever committed."""
    wait_for_commits: bool = False
    commit_first: bool = False
    """Whether the positions that reading begins at are committed before anything is read."""


class KafkaConsumerActor:
    """One consumer.  ``step`` is for its own thread; ``add`` and ``drop`` for any."""

    def __init__(
        self,
        client: ConsumerClient,
        services: Services,
        name: str,
        policy: ConsumerPolicy,
        on_records: OnRecords,
        on_dead: Callable[[str], None],
    ) -> None:
        """``on_records``, and ``on_dead`` with the cause, are called on the user thread."""
        self._client = client
        self._services = services
        self._now_ns = services.clock.now_ns
        self._name = name
        self._policy = policy
        self._most = policy.most_records - 1
        self._on_records = on_records
        self._on_dead = on_dead
        self._jobs: deque[Callable[[], None]] = deque()
        self._next_commit_ns = 0
        self._dead = False
        self._worker: Worker | None = None
        self.lost_to_retention = 0
        """How many records the broker had dropped before they were read."""
        self.commits_failed = 0
        """How many commits were refused or not answered."""

    def start(self, positions: Mapping[Place, int]) -> None:
        """Begin to read these partitions, each from this offset."""
        self._client.assign(positions)
        if self._policy.commit_first and positions:
            self._client.commit(wait=True, positions=positions)
            self._note_failed_commits()
        self.spawn()

    def spawn(self) -> None:
        """Begin to read."""
        self._plan_commit()
        self._worker = self._services.spawn(f"kafka-consume-{self._name}", self.step)

    # --- orders ----------------------------------------------------------------------------------

    def add(self, positions: Mapping[Place, int], done: Callable[[], None] | None = None) -> None:
        """Read these partitions as well; ``done`` is called on the user thread then."""
        self._jobs.append(partial(self._add, positions, done))

    def _add(self, positions: Mapping[Place, int], done: Callable[[], None] | None) -> None:
        self._client.add(positions)
        if done is not None:
            self._services.post(done)

    def drop(self, places: Iterable[Place], done: Callable[[Mapping[Place, int]], None]) -> None:
        """Read these partitions no more; ``done`` is told, on the user thread, how far it got."""
        self._jobs.append(partial(self._drop, places, done))

    def _drop(self, places: Iterable[Place], done: Callable[[Mapping[Place, int]], None]) -> None:
        self._services.post(done, self._client.drop(places))

    # --- reading ---------------------------------------------------------------------------------

    def step(self) -> None:
        """Receive a batch."""
        try:
            while self._jobs:
                self._jobs.popleft()()
            first = self._client.poll(self._policy.poll_s)
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody reads this any more
            self._die(str(error))
            self._services.sleep(_DEAD_NS)
            return
        if first is not None:
            batch = [first, *self._client.consume(self._most)]
            received_ns = self._now_ns()
            self._receive(batch, received_ns)
        if self._now_ns() > self._next_commit_ns:
            self._commit()
            self._plan_commit()

    def _receive(self, batch: list[WireMessage], received_ns: int) -> None:
        failed = [message for message in batch if message.error() is not None]
        if failed:
            batch = [message for message in batch if message.error() is None]
        self._services.post(self._on_records, batch, received_ns)
        for message in failed:  # afterwards: what was received before a death is still answered
            self._failure(message)

    def _failure(self, message: WireMessage) -> None:
        error = message.error()
        if error is None:
            return
        if error.code() == _AUTO_OFFSET_RESET:
            try:
                self._skip_gap(message)
            except ProtocolError as cause:
                self._die(str(cause))
        elif error.fatal():
            self._die(error.str())

    def _skip_gap(self, message: WireMessage) -> None:
        """Records are gone: say which, and read on from the first that is still there."""
        place, wanted = (message.topic(), message.partition()), message.offset()
        low, high = self._client.watermarks(place)
        lost = max(0, low - wanted) if wanted >= 0 else 0
        self.lost_to_retention += lost
        self._mark(f"{place[0]}[{place[1]}]: replies {wanted} to {low - 1} are gone (retention)")
        self._client.add({place: low if lost else high})

    def _mark(self, text: str) -> None:
        self._services.record((MARK, "kafka", text, self._now_ns()))  # type: ignore[arg-type]

    def _die(self, cause: str) -> None:
        if not self._dead:
            self._dead = True
            self._services.post(self._on_dead, cause)

    # --- commits ---------------------------------------------------------------------------------

    def _plan_commit(self) -> None:
        interval_ns = self._policy.commit_interval_ns
        self._next_commit_ns = self._now_ns() + (_NEVER_NS if interval_ns is None else interval_ns)

    def _commit(self) -> None:
        """Commit; one that failed is not repeated, as the next holds all that it held."""
        self._note_failed_commits()
        if self._policy.commit_interval_ns is not None:
            self._client.commit(wait=self._policy.wait_for_commits)
            self._note_failed_commits()

    def _note_failed_commits(self) -> None:
        for text in self._client.commit_failures():
            self.commits_failed += 1
            self._mark(f"the positions of {self._name} were not committed: {text}")

    def close(self, limit_s: float = 5.0) -> None:
        """Stop reading, commit and leave, within so many seconds.  Idempotent."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None
            self._note_failed_commits()
            if self._policy.commit_interval_ns is not None:
                self._client.commit(wait=False)  # leaving waits for it
            self._client.close(limit_s)
            self._note_failed_commits()
