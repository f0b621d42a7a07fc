"""What happened: the events that travel from the engine to the writers, one tuple each.

Times are integer nanoseconds of the run's monotonic clock; the writers turn them into epoch
microseconds.  The classes name the fields; the engine may put a plain tuple of the same shape on
the queue, since an event is told by its first field.  Thread: made anywhere, read by the stats
thread alone.
"""

from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

REQUEST: Final = "REQUEST"
LEG: Final = "LEG"
USER: Final = "USER"
GROUP: Final = "GROUP"
ERROR: Final = "ERROR"
REPLY: Final = "REPLY"
GAUGE: Final = "GAUGE"
MARK: Final = "MARK"

USER_START: Final = "START"
USER_END: Final = "END"


class Ending(StrEnum):
    """How a request ended; a request has exactly one."""

    OK = "ok"
    CHECK = "check"
    TIMEOUT = "timeout"
    SEND = "send"
    CONSUMER = "consumer"
    DISPLACED = "displaced"
    RUN_ENDED = "run-ended"


class ReplyKind(StrEnum):
    """What a reply that ended nothing was."""

    LATE = "late"
    """Its request had ended otherwise (timed out, failed to send, displaced)."""
    DUPLICATE = "duplicate"
    """Its request had been answered already."""
    ORPHAN = "orphan"
    """Nobody of this run ever sent that id, or the reply has no id at all."""
    FOREIGN = "foreign"
    """It belongs to another run or segment."""
    LATE_DELIVERY = "late-delivery"
    """No reply: the broker confirmed the request only after it had timed out."""


class RequestEvent(NamedTuple):
    """A request ended (kind ``REQUEST``), or a leg of one (kind ``LEG``)."""

    kind: str
    groups: tuple[str, ...]
    name: str
    start_ns: int
    end_ns: int
    intended_ns: int
    ending: str
    message: str
    token: int
    user: int
    scenario: str


class UserEvent(NamedTuple):
    """A virtual user started or ended (``what`` is ``START`` or ``END``)."""

    kind: str
    scenario: str
    what: str
    at_ns: int
    intended_ns: int
    user: int


class GroupEvent(NamedTuple):
    """A user left a group; ``groups`` holds the path, itself last."""

    kind: str
    groups: tuple[str, ...]
    start_ns: int
    end_ns: int
    cumulated_ns: int
    ok: bool
    user: int
    scenario: str


class ErrorEvent(NamedTuple):
    """Something failed that is no request: a template, a user function, a feeder."""

    kind: str
    message: str
    at_ns: int
    user: int
    scenario: str


class ReplyEvent(NamedTuple):
    """A reply that ended nothing; ``age_ns`` counts from the start of its request, or is -1."""

    kind: str
    name: str
    at_ns: int
    age_ns: int
    token: int
    reply: str
    detail: str


class GaugeEvent(NamedTuple):
    """A number read at a moment: client metrics, queue lengths, processor time."""

    kind: str
    source: str
    name: str
    at_ns: int
    value: float


class MarkEvent(NamedTuple):
    """A moment with a text, drawn on every time line."""

    kind: str
    source: str
    text: str
    at_ns: int


Event: TypeAlias = (
    RequestEvent | UserEvent | GroupEvent | ErrorEvent | ReplyEvent | GaugeEvent | MarkEvent
)
