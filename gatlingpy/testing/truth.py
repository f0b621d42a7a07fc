"""How a fake cluster behaves, and the truth about what it did."""

from dataclasses import dataclass, field
from random import Random
from typing import Final

MS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Delay:
    """How long something takes: mostly between two bounds, sometimes between two others (ns)."""

    low_ns: int = 1 * MS
    high_ns: int = 5 * MS
    slow_chance: float = 0.0
    slow_low_ns: int = 0
    slow_high_ns: int = 0

    def draw(self, dice: Random) -> int:
        """Return one such time."""
        if self.slow_chance and dice.random() < self.slow_chance:
            return dice.randint(self.slow_low_ns, self.slow_high_ns)
        return dice.randint(self.low_ns, self.high_ns)


@dataclass(frozen=True, slots=True)
class Conduct:
    """How a cluster and the system behind it behave; the chances are of each message.

    As it stands everything is answered, once, unchanged and soon.
    """

    ack: Delay = field(default_factory=Delay)
    """From acceptance by the client to the delivery report."""
    reply: Delay = field(default_factory=Delay)
    """From the request being written to the reply being written; it may overtake the ack."""
    lost: float = 0.0
    """The system does not answer."""
    doubled: float = 0.0
    """The system answers twice."""
    corrupted: float = 0.0
    """The body of the answer is not the request's."""
    refused: float = 0.0
    """The client raises instead of taking the message."""
    failed: float = 0.0
    """The delivery report says that it failed."""
    failed_but_written: float = 0.0
    """Of those that failed: the message was written all the same, and is answered."""
    commit: Delay = field(default_factory=Delay)
    """From the call that ends a transaction, or takes an id, to its end."""
    aborted: float = 0.0
    """Of each transaction: it cannot be committed."""
    fenced: float = 0.0
    """Of each transaction: another producer has taken its id."""
    dirty: float = 0.0
    """Of each message of a transaction: it is read, and answered, before the commit."""
    stray: float = 0.0
    """Besides its answer, a reply that belongs to nobody comes."""
    carries: tuple[str, ...] = ("header",)
    """Where an answer bears what its request bore there: ``header`` for the correlation id, ``key``
    for the key.  The body is always the request's."""
    skew_ns: int = 0
    """How far the clock that stamps records is ahead of the run's."""
    queue_size: int = 1_000
    """Messages that a producer holds before it has no room."""
    death_chance: float = 0.0
    """Of each consumer: it dies, some time in the first ``death_by_ns``."""
    death_by_ns: int = 500 * MS


@dataclass(slots=True, eq=False)
class SentReply:
    """One message that the system wrote to a reply topic."""

    correlation_id: bytes | None
    value: bytes | None
    answers: "Sending | None"
    """The request that it answers; ``None`` for a stray."""
    intact: bool
    written_ns: int = -1
    read_ns: int | None = None
    """When a consumer read it."""


@dataclass(slots=True, eq=False)
class Sending:
    """One message that a producer was given."""

    topic: str
    value: bytes | None
    correlation_id: bytes | None
    produced_ns: int
    error: str | None = None
    """Why it was not delivered, as the client says; in a transaction, that it is not committed."""
    reported_ns: int | None = None
    """When the delivery report was served, or the transaction ended."""
    written_ns: int | None = None
    """When it was in the log of the broker, whatever the report says."""
    replies: list[SentReply] = field(default_factory=list)
    key: bytes | None = None

    def answered_in_time(self, due_ns: int) -> bool:
        """Tell whether an intact reply to it was read before ``due_ns`` had passed."""
        return any(
            reply.intact and reply.read_ns is not None and reply.read_ns <= due_ns
            for reply in self.replies
        )
