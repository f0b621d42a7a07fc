"""What one run lends to its users and protocols: clock, threads, timers, the way to the log."""

from collections.abc import Callable
from typing import Final, TypeVar

from gatlingpy.clock import Clock
from gatlingpy.engine.effects import Block
from gatlingpy.engine.stage import told
from gatlingpy.engine.stop import StopKind, StopLatch, StopReason
from gatlingpy.engine.user_thread import UserThread
from gatlingpy.engine.walk import as_session
from gatlingpy.errors import ExpressionError, FeederExhausted, RunInvalid
from gatlingpy.mailbox import Mailbox, Threads, Worker
from gatlingpy.plan.code import CodeTable
from gatlingpy.session import Session
from gatlingpy.spi import Resume, Tokens
from gatlingpy.stats.events import ERROR, Event

T = TypeVar("T")
_BLOCKING_THREADS: Final = 8
"""How many ``exec(fn, blocking=True)`` run at a time; further ones wait their turn."""


class Engine:
    """The services of one run (``spi.Services``)."""

    def __init__(
        self,
        clock: Clock,
        code: CodeTable,
        loop: UserThread,
        record: Callable[[Event], None],
        threads: Threads,
        *,
        run_id: str,
        segment: tuple[int, int],
        simulation_folder: str,
    ) -> None:
        """``record`` gives an event to the writers and never blocks."""
        self.clock = clock
        self.code = code
        self.tokens = Tokens()
        self.run_id = run_id
        self.segment = segment
        self.simulation_folder = simulation_folder
        self.record = record
        self.now_ns = clock.now_ns
        self.post = loop.post
        self.at = loop.at
        self.latch = StopLatch()
        self.user_errors = 0
        """How many ERROR records were written; of several threads some may go uncounted."""
        self.on_stop: Callable[[], None] = lambda: None
        """Called on the user thread when the first reason to stop is given."""
        self._threads = threads
        self.sleep = threads.sleep
        self._pool = threads.pool(_BLOCKING_THREADS, "gatling-blocking")
        self._blockings = 0
        self._blocked: dict[int, tuple[Session, Resume]] = {}
        """Users that wait for a session function, by its number.  Thread: user."""

    def mailbox(self, tick_ns: int) -> Mailbox[T]:
        """Return a new mailbox; a busy reader takes at most one batch a tick."""
        return self._threads.mailbox(tick_ns)

    def spawn(
        self, name: str, step: Callable[[], None], wake: Callable[[], None] | None = None
    ) -> Worker:
        """Start a named thread; a crash of it stops the run."""
        return self._threads.spawn(name, step, wake, self.fatal)

    def user_error(self, message: str, session: Session) -> None:
        """Write an ERROR record: something failed for a user that is no request."""
        self.user_errors += 1
        self.record((ERROR, message, self.now_ns(), session.user_id, session.scenario))  # type: ignore[arg-type]

    def stop(self, reason: StopReason) -> None:
        """Stop the run; the first reason wins.  Thread: any."""
        self.latch.trip(reason)
        self.post(self.on_stop)

    def fatal(self, error: BaseException) -> None:
        """Stop the run at once: it crashed, or what it measures cannot be trusted."""
        if isinstance(error, RunInvalid):
            self.stop(StopReason(StopKind.INVALID, str(error), error))
        else:
            message = f"{type(error).__name__}: {error}"
            self.stop(StopReason(StopKind.CRASHED, message, error))

    def exhausted(self, error: FeederExhausted) -> None:
        """Stop the run because a feeder has no record left."""
        if self.latch.reason is None:
            self.stop(StopReason(StopKind.EXHAUSTED, str(error), error))

    def stop_load(self, message: str, *, crash: bool) -> None:
        """Stop the run because a user's step says so; what is in flight may still be answered.

        A ``crash`` makes the exit code 1.
        """
        if self.latch.reason is None:
            kind, word = (
                (StopKind.FAILED, "crash_load_generator")
                if crash
                else (StopKind.STOPPED, "stop_load_generator")
            )
            self.stop(StopReason(kind, f"{word}: {message}" if message else word))

    def blocking(self, effect: Block, resume: Resume) -> None:
        """Run a session function on the pool and resume the user with what it returns."""
        self._blockings += 1
        self._blocked[self._blockings] = effect.session, resume
        self._pool.submit(self._block, self._blockings, effect)

    def _block(self, number: int, effect: Block) -> None:
        """Run one function, unless the run is stopping.  Thread: one of the pool."""
        session = effect.session if self.latch.reason is not None else self._returned(effect)
        self.post(self._unblock, number, session, self.now_ns())

    def _returned(self, effect: Block) -> Session:
        try:
            return as_session(effect.function(effect.session), effect.session)
        except ExpressionError as error:
            self.user_error(told(error, effect.where), effect.session)
        except BaseException as error:  # noqa: BLE001 - the top of a pool thread
            self.fatal(error)
        return effect.session.mark_as_failed()

    def _unblock(self, number: int, session: Session, due_ns: int) -> None:
        _, resume = self._blocked.pop(number)
        resume(session, due_ns)

    def _unblock_all(self) -> None:
        """Resume the users whose functions never began."""
        for number, (session, _) in list(self._blocked.items()):
            self._unblock(number, session, self.now_ns())

    def close(self) -> None:
        """End the pool; waits for session functions that still run, and begins no other.

        Their users are resumed by what this posts.
        """
        self._pool.close()
        self.post(self._unblock_all)
