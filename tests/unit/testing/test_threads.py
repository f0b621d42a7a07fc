"""Simulated threads: one step at a time, time jumps when nobody can go on, dice decide the rest."""

from itertools import pairwise
from random import Random

import pytest

from gatlingpy.mailbox import Mailbox
from gatlingpy.testing.clock import ManualClock
from gatlingpy.testing.threads import Pace, SimulatedThreads, SimulationStuck

MS = 1_000_000


def threads(seed: int = 0, pace: Pace | None = None) -> SimulatedThreads:
    return SimulatedThreads(ManualClock(), Random(seed), pace or Pace(step_ns=0))


def crash(error: BaseException) -> None:
    raise AssertionError("a step crashed") from error


def test_workers_take_turns_that_the_dice_choose() -> None:
    """The same dice choose the same again."""

    def order(seed: int) -> str:
        house = threads(seed)
        done: list[str] = []
        flag = house.flag()

        def step(name: str) -> None:
            done.append(name)
            if len(done) == 40:
                flag.set()

        for name in "ab":
            house.spawn(name, lambda name=name: step(name), None, crash)  # type: ignore[misc]
        assert flag.wait(1.0)
        return "".join(done)

    assert order(1) == order(1)
    assert order(1) != order(2)
    assert {"aa", "ab", "ba", "bb"} <= {order(1)[i : i + 2] for i in range(39)}


def test_the_clock_jumps_to_the_next_moment_when_nobody_can_go_on() -> None:
    """A reader that waits is played again when its time has come, or its item."""
    house = threads()
    mailbox: Mailbox[str] = house.mailbox(0)
    taken: list[tuple[int, list[str]]] = []

    def read() -> None:
        items = mailbox.take(house.clock.now_ns() + 10 * MS if len(taken) < 1 else None)
        taken.append((house.clock.now_ns(), items))

    house.spawn("reader", read, mailbox.wake, crash)
    house.sleep(25 * MS)
    assert taken == [(10 * MS, [])]
    mailbox.put("x")
    house.sleep(5 * MS)
    assert taken == [(10 * MS, []), (25 * MS, ["x"])]
    assert house.clock.now_ns() == 30 * MS


def test_a_busy_reader_takes_one_batch_a_tick() -> None:
    """As on real threads."""
    house = threads()
    mailbox: Mailbox[int] = house.mailbox(3 * MS)
    taken: list[tuple[int, list[int]]] = []
    house.spawn(
        "reader", lambda: taken.append((house.clock.now_ns(), mailbox.take(None))), None, crash
    )
    mailbox.put(1)
    house.sleep(1 * MS)
    mailbox.put(2)
    mailbox.put(3)
    house.sleep(5 * MS)
    assert [batch for _, batch in taken] == [[1], [2, 3]]


def test_a_step_that_sleeps_is_not_played_meanwhile() -> None:
    """The others are."""
    house = threads()
    done: list[tuple[str, int]] = []

    def step(name: str, length_ns: int) -> None:
        done.append((name, house.clock.now_ns() // MS))
        house.sleep(length_ns)

    house.spawn("slow", lambda: step("slow", 10 * MS), None, crash)
    house.spawn("quick", lambda: step("quick", 4 * MS), None, crash)
    house.sleep(12 * MS)
    assert sorted(done) == [("quick", 0), ("quick", 4), ("quick", 8), ("slow", 0), ("slow", 10)]


def test_a_worker_that_is_closed_is_woken_and_played_no_more() -> None:
    """Nor one that crashed, which is told."""
    house = threads()
    mailbox: Mailbox[int] = house.mailbox(0)
    crashes: list[BaseException] = []

    def broken() -> None:
        raise ValueError("a bug")

    worker = house.spawn("reader", lambda: mailbox.take(None) and None, mailbox.wake, crash)
    house.spawn("broken", broken, None, crashes.append)
    house.sleep(1 * MS)
    worker.close()
    worker.close()
    mailbox.put(1)
    house.sleep(1 * MS)
    assert len(mailbox) == 1
    assert [str(error) for error in crashes] == ["a bug"]


def test_whoever_waits_for_a_flag_can_be_interrupted() -> None:
    """At the moments given, once each."""
    house = threads()
    house.interrupts_ns.extend([5 * MS, 7 * MS])
    flag = house.flag()
    for moment in (5, 7):
        with pytest.raises(KeyboardInterrupt):
            flag.wait(1.0)
        assert house.clock.now_ns() == moment * MS
    assert flag.wait(0.001) is False
    flag.set()
    assert flag.wait(0.001) is True


def test_a_pool_plays_its_calls_once_or_drops_them() -> None:
    """Those that have not begun when it is closed."""
    house = threads()
    done: list[int] = []
    pool = house.pool(1, "pool")
    pool.submit(done.append, 1)
    house.sleep(1 * MS)
    pool.submit(done.append, 2)
    pool.close()
    house.sleep(1 * MS)
    assert done == [1]


def test_a_simulation_in_which_nothing_can_happen_says_so() -> None:
    """With the names of those who wait."""
    house = threads()
    mailbox: Mailbox[int] = house.mailbox(0)
    house.spawn("reader", lambda: mailbox.take(None) and None, None, crash)
    with pytest.raises(SimulationStuck, match="waiting: reader"):
        house.wait_for(lambda: False, None)


def test_time_passes_with_every_step_and_in_stalls() -> None:
    """As the pace says."""
    house = threads(pace=Pace(step_ns=10, stall_chance=0.5, stall_ns=1_000))
    moments: list[int] = []
    house.spawn("worker", lambda: moments.append(house.clock.now_ns()), None, crash)
    house.sleep(100_000)
    steps = [b - a for a, b in pairwise(moments)]
    assert min(steps) <= 10
    assert 500 < max(steps) <= 1_010
