"""The throttler: so many requests a second and no more, first come, first served, none lost."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.engine import throttler as throttler_module
from gatlingpy.engine.throttler import Share, Throttler
from gatlingpy.errors import RunInvalid
from gatlingpy.load.segment import Segment
from gatlingpy.plan.throttle import HoldFor, JumpToRps, ReachRps, Throttle, ThrottleStep
from gatlingpy.session import Session
from gatlingpy.spi import Perform, Resume
from gatlingpy.stats.events import GAUGE, MARK
from gatlingpy.testing.services import ManualServices

MS = 1_000_000
S = 1_000 * MS


def limited(rps: int, queue: int = 1_000) -> Throttle:
    """Return a throttle that never changes."""
    return Throttle((JumpToRps(rps), HoldFor(600 * S)), queue)


class Door:
    """A throttler, and requests that are answered as soon as they have started."""

    def __init__(
        self, throttle: Throttle | None = None, share: Share = lambda n, _before: n
    ) -> None:
        self.services = ManualServices()
        self.throttler = Throttler(
            throttle, share, self.services.loop, self.services.clock.now_ns, self.services.record,
            self.services.fatal,
        )  # fmt: skip
        self.begin_ns = self.services.clock.now_ns()
        self.started: list[tuple[int, str, int, int]] = []
        """For each: user, scenario, when it started, when it was meant to; ms of the run."""
        self.woken: list[tuple[int, int]] = []
        self._performs: dict[str, Perform] = {}
        self._users = 0

    def _perform(self, session: Session, intended_ns: int, resume: Resume) -> None:
        now = self.services.clock.now_ns()
        self.started.append(
            (session.user_id, session.scenario, self._ms(now), self._ms(intended_ns))
        )
        resume(session, now)

    def _ms(self, at_ns: int) -> int:
        return (at_ns - self.begin_ns) // MS

    def population(self, scenario: str, own: Throttle | None = None) -> "Door":
        self._performs[scenario] = self.throttler.throttled(self._perform, scenario, own)
        return self

    def open(self) -> "Door":
        self.throttler.start(self.begin_ns)
        return self

    def ask(self, scenario: str = "Shop", times: int = 1) -> "Door":
        """Have so many users ask once, now."""
        for _ in range(times):
            self._users += 1
            session = Session(scenario, self._users)
            self._performs[scenario](session, self.services.clock.now_ns(), self._woken)
        return self

    def _woken(self, session: Session, due_ns: int) -> None:
        self.woken.append((session.user_id, self._ms(due_ns)))

    def after(self, length_ms: int) -> "Door":
        self.services.advance(length_ms * MS)
        return self

    def moments(self, scenario: str | None = None) -> list[int]:
        return [at for _, name, at, _ in self.started if scenario in {None, name}]


def test_requests_are_spread_over_their_second_and_the_rest_wait() -> None:
    """Four a second: request i of a second at i quarters of it."""
    door = Door(limited(4)).population("Shop").open().ask(times=6).after(2_000)
    assert door.moments() == [0, 250, 500, 750, 1_000, 1_250]
    assert [user for user, *_ in door.started] == [1, 2, 3, 4, 5, 6]


def test_a_request_that_comes_later_than_its_place_starts_when_it_comes() -> None:
    """Who comes late in a second waits for no one; the number of the second still holds."""
    door = Door(limited(4)).population("Shop").open().after(900).ask(times=5).after(1_000)
    assert door.moments() == [900, 900, 900, 900, 1_000]


def test_time_in_the_queue_counts_from_the_intended_start() -> None:
    """Which stays what it was: the wait is lag, and not lost."""
    door = Door(limited(1)).population("Shop").open().after(100).ask(times=3).after(3_000)
    assert [(at, meant) for _, _, at, meant in door.started] == [
        (100, 100), (1_000, 100), (2_000, 100),
    ]  # fmt: skip


def test_the_limit_changes_from_second_to_second() -> None:
    """From 0 to 4 in 2 s, then a jump to 1: 2, 4, 1, 1 requests, and none after the end."""
    steps: tuple[ThrottleStep, ...] = (ReachRps(4, 2 * S), JumpToRps(1), HoldFor(2 * S))
    door = Door(Throttle(steps)).population("Shop").open().ask(times=20).after(10_000)
    assert door.moments() == [0, 500, 1_000, 1_250, 1_500, 1_750, 2_000, 3_000]
    assert door.throttler.waiting() == 12


def test_a_second_without_any_request_allowed_is_waited_out() -> None:
    """A limit of 0 is a limit."""
    steps: tuple[ThrottleStep, ...] = (HoldFor(2 * S), JumpToRps(1), HoldFor(2 * S))
    door = Door(Throttle(steps)).population("Shop").open().ask(times=2).after(4_000)
    assert door.moments() == [2_000, 3_000]


def test_a_population_needs_the_leave_of_both() -> None:
    """Its own limit and that of the whole run hold; others fill what it may not use."""
    door = Door(limited(4)).population("Robots", limited(1)).population("Shop").open()
    door.ask("Robots", 3).ask("Shop", 6).after(2_999)
    assert door.moments("Robots") == [0, 1_000, 2_000]
    assert door.moments("Shop") == [250, 500, 750, 1_250, 1_500, 1_750]


def test_the_oldest_of_all_populations_is_first() -> None:
    """In the order in which they came, whichever population they are of."""
    door = Door(limited(2)).population("Robots", limited(2)).population("Shop").open()
    door.ask("Robots").ask("Shop").ask("Robots").ask("Shop").after(2_000)
    assert [user for user, *_ in door.started] == [1, 2, 3, 4]


def test_only_a_population_with_a_throttle_is_held_back() -> None:
    """The request of another is performed by the very function that its protocol gave."""
    door = Door().population("Robots", limited(1)).population("Shop").open()
    assert door._performs["Shop"] == door._perform
    door.ask("Robots", 2).ask("Shop", 5).after(1_500)
    assert door.moments("Robots") == [0, 1_000]
    assert door.moments("Shop") == [0] * 5


def test_each_segment_has_its_share_of_the_limit() -> None:
    """Five a second on two: three and two."""
    for share, expected in ((3, [0, 333, 666, 1_000]), (2, [0, 500, 1_000, 1_500])):
        door = Door(limited(5), lambda n, _before, share=share: share * n // 5).population("Shop")
        door.open().ask(times=4).after(1_999)
        assert door.moments() == expected


def test_segments_have_the_odd_request_in_turn() -> None:
    """One a second on three: each sends every third second, and none never."""
    for index in (1, 2, 3):
        door = Door(limited(1), Segment(index, 3).share).population("Shop")
        door.open().ask(times=3).after(8_999)
        assert door.moments() == [1_000 * (index - 1 + 3 * n) for n in range(3)]


def test_a_full_queue_makes_the_run_invalid_and_says_who_waits() -> None:
    """One more than may wait, and how many of which population."""
    door = Door(limited(2, queue=3)).population("Shop").population("Robots", limited(1)).open()
    door.ask("Shop", 1).ask("Robots", 1).ask("Shop", 2)
    assert door.services.failures == []
    door.ask("Shop", 2)
    (failure,) = door.services.failures
    assert isinstance(failure, RunInvalid)
    assert "4 requests wait (3 of 'Shop', 1 of 'Robots'), and 2 may start" in str(failure)
    assert "queue=6" in str(failure)


def test_a_population_has_a_queue_of_its_own() -> None:
    """Which may be full while there is room for others."""
    door = Door(limited(9)).population("Robots", limited(1, queue=2)).population("Shop").open()
    door.ask("Shop", 30).ask("Robots", 2)
    assert door.services.failures == []
    door.ask("Robots", 1)
    assert len(door.services.failures) == 1


def test_a_stop_wakes_who_waits_and_performs_nothing() -> None:
    """Their users end; how many there were stands in the log."""
    door = Door(limited(1)).population("Shop").open().ask(times=4).after(100)
    door.throttler.stop()
    door.throttler.stop()
    assert door.woken == [(1, 0), (2, 100), (3, 100), (4, 100)]
    door.ask().after(5_000)
    assert door.woken[-1] == (5, 100)
    assert len(door.started) == 1
    marks = [event for event in door.services.events if event[0] == MARK]
    assert [event[2] for event in marks] == [
        "3 requests still waited for the throttle, and were never sent"
    ]
    assert door.services.loop.next_due_ns() is None


def test_how_many_wait_is_recorded_every_second() -> None:
    """Before the requests of that second are let through."""
    door = Door(limited(1)).population("Robots", limited(1)).population("Shop").open()
    door.ask("Shop", 4).after(2_500)
    gauges = [event[1:] for event in door.services.events if event[0] == GAUGE]
    rest = [(at - door.begin_ns, n) for source, name, at, n in gauges if name == "throttle queue"]  # type: ignore[operator]
    assert rest == [(0, 0.0), (1 * S, 3.0), (2 * S, 2.0)]
    assert {(source, name) for source, name, *_ in gauges} == {
        ("injector", "throttle queue"), ("injector", "throttle queue of Robots"),
    }  # fmt: skip


def test_a_user_that_asks_again_at_once_waits_like_everybody() -> None:
    """And thousands of requests in a row take no stack."""
    door = Door(limited(10_000, queue=10_000)).population("Shop").open()
    left = 5_000

    def again(session: Session, due_ns: int) -> None:
        nonlocal left
        left -= 1
        if left:
            door._performs["Shop"](session, due_ns, again)

    door._performs["Shop"](Session("Shop", 1), door.begin_ns, again)
    door.after(1_000)
    assert len(door.started) == 5_000
    assert door.moments()[::1_000] == [0, 100, 200, 300, 400]


def test_a_crowd_is_let_through_by_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that replies are read in between."""
    monkeypatch.setattr(throttler_module, "_MOST_AT_ONCE", 2)
    door = Door(limited(10)).population("Shop").open().ask(times=6)
    door.services.clock.advance(700 * MS)
    counts = []
    for _ in range(4):
        door.services.loop.step()
        counts.append(len(door.started))
    assert counts == [3, 5, 6, 6]


asks = st.lists(
    st.tuples(st.integers(0, 700), st.sampled_from(["Shop", "Robots", "Birds"]), st.integers(1, 9)),
    max_size=30,
)


@given(st.none() | st.integers(0, 12), st.integers(1, 7), st.integers(1, 7), asks)
def test_no_second_has_more_than_is_allowed_and_everybody_has_a_turn(
    whole: int | None, robots: int, birds: int, asks: list[tuple[int, str, int]]
) -> None:
    """Whatever comes when; those of a population in the order in which they came."""
    door = Door(None if whole is None else limited(whole)).population("Shop")
    door.population("Robots", limited(robots)).population("Birds", limited(birds)).open()
    for wait_ms, scenario, times in asks:
        door.after(wait_ms).ask(scenario, times)
    door.after(100_000)
    seconds = Counter((name, at // 1_000) for _, name, at, _ in door.started)
    for (name, _), count in seconds.items():
        assert count <= {"Robots": robots, "Birds": birds, "Shop": 10**6}[name]
    if whole is not None:
        assert all(n <= whole for n in Counter(at // 1_000 for at in door.moments()).values())
    for name in ("Shop", "Robots", "Birds"):
        order = [user for user, scenario, *_ in door.started if scenario == name]
        assert order == sorted(order)
    if whole != 0:
        assert len(door.started) == sum(times for _, _, times in asks)
