"""Users: started, advanced by whatever wakes them, and ended once."""

from collections.abc import Callable

import pytest

from gatlingpy.engine.barrier import Barrier
from gatlingpy.engine.nodes import (
    BlockingNode,
    ExecNode,
    FeedNode,
    Node,
    PauseNode,
    RendezVousNode,
    RequestNode,
    StopNode,
)
from gatlingpy.engine.users import Users
from gatlingpy.errors import FeederExhausted
from gatlingpy.plan.dice import Dice
from gatlingpy.session import Session
from gatlingpy.spi import Resume
from gatlingpy.stats.events import USER
from tests.unit.engine.stage import Stage

SECOND = 1_000_000_000


class Counter:
    """A protocol's counter: keeps who asked, until the test answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[Session, int, Resume]] = []

    def perform(self, session: Session, intended_ns: int, resume: Resume) -> None:
        self.asked.append((session, intended_ns, resume))

    @property
    def node(self) -> RequestNode:
        return RequestNode(self.perform)


class Crowd:
    """Users, their stage, and a counter they ask at."""

    def __init__(self) -> None:
        self.stage = Stage()
        self.users = Users(self.stage.loop, self.stage, Dice(1))
        self.counter = Counter()

    def start(self, *nodes: Node, user: int = 1) -> None:
        self.users.start(nodes, "Shop", user, self.stage.clock.now_ns())

    def life(self) -> list[tuple[object, ...]]:
        return [(e[2], e[5]) for e in self.stage.events if e[0] == USER]  # type: ignore[misc]


@pytest.fixture
def crowd() -> Crowd:
    return Crowd()


def pause(seconds: float) -> PauseNode:
    return PauseNode(lambda _session: seconds, None, "sim.py:1")


def do(function: Callable[[Session], Session]) -> ExecNode:
    return ExecNode(function, "sim.py:1")


def test_a_user_without_steps_starts_and_ends_at_once(crowd: Crowd) -> None:
    """Its start tells when it was meant to be."""
    now = crowd.stage.clock.now_ns()
    crowd.users.start((), "Shop", 3, now - 5)
    assert crowd.stage.events == [
        (USER, "Shop", "START", now, now - 5, 3),
        (USER, "Shop", "END", now, now, 3),
    ]
    assert crowd.users.alive == 0


def test_a_user_runs_up_to_what_it_waits_for_and_goes_on_when_woken(crowd: Crowd) -> None:
    """At the due time that woke it."""
    crowd.start(crowd.counter.node, crowd.counter.node)
    ((session, intended_ns, resume),) = crowd.counter.asked
    assert intended_ns == crowd.stage.clock.now_ns()
    assert crowd.users.alive == 1
    resume(session.set("answer", 42), intended_ns + 9)
    second, due_ns, resume = crowd.counter.asked[1]
    assert (second["answer"], due_ns) == (42, intended_ns + 9)
    resume(second, due_ns)
    crowd.stage.services.settle()
    assert crowd.life() == [("START", 1), ("END", 1)]
    assert crowd.users.alive == 0


def test_a_user_woken_inside_another_users_step_has_its_turn_afterwards(crowd: Crowd) -> None:
    """Never in the middle of it."""
    order: list[str] = []

    def wake_the_other(session: Session) -> Session:
        other, due_ns, resume = crowd.counter.asked[0]
        resume(other, due_ns)
        order.append("still here")
        return session

    crowd.start(crowd.counter.node, do(lambda s: (order.append("the other"), s)[1]))
    crowd.start(do(wake_the_other), user=2)
    assert order == ["still here"]
    crowd.stage.services.settle()
    assert order == ["still here", "the other"]
    assert crowd.life() == [("START", 1), ("START", 2), ("END", 2), ("END", 1)]


def test_a_request_that_wakes_its_user_at_once_does_not_nest(crowd: Crowd) -> None:
    """A thousand of them in a row take no stack."""
    node = RequestNode(lambda session, due_ns, resume: resume(session, due_ns))
    crowd.start(*[node] * 3_000)
    crowd.stage.services.settle()
    assert crowd.life() == [("START", 1), ("END", 1)]


def test_a_pause_wakes_its_user_when_it_is_over(crowd: Crowd) -> None:
    """And the end of the pause is when the next step is meant to be."""
    due_ns = crowd.stage.clock.now_ns() + 2 * SECOND
    crowd.start(pause(2), crowd.counter.node)
    crowd.stage.services.advance(2 * SECOND - 1)
    assert crowd.counter.asked == []
    crowd.stage.services.advance(1)
    assert crowd.counter.asked[0][1] == due_ns


def test_a_blocking_function_goes_backstage(crowd: Crowd) -> None:
    """Its user goes on when it is brought back."""
    crowd.start(BlockingNode(lambda s: s, "sim.py:3"), crowd.counter.node)
    ((effect, resume),) = crowd.stage.blocked
    resume(effect.session.set("done", True), 7)
    assert crowd.counter.asked[0][0]["done"] is True


def test_after_a_stop_no_step_begins(crowd: Crowd) -> None:
    """Those that pause end now, the others when they are woken; nobody starts."""
    crowd.start(pause(100), crowd.counter.node, user=1)
    crowd.start(crowd.counter.node, crowd.counter.node, user=2)
    crowd.users.stop()
    assert crowd.life() == [("START", 1), ("START", 2), ("END", 1)]
    session, due_ns, resume = crowd.counter.asked[0]
    resume(session, due_ns)
    crowd.start(crowd.counter.node, user=3)
    crowd.stage.services.advance(1_000 * SECOND)
    assert len(crowd.counter.asked) == 1
    assert crowd.life()[-1] == ("END", 2)
    assert crowd.users.alive == 0


def test_after_a_feeder_is_exhausted_no_step_begins(crowd: Crowd) -> None:
    """Not even before the run has taken note of it."""

    class Nothing:
        size = 0

        def next(self) -> dict[str, object]:
            raise FeederExhausted("nothing left")

    feed = FeedNode(Nothing(), lambda _session: 1, True, "sim.py:2")
    crowd.start(feed, crowd.counter.node)
    crowd.start(crowd.counter.node, user=2)
    crowd.stage.services.settle()
    assert crowd.counter.asked == []
    assert len(crowd.stage.out_of_records) == 1
    assert crowd.life() == [("START", 1), ("END", 1)]


def test_users_that_meet_go_on_together_in_the_order_in_which_they_came(crowd: Crowd) -> None:
    """The last one as well; all are due when it came, and who comes later passes."""
    meet = RendezVousNode(Barrier(3, "sim.py:4"))
    crowd.start(meet, crowd.counter.node, user=1)
    crowd.start(meet, crowd.counter.node, user=2)
    assert crowd.users.waiting == 2
    assert crowd.users.shortages() == [
        "sim.py:4: rendez_vous(3) has 2 of 3 users; 1 more would have to come"
    ]
    crowd.stage.services.advance(5 * SECOND)
    assert crowd.counter.asked == []
    due_ns = crowd.stage.clock.now_ns()
    crowd.start(meet, crowd.counter.node, user=3)
    crowd.stage.services.settle()
    assert [(session.user_id, due) for session, due, _ in crowd.counter.asked] == [
        (1, due_ns), (2, due_ns), (3, due_ns),
    ]  # fmt: skip
    assert crowd.users.waiting == 0
    assert crowd.users.shortages() == []
    crowd.start(meet, crowd.counter.node, user=4)
    assert len(crowd.counter.asked) == 4
    assert crowd.users.alive == 4


def test_one_user_is_enough_for_a_meeting_of_one(crowd: Crowd) -> None:
    """It goes on at once."""
    crowd.start(RendezVousNode(Barrier(1, "sim.py:4")), crowd.counter.node)
    crowd.stage.services.settle()
    assert len(crowd.counter.asked) == 1


def test_users_that_wait_for_others_end_when_the_run_stops(crowd: Crowd) -> None:
    """In the order in which they came, wherever they wait."""
    here, there = (RendezVousNode(Barrier(9, f"sim.py:{line}")) for line in (4, 5))
    for user, node in enumerate([there, here, there], 1):
        crowd.start(node, crowd.counter.node, user=user)
    assert crowd.users.waiting == 3
    assert [text.split(";")[0] for text in crowd.users.shortages()] == [
        "sim.py:5: rendez_vous(9) has 2 of 9 users",
        "sim.py:4: rendez_vous(9) has 1 of 9 users",
    ]
    crowd.users.stop()
    assert [user for what, user in crowd.life() if what == "END"] == [1, 3, 2]
    assert crowd.users.waiting == crowd.users.alive == 0
    crowd.users.stop()
    assert crowd.counter.asked == []


@pytest.mark.parametrize("crash", [False, True])
def test_after_a_step_has_stopped_the_run_no_step_begins(crowd: Crowd, crash: bool) -> None:
    """Not even before the run has taken note of it; the user that did it ends."""
    stop = StopNode(lambda _session: "enough", None, crash, "sim.py:3")
    crowd.start(stop, crowd.counter.node)
    crowd.start(crowd.counter.node, user=2)
    crowd.stage.services.settle()
    assert crowd.counter.asked == []
    assert crowd.stage.stops == [("enough", crash)]
    assert crowd.life() == [("START", 1), ("END", 1)]


def test_a_user_that_has_ended_leaves_nothing_behind(crowd: Crowd) -> None:
    """Neither dice nor a place in a count."""
    crowd.start(PauseNode(lambda _s: 0, lambda _s: 1, "sim.py:1"))
    assert crowd.users._dice._next.keys() == {1}
    crowd.stage.services.advance(SECOND)
    assert crowd.users._dice._next == {}
    assert crowd.users.alive == 0
