"""What the walks of all users share in one run, and what they do alike."""

from collections.abc import Callable, Generator
from typing import Final, Protocol, TypeAlias

from gatlingpy.engine.effects import Effect
from gatlingpy.engine.nodes import Node
from gatlingpy.errors import FeederExhausted
from gatlingpy.session import Session
from gatlingpy.stats.events import Event

_MOST_AT_A_STRETCH: Final = 100
"""Rounds that may not have waited before others have their turn."""

State: TypeAlias = tuple[Session, int]
"""A user's session and its due time."""
Walk: TypeAlias = Generator[Effect, State, State]
"""Yields what a user waits for, is sent its state when it is woken, returns its last state."""


class Stage(Protocol):
    """What walks share in one run.  Thread: the user thread."""

    rounds: int
    """How many rounds of loops were done that may not have waited, by all users together."""

    @property
    def now_ns(self) -> Callable[[], int]:
        """Reads the run's clock."""

    def record(self, event: Event) -> None:
        """Give an event to the writers."""

    def user_error(self, message: str, session: Session) -> None:
        """Record that something failed that is no request."""

    def uniform(self, user_id: int) -> float:
        """Roll this user's dice."""

    def exhausted(self, error: FeederExhausted) -> None:
        """Stop the run: a feeder has nothing left."""

    def stop_load(self, message: str, *, crash: bool) -> None:
        """Stop the run, well or as one that has crashed: a step asks for it."""


Play: TypeAlias = Callable[[tuple[Node, ...], Session, int, Stage], Walk]
"""Plays steps for one user, from its session and due time on: how a block plays what is in it."""


def failed(error: Exception, where: str, session: Session, stage: Stage) -> Session:
    """Record what went wrong in a step, and return the session that has failed."""
    stage.user_error(told(error, where), session)
    return session.mark_as_failed()


def told(error: Exception, where: str) -> str:
    """Return what went wrong, beginning with a line of the user's: the step's, if it has none."""
    text = str(error)
    return text if text.startswith(where) else f"{where}: {text}"


def has_to_give_way(stage: Stage) -> bool:
    """Count a round that may not have waited, and tell whether it is time to let others go on.

    Without it a loop whose rounds never wait would hold the thread.  The rounds of all users count
    together, so that loops inside loops hold it no longer than one.
    """
    stage.rounds += 1
    return stage.rounds % _MOST_AT_A_STRETCH == 0
