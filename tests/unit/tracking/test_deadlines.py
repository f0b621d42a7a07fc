"""Deadlines: one queue for each length of timeout, husks swept, order kept."""

import pytest

from gatlingpy.session import Session
from gatlingpy.tracking.deadlines import SWEEP_ABOVE, Deadlines
from gatlingpy.tracking.pending import Pending, Terms


class Shelf:
    """Deadlines, and who still waits."""

    def __init__(self) -> None:
        self.ended: set[int] = set()
        self.deadlines = Deadlines(lambda pending: pending.token not in self.ended)

    def add(self, token: int, start_ns: int, timeout_ns: int) -> None:
        terms = Terms(timeout_ns, None, "replies")
        pending = Pending(
            token, b"%d" % token, True, "Pay", (), Session("Pay", 1), None, start_ns, start_ns,
            start_ns + timeout_ns, None, terms,
        )  # fmt: skip
        self.deadlines.queues[timeout_ns].append(pending)

    def due(self, now_ns: int) -> list[int]:
        return [pending.token for pending in self.deadlines.due(now_ns)]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def test_what_is_due_is_given_once_the_oldest_first(shelf: Shelf) -> None:
    """At its due time, and not before."""
    for token in range(3):
        shelf.add(token, start_ns=token * 10, timeout_ns=100)
    assert shelf.due(99) == []
    assert shelf.due(110) == [0, 1]
    assert shelf.due(110) == []
    assert shelf.due(1_000) == [2]


def test_what_has_ended_is_not_due(shelf: Shelf) -> None:
    """Husks are dropped in passing."""
    for token in range(3):
        shelf.add(token, 0, 100)
    shelf.ended = {0, 2}
    assert shelf.due(100) == [1]
    assert not any(shelf.deadlines.queues.values())


def test_the_next_due_time_is_that_of_the_earliest_that_waits(shelf: Shelf) -> None:
    """Over all lengths of timeout; nobody waiting is none."""
    assert shelf.deadlines.next_due_ns() is None
    shelf.add(0, 0, 50)
    shelf.add(1, 0, 500)
    shelf.add(2, 20, 100)
    assert shelf.deadlines.next_due_ns() == 50
    shelf.ended = {0}
    assert shelf.deadlines.next_due_ns() == 120
    shelf.ended = {0, 1, 2}
    assert shelf.deadlines.next_due_ns() is None


def test_the_latest_due_time_is_that_of_the_last(shelf: Shelf) -> None:
    """Over all lengths of timeout."""
    assert shelf.deadlines.latest_due_ns() == 0
    shelf.add(0, 0, 500)
    shelf.add(1, 20, 100)
    assert shelf.deadlines.latest_due_ns() == 500


def test_husks_are_swept_where_they_outnumber_the_living(shelf: Shelf) -> None:
    """The living stay, in order, with the times they had."""
    count = SWEEP_ABOVE * 4
    for token in range(count):
        shelf.add(token, token, 100)
    living = [5, 2_000, count - 1]
    shelf.ended = set(range(count)) - set(living)
    shelf.deadlines.sweep(len(living))
    assert [pending.token for pending in shelf.deadlines.queues[100]] == living
    assert shelf.due(10**9) == living


def test_a_short_queue_is_left_alone(shelf: Shelf) -> None:
    """Sweeping costs more than a few husks do."""
    for token in range(SWEEP_ABOVE):
        shelf.add(token, token, 100)
    shelf.ended = set(range(SWEEP_ABOVE))
    shelf.deadlines.sweep(0)
    assert len(shelf.deadlines.queues[100]) == SWEEP_ABOVE
