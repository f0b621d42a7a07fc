"""One run of a plan, from the first thread to the last: a stack that unwinds in reverse order."""

import gc
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

from gatlingpy.clock import Clock
from gatlingpy.engine.conductor import Conductor
from gatlingpy.engine.engine import Engine
from gatlingpy.engine.injector import Injector
from gatlingpy.engine.nodes import Linker
from gatlingpy.engine.stop import COMPLETED, StopKind, StopReason
from gatlingpy.engine.user_thread import TICK_NS, UserThread
from gatlingpy.engine.users import Users
from gatlingpy.feeds.source import RecordSource
from gatlingpy.load.arrivals import arrivals, total_duration_ns, total_users
from gatlingpy.load.segment import Segment
from gatlingpy.mailbox import SystemThreads, Threads
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.simulation import SimulationPlan
from gatlingpy.plan.steps import RequestPlan
from gatlingpy.spi import Perform, ProtocolRuntime
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
        self._code = code
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
            stack.callback(self.engine.close)
            loop = self._threads.spawn(
                "gatling-user", self._loop.step, self._loop.wake, self._loop_crashed
            )
            stack.callback(self._drain)
            stack.callback(loop.close)
            for runtime in runtimes.values():
                stack.callback(runtime.close)
            injectors, users = self._people(runtimes, feeders)
            for runtime in runtimes.values():
                runtime.start()
            conductor = Conductor(
                self.engine, self._loop, users, tuple(runtimes.values()),
                self._plan.max_duration_ns, self._threads.flag(),
            )  # fmt: skip
            started()
            self.engine.post(conductor.begin, injectors)
            self._wait(conductor)
        return self.engine.latch.reason or COMPLETED

    def _people(
        self, runtimes: Mapping[str, ProtocolRuntime], feeders: Mapping[str, RecordSource]
    ) -> tuple[Sequence[tuple[Injector, int]], Users]:
        def bind(request: RequestPlan) -> Perform:
            return runtimes[request.protocol].bind(request)

        linker = Linker(self._code, bind, feeders)
        users = Users(self._loop, self.engine, self._plan.seed)
        injectors: list[tuple[Injector, int]] = []
        first_number = 1
        for population in self._plan.populations:
            nodes = linker.link(self._plan.scenario(population.scenario).steps)
            numbered = _numbered(arrivals(population.injection), first_number)
            mine = self._segment.take(numbered, first_number - 1)
            injector = Injector(
                population.scenario, nodes, mine, self._loop, users, self.engine.now_ns
            )
            injectors.append((injector, total_duration_ns(population.injection)))
            first_number += total_users(population.injection)
        return injectors, users

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


def _numbered(offsets: Iterator[int], first: int) -> Iterator[tuple[int, int]]:
    for number, offset_ns in enumerate(offsets, first):
        yield offset_ns, number


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
