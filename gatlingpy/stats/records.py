"""What the log holds: one class a record, times in epoch microseconds."""

from typing import NamedTuple, TypeAlias


class RunRecord(NamedTuple):
    """The first fact about a run; ``detail`` is JSON."""

    simulation: str
    simulation_id: str
    start_us: int
    description: str
    version: str
    detail: str


class TextRecord(NamedTuple):
    """``PLAN``: a record that is nothing but JSON in its last field."""

    kind: str
    detail: str


class AssertionRecord(NamedTuple):
    """An assertion in Gatling's own encoding, and in words."""

    payload: str
    message: str


class RequestRecord(NamedTuple):
    """A request, in microseconds."""

    groups: tuple[str, ...]
    name: str
    start_us: int
    duration_us: int
    intended_us: int
    ending: str
    message: str
    token: int
    user: int
    scenario: str


class LegRecord(NamedTuple):
    """A part of a request's time; its request is the one with the same token."""

    name: str
    start_us: int
    duration_us: int
    ending: str
    message: str
    token: int
    user: int
    scenario: str


class UserRecord(NamedTuple):
    """A virtual user started or ended; only a start has an intended time."""

    scenario: str
    what: str
    at_us: int
    intended_us: int | None
    user: int


class GroupRecord(NamedTuple):
    """A user left a group."""

    groups: tuple[str, ...]
    start_us: int
    duration_us: int
    cumulated_us: int
    ok: bool
    user: int
    scenario: str


class ErrorRecord(NamedTuple):
    """Something failed that is no request."""

    message: str
    at_us: int
    user: int
    scenario: str


class ReplyRecord(NamedTuple):
    """A reply that ended nothing; unknown age and token are -1."""

    name: str
    at_us: int
    age_us: int
    token: int
    reply: str
    detail: str


class GaugeRecord(NamedTuple):
    """A number read at a moment."""

    source: str
    name: str
    at_us: int
    value: float


class MarkRecord(NamedTuple):
    """A moment with a text."""

    source: str
    text: str
    at_us: int


class StateRecord(NamedTuple):
    """``HEALTH`` or ``END``: a moment, a word and JSON."""

    kind: str
    word: str
    at_us: int
    detail: str


Record: TypeAlias = (
    RunRecord
    | TextRecord
    | AssertionRecord
    | RequestRecord
    | LegRecord
    | UserRecord
    | GroupRecord
    | ErrorRecord
    | ReplyRecord
    | GaugeRecord
    | MarkRecord
    | StateRecord
)
