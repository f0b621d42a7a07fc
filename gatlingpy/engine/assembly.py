"""The people of a run: users, populations and what holds their requests back, made of a plan."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from gatlingpy.engine.closed_injector import ClosedInjector
from gatlingpy.engine.conductor import Gate
from gatlingpy.engine.crowd import Crowd
from gatlingpy.engine.engine import Engine
from gatlingpy.engine.flight_bound import FlightBound
from gatlingpy.engine.injector import Injector, OpenInjector
from gatlingpy.engine.linker import Linker
from gatlingpy.engine.nodes import Node
from gatlingpy.engine.populations import Branch, Populations
from gatlingpy.engine.throttler import Throttler
from gatlingpy.engine.user_thread import UserThread
from gatlingpy.engine.users import Users
from gatlingpy.feeds.source import RecordSource
from gatlingpy.load.arrivals import arrivals
from gatlingpy.load.concurrency import target_at_tick
from gatlingpy.load.segment import Segment
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.concurrency import ClosedInjection
from gatlingpy.plan.injection import OpenInjection, total_users
from gatlingpy.plan.profile import length_ns
from gatlingpy.plan.simulation import (
    DEFAULT_IN_FLIGHT,
    Population,
    SimulationPlan,
    walk_populations,
)
from gatlingpy.plan.steps import RequestPlan
from gatlingpy.spi import Perform, ProtocolRuntime, Settled


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody who takes part in a run, on this process."""

    users: Users
    populations: Populations
    gates: Sequence[Gate]


def assemble(
    plan: SimulationPlan,
    code: CodeTable,
    segment: Segment,
    engine: Engine,
    loop: UserThread,
    runtimes: Mapping[str, ProtocolRuntime],
    feeders: Mapping[str, RecordSource],
) -> Cast:
    """Link every scenario and make the injectors of a plan; nobody starts yet."""
    users = Users(loop, engine, code.dice)
    throttler = Throttler(
        plan.throttle, segment.share, loop, engine.now_ns, engine.record, engine.fatal
    )

    gates: list[Gate] = [throttler]

    def link(population: Population) -> tuple[Node, ...]:
        bound = _flight_bound(population, segment, engine)
        if bound is not None:
            gates.append(bound)

        def bind(request: RequestPlan) -> Perform:
            def throttled(settled: Settled | None = None) -> Perform:
                perform = runtimes[request.protocol].bind(request, settled)
                return throttler.throttled(perform, population.scenario, population.throttle)

            # The throttle comes last: what it lets through starts in its second.
            return bound.bounded(throttled) if bound and request.detached else throttled()

        disabled = plan.throttle is not None or population.throttle is not None
        pauses = population.pauses or plan.pauses
        linker = Linker(code, bind, feeders, pauses, disabled=disabled)
        return linker.link(plan.scenario(population.scenario).steps)

    casting = _Casting(plan, segment, engine, loop, users, link)
    return Cast(users, Populations(casting.branches(plan.populations)), gates)


def _flight_bound(population: Population, segment: Segment, engine: Engine) -> FlightBound | None:
    if isinstance(population.injection, OpenInjection):
        return None
    most = segment.share(population.max_in_flight or DEFAULT_IN_FLIGHT)
    return FlightBound(max(1, most), engine.now_ns)


class _Casting:
    """Makes the injectors of a plan, in the order of the plan: that is how users are numbered.

    Users of open populations have the numbers of the one global sequence.  Those of closed ones
    come after them all: user k of closed population p of c, on segment i of n, has the number
    ``open users + (k n + i - 1) c + p + 1``, k and p from 0.
    """

    def __init__(
        self,
        plan: SimulationPlan,
        segment: Segment,
        engine: Engine,
        loop: UserThread,
        users: Users,
        link: Callable[[Population], tuple[Node, ...]],
    ) -> None:
        self._segment = segment
        self._now_ns = engine.now_ns
        self._loop = loop
        self._users = users
        self._link = link
        everybody = [p.injection for p in walk_populations(plan.populations)]
        self._open_users = sum(total_users(i) for i in everybody if isinstance(i, OpenInjection))
        self._closed = sum(isinstance(i, ClosedInjection) for i in everybody)
        self._before = 0
        """Users of the open populations that came before this one."""
        self._closed_before = 0

    def branches(self, populations: Iterable[Population]) -> list[Branch]:
        return [self._branch(population) for population in populations]

    def _branch(self, population: Population) -> Branch:
        crowd = Crowd(population.scenario, self._link(population), self._users)
        injector: Injector
        if isinstance(population.injection, OpenInjection):
            injector = self._open(population.injection, crowd)
        else:
            injector = self._closed_one(population.injection, crowd)
        return Branch(injector, [self.branches(level) for level in population.then])

    def _open(self, injection: OpenInjection, crowd: Crowd) -> OpenInjector:
        before = self._before
        self._before += total_users(injection)
        numbered = _numbered(arrivals(injection), before + 1)
        mine = self._segment.take(numbered, before)
        return OpenInjector(crowd, mine, length_ns(injection), self._loop, self._now_ns)

    def _closed_one(self, injection: ClosedInjection, crowd: Crowd) -> ClosedInjector:
        place, segment = self._closed_before, self._segment
        self._closed_before += 1
        first = self._open_users + (segment.index - 1) * self._closed + place + 1

        def target(tick: int) -> int | None:
            wanted = target_at_tick(injection, tick)
            # Counted from another segment for each population, so that none has all the odd users.
            return None if wanted is None else segment.share(wanted, place)

        return ClosedInjector(
            crowd,
            target,
            length_ns(injection),
            count(first, segment.of * self._closed),
            self._loop,
            self._now_ns,
        )


def _numbered(offsets: Iterator[int], first: int) -> Iterator[tuple[int, int]]:
    for number, offset_ns in enumerate(offsets, first):
        yield offset_ns, number
