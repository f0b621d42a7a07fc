"""Whole runs whose users do unusual things: nothing at all, loops that never wait, blocking calls."""

from collections import Counter

import pytest
from hypothesis import given

from gatlingpy.dsl.open_injection import at_once_users, ramp_users
from gatlingpy.dsl.population import Population
from gatlingpy.dsl.scenario import scenario
from gatlingpy.dsl.setup import Simulation
from gatlingpy.engine import injector, user_thread
from gatlingpy.engine.stop import StopKind
from gatlingpy.protocols.kafka.dsl import kafka
from gatlingpy.protocols.kafka.request_builders import KafkaRequestReplyBuilder
from gatlingpy.session import Session
from gatlingpy.stats.events import ERROR, USER_END, USER_START
from gatlingpy.testing.sim import Circumstances, SimulatedOutcome, SimulatedRun
from gatlingpy.testing.truth import MS, Conduct
from tests.sim.oracle import assert_true
from tests.sim.shapes import Shape, play, runs, seeds, shapes, troubles


def run_of(
    *populations: Population,
    max_duration_ms: int | None = None,
    circumstances: Circumstances | None = None,
    seed: int = 0,
) -> SimulatedOutcome:
    class Odd(Simulation):
        def __init__(self) -> None:
            set_up = self.set_up(*populations)
            set_up.protocols(kafka().bootstrap_servers("fake:9092"))
            if max_duration_ms is not None:
                set_up.max_duration(max_duration_ms / 1000)

    return SimulatedRun(Odd, circumstances, seed=seed).run()


def ask(name: str = "Ask") -> KafkaRequestReplyBuilder:
    return kafka(name).request_reply().topics("requests", "replies").value("hello").timeout(0.1)


def count_users(outcome: SimulatedOutcome) -> tuple[int, int]:
    what = Counter(event.what for event in outcome.users())
    return what[USER_START], what[USER_END]


def test_users_that_do_nothing_start_and_end() -> None:
    """An empty scenario is a run like any other."""
    outcome = run_of(scenario("Idle").inject_open(at_once_users(5)))
    assert count_users(outcome) == (5, 5)
    assert outcome.reason.kind is StopKind.COMPLETED


def test_a_loop_that_never_waits_leaves_the_thread_to_others() -> None:
    """The run still reaches its maximum duration, and other users are served meanwhile."""
    busy = scenario("Busy").forever(lambda session: session)
    asking = scenario("Asking").exec(ask())
    outcome = run_of(
        busy.inject_open(at_once_users(2)),
        asking.inject_open(ramp_users(5).during(0.1)),
        max_duration_ms=300,
    )
    assert outcome.reason.kind is StopKind.MAX_DURATION
    assert count_users(outcome) == (7, 7)
    assert outcome.counters["ending.ok"] == 5


def test_a_blocking_function_holds_up_nobody_but_its_user() -> None:
    """Its user goes on with the session that it returned."""
    seen = []

    def note(session: Session) -> Session:
        seen.append(session["answer"])
        return session

    steps = scenario("Blocking").exec(lambda s: s.set("answer", 42), blocking=True).exec(note)
    outcome = run_of(steps.exec(ask()).inject_open(at_once_users(3)))
    assert seen == [42, 42, 42]
    assert outcome.counters["ending.ok"] == 3


def test_what_raises_ends_that_step_and_never_the_run() -> None:
    """Session functions, values and blocking functions: an ERROR each, and the user goes on."""

    def broken(session: Session) -> Session:
        raise RuntimeError(f"user {session.user_id}")

    steps = (
        scenario("Broken")
        .exec(broken)
        .exec(broken, blocking=True)
        .exec(kafka("Raises").request_reply().topics("requests", "replies").value(broken))
        .exec(kafka("Missing").request_reply().topics("requests", "replies").value("#{nothing}"))
        .exec(ask())
    )
    outcome = run_of(steps.inject_open(at_once_users(3)))
    errors = [event for event in outcome.events if event[0] == ERROR]
    assert len(errors) == 12
    assert [row.name for row in outcome.requests()] == ["Ask"] * 3
    assert outcome.resumes == [1] * 9
    assert outcome.reason.kind is StopKind.COMPLETED
    assert count_users(outcome) == (3, 3)


def test_many_users_in_flight_at_a_second_interrupt_all_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However few of them the loop advances in one turn."""
    monkeypatch.setattr(user_thread, "_MOST_READY", 2)
    outcome = run_of(
        scenario("Asking").exec(ask().timeout(10)).inject_open(at_once_users(50)),
        circumstances=Circumstances(Conduct(lost=1.0), interrupts_ns=(50 * MS, 60 * MS)),
    )
    assert outcome.counters["ending.run-ended"] == 50
    assert outcome.reason.kind is StopKind.INTERRUPTED
    assert count_users(outcome) == (50, 50)


def test_a_crowd_is_let_in_by_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those who wait for their turn start late, and their lag says so; none is lost."""
    monkeypatch.setattr(injector, "MOST_AT_ONCE", 10)
    outcome = run_of(scenario("Asking").exec(ask()).inject_open(at_once_users(55)))
    starts = [event.at_ns for event in outcome.users() if event.what == USER_START]
    assert len(starts) == 55
    assert len(set(starts)) == 6
    assert outcome.counters["ending.ok"] == 55


@runs(60)
@given(shapes, troubles, seeds)
def test_a_run_with_small_turns_is_as_true(shape: Shape, trouble: Circumstances, seed: int) -> None:
    """How much the loop does in one turn changes nothing that is measured."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(user_thread, "_MOST_READY", 1)
        patch.setattr(injector, "MOST_AT_ONCE", 1)
        assert_true(play(shape, trouble, seed))
