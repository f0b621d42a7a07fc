"""One check at work, and several of them one after the other."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from gatlingpy.session import Session
from gatlingpy.tracking.decoding import Payload

Evaluate: TypeAlias = Callable[[Payload, Payload | None, Session, dict[str, object]], str | None]
"""Runs one check on the reply and, if it was kept, the request.

It puts what it saves into the dict and returns its failure or None; never raises.
"""


class Step(NamedTuple):
    """A compiled check."""

    evaluate: Evaluate
    reads_session: bool
    """Whether it must be given the session with all that was saved before it."""


def run_steps(
    steps: Sequence[Step],
    reply: Payload,
    request: Payload | None,
    session: Session,
    saved: dict[str, object],
) -> str | None:
    """Run all steps in order, whatever they find, and return the first failure."""
    failure = None
    for evaluate, needs_session in steps:
        seen = session.set_all(saved) if needs_session and saved else session
        message = evaluate(reply, request, seen, saved)
        if failure is None:
            failure = message
    return failure
