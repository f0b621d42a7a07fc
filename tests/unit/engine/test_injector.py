"""The injector: users start at their times, late ones with their lag, and none after a stop."""

import pytest

from gatlingpy.engine import injector as injector_module
from gatlingpy.engine.injector import Injector
from gatlingpy.engine.users import Users
from gatlingpy.stats.events import USER_START
from tests.unit.engine.stage import Stage

MS = 1_000_000


class Gate:
    """An injector of users that do nothing."""

    def __init__(self, *arrivals: tuple[int, int]) -> None:
        self.stage = Stage()
        users = Users(self.stage.loop, self.stage, seed=0)
        self.injector = Injector(
            "Shop", (), iter(arrivals), self.stage.loop, users, self.stage.now_ns
        )
        self.start_ns = self.stage.clock.now_ns()

    def open(self, length_ns: int) -> None:
        self.injector.start(self.start_ns, length_ns)

    def starts(self) -> list[tuple[int, int, int]]:
        """Return for each user: number, meant to start, did start; ms from the beginning."""
        return [
            (e[5], (e[4] - self.start_ns) // MS, (e[3] - self.start_ns) // MS)  # type: ignore[misc]
            for e in self.stage.events
            if e[2] == USER_START
        ]


def test_users_start_when_their_time_has_come() -> None:
    """With their numbers, and not before."""
    gate = Gate((0, 1), (10 * MS, 2), (10 * MS, 3), (25 * MS, 4))
    gate.open(30 * MS)
    gate.stage.services.advance(10 * MS)
    assert gate.starts() == [(1, 0, 0), (2, 10, 10), (3, 10, 10)]
    gate.stage.services.advance(10 * MS)
    assert len(gate.starts()) == 3
    gate.stage.services.advance(5 * MS)
    assert gate.starts()[-1] == (4, 25, 25)


def test_a_population_is_done_when_its_profile_is_over() -> None:
    """Even if its last user started long before, or it has none at all."""
    for arrivals in ([(0, 1)], []):
        gate = Gate(*arrivals)
        gate.open(20 * MS)
        gate.stage.services.advance(19 * MS)
        assert not gate.injector.done
        gate.stage.services.advance(1 * MS)
        assert gate.injector.done


def test_users_that_are_late_start_at_once_and_keep_their_meant_times() -> None:
    """So that lag is seen, and no arrival is lost."""
    gate = Gate(*[(i * MS, i + 1) for i in range(5)])
    gate.open(5 * MS)
    gate.stage.clock.advance(50 * MS)
    gate.stage.services.settle()
    assert gate.starts() == [(i + 1, i, 50) for i in range(5)]


def test_a_crowd_starts_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that others have their turn in between."""
    monkeypatch.setattr(injector_module, "_MOST_AT_ONCE", 2)
    gate = Gate(*[(0, i) for i in range(1, 6)])
    gate.open(0)
    counts = []
    for _ in range(4):
        gate.stage.loop.step()
        counts.append(len(gate.starts()))
    assert counts == [2, 4, 5, 5]


def test_nobody_starts_after_a_stop() -> None:
    """Timers that are set already do nothing."""
    gate = Gate((0, 1), (10 * MS, 2))
    gate.open(20 * MS)
    gate.stage.services.advance(5 * MS)
    gate.injector.stop()
    assert gate.injector.done
    gate.stage.services.advance(100 * MS)
    assert gate.starts() == [(1, 0, 0)]
