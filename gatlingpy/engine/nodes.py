"""The plan's steps made ready to run: expressions compiled, requests bound, feeders opened."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from gatlingpy.engine.barrier import Barrier
from gatlingpy.feeds.source import RecordSource
from gatlingpy.plan.expression import Resolver
from gatlingpy.session import Session
from gatlingpy.spi import Perform

Clock: TypeAlias = Callable[[], int]
"""Reads the run's clock."""
Test: TypeAlias = Callable[[Session], bool]
"""Tells whether a condition holds for a session; raises ExpressionError."""
Holds: TypeAlias = Callable[[Session, Clock], bool]
"""Tells whether a loop goes on; raises ExpressionError."""
Begin: TypeAlias = Callable[[Session, Clock], Session | None]
"""Gives the session to begin a round with, ``None`` to end the loop; raises ExpressionError."""
Choose: TypeAlias = Callable[[Session, Callable[[int], float]], int]
"""Gives the place of the way to take, from the session and dice; raises ExpressionError."""
Spread: TypeAlias = Callable[[int, float], int]
"""Gives the length of a pause (ns) from its mean (ns) and a draw, at least 0 and below 1."""


class RequestNode(NamedTuple):
    """A bound request."""

    perform: Perform


class PauseNode(NamedTuple):
    """A wait of ``duration`` seconds, or of any length between it and ``until``.

    ``spread`` makes that the mean of a distribution.
    """

    duration: Resolver
    until: Resolver | None
    where: str
    spread: Spread | None = None


class PaceNode(NamedTuple):
    """A wait for a time that was set, in attribute ``counter``, when the user last was here."""

    interval: Resolver
    until: Resolver | None
    counter: str
    where: str


class RendezVousNode(NamedTuple):
    """A place where users wait for each other."""

    barrier: Barrier


class ExecNode(NamedTuple):
    """A session function."""

    function: Callable[[Session], object]
    where: str


class BlockingNode(NamedTuple):
    """A session function that has a thread of its own while the user waits."""

    function: Callable[[Session], object]
    where: str


class FeedNode(NamedTuple):
    """Records for the session."""

    source: RecordSource
    how_many: Resolver
    single: bool
    where: str


class GroupNode(NamedTuple):
    """Steps that are timed together."""

    name: Resolver
    body: "tuple[Node, ...]"
    where: str


class Guard(NamedTuple):
    """The condition of a loop that is left as soon as it does not hold; known by its identity."""

    holds: Holds
    where: str


class GuardNode(NamedTuple):
    """Stands before each step from which a user may jump, and at the end of each round.

    ``guards`` are those of the loops around it, the outermost first; ``tries`` tells whether it
    is inside a try.
    """

    guards: tuple[Guard, ...]
    tries: bool


class LoopNode(NamedTuple):
    """Steps that are repeated.

    At most ``most`` times, and while ``begin`` gives a session; ``None`` means that there is
    nothing to ask.  ``timed`` has the time of entry kept in the session.  ``check`` is looked at
    after each round.  ``waits`` tells whether no round can be done without waiting.  ``watched``
    tells whether there is anything to do after a round.  A counter that the user ``named`` may
    be set by a session function.
    """

    counter: str
    named: bool
    most: int
    begin: Begin | None
    timed: bool
    guard: Guard | None
    check: GuardNode | None
    waits: bool
    watched: bool
    body: "tuple[Node, ...]"
    where: str


class TryNode(NamedTuple):
    """Steps that are begun again when they fail, ``times`` times in all."""

    times: Resolver
    counter: str
    check: GuardNode | None
    body: "tuple[Node, ...]"
    where: str


class BranchNode(NamedTuple):
    """One of several ways, of which ``choose`` tells the place."""

    choose: Choose
    ways: "tuple[tuple[Node, ...], ...]"
    where: str


class ExitNode(NamedTuple):
    """The end of the scenario for users for whom ``test`` holds, or for all."""

    test: Test | None
    where: str


class StopNode(NamedTuple):
    """The end of the run, if ``test`` holds or there is none."""

    message: Resolver
    test: Test | None
    crash: bool
    where: str


class ScenarioNode(NamedTuple):
    """All steps of a scenario that users may leave before its end."""

    body: "tuple[Node, ...]"


Node: TypeAlias = (
    RequestNode
    | PauseNode
    | PaceNode
    | RendezVousNode
    | ExecNode
    | BlockingNode
    | FeedNode
    | GroupNode
    | GuardNode
    | LoopNode
    | TryNode
    | BranchNode
    | ExitNode
    | StopNode
    | ScenarioNode
)


def waits(nodes: tuple[Node, ...]) -> bool:
    """Tell whether nobody can do these steps to their end without letting others have a turn.

    A loop may have no rounds, and a try may be left before its first request.
    """
    for node in nodes:
        match node:
            case RequestNode() | PauseNode() | BlockingNode():
                return True
            case GroupNode(_, body, _) if waits(body):
                return True
            case BranchNode(_, ways, _) if all(map(waits, ways)):
                return True
    return False
