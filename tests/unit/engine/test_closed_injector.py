"""The closed injector: as many users as the profile says, whoever ends replaced at once."""

from collections.abc import Callable
from itertools import count

import pytest

from gatlingpy.engine import closed_injector as closed_injector_module
from gatlingpy.engine.closed_injector import ClosedInjector
from gatlingpy.engine.crowd import Crowd
from gatlingpy.engine.nodes import Node, PauseNode
from gatlingpy.engine.users import Users
from gatlingpy.load.concurrency import target_at_tick, total_duration_ns
from gatlingpy.plan.concurrency import (
    ClosedInjection,
    ClosedStep,
    ConstantConcurrentUsers,
    RampConcurrentUsers,
)
from gatlingpy.plan.dice import Dice
from gatlingpy.stats.events import USER_END, USER_START
from tests.unit.engine.stage import Stage

MS = 1_000_000
S = 1_000 * MS


class Club:
    """A closed population of users that last as long as the test says."""

    def __init__(self, *steps: ClosedStep, lasts_s: Callable[[int], float] | None) -> None:
        self.stage = Stage()
        self.users = Users(self.stage.loop, self.stage, Dice(0))
        nodes: tuple[Node, ...] = ()
        if lasts_s is not None:
            nodes = (PauseNode(lambda s: lasts_s(s.user_id), None, "sim.py:1"),)
        self.crowd = Crowd("Shop", nodes, self.users)
        injection = ClosedInjection(steps)
        self.injector = ClosedInjector(
            self.crowd,
            lambda tick: target_at_tick(injection, tick),
            total_duration_ns(injection),
            count(1),
            self.stage.loop,
            self.stage.now_ns,
        )
        self.start_ns = self.stage.clock.now_ns()
        self.over: list[int] = []
        self.injector.start(
            self.start_ns, lambda at_ns: self.over.append((at_ns - self.start_ns) // MS)
        )

    def after(self, length_ms: int) -> "Club":
        self.stage.services.advance(length_ms * MS)
        return self

    def moments(self, what: str, field: int = 3) -> list[int]:
        return [(e[field] - self.start_ns) // MS for e in self.stage.events if e[2] == what]  # type: ignore[misc]

    @property
    def starts(self) -> list[int]:
        return self.moments(USER_START)

    @property
    def meant(self) -> list[int]:
        return self.moments(USER_START, 4)


def always(seconds: float) -> Callable[[int], float]:
    return lambda _user: seconds


def test_users_are_spread_over_the_first_second_and_replaced_when_they_end() -> None:
    """Three users of 1.5 s for 5 s: three chains, that begin at 0, 333 and 666 ms."""
    club = Club(ConstantConcurrentUsers(3, 5 * S), lasts_s=always(1.5)).after(10_000)
    chains = (0, 1_500, 3_000, 4_500), (333, 1_833, 3_333, 4_833), (666, 2_166, 3_666)
    assert club.starts == sorted(start for chain in chains for start in chain)
    assert club.meant == club.starts
    assert club.over == [6_333]


def test_users_that_outlast_the_profile_are_not_replaced_and_not_stopped() -> None:
    """One user of 7 s in a profile of 5 s: nobody else, and the population lasts 7 s."""
    club = Club(ConstantConcurrentUsers(1, 5 * S), lasts_s=always(7)).after(5_000)
    assert not club.injector.active
    assert club.over == []
    club.after(2_000)
    assert club.starts == [0]
    assert club.moments(USER_END) == [7_000]
    assert club.over == [7_000]


def test_a_ramp_adds_who_is_missing_second_by_second() -> None:
    """From 0 to 4 in 4 s with users that stay: one more each second, at its beginning."""
    club = Club(RampConcurrentUsers(0, 4, 4 * S), lasts_s=always(60)).after(4_000)
    assert club.starts == [0, 1_000, 2_000, 3_000]


def test_a_ramp_down_stops_nobody() -> None:
    """Four users, then a ramp to nobody in 4 s: who ends is replaced only while too few are left.

    Targets 4, then 3, 2, 1, 0 at the ends of the seconds that begin at 1, 2, 3 and 4 s.
    """
    club = Club(
        ConstantConcurrentUsers(4, 1 * S),
        RampConcurrentUsers(4, 0, 4 * S),
        lasts_s=lambda user: [9, 1.2, 1.2, 1.2, 9, 9, 9, 9][user - 1],
    ).after(12_000)
    # User 2 (250 ms) ends at 1450 with 3 wanted and 3 left: not replaced.  User 3 (500 ms) ends at
    # 1700 with 2 left: replaced.  User 4 (750 ms) ends at 1950 with 2 left: replaced.
    assert club.starts == [0, 250, 500, 750, 1_700, 1_950]
    assert club.over == [10_950]


def test_a_replacement_is_meant_to_start_when_the_one_before_ended() -> None:
    """So that what the load generator is late shows as lag."""
    club = Club(ConstantConcurrentUsers(1, 5 * S), lasts_s=always(0.5)).after(499)
    club.stage.clock.advance(40 * MS)
    club.stage.services.settle()
    assert club.starts == [0, 539]
    assert club.meant == [0, 500]
    assert club.crowd.alive == 1


def test_two_that_end_at_once_are_both_replaced_and_the_tick_counts_them() -> None:
    """Users of exactly a second end as the next tick looks: never more than are wanted."""
    club = Club(ConstantConcurrentUsers(2, 3 * S), lasts_s=always(1)).after(3_000)
    assert club.starts == [0, 500, 1_000, 1_500, 2_000, 2_500]
    assert club.crowd.alive == 1


def test_users_that_do_nothing_leave_the_loop_its_time() -> None:
    """One after the other, a millisecond apart."""
    club = Club(ConstantConcurrentUsers(1, 1 * S), lasts_s=None).after(5)
    assert club.starts == [0, 1, 2, 3, 4, 5]
    club.after(2_000)
    assert len(club.starts) == 1_000
    assert club.over == [1_000]


def test_a_profile_that_is_no_whole_number_of_seconds_ends_with_its_fraction() -> None:
    """Of 1.5 s: who ends after 1.2 s is replaced, who ends after 1.5 s is not."""
    club = Club(ConstantConcurrentUsers(1, 1_500 * MS), lasts_s=always(0.4)).after(5_000)
    assert club.starts == [0, 400, 800, 1_200]
    assert club.over == [1_600]


def test_a_short_profile_spreads_its_users_over_its_length() -> None:
    """Two users in 400 ms: at 0 and at 200 ms."""
    club = Club(ConstantConcurrentUsers(2, 400 * MS), lasts_s=always(9)).after(1_000)
    assert club.starts == [0, 200]


def test_an_empty_profile_is_over_when_its_time_is() -> None:
    """Nobody wanted for 2 s."""
    club = Club(ConstantConcurrentUsers(0, 2 * S), lasts_s=always(1)).after(1_999)
    assert club.over == []
    assert club.after(1).over == [2_000]
    assert club.starts == []
    assert Club(lasts_s=None).after(0).over == [0]


def test_a_crowd_starts_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """And those who still wait for their turn are counted at the next tick."""
    monkeypatch.setattr(closed_injector_module, "MOST_AT_ONCE", 2)
    club = Club(ConstantConcurrentUsers(5, 3 * S), lasts_s=always(60))
    club.stage.clock.advance(1_500 * MS)
    counts = []
    for _ in range(4):
        club.stage.loop.step()
        counts.append(len(club.starts))
    assert counts == [2, 4, 5, 5]
    assert club.meant == [0, 200, 400, 600, 800]


def test_who_waits_for_a_turn_is_given_up_when_fewer_are_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The last of them first."""
    monkeypatch.setattr(closed_injector_module, "MOST_AT_ONCE", 1)
    steps = ConstantConcurrentUsers(4, 1 * S), ConstantConcurrentUsers(2, 2 * S)
    club = Club(*steps, lasts_s=always(60))
    club.stage.clock.advance(1_500 * MS)
    club.stage.services.settle()
    assert club.after(5_000).meant == [0, 250]


def test_nobody_starts_after_a_stop() -> None:
    """Neither the planned ones, nor replacements, nor at the next tick."""
    club = Club(ConstantConcurrentUsers(3, 5 * S), lasts_s=always(0.4)).after(350)
    club.injector.stop()
    club.after(10_000)
    assert club.starts == [0, 333]
    assert club.over == []
    assert not club.injector.active


def test_a_replacement_on_its_way_is_given_up_at_a_stop() -> None:
    """One ends, the run stops, and then its successor would have its turn."""
    club = Club(ConstantConcurrentUsers(1, 5 * S), lasts_s=always(0.4)).after(399)
    club.stage.clock.advance(1 * MS)
    club.stage.loop._fire(club.stage.clock.now_ns())
    assert club.crowd.alive == 0
    club.injector.stop()
    club.stage.services.settle()
    assert club.starts == [0]
