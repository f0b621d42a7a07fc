"""The open injector: users start at their times, late ones with their lag, none after a stop."""

import pytest

from gatlingpy.engine import injector as injector_module
from gatlingpy.engine.crowd import Crowd
from gatlingpy.engine.injector import OpenInjector
from gatlingpy.engine.nodes import PauseNode
from gatlingpy.engine.users import Users
from gatlingpy.plan.dice import Dice
from gatlingpy.stats.events import USER_START
from tests.unit.engine.stage import Stage

MS = 1_000_000


class Gate:
    """An injector of users that do nothing, or pause."""

    def __init__(self, *arrivals: tuple[int, int], length_ns: int = 0, pause_s: float = 0) -> None:
        self.stage = Stage()
        self.users = Users(self.stage.loop, self.stage, Dice(0))
        nodes = (PauseNode(lambda _s: pause_s, None, "sim.py:1"),) if pause_s else ()
        self.injector = OpenInjector(
            Crowd("Shop", nodes, self.users), iter(arrivals), length_ns, self.stage.loop,
            self.stage.now_ns,
        )  # fmt: skip
        self.start_ns = self.stage.clock.now_ns()
        self.over: list[int] = []

    def open(self) -> "Gate":
        self.injector.start(self.start_ns, lambda at_ns: self.over.append(at_ns - self.start_ns))
        return self

    def starts(self) -> list[tuple[int, int, int]]:
        """Return for each user: id, meant to start, did start; ms from the beginning."""
        return [
            (e[5], (e[4] - self.start_ns) // MS, (e[3] - self.start_ns) // MS)  # type: ignore[misc]
            for e in self.stage.events
            if e[2] == USER_START
        ]


def test_users_start_when_their_time_has_come() -> None:
    """With their ids, and not before."""
    gate = Gate((0, 1), (10 * MS, 2), (10 * MS, 3), (25 * MS, 4), length_ns=30 * MS).open()
    gate.stage.services.advance(10 * MS)
    assert gate.starts() == [(1, 0, 0), (2, 10, 10), (3, 10, 10)]
    gate.stage.services.advance(10 * MS)
    assert len(gate.starts()) == 3
    gate.stage.services.advance(5 * MS)
    assert gate.starts()[-1] == (4, 25, 25)


def test_a_population_is_over_when_its_profile_is() -> None:
    """Even if its last user ended long before, or it has none at all."""
    for arrivals in ([(0, 1)], []):
        gate = Gate(*arrivals, length_ns=20 * MS).open()
        gate.stage.services.advance(19 * MS)
        assert gate.injector.active
        assert gate.over == []
        gate.stage.services.advance(1 * MS)
        assert not gate.injector.active
        assert gate.over == [20 * MS]


def test_a_population_is_over_when_its_last_user_has_ended() -> None:
    """At the moment at which that user had done its last step, however late that is noticed."""
    gate = Gate((0, 1), (10 * MS, 2), length_ns=20 * MS, pause_s=0.1).open()
    gate.stage.services.advance(109 * MS)
    assert not gate.injector.active
    assert gate.over == []
    gate.stage.clock.advance(50 * MS)
    gate.stage.services.settle()
    assert gate.over == [110 * MS]


def test_users_that_are_late_start_at_once_and_keep_their_meant_times() -> None:
    """So that lag is seen, and no arrival is lost."""
    gate = Gate(*[(i * MS, i + 1) for i in range(5)], length_ns=5 * MS).open()
    gate.stage.clock.advance(50 * MS)
    gate.stage.services.settle()
    assert gate.starts() == [(i + 1, i, 50) for i in range(5)]


def test_a_crowd_starts_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that others have their turn in between."""
    monkeypatch.setattr(injector_module, "MOST_AT_ONCE", 2)
    gate = Gate(*[(0, i) for i in range(1, 6)]).open()
    counts = []
    for _ in range(4):
        gate.stage.loop.step()
        counts.append(len(gate.starts()))
    assert counts == [2, 4, 5, 5]


def test_nobody_starts_after_a_stop() -> None:
    """Timers that are set already do nothing, and nobody is told that it was over."""
    gate = Gate((0, 1), (10 * MS, 2), length_ns=20 * MS).open()
    gate.stage.services.advance(5 * MS)
    gate.injector.stop()
    assert not gate.injector.active
    gate.stage.services.advance(100 * MS)
    assert gate.starts() == [(1, 0, 0)]
    assert gate.over == []


def test_an_injector_that_was_stopped_before_its_start_never_starts() -> None:
    """As those are that would have followed others."""
    gate = Gate((0, 1))
    gate.injector.stop()
    gate.open()
    gate.stage.services.advance(10 * MS)
    assert gate.starts() == []
    assert not gate.injector.active
