"""One run of a plan, from the first thread to the last: a stack that unwinds in reverse order."""

import gc
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

from gatlingpy.clock import Clock
from gatlingpy.engine.assembly import assemble
from gatlingpy.engine.conductor import Conductor
from gatlingpy.engine.engine import Engine
from gatlingpy.engine.stop import COMPLETED, StopKind, StopReason
from gatlingpy.engine.time_limit import time_limit
from gatlingpy.engine.user_thread import TICK_NS, UserThread
from gatlingpy.feeds.source import RecordSource
from gatlingpy.load.segment import Segment
from gatlingpy.mailbox import SystemThreads, Threads
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.dice import Dice
from gatlingpy.plan.simulation import SimulationPlan
from gatlingpy.spi import ProtocolRuntime
from gatlingpy.stats.events import Event

_SWITCH_INTERVAL_S: Final = 0.0005
"""How long a thread may hold the interpreter while another waits for it; see docs/threads.md."""


_GC_THRESHOLDS: Final = (50_000, 20, 100)


@dataclass(frozen=True, slots=True)
class RunIdentity:
    """Which run this is: its id, its share, and the folder that its files are relative to."""

    run_id: str
    segment: Segment
    simulation_folder: str


class Run:
    """One execution of a plan on one segment."""

    def __init__(
        self,
        plan: SimulationPlan,
        code: CodeTable,
        clock: Clock,
        record: Callable[[Event], None],
        identity: RunIdentity,
        threads: Threads | None = None,
    ) -> None:
        """Nothing is started; protocols are made with ``engine`` and given to ``execute``.

        ``threads`` takes the place of real threads in a simulation.
        """
        self._plan = plan
        self._code = code = code.of_run(Dice(plan.seed), clock, identity.run_id)
        self._segment = identity.segment
        self._threads = threads or SystemThreads()
        self._loop = UserThread(clock, self._threads.mailbox(TICK_NS))
        self.engine = Engine(
            clock,
            code,
            self._loop,
            record,
            self._threads,
            run_id=identity.run_id,
            segment=(identity.segment.index, identity.segment.of),
            simulation_folder=identity.simulation_folder,
        )
        self._interrupts = 0
        self._loop_is_dead = False

    def execute(
        self,
        runtimes: Mapping[str, ProtocolRuntime],
        feeders: Mapping[str, RecordSource],
        started: Callable[[], None],
    ) -> StopReason:
        """Run the plan to its end and return why it ended.

        ``runtimes`` are prepared protocols by the id they have in the plan; they are closed here.
        ``started`` is called when everything is ready and the first user is about to start.
        Ctrl-C stops the run gently the first time and at once the second.
        """
        with ExitStack() as stack:
            stack.enter_context(_switching_fast())
            stack.enter_context(_collecting_seldom())
            stack.callback(self._drain)
            stack.callback(self.engine.close)
            loop = self._threads.spawn(
                "gatling-user", self._loop.step, self._loop.wake, self._loop_crashed
            )
            stack.callback(loop.close)
            for runtime in runtimes.values():
                stack.callback(runtime.close)
            cast = assemble(
                self._plan, self._code, self._segment, self.engine, self._loop, runtimes, feeders
            )
            for runtime in runtimes.values():
                runtime.start()
            conductor = Conductor(
                self.engine, self._loop, cast.users, tuple(runtimes.values()),
                time_limit(self._plan), self._threads.flag(), cast.gates,
            )  # fmt: skip
            started()
            self.engine.post(conductor.begin, cast.populations)
            self._wait(conductor)
        return self.engine.latch.reason or COMPLETED

    def _drain(self) -> None:
        """Do what was still posted when the loop had taken its last turn: nothing may be lost."""
        while not self._loop_is_dead and not self._loop.is_idle():
            self._loop.step()

    def _loop_crashed(self, error: BaseException) -> None:
        self.engine.fatal(error)
        self._loop_is_dead = True

    def _wait(self, conductor: Conductor) -> None:
        over = False
        while not over:
            try:
                over = conductor.over.wait(0.5)
                if self._loop_is_dead:
                    conductor.abandon()  # nobody else can be on the user thread any more
            except KeyboardInterrupt:
                self._interrupts += 1
                if self._interrupts == 1:
                    self.engine.stop(StopReason(StopKind.INTERRUPTED, "interrupted by Ctrl-C"))
                else:
                    self.engine.post(conductor.abandon)


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Keep the cycle collector from walking through every waiting user again and again.

    Users, sessions and pendings make no cycles; collections are for what user code leaves behind.
    Measured at 30 000 request-replies a second: a third of the processor time with Python's own
    thresholds.
    """
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@contextmanager
def _switching_fast() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
