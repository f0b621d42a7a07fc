"""The loop of the user thread, one turn at a time."""

import pytest

from gatlingpy.engine import user_thread
from gatlingpy.testing.services import ManualServices


class Loop:
    """A loop, and what it did."""

    def __init__(self) -> None:
        self.services = ManualServices()
        self.loop = self.services.loop
        self.done: list[object] = []

    def do(self, *what: object) -> None:
        self.done.extend(what)

    @property
    def now(self) -> int:
        return self.services.clock.now_ns()


@pytest.fixture
def loop() -> Loop:
    return Loop()


def test_a_turn_takes_what_was_posted_then_timers_then_the_ready(loop: Loop) -> None:
    """In each of them, the order of asking holds."""
    loop.loop.at(loop.now, loop.do, "timer")
    loop.loop.soon(loop.do, "ready")
    loop.loop.post(loop.do, "posted", 1)
    loop.loop.post(loop.do, "posted", 2)
    loop.loop.step()
    assert loop.done == ["posted", 1, "posted", 2, "timer", "ready"]


def test_timers_fire_when_they_are_due_the_earliest_first(loop: Loop) -> None:
    """Those of the same time in the order they were set."""
    for after, name in [(30, "c"), (10, "a"), (10, "b")]:
        loop.loop.at(loop.now + after, loop.do, name)
    assert loop.loop.next_due_ns() == loop.now + 10
    loop.services.advance(9)
    assert loop.done == []
    loop.services.advance(1)
    assert loop.done == ["a", "b"]
    loop.services.advance(100)
    assert loop.done == ["a", "b", "c"]
    assert loop.loop.next_due_ns() is None


def test_a_timer_set_for_now_by_a_timer_fires_in_the_next_turn(loop: Loop) -> None:
    """Or a loop without waits would hold the thread for good."""

    def again() -> None:
        loop.do("again")
        loop.loop.at(loop.now, again)

    loop.loop.at(loop.now, again)
    loop.loop.post(loop.do, "posted")
    loop.loop.step()
    assert loop.done == ["posted", "again"]
    loop.loop.post(loop.do, "posted")
    loop.loop.step()
    assert loop.done == ["posted", "again", "posted", "again"]


def test_the_ready_have_their_turns_in_portions(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mailbox is looked at between them."""
    monkeypatch.setattr(user_thread, "_MOST_READY", 2)
    for number in range(5):
        loop.loop.soon(loop.do, number)
    loop.loop.step()
    loop.loop.post(loop.do, "posted")
    assert not loop.loop.is_idle()
    loop.loop.step()
    assert loop.done == [0, 1, "posted", 2, 3]
    loop.loop.step()
    assert loop.done[-1] == 4
    assert loop.loop.is_idle()


def test_what_a_ready_call_makes_ready_waits_for_the_next_turn(loop: Loop) -> None:
    """One turn has an end."""
    loop.loop.soon(lambda: loop.loop.soon(loop.do, "later"))
    loop.loop.step()
    assert loop.done == []
    loop.loop.step()
    assert loop.done == ["later"]


def test_timers_can_be_cancelled_by_what_they_would_call(loop: Loop) -> None:
    """The others stay, in order; what was cancelled is told."""
    loop.loop.at(loop.now + 1, loop.do, "keep", 1)
    loop.loop.at(loop.now + 2, print, "drop", 1)
    loop.loop.at(loop.now + 3, loop.do, "keep", 2)
    loop.loop.at(loop.now + 4, print, "drop", 2)
    assert sorted(loop.loop.cancel(print), key=str) == [("drop", 1), ("drop", 2)]
    assert loop.loop.cancel(print) == []
    loop.services.advance(10)
    assert loop.done == ["keep", 1, "keep", 2]
