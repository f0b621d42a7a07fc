"""The course of a run: inject, drain, over, whatever stops it."""

from collections.abc import Mapping, Sequence
from random import Random

import pytest

from gatlingpy.engine.barrier import Barrier
from gatlingpy.engine.conductor import Conductor
from gatlingpy.engine.crowd import Crowd
from gatlingpy.engine.engine import Engine
from gatlingpy.engine.injector import OpenInjector
from gatlingpy.engine.nodes import Node, PauseNode, RendezVousNode, RequestNode
from gatlingpy.engine.populations import Branch, Populations
from gatlingpy.engine.stop import StopKind, StopReason
from gatlingpy.engine.time_limit import TimeLimit
from gatlingpy.engine.users import Users
from gatlingpy.errors import FeederExhausted, StoreLost
from gatlingpy.plan.dice import Dice
from gatlingpy.plan.steps import RequestPlan
from gatlingpy.session import Session
from gatlingpy.spi import Perform, Resume, Settled
from gatlingpy.stats.events import USER
from gatlingpy.testing.services import ManualServices
from gatlingpy.testing.threads import SimulatedThreads

MS = 1_000_000


class Runtime:
    """A protocol whose requests wait until the test says otherwise."""

    def __init__(self, services: ManualServices) -> None:
        self._now_ns = services.clock.now_ns
        self.waiting: list[tuple[Session, Resume]] = []
        self.due_ns = 0
        self.ended = False
        self.stops = 0

    def perform(self, session: Session, intended_ns: int, resume: Resume) -> None:
        self.waiting.append((session, resume))
        self.due_ns = max(self.due_ns, self._now_ns() + 200 * MS)

    def answer_all(self) -> None:
        waiting, self.waiting = self.waiting, []
        for session, resume in waiting:
            resume(session, self._now_ns())

    def in_flight(self) -> int:
        return len(self.waiting)

    def latest_due_ns(self) -> int:
        return self.due_ns

    def stop(self) -> None:
        self.stops += 1

    def end_all(self) -> None:
        self.ended = True
        self.answer_all()

    addresses: Mapping[str, str] = {}
    notes: Sequence[str] = ()

    def prepare(self) -> None: ...
    def start(self) -> None: ...
    def close(self) -> None: ...
    def release(self) -> None: ...
    def counters(self) -> Mapping[str, int]:
        return {}

    def bind(self, request: RequestPlan, settled: Settled | None = None) -> Perform:
        return self.perform


class Gate:
    """A gate that tells what it was told."""

    def __init__(self) -> None:
        self.told: list[str | int] = []

    def start(self, start_ns: int) -> None:
        self.told.append(start_ns)

    def stop(self) -> None:
        self.told.append("stop")


class Course:
    """A run of users that ask once each, conducted by hand."""

    def __init__(
        self,
        users: int = 2,
        max_duration_ms: int | None = None,
        steps: tuple[Node, ...] | None = None,
    ) -> None:
        self.services = services = ManualServices()
        threads = SimulatedThreads(services.clock, Random(0))
        self.engine = Engine(
            services.clock, services.code, services.loop, services.record, threads,
            run_id="test-run", segment=(1, 1), simulation_folder=".",
        )  # fmt: skip
        self.runtime = Runtime(services)
        self.users = Users(services.loop, self.engine, Dice(0))
        self.over = threads.flag()
        limit = None
        if max_duration_ms is not None:
            limit = TimeLimit(max_duration_ms * MS, StopReason(StopKind.MAX_DURATION, "enough"))
        self.gate = Gate()
        self.conductor = Conductor(
            self.engine, services.loop, self.users, (self.runtime,), limit, self.over, [self.gate]
        )
        asks = RequestNode(self.runtime.perform), PauseNode(lambda _s: 0.5, None, "sim.py:1")
        injector = OpenInjector(
            Crowd("Shop", steps or asks, self.users),
            iter([(i * 100 * MS, i + 1) for i in range(users)]),
            users * 100 * MS,
            services.loop,
            services.clock.now_ns,
        )
        self.conductor.begin(Populations([Branch(injector)]))
        services.settle()

    def pass_ms(self, length: int) -> None:
        self.services.advance(length * MS)

    @property
    def is_over(self) -> bool:
        return self.over.wait(0)

    def life(self) -> list[tuple[object, object]]:
        return [(e[2], e[5]) for e in self.services.events if e[0] == USER]

    @property
    def kind(self) -> StopKind | None:
        return self.engine.latch.reason.kind if self.engine.latch.reason else None


def test_protocols_begin_nothing_any_more_once_a_run_stops() -> None:
    """They are told before the requests in flight have ended."""
    course = Course()
    course.engine.stop(StopReason(StopKind.STOPPED, "enough"))
    course.services.settle()
    assert (course.runtime.stops, course.is_over) == (1, False)


def test_a_run_is_over_when_its_users_and_their_requests_have_ended() -> None:
    """And it is said to be completed."""
    course = Course()
    for _ in range(6):
        course.pass_ms(50)
        course.runtime.answer_all()
    assert not course.is_over
    course.pass_ms(500)
    assert course.is_over
    assert course.kind is StopKind.COMPLETED
    assert course.life() == [("START", 1), ("START", 2), ("END", 1), ("END", 2)]


def test_a_run_without_users_lasts_as_long_as_its_profile() -> None:
    """Nothing to do is done when the time is over."""
    course = Course(users=0)
    course.pass_ms(40)
    assert course.is_over
    assert course.kind is StopKind.COMPLETED


def test_at_the_maximum_duration_users_stop_and_requests_may_still_be_answered() -> None:
    """Nobody new starts, those that pause end now, those that wait for a reply go on waiting."""
    course = Course(users=5, max_duration_ms=250)
    course.runtime.answer_all()
    course.pass_ms(249)
    assert course.kind is None
    course.pass_ms(1)
    assert course.kind is StopKind.MAX_DURATION
    assert course.life()[-1] == ("END", 1)
    assert not course.is_over
    course.runtime.answer_all()
    course.pass_ms(20)
    assert course.is_over
    assert not course.runtime.waiting
    assert {user for what, user in course.life() if what == "START"} == {1, 2, 3}
    assert course.users.alive == 0


def test_a_run_that_drains_waits_until_the_last_request_is_due_and_no_longer() -> None:
    """Then whatever still waits is ended."""
    course = Course(users=1)
    course.engine.stop(StopReason(StopKind.STOPPED, "enough"))
    course.pass_ms(200)
    assert not course.is_over
    assert not course.runtime.ended
    course.pass_ms(150)
    assert course.is_over
    assert course.runtime.ended
    assert course.life() == [("START", 1), ("END", 1)]


def test_abandoning_a_run_waits_for_nothing() -> None:
    """As a second Ctrl-C asks for."""
    course = Course()
    course.engine.stop(StopReason(StopKind.INTERRUPTED, "Ctrl-C"))
    course.services.settle()
    assert not course.is_over
    course.engine.post(course.conductor.abandon)
    course.services.settle()
    assert course.is_over
    assert course.runtime.ended
    assert course.kind is StopKind.INTERRUPTED
    assert course.users.alive == 0


@pytest.mark.parametrize(
    ("error", "kind"),
    [(ValueError("a bug"), StopKind.CRASHED), (StoreLost("gone"), StopKind.INVALID)],
)
def test_a_crash_or_a_lost_measurement_ends_the_run_at_once(
    error: Exception, kind: StopKind
) -> None:
    """While users are injected, and while the last requests drain."""
    for drains in (False, True):
        course = Course(users=1)
        if drains:
            course.engine.stop(StopReason(StopKind.STOPPED, "enough"))
            course.services.settle()
        course.engine.fatal(error)
        course.services.settle()
        assert course.is_over
        assert course.runtime.ended
        assert course.kind is kind


def test_gates_hear_of_the_start_and_of_every_stop() -> None:
    """After the users: whoever a gate wakes then ends."""
    course = Course(users=1)
    assert course.gate.told == [1_000 * MS]
    course.engine.stop(StopReason(StopKind.STOPPED, "enough"))
    course.services.settle()
    assert course.gate.told[1:] == ["stop"]
    done = Course(users=0)
    done.pass_ms(40)
    assert done.gate.told[1:] == ["stop"]


@pytest.mark.parametrize(("crash", "kind"), [(False, StopKind.STOPPED), (True, StopKind.FAILED)])
def test_a_step_that_stops_the_run_lets_what_is_in_flight_be_answered(
    crash: bool, kind: StopKind
) -> None:
    """Whether or not the run is to count as failed; what many say at once is said once."""
    course = Course(users=1)
    for _ in range(2):
        course.engine.stop_load("the shop is shut", crash=crash)
    course.services.settle()
    assert course.kind is kind
    assert course.engine.latch.remarks == ()
    assert "the shop is shut" in str(course.engine.latch.reason)
    assert not course.is_over
    course.runtime.answer_all()
    course.pass_ms(20)
    assert course.is_over
    assert not course.runtime.ended or not course.runtime.waiting


def test_users_that_wait_for_others_who_will_never_come_stop_the_run() -> None:
    """Once nobody else will start; where they wait and how many are missing is said."""
    course = Course(users=2, steps=(RendezVousNode(Barrier(3, "sim.py:9")),))
    course.pass_ms(199)
    assert course.kind is None
    course.pass_ms(21)
    assert course.kind is StopKind.STUCK
    assert "sim.py:9: rendez_vous(3) has 2 of 3 users; 1 more" in str(course.engine.latch.reason)
    course.pass_ms(20)
    assert course.is_over
    assert course.users.alive == 0


def test_users_that_wait_for_one_who_is_still_on_the_way_do_not() -> None:
    """Whoever pauses may come yet."""
    late = PauseNode(lambda session: session.user_id - 1, None, "sim.py:8")
    course = Course(users=2, steps=(late, RendezVousNode(Barrier(2, "sim.py:9"))))
    course.pass_ms(1_099)
    assert course.kind is None
    course.pass_ms(21)
    assert course.kind is StopKind.COMPLETED


def test_an_exhausted_feeder_stops_the_run_gently() -> None:
    """Once, however many users find it empty."""
    course = Course()
    course.engine.exhausted(FeederExhausted("no record left"))
    course.engine.exhausted(FeederExhausted("no record left"))
    course.services.settle()
    assert course.kind is StopKind.EXHAUSTED
    assert course.engine.latch.remarks == ()
    assert not course.is_over


def test_a_run_ends_once() -> None:
    """Whatever is asked of it afterwards."""
    course = Course(users=0)
    course.pass_ms(40)
    assert course.is_over
    course.runtime.ended = False
    course.conductor.abandon()
    course.pass_ms(1_000)
    assert not course.runtime.ended
    assert course.services.loop.next_due_ns() is None
