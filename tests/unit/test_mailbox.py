"""Mailboxes and workers on real threads: nothing is lost, nobody oversleeps."""

import threading
import time
from collections import Counter

import pytest

from gatlingpy.mailbox import Nap, SystemThreads, ThreadMailbox, ThreadWorker, within

LONG_S = 60.0
"""Far longer than any test may take: whoever really waits so long fails by the time limit."""


def test_eight_putters_lose_nothing() -> None:
    """Each item is taken once, and each putter's items in the order it put them."""
    mailbox: ThreadMailbox[tuple[int, int]] = ThreadMailbox(tick_ns=10_000)
    each = 2_000
    start = threading.Barrier(8)

    def put(putter: int) -> None:
        start.wait()
        for number in range(each):
            mailbox.put((putter, number))

    putters = [threading.Thread(target=put, args=(n,)) for n in range(8)]
    for thread in putters:
        thread.start()
    taken: list[tuple[int, int]] = []
    while len(taken) < 8 * each:
        batch = mailbox.take(None)
        assert batch
        taken.extend(batch)
    for thread in putters:
        thread.join()
    assert len(mailbox) == 0
    for putter in range(8):
        assert [n for p, n in taken if p == putter] == list(range(each))


def test_a_reader_that_sleeps_is_woken_by_each_put() -> None:
    """Ping and pong, one item at a time: a lost wake-up would sleep for ever."""
    there: ThreadMailbox[int] = ThreadMailbox(0)
    back: ThreadMailbox[int] = ThreadMailbox(0)

    def answer() -> None:
        for _ in range(2_000):
            for item in there.take(None):
                back.put(item + 1)

    thread = threading.Thread(target=answer)
    thread.start()
    for number in range(2_000):
        there.put(number)
        assert back.take(None) == [number + 1]
    thread.join()


def test_take_returns_nothing_when_the_time_comes_first() -> None:
    """A time that has passed is no wait at all."""
    mailbox: ThreadMailbox[int] = ThreadMailbox(0)
    assert mailbox.take(time.monotonic_ns()) == []
    until_ns = time.monotonic_ns() + 2_000_000
    assert mailbox.take(until_ns) == []
    assert time.monotonic_ns() >= until_ns


def test_what_is_there_is_taken_whatever_the_time() -> None:
    """All of it, in order."""
    mailbox: ThreadMailbox[int] = ThreadMailbox(0)
    for number in range(3):
        mailbox.put(number)
    assert len(mailbox) == 3
    assert mailbox.take(0) == [0, 1, 2]
    mailbox.put(4)
    assert mailbox.take_now() == [4]
    assert mailbox.take_now() == []


def test_wake_ends_a_wait() -> None:
    """With nothing taken."""
    mailbox: ThreadMailbox[int] = ThreadMailbox(0)
    taken: list[list[int]] = []
    thread = threading.Thread(target=lambda: taken.append(mailbox.take(None)))
    thread.start()
    while thread.is_alive():
        mailbox.wake()
        thread.join(0.001)
    assert taken == [[]]


def test_a_late_wake_does_not_end_the_next_wait_early() -> None:
    """Waking somebody who does not wait leaves nothing behind."""
    mailbox: ThreadMailbox[int] = ThreadMailbox(0)
    mailbox.wake()
    mailbox.wake()
    until_ns = time.monotonic_ns() + 3_000_000
    assert mailbox.take(until_ns) == []
    assert time.monotonic_ns() >= until_ns


def test_a_busy_reader_takes_one_batch_a_tick() -> None:
    """What is put meanwhile is in the next batch."""
    tick_ns = 5_000_000
    mailbox: ThreadMailbox[int] = ThreadMailbox(tick_ns)
    mailbox.put(1)
    assert mailbox.take(None) == [1]
    after_ns = time.monotonic_ns()
    mailbox.put(2)
    mailbox.put(3)
    assert mailbox.take(None) == [2, 3]
    assert time.monotonic_ns() >= after_ns + tick_ns * 9 // 10


def test_a_worker_repeats_its_step_until_it_is_closed() -> None:
    """On a thread of its name; closing waits for the step that runs."""
    names: Counter[str] = Counter()
    enough = threading.Event()

    def step() -> None:
        names[threading.current_thread().name] += 1
        if names.total() >= 3:
            enough.set()

    worker = ThreadWorker("gatling-test", step, crashed=lambda error: None)
    assert enough.wait(LONG_S)
    worker.close()
    count = names.total()
    assert set(names) == {"gatling-test"}
    worker.close()
    assert names.total() == count
    assert all(thread.name != "gatling-test" for thread in threading.enumerate())


def test_closing_wakes_a_worker_that_waits() -> None:
    """However long it would wait by itself."""
    mailbox: ThreadMailbox[int] = ThreadMailbox(0)
    worker = ThreadWorker(
        "gatling-test", lambda: mailbox.take(None) and None, wake=mailbox.wake,
        crashed=lambda error: None,
    )  # fmt: skip
    worker.close()
    assert not worker._thread.is_alive()


def test_a_crash_is_reported_and_ends_the_worker() -> None:
    """Whatever was raised."""
    crashes: list[BaseException] = []

    def step() -> None:
        raise KeyboardInterrupt("in a thread")

    worker = ThreadWorker("gatling-test", step, crashed=crashes.append)
    worker._thread.join(LONG_S)
    worker.close()
    assert [repr(error) for error in crashes] == ["KeyboardInterrupt('in a thread')"]


def test_a_nap_can_be_cut_short_once_and_for_all() -> None:
    """And it tells whether it was."""
    nap = Nap()
    assert nap.take(1_000_000) is False
    nap.cut()
    assert nap.take(round(LONG_S * 1e9)) is True
    assert nap.take(round(LONG_S * 1e9)) is True


def test_a_pool_runs_what_may_block_and_waits_for_it() -> None:
    """Calls that have not begun when it is closed are dropped."""
    pool = SystemThreads().pool(1, "gatling-test")
    begun, may_end = threading.Event(), threading.Event()
    done: list[str] = []

    def first() -> None:
        begun.set()
        may_end.wait(LONG_S)
        done.append(threading.current_thread().name)

    pool.submit(first)
    pool.submit(done.append, "never")
    assert begun.wait(LONG_S)
    closing = threading.Thread(target=pool.close)
    closing.start()
    may_end.set()
    closing.join()
    assert done[0].startswith("gatling-test")
    assert done[1:] in ([], ["never"])


@pytest.mark.parametrize("given", [False, True])
def test_a_flag_tells_whether_it_was_given(given: bool) -> None:
    """Now and for good."""
    flag = SystemThreads().flag()
    if given:
        flag.set()
    assert flag.wait(0) is given


def test_a_call_that_returns_in_time_gives_what_it_gives() -> None:
    """On a thread of its own, which has ended then; what it raises is raised."""
    before = set(threading.enumerate())
    assert within(60, "apart", lambda: threading.current_thread().name) == "apart"
    with pytest.raises(ZeroDivisionError):
        within(60, "apart", lambda: 1 // 0)
    assert set(threading.enumerate()) == before


def test_a_call_that_does_not_return_is_left_to_itself() -> None:
    """It keeps nobody, the end of the process included."""
    released = threading.Event()
    with pytest.raises(TimeoutError, match=r"no answer within 0\.01 s"):
        within(0.01, "apart", released.wait)
    (left,) = [thread for thread in threading.enumerate() if thread.name == "apart"]
    assert left.daemon
    released.set()
    left.join()
