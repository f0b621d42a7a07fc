"""One sending of a request that has not ended yet."""

from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple, TypeAlias

from gatlingpy.session import Session
from gatlingpy.spi import Message, Resume

Verdict: TypeAlias = Callable[[bytes | None, Message, Session], tuple[Session, str | None]]
"""Runs a request's checks: its value, the reply, the session → the session, what failed or None.

Thread: the user thread.  Never raises.
"""


class Terms(NamedTuple):
    """What all sendings of one request of the plan have in common."""

    timeout_ns: int
    verdict: Verdict | None
    reply_topic: str
    """The topic that the answer is read from; empty for none."""
    awaited: str = "reply"
    """What a user who waits in vain has waited for."""
    silent: bool = False
    """Whether it is left out of all statistics."""
    begun_before: bool = False
    """Whether the response time starts at ``intended_ns``, before the request was sent."""
    to_timestamp: bool = False
    """Whether the response time ends at the timestamp of the reply's record."""


class Pending(NamedTuple):
    """Who is waiting for which reply, since when and until when.

    ``correlation_id`` is what reply and request share; it is not an identity, since a user may
    reuse one: ``token`` is.  ``own`` tells that the id was made of the token.  ``resume`` is
    ``None`` once nobody waits for the reply.
    """

    token: int
    correlation_id: bytes
    own: bool
    name: str
    groups: tuple[str, ...]
    session: Session
    resume: Resume | None
    start_ns: int
    intended_ns: int
    due_ns: int
    value: bytes | None
    terms: Terms


_Fields: TypeAlias = tuple[
    int, bytes, bool, str, tuple[str, ...], Session, Resume | None, int, int, int, bytes | None,
    Terms,
]  # fmt: skip

pending_of: Final[Callable[[_Fields], Pending]] = partial(tuple.__new__, Pending)
"""Makes a ``Pending`` of a tuple of its fields, in a third of the time that its class takes."""
