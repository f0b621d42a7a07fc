"""One sending of a request that has not ended yet."""

from collections.abc import Callable
from typing import NamedTuple

from gatlingpy.session import Session
from gatlingpy.spi import Message, Resume

Verdict = Callable[[bytes | None, Message, Session], tuple[Session, str | None]]
"""Runs a request's checks: its value, the reply, the session → the session, what failed or None."""


class Pending(NamedTuple):
    """Who is waiting for which reply, since when and until when.

    ``correlation_id`` is what reply and request share; it is not an identity, since a user may
    reuse one: ``token`` is.  ``resume`` is ``None`` once nobody waits for the reply.
    """

    token: int
    correlation_id: bytes
    name: str
    groups: tuple[str, ...]
    session: Session
    resume: Resume | None
    start_ns: int
    intended_ns: int
    due_ns: int
    timeout_ns: int
    value: bytes | None
    verdict: Verdict | None
    reply_topic: str
