"""A whole run on one thread: the real engine and protocol, a fake cluster, seeded dice.

Everything is real but what waits or crosses a wire: compiled by the DSL, injected, walked, sent,
matched, timed out, drained and closed by the code that runs a real test.  The same seed gives the
same events, so a failure is played again by its seed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from gatlingpy.dsl.setup import Compiled, Simulation, compile_simulation
from gatlingpy.engine.run import Run, RunIdentity
from gatlingpy.engine.stop import StopReason
from gatlingpy.feeds.source import open_feeder
from gatlingpy.load.segment import Segment
from gatlingpy.plan.code import Const
from gatlingpy.plan.steps import ProtocolPlan, RequestPlan, walk_steps
from gatlingpy.protocols.dummy.plan import DummyProtocol
from gatlingpy.protocols.dummy.runtime import DummyRuntime
from gatlingpy.protocols.kafka.plan import KafkaProtocol
from gatlingpy.protocols.kafka.requests import KafkaConsume, KafkaRequestReply, KafkaSend
from gatlingpy.protocols.kafka.runtime import KafkaRuntime
from gatlingpy.session import Session
from gatlingpy.spi import Perform, ProtocolRuntime, Resume, Services, Settled
from gatlingpy.stats.events import (
    REPLY,
    REQUEST,
    USER,
    Event,
    ReplyEvent,
    RequestEvent,
    UserEvent,
)
from gatlingpy.testing.broker import FakeCluster
from gatlingpy.testing.clock import ManualClock
from gatlingpy.testing.statistics import WatchedCluster
from gatlingpy.testing.threads import Pace, SimulatedThreads
from gatlingpy.testing.truth import Conduct

_PARTITIONS = 2


@dataclass(slots=True)
class SimulatedOutcome:
    """What a simulated run left behind."""

    reason: StopReason
    events: list[Event]
    """Every event that was recorded, in order; plain tuples of the shapes of ``stats.events``."""
    recorded_ns: list[int]
    """When each of them was recorded."""
    counters: Mapping[str, int]
    cluster: FakeCluster
    """What the cluster did, and with it the truth."""
    resumes: list[int]
    """How often each request that was performed has woken its user."""
    end_ns: int
    """What the clock read at the end."""
    run_id: str

    def requests(self) -> Iterator[RequestEvent]:
        """Yield the rows of requests."""
        return (RequestEvent(*event) for event in self.events if event[0] == REQUEST)

    def replies(self) -> Iterator[ReplyEvent]:
        """Yield the records of replies that ended nothing, and of late deliveries."""
        return (ReplyEvent(*event) for event in self.events if event[0] == REPLY)

    def users(self) -> Iterator[UserEvent]:
        """Yield the starts and ends of users."""
        return (UserEvent(*event) for event in self.events if event[0] == USER)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a simulated run has to live with."""

    conduct: Conduct = field(default_factory=Conduct)
    pace: Pace = field(default_factory=Pace)
    interrupts_ns: tuple[int, ...] = ()
    """When Ctrl-C is pressed."""


class SimulatedRun:
    """One run of a simulation, with everything that is left to chance taken from one seed.

    >>> outcome = SimulatedRun(PaymentSimulation, seed=7).run()         # doctest: +SKIP
    >>> outcome.counters["ending.ok"]                                   # doctest: +SKIP
    100
    """

    def __init__(
        self,
        simulation: type[Simulation] | Compiled,
        circumstances: Circumstances | None = None,
        *,
        seed: int = 0,
        run_id: str = "simulated",
        topics: Mapping[str, int] | None = None,
        answers: Mapping[str, str] | None = None,
        segment: Segment | None = None,
    ) -> None:
        """``topics`` tells the partitions of topics that should not have two, or are not named.

        ``answers`` tells on which topics the system answers what comes on topics that the plan
        does not pair.
        ``segment`` is the share of the run that is played; the whole of it by default.
        """
        self._circumstances = circumstances or Circumstances()
        compiled = simulation if isinstance(simulation, Compiled) else None
        self._compiled = compiled or compile_simulation(simulation)  # type: ignore[arg-type]
        self._run_id = run_id
        self._segment = segment or Segment()
        self._dice = Random(seed)
        self._clock = ManualClock(now_ns=1_000_000_000)
        self._threads = SimulatedThreads(self._clock, self._dice, self._circumstances.pace)
        self._threads.interrupts_ns.extend(
            self._clock.now_ns() + after_ns for after_ns in self._circumstances.interrupts_ns
        )
        self._events: list[Event] = []
        self._recorded_ns: list[int] = []
        self._resumes: list[int] = []
        self._cluster = self._make_cluster(topics or {}, answers or {})

    def _make_cluster(self, topics: Mapping[str, int], more: Mapping[str, str]) -> FakeCluster:
        used, answers = _topics(self._compiled)
        cluster = FakeCluster(
            self._clock,
            {**dict.fromkeys(used, _PARTITIONS), **topics},
            self._circumstances.conduct,
            answers={**answers, **more},
            dice=self._dice,
            waiting=self._threads,
        )
        self._threads.watch(cluster.next_ns)
        return cluster

    def _record(self, event: Event) -> None:
        self._events.append(event)
        self._recorded_ns.append(self._clock.now_ns())

    def run(self) -> SimulatedOutcome:
        """Run to the end; raises SimulationStuck if there is none."""
        plan, code = self._compiled.plan, self._compiled.code
        identity = RunIdentity(self._run_id, self._segment, str(self._compiled.folder))
        run = Run(plan, code, self._clock, self._record, identity, self._threads)
        runtimes = {
            protocol.id: _Watched(self._runtime(protocol, run.engine), self._resumes)
            for protocol in plan.protocols
        }
        for runtime in runtimes.values():
            runtime.prepare()
        folders = [Path(self._compiled.folder)]
        feeders = {f.id: open_feeder(f, code, folders, plan.seed) for f in plan.feeders}
        reason = run.execute(runtimes, feeders, lambda: None)
        counters: dict[str, int] = {}
        for runtime in runtimes.values():
            for name, count in runtime.counters().items():
                counters[name] = counters.get(name, 0) + count
        for runtime in runtimes.values():
            runtime.release()
        for source in feeders.values():
            source.close()
        return SimulatedOutcome(
            reason, self._events, self._recorded_ns, counters, self._cluster, self._resumes,
            self._clock.now_ns(), self._run_id,
        )  # fmt: skip

    def _runtime(self, protocol: ProtocolPlan, services: Services) -> ProtocolRuntime:
        match protocol:
            case KafkaProtocol():
                return KafkaRuntime(
                    protocol, services, lambda *told: WatchedCluster(self._cluster, told[-1])
                )
            case DummyProtocol():
                return DummyRuntime(services)
        raise TypeError(f"{type(protocol).__name__} cannot be simulated")


def _topics(compiled: Compiled) -> tuple[Sequence[str], Mapping[str, str]]:
    """Return every topic of a plan, and on which topic the requests of a topic are answered."""
    used: dict[str, None] = {}
    answers: dict[str, str] = {}
    for scenario in compiled.plan.scenarios:
        for step in walk_steps(scenario.steps):
            match step:
                case KafkaRequestReply(
                    request_topic=Const(str(topic)), response_topic=Const(str(response))
                ):
                    used |= {topic: None, response: None}
                    answers[topic] = response
                case KafkaSend(topic=Const(str(topic))) | KafkaConsume(topic=Const(str(topic))):
                    used[topic] = None
    return list(used), answers


class _Watched:
    """A runtime whose requests are watched for how often they wake their user."""

    def __init__(self, runtime: ProtocolRuntime, resumes: list[int]) -> None:
        self._runtime = runtime
        self._resumes = resumes
        self.prepare = runtime.prepare
        self.start = runtime.start
        self.in_flight = runtime.in_flight
        self.latest_due_ns = runtime.latest_due_ns
        self.stop = runtime.stop
        self.end_all = runtime.end_all
        self.counters = runtime.counters
        self.close = runtime.close
        self.release = runtime.release

    @property
    def addresses(self) -> Mapping[str, str]:
        return self._runtime.addresses

    @property
    def notes(self) -> Sequence[str]:
        return self._runtime.notes

    def bind(self, request: RequestPlan, settled: Settled | None = None) -> Perform:
        perform = self._runtime.bind(request, settled)

        def watched(session: Session, intended_ns: int, resume: Resume) -> None:
            perform(session, intended_ns, self._counting(resume))

        return watched

    def _counting(self, resume: Resume) -> Callable[[Session, int], None]:
        number = len(self._resumes)
        self._resumes.append(0)

        def counted(session: Session, due_ns: int) -> None:
            self._resumes[number] += 1
            resume(session, due_ns)

        return counted
