"""From the engine to the writers: one queue, one thread, many writers.

A writer never slows a user.  If the queue outgrows its bound the run is invalid: a measurement
that is dropped makes the rest wrong.
"""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from gatlingpy.clock import Clock
from gatlingpy.errors import LogLost
from gatlingpy.mailbox import Nap, ThreadWorker
from gatlingpy.stats.events import Event

TICK_NS: Final = 10_000_000
"""How long events gather before they are written.  Short, since writing a batch holds users up."""
MOST_WAITING: Final = 5_000_000
"""Events on the queue that make the run invalid: the writers have fallen behind for good."""


class EventWriter(Protocol):
    """Something that is told every event, in order, on the stats thread."""

    def write(self, events: Sequence[Event]) -> None:
        """Take a batch; raises LogLost if it cannot be kept."""

    def tick(self, now_ns: int) -> None:
        """Do what is due now and then; called about a hundred times a second, events or not."""

    def close(self) -> None:
        """Finish after the last event."""


class Pipeline:
    """Gives events to writers on a thread of its own, named ``gatling-stats``."""

    def __init__(self, clock: Clock) -> None:
        """Nothing is written before ``start``; events may be recorded."""
        self._writers: tuple[EventWriter, ...] = ()
        self._clock = clock
        self._fatal: Callable[[BaseException], None] = lambda _error: None
        self._events: deque[Event] = deque()
        self._nap = Nap()
        self._worker: ThreadWorker | None = None
        self._lost = False
        self.record: Callable[[Event], None] = self._events.append  # GIL: atomic
        """Give an event to the writers; never blocks.  Thread: any."""

    def start(self, writers: Sequence[EventWriter], fatal: Callable[[BaseException], None]) -> None:
        """Start the thread; the writers are given what was recorded before, too.

        ``fatal`` is told, once, why the measurements can no longer be kept.
        """
        self._writers = tuple(writers)
        self._fatal = fatal
        self._worker = ThreadWorker(
            "gatling-stats", self._step, wake=self._nap.cut, crashed=self._fatal
        )

    def _step(self) -> None:
        self._nap.take(TICK_NS)
        self.drain()

    def drain(self) -> None:
        """Write what is on the queue.  Thread: the stats thread, or any once it has ended."""
        waiting = len(self._events)
        if waiting > MOST_WAITING and not self._lost:
            self._lose(LogLost(f"the log's writer fell behind by {waiting} events"))
        events = self._events
        batch = [events.popleft() for _ in range(waiting)]
        for writer in self._writers:
            self._give(writer, batch)

    def _give(self, writer: EventWriter, batch: Sequence[Event]) -> None:
        try:
            if batch:
                writer.write(batch)
            writer.tick(self._clock.now_ns())
        except LogLost as lost:
            self._lose(lost)

    def _lose(self, lost: LogLost) -> None:
        if not self._lost:
            self._lost = True
            self._fatal(lost)

    def close(self) -> None:
        """Write what is left and end the thread; the writers stay open.  Idempotent."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None
        self.drain()
