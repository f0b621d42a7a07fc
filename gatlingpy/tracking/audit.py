"""The delivery audit: replies that end no request, and deliveries confirmed too late.

They are named and counted, each in a record of its own, and never distort the counts of requests.
Of our own ids it knows for the whole run which were answered; of those that users supply, for the
last ``REMEMBERED`` endings.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from gatlingpy.spi import Message
from gatlingpy.stats.events import REPLY, Event, ReplyKind
from gatlingpy.tracking.ids import Bitmap, IdSource, RecentEndings, unscoped
from gatlingpy.tracking.pending import Pending

REMEMBERED: Final = 100_000
"""How many endings of user-supplied ids are remembered, to tell late from duplicate replies."""


class DeliveryAudit:
    """What is known of requests that have ended, to name what comes after.  Thread: user."""

    def __init__(self, record: Callable[[Event], None], ids: IdSource) -> None:
        """Nothing has ended yet."""
        self._record = record
        self._ids = ids
        self.unanswered = Bitmap()
        """Tokens of our own ids that ended without a reply: few, as the others are nearly all."""
        self.recent = RecentEndings(REMEMBERED)
        """How the last requests with ids of users' own ended."""
        self.not_for_replies_alone: set[str] = set()
        """Topics from which records are taken as well: one that answers nobody is no orphan."""
        self._timed_out = Bitmap()
        self._confirmed_late: dict[int, int] = {}
        self._counts: dict[str, int] = dict.fromkeys(ReplyKind, 0)
        self.of_siblings = 0
        """Replies to requests of another protocol of this run, which tells of them itself."""

    def unmatched(
        self,
        correlation_id: bytes | None,
        received_ns: int,
        reply: Message,
        issued: int,
        pending: Pending | None = None,
        why_none: str = "",
    ) -> None:
        """Name a reply that nobody waits for.

        ``issued`` is how many tokens there are; ``pending`` is the request that the reply has
        just been too late for, if it is known; ``why_none`` why no id could be found in the reply.
        """
        if correlation_id is not None and self._ids.is_of_sibling(correlation_id):
            self.of_siblings += 1
            return
        kind, token = self._classify(correlation_id, issued)
        if kind is ReplyKind.ORPHAN and reply.topic in self.not_for_replies_alone:
            return
        age_ns = received_ns - pending.start_ns if pending is not None else -1
        detail = (
            f"{reply.topic}[{reply.partition}]@{reply.offset} {_shown(correlation_id, why_none)}"
        )
        name = pending.name if pending is not None else ""
        self._note(kind, name, received_ns, age_ns, token, detail)

    def likeliest(self, ids: Sequence[bytes]) -> bytes | None:
        """Return by which of a reply's ids it is to be named: one that is known, or the first."""
        for correlation_id in ids:
            if self._ids.is_of_sibling(correlation_id):
                return correlation_id
        for correlation_id in ids:
            if self.recent.was_answered(correlation_id) is not None:
                return correlation_id
        for correlation_id in ids:
            if self._ids.is_foreign(unscoped(correlation_id)):
                return correlation_id
        return ids[0] if ids else None

    def _classify(self, correlation_id: bytes | None, issued: int) -> tuple[ReplyKind, int]:
        if correlation_id is None:
            return ReplyKind.ORPHAN, -1
        token = self._ids.token(correlation_id)
        if token is not None and token < issued:
            if token not in self.unanswered:
                return ReplyKind.DUPLICATE, token
            self.unanswered.discard(token)  # the next reply to it is a duplicate of this one
            return ReplyKind.LATE, token
        if token is None and self._ids.is_foreign(unscoped(correlation_id)):
            return ReplyKind.FOREIGN, -1
        answered = self.recent.was_answered(correlation_id)
        if answered is None:
            return ReplyKind.ORPHAN, -1
        self.recent.ended(correlation_id, answered=True)
        return (ReplyKind.DUPLICATE if answered else ReplyKind.LATE), -1

    def timed_out(self, pending: Pending) -> None:
        """Take note that a request has timed out."""
        self._timed_out.add(pending.token)
        confirmed_ns = self._confirmed_late.pop(pending.token, None)
        if confirmed_ns is not None:
            self.delivered_late(pending, confirmed_ns, waiting=False)

    def delivered_late(self, pending: Pending, at_ns: int, *, waiting: bool) -> None:
        """Take note of a delivery confirmed after the deadline; it counts if the request timed out.

        While the request waits, in its grace, that is still open: word of a reply that was
        received in time may be on its way.
        """
        if waiting:
            self._confirmed_late[pending.token] = at_ns
        elif pending.token in self._timed_out:
            age_ns = at_ns - pending.start_ns
            self._note(ReplyKind.LATE_DELIVERY, pending.name, at_ns, age_ns, pending.token, "")

    def _note(
        self, kind: ReplyKind, name: str, at_ns: int, age_ns: int, token: int, detail: str
    ) -> None:
        self._counts[kind] += 1
        self._record((REPLY, name, at_ns, age_ns, token, kind.value, detail))  # type: ignore[arg-type]

    def counts(self) -> Mapping[str, int]:
        """Return how many there were of each kind."""
        return self._counts


def _shown(correlation_id: bytes | None, why_none: str) -> str:
    if correlation_id is not None:
        return repr(unscoped(correlation_id))[1:]
    return f"no correlation id: {why_none}" if why_none else "no correlation id"
