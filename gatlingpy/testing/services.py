"""Services for one part of the engine under test: no threads, and time stands still."""

from collections import deque
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from gatlingpy.engine.user_thread import Call, UserThread
from gatlingpy.mailbox import Mailbox, Worker
from gatlingpy.plan.code import CodeTable
from gatlingpy.session import Session
from gatlingpy.spi import Tokens
from gatlingpy.stats.events import Event
from gatlingpy.testing.clock import ManualClock
from gatlingpy.testing.threads import SimulationStuck

T = TypeVar("T")
_MOST_TURNS: Final = 100_000


class ManualMailbox(Generic[T]):
    """A mailbox whose reader never waits (``mailbox.Mailbox``)."""

    def __init__(self) -> None:
        """It is empty."""
        self._items: deque[T] = deque()

    def put(self, item: T) -> None:
        """Leave an item."""
        self._items.append(item)

    def take(self, until_ns: int | None) -> list[T]:  # noqa: ARG002 - it never waits
        """Take what there is."""
        return self.take_now()

    def take_now(self) -> list[T]:
        """Take what there is."""
        items = list(self._items)
        self._items.clear()
        return items

    def wake(self) -> None:
        """Do nothing: nobody waits."""

    def __len__(self) -> int:
        return len(self._items)


class ManualWorker:
    """A step that the test plays itself (``mailbox.Worker``)."""

    def __init__(self, step: Callable[[], None]) -> None:
        """Nothing is played yet."""
        self.step = step
        self.closed = False

    def close(self) -> None:
        """Take note that it was closed."""
        self.closed = True


class ManualServices:
    """What a run lends to a protocol (``spi.Services``), in the hands of a test.

    ``settle`` runs what was posted; ``advance`` lets time pass and fires the timers on the way.
    """

    def __init__(self, run_id: str = "test-run", segment: tuple[int, int] = (1, 1)) -> None:
        """The clock reads one second."""
        self.clock = ManualClock(1_000_000_000)
        self.code = CodeTable()
        self.tokens = Tokens()
        self.run_id = run_id
        self.segment = segment
        self.simulation_folder = "."
        self.events: list[Event] = []
        self.record: Callable[[Event], None] = self.events.append
        self.errors: list[str] = []
        """What ``user_error`` was told."""
        self.failures: list[BaseException] = []
        """What ``fatal`` was told."""
        self.workers: dict[str, ManualWorker] = {}
        posted: ManualMailbox[Call] = ManualMailbox()
        self.loop = UserThread(self.clock, posted)
        self.post = self.loop.post
        self.at = self.loop.at

    def mailbox(self, tick_ns: int) -> Mailbox[T]:  # noqa: ARG002 - it has no tick
        """Return a mailbox whose reader never waits."""
        return ManualMailbox()

    def spawn(
        self,
        name: str,
        step: Callable[[], None],
        wake: Callable[[], None] | None = None,  # noqa: ARG002 - nobody waits
    ) -> Worker:
        """Keep the step in ``workers``, for the test to play."""
        self.workers[name] = worker = ManualWorker(step)
        return worker

    def sleep(self, length_ns: int) -> None:
        """Let so much time pass."""
        self.clock.advance(length_ns)

    def user_error(self, message: str, session: Session) -> None:  # noqa: ARG002 - of one user
        """Keep the message in ``errors``."""
        self.errors.append(message)

    def fatal(self, error: BaseException) -> None:
        """Keep the error in ``failures``."""
        self.failures.append(error)

    def settle(self) -> None:
        """Run what was posted, what is ready and what is due."""
        self.loop.step()
        while not self.loop.is_idle():
            self.loop.step()

    def advance(self, length_ns: int) -> None:
        """Let so much time pass, and fire each timer when the clock reads its time."""
        end_ns = self.clock.now_ns() + length_ns
        for _ in range(_MOST_TURNS):
            due_ns = self.loop.next_due_ns()
            if due_ns is None or due_ns > end_ns:
                break
            self.clock.move_to(max(due_ns, self.clock.now_ns()))
            self.settle()
        else:
            raise SimulationStuck(f"timers are still due after {_MOST_TURNS} turns of the loop")
        self.clock.move_to(end_ns)
        self.settle()
