"""What a run lends: blocking functions on a pool, errors of users, reasons to stop."""

from random import Random

import pytest

from gatlingpy.engine.effects import Block
from gatlingpy.engine.engine import Engine
from gatlingpy.engine.stop import StopKind, StopReason
from gatlingpy.errors import ExpressionError, RunInvalid
from gatlingpy.session import Session
from gatlingpy.stats.events import ERROR
from gatlingpy.testing.services import ManualServices
from gatlingpy.testing.threads import SimulatedThreads

ANN = Session("Shop", 1)


class House:
    """An engine whose pool is played by hand."""

    def __init__(self) -> None:
        self.services = ManualServices()
        self.threads = SimulatedThreads(self.services.clock, Random(0))
        self.engine = Engine(
            self.services.clock, self.services.code, self.services.loop, self.services.record,
            self.threads, run_id="test-run", segment=(1, 1), simulation_folder=".",
        )  # fmt: skip
        self.resumed: list[tuple[Session, int]] = []

    def block(self, function: object) -> None:
        effect = Block(function, ANN, 0, "sim.py:3")  # type: ignore[arg-type]
        self.engine.blocking(effect, lambda session, due_ns: self.resumed.append((session, due_ns)))
        assert self.resumed == []
        while self.threads._workers:
            self.threads.play(self.threads._workers[0])
        self.services.settle()


@pytest.fixture
def house() -> House:
    return House()


def test_a_blocking_function_resumes_its_user_with_what_it_returned(house: House) -> None:
    """On the user thread."""
    house.block(lambda session: session.set("a", 1))
    assert [session for session, _ in house.resumed] == [ANN.set("a", 1)]
    assert house.services.events == []


@pytest.mark.parametrize(
    "function",
    [
        lambda _session: None,
        lambda session: (_ for _ in ()).throw(ExpressionError("sim.py:3: it broke")),
    ],
)
def test_a_blocking_function_that_fails_fails_its_user(house: House, function: object) -> None:
    """With one error, at its line; the run goes on."""
    house.block(function)
    assert [session for session, _ in house.resumed] == [ANN.mark_as_failed()]
    ((kind, message, *_),) = house.services.events
    assert kind == ERROR
    assert str(message).startswith("sim.py:3: ")
    assert str(message).count("sim.py:3") == 1
    assert house.engine.latch.reason is None


def test_after_a_stop_no_blocking_function_begins(house: House) -> None:
    """Its user is resumed as it was, to end."""
    house.engine.stop(StopReason(StopKind.INTERRUPTED, "interrupted"))
    house.block(lambda _session: 1 / 0)
    assert [session for session, _ in house.resumed] == [ANN]
    assert house.engine.latch.remarks == ()


def test_users_whose_functions_never_began_are_resumed_when_the_pool_is_closed(
    house: House,
) -> None:
    """Each once: no user is lost, however a run ends."""
    begun = Block(lambda session: session.set("a", 1), ANN, 0, "sim.py:3")
    house.engine.blocking(begun, lambda session, _due_ns: house.resumed.append((session, 1)))
    house.threads.play(house.threads._workers[0])
    left = Block(lambda session: session, ANN, 0, "sim.py:3")
    house.engine.blocking(left, lambda session, _due_ns: house.resumed.append((session, 2)))
    house.engine.close()
    house.services.settle()
    assert house.resumed == [(ANN.set("a", 1), 1), (ANN, 2)]


def test_a_fault_of_our_own_on_the_pool_stops_the_run(house: House) -> None:
    """User functions are guarded: what else is raised there is a crash."""
    house.block(lambda _session: 1 / 0)
    assert [session for session, _ in house.resumed] == [ANN.mark_as_failed()]
    assert house.engine.latch.reason is not None
    assert house.engine.latch.reason.kind is StopKind.CRASHED
    assert "ZeroDivisionError" in house.engine.latch.reason.message


def test_what_cannot_be_trusted_makes_the_run_invalid(house: House) -> None:
    """In its own words."""
    house.engine.fatal(RunInvalid("the log was lost"))
    reason = house.engine.latch.reason
    assert reason is not None
    assert (reason.kind, reason.message) == (StopKind.INVALID, "the log was lost")


def test_an_error_of_a_user_names_user_and_scenario(house: House) -> None:
    """And when it was."""
    house.engine.user_error("it broke", Session("Shop", 7))
    now = house.services.clock.now_ns()
    assert house.services.events == [(ERROR, "it broke", now, 7, "Shop")]


def test_a_stop_is_heard_on_the_user_thread(house: House) -> None:
    """Each time, and after what was posted before."""
    heard = []
    house.engine.on_stop = lambda: heard.append(house.engine.latch.reason)
    house.engine.fatal(ValueError("a bug"))
    assert heard == []
    house.services.settle()
    assert [reason and reason.kind for reason in heard] == [StopKind.CRASHED]
