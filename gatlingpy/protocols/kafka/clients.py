"""The part of confluent-kafka that the actors use, as contracts, so that a fake broker can serve.

The real clients are imported late: a plan needs no client library.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, TypeAlias

Headers: TypeAlias = list[tuple[str, bytes | str | None]]


class WireError(Protocol):
    """What went wrong with one message or client."""

    def code(self) -> int:
        """Return librdkafka's error code."""

    def str(self) -> str:
        """Return the error in words."""

    def fatal(self) -> bool:
        """Tell whether the client is of no use any more."""


class WireMessage(Protocol):
    """A message, or an error in its place, as a client gives it."""

    def error(self) -> WireError | None:
        """Return the error, if this is one."""

    def topic(self) -> str:
        """Return the topic."""

    def partition(self) -> int:
        """Return the partition."""

    def offset(self) -> int:
        """Return the offset."""

    def key(self) -> bytes | None:
        """Return the key."""

    def value(self) -> bytes | None:
        """Return the value."""

    def headers(self) -> Sequence[tuple[str, bytes | None]] | None:
        """Return the headers."""

    def timestamp(self) -> tuple[int, int]:
        """Return kind and epoch milliseconds of the timestamp."""


OnDelivery: TypeAlias = Callable[[WireError | None, WireMessage | None], None]


class ProducerClient(Protocol):
    """What a producer actor asks of its client."""

    def produce(
        self,
        topic: str,
        value: bytes | None,
        key: bytes | None,
        partition: int,
        on_delivery: OnDelivery,
        *,
        timestamp: int,
        headers: Headers,
    ) -> None:
        """Take a message; raises BufferError if there is no room, KafkaException if refused.

        Partition -1 is any, timestamp 0 is now; epoch milliseconds otherwise.
        """

    def poll(self, timeout: float) -> int:
        """Serve delivery reports; blocks until there are some, or for so many seconds."""

    def flush(self, timeout: float) -> int:
        """Wait until all are delivered; returns how many are not."""

    def purge(self) -> None:
        """Fail what has not been delivered."""

    def __len__(self) -> int:
        """Return how many messages and reports wait."""


class TransactionalClient(ProducerClient, Protocol):
    """What a transactional producer actor asks of its client.

    All four raise KafkaException, whose error tells what is to be done: the same call again
    (``retriable``), an abort (``txn_requires_abort``), or nothing any more (``fatal``).
    """

    def init_transactions(self, timeout: float) -> None:
        """Take the transactional id from whoever has it; blocks for so many seconds at most."""

    def begin_transaction(self) -> None:
        """Begin a transaction; at once."""

    def commit_transaction(self, timeout: float) -> None:
        """Deliver what was produced and commit it; blocks for so many seconds at most."""

    def abort_transaction(self, timeout: float) -> None:
        """Take back what was produced; blocks for so many seconds at most."""


Place: TypeAlias = tuple[str, int]
"""A topic and the number of one of its partitions."""


class ConsumerClient(Protocol):
    """What a consumer actor asks of its client."""

    def assign(self, positions: Mapping[Place, int]) -> None:
        """Read these partitions, each from this offset."""

    def add(self, positions: Mapping[Place, int]) -> None:
        """Read these partitions as well, or from another offset."""

    def drop(self, places: Iterable[Place]) -> Mapping[Place, int]:
        """Read these partitions no more; returns where reading got to in those read at all."""

    def watermarks(self, place: Place) -> tuple[int, int]:
        """Return the first offset kept and the next to be written; raises ProtocolError."""

    def poll(self, timeout: float) -> WireMessage | None:
        """Return a message, or ``None`` if none came in so many seconds."""

    def consume(self, most: int) -> list[WireMessage]:
        """Return the messages that are there already, at most so many."""

    def commit(self, *, wait: bool, positions: Mapping[Place, int] | None = None) -> None:
        """Commit how far everything was read, or these positions; never raises.

        Without ``wait`` the outcome is known some polls later; with it within seconds.
        """

    def committed(self, places: Sequence[Place]) -> Mapping[Place, int]:
        """Return the committed positions, of those that have one; raises ProtocolError."""

    def commit_failures(self) -> list[str]:
        """Return why commits failed, since this was last asked."""

    def subscribe(
        self,
        topics: Sequence[str],
        assigned: Callable[[Sequence[Place]], Mapping[Place, int]],
        revoked: Callable[[Sequence[Place]], None],
    ) -> None:
        """Have the group assign partitions of these topics.

        ``assigned`` gives the offset to read each new partition from; ``revoked`` is told before
        partitions are taken away.  Both are called inside ``poll`` and ``close``.
        """

    def close(self, limit_s: float) -> None:
        """Leave, within so many seconds; that it could not is a failure of its last commit."""


class Cluster(Protocol):
    """How actors get clients, and what is known of the topics."""

    def topics(self) -> Mapping[str, int]:
        """Return every topic and its number of partitions; raises ProtocolError."""

    def brokers(self) -> Mapping[int, str]:
        """Return ``host:port`` of each broker that the cluster says it has; raises ProtocolError.

        Takes a second at most.
        """

    def offsets(
        self, places: Sequence[Place], *, first: bool, timeout_s: float = 10.0
    ) -> Mapping[Place, int]:
        """Return the next offset to be written of each, or the first that is kept.

        Raises ProtocolError if they cannot all be had in so many seconds.  Thread: any.
        """

    def create_topics(self, topics: Mapping[str, int]) -> None:
        """Create topics that do not exist; raises ProtocolError."""

    def producer(self, number: int) -> ProducerClient:
        """Return a new producer; raises ProtocolError for a property it refuses."""

    def transactional_producer(self, number: int, transactional_id: str) -> TransactionalClient:
        """Return a new producer with this id, not initialised; raises as ``producer``."""

    def consumer(self, name: str, number: int) -> ConsumerClient:
        """Return a new consumer, called after what it reads; raises ProtocolError."""

    def close(self) -> None:
        """Release what was opened.  Idempotent."""
