"""Simulated threads: every worker's steps on the calling thread, in an order that dice choose.

Guarantees:
  * Nothing runs in parallel and nothing sleeps.  Whenever the caller waits, workers that can go on
    are picked at random, one step at a time; when none can, the clock jumps to the next moment at
    which one could.
  * The same dice give the same order, so a failure can be played again.

Assumes that a step which waits does so before it has done anything else: a wait is an exception
that unwinds the step, which is played again from its beginning when the wait is over.  A step that
sleeps does so after it has done everything else.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final, TypeVar

from gatlingpy.mailbox import Flag, Mailbox, Pool
from gatlingpy.testing.clock import ManualClock
from gatlingpy.testing.waiting import SimulatedFlag, SimulatedMailbox

T = TypeVar("T")
_MOST_STEPS: Final = 500_000
_MOST_AT_CLOSE: Final = 4


class SimulationStuck(AssertionError):  # noqa: N818 - what happened
    """The simulated run cannot end: nothing is left to happen, or it goes on and on."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How time passes while steps are played: at most so much each, and a stall now and then."""

    step_ns: int = 50_000
    stall_chance: float = 0.0
    stall_ns: int = 0


class _Parked(BaseException):
    """Unwinds a step that has to wait."""

    def __init__(self, ready: Callable[[], bool], until_ns: int | None, not_before_ns: int) -> None:
        super().__init__()
        self.ready = ready
        self.until_ns = until_ns
        self.not_before_ns = not_before_ns


class _SimulatedWorker:
    """A step, and what it waits for."""

    def __init__(
        self,
        threads: "SimulatedThreads",
        name: str,
        step: Callable[[], None],
        wake: Callable[[], None] | None,
        crashed: Callable[[BaseException], None],
    ) -> None:
        self.threads = threads
        self.name = name
        self.step = step
        self.wake = wake
        self.crashed = crashed
        self.wait: _Parked | None = None
        self.waited_enough = False
        self.rest_until_ns = 0
        self.stepping = False
        self.closed = False

    def can_run(self, now_ns: int) -> bool:
        if self.stepping or self.closed or now_ns < self.rest_until_ns:
            return False
        wait = self.wait
        if wait is None:
            return True
        if now_ns < wait.not_before_ns:
            return False
        self.waited_enough = wait.until_ns is not None and wait.until_ns <= now_ns
        return self.waited_enough or wait.ready()

    def next_ns(self, now_ns: int) -> int | None:
        if now_ns < self.rest_until_ns:
            return self.rest_until_ns
        if self.wait is None:
            return None
        return self.wait.not_before_ns if now_ns < self.wait.not_before_ns else self.wait.until_ns

    def close(self) -> None:
        """Have the step end: others, and this one, may get some turns before."""
        if self.closed:
            return
        if self.stepping:
            raise SimulationStuck(f"{self.name} is closed from inside its own step")
        self.threads.play_some(_MOST_AT_CLOSE)
        if self.wake is not None:
            self.wake()
        if self.can_run(self.threads.clock.now_ns()) and self.threads.dice.random() < 0.5:
            self.threads.play(self)
        self.retire()

    def retire(self) -> None:
        """Play no further step."""
        self.closed = True
        self.threads.forget(self)


class SimulatedThreads:
    """What stands in for real threads in a simulated run (``mailbox.Threads``)."""

    def __init__(self, clock: ManualClock, dice: Random, pace: Pace | None = None) -> None:
        """``dice`` choose who is next and how long each step takes."""
        self.clock = clock
        self.dice = dice
        self.interrupts_ns: deque[int] = deque()
        """When the one who waits for a flag is interrupted, as by Ctrl-C; in order."""
        self._pace = pace or Pace()
        self._workers: list[_SimulatedWorker] = []
        self._current: _SimulatedWorker | None = None
        self._sources: list[Callable[[], int | None]] = []
        self._steps = 0

    # --- mailbox.Threads -------------------------------------------------------------------------

    def mailbox(self, tick_ns: int) -> Mailbox[T]:
        """Return a new mailbox; its reader waits by letting others play."""
        return SimulatedMailbox(self, tick_ns)

    def spawn(
        self,
        name: str,
        step: Callable[[], None],
        wake: Callable[[], None] | None,
        crashed: Callable[[BaseException], None],
    ) -> "_SimulatedWorker":
        """Let a step be played from now on."""
        worker = _SimulatedWorker(self, name, step, wake, crashed)
        self._workers.append(worker)
        return worker

    def sleep(self, length_ns: int) -> None:
        """Let so much time pass before the worker's next step, in which the others play."""
        if self._current is None:
            self._drive(_never, self.clock.now_ns() + length_ns)
        else:
            self._current.rest_until_ns = self.clock.now_ns() + length_ns

    def flag(self) -> Flag:
        """Return a new flag; whoever waits for it lets the workers play."""
        return SimulatedFlag(self)

    def pool(self, most: int, name: str) -> Pool:  # noqa: ARG002 - there is one thread in all
        """Return a pool whose calls are played as steps of their own."""
        return _SimulatedPool(self, name)

    # --- waiting ---------------------------------------------------------------------------------

    def watch(self, next_ns: Callable[[], int | None]) -> None:
        """Ask this, too, for the next moment when something happens that no worker knows of."""
        self._sources.append(next_ns)

    def wait_for(
        self, ready: Callable[[], bool], until_ns: int | None, not_before_ns: int = 0
    ) -> None:
        """Return when ``ready`` says so, or at ``until_ns``; never before ``not_before_ns``."""
        worker = self._current
        if worker is None:
            self._drive(ready, until_ns)
            return
        if worker.waited_enough:
            worker.waited_enough = False
            return
        now = self.clock.now_ns()
        if now >= not_before_ns and (ready() or (until_ns is not None and until_ns <= now)):
            return
        raise _Parked(ready, until_ns, not_before_ns)

    # --- playing ---------------------------------------------------------------------------------

    def _drive(self, done: Callable[[], bool], until_ns: int | None) -> None:
        now_ns = self.clock.now_ns
        while not done() and (until_ns is None or now_ns() < until_ns):
            able = self._able()
            if able:
                self.play(self.dice.choice(able))
            else:
                self._jump(until_ns)

    def _able(self) -> list[_SimulatedWorker]:
        now = self.clock.now_ns()
        return [worker for worker in self._workers if worker.can_run(now)]

    def play_some(self, most: int) -> None:
        """Let a few steps be played, if any worker can go on."""
        for _ in range(self.dice.randrange(most + 1)):
            able = self._able()
            if able:
                self.play(self.dice.choice(able))

    def play(self, worker: _SimulatedWorker) -> None:
        """Play one step of a worker."""
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise SimulationStuck(f"the run has not ended after {_MOST_STEPS} steps")
        before, self._current = self._current, worker
        worker.stepping, worker.wait = True, None
        try:
            worker.step()
        except _Parked as wait:
            worker.wait = wait
        except SimulationStuck:
            raise
        except BaseException as error:  # noqa: BLE001 - the top of a simulated thread
            worker.retire()
            worker.crashed(error)
        finally:
            self._current = before
            worker.stepping = worker.waited_enough = False
        if worker.wait is None:
            self._pass_time()

    def _pass_time(self) -> None:
        pace, dice = self._pace, self.dice
        self.clock.advance(dice.randrange(pace.step_ns + 1))
        if pace.stall_chance and dice.random() < pace.stall_chance:
            self.clock.advance(dice.randrange(pace.stall_ns + 1))

    def _jump(self, until_ns: int | None) -> None:
        now = self.clock.now_ns()
        moments = [worker.next_ns(now) for worker in self._workers]
        moments += [source() for source in self._sources]
        moments.append(until_ns)
        known = [moment for moment in moments if moment is not None and moment > now]
        if not known:
            waiting = ", ".join(worker.name for worker in self._workers)
            raise SimulationStuck(f"nothing can happen any more; waiting: {waiting or 'nobody'}")
        self.clock.move_to(min(known))

    def forget(self, worker: _SimulatedWorker) -> None:
        """Play no further step of a worker."""
        self._workers = [other for other in self._workers if other is not worker]


class _SimulatedPool:
    """A pool whose calls are workers of a single step."""

    def __init__(self, threads: SimulatedThreads, name: str) -> None:
        self._threads = threads
        self._name = name
        self._waiting: list[_SimulatedWorker] = []

    def submit(self, call: Callable[..., None], *args: object) -> None:
        def step() -> None:
            call(*args)
            worker.retire()

        worker = self._threads.spawn(self._name, step, None, _raise)
        self._waiting.append(worker)

    def close(self) -> None:
        for worker in self._waiting:
            worker.retire()


def _never() -> bool:
    return False


def _raise(error: BaseException) -> None:
    raise error
