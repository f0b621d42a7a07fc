"""A message in a transaction: what the client says of it, and what that makes of its fate."""

from collections.abc import Iterable
from typing import Final, TypeAlias

from gatlingpy.protocols.kafka.clients import OnDelivery, WireError, WireMessage
from gatlingpy.protocols.kafka.delivery_failure import Undone, describe
from gatlingpy.protocols.kafka.producer import Job

ABORTED: Final = "transaction aborted: "

Given: TypeAlias = tuple[int, Job]
"""When a message was given, and the message."""

_PURGED_IN_QUEUE: Final = -152
_PURGED: Final = frozenset({-151, _PURGED_IN_QUEUE})
"""librdkafka's numbers of the errors of messages that an abort takes back."""


class SentMessage:
    """A message of the transaction that is open."""

    __slots__ = ("error", "given")

    def __init__(self, given: Given) -> None:
        """Nothing is known of it yet."""
        self.given = given
        self.error: WireError | None = None

    def reported(self, error: WireError | None, _message: WireMessage | None) -> None:
        """Keep what the client says of it; what counts is the end of the transaction."""
        self.error = error

    @property
    def never_left(self) -> bool:
        """Whether the client has it taken back before any of it was sent."""
        return self.error is not None and self.error.code() == _PURGED_IN_QUEUE

    @property
    def own_error(self) -> WireError | None:
        """What is wrong with this very message, not just with its transaction."""
        error = self.error
        return None if error is None or error.code() in _PURGED else error

    def end(self, reason: str | None) -> None:
        """Tell who sent it that it is committed, or for which reason it is not.

        What is wrong with itself comes before what was wrong with others.
        """
        on_delivery: OnDelivery = self.given[1][6]
        own = self.own_error
        if reason is None:
            on_delivery(None, None)
        elif own is not None and reason.startswith(ABORTED):
            on_delivery(Undone(f"{ABORTED}{describe(own)}"), None)
        else:
            on_delivery(Undone(reason), None)


def cause_of(sent: Iterable[SentMessage], otherwise: str) -> str:
    """Return why a commit failed: the message that was not delivered, if there is one."""
    for message in sent:
        if message.own_error is not None:
            return f"another message of it was {describe(message.own_error)}"
    return otherwise
