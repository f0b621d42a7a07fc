"""Whole runs in transactions that are slow, cannot be committed, or belong to somebody else now."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.engine.stop import StopKind
from gatlingpy.protocols.kafka import producer_pool
from gatlingpy.stats.events import MARK, Ending
from gatlingpy.testing.sim import Circumstances
from gatlingpy.testing.truth import MS, Conduct, Delay
from tests.sim.oracle import assert_true
from tests.sim.shapes import (
    Shape,
    chances,
    conducts,
    delays,
    paces,
    play,
    runs,
    seeds,
    shapes,
)

transactional = st.builds(
    replace,
    shapes,
    commit=st.sampled_from(["message", "batch"]),
    batch=st.sampled_from([1_000, 3, 1]),
)
odd_conducts = st.builds(
    replace,
    conducts,
    commit=delays,
    aborted=chances,
    fenced=st.sampled_from([0.0, 0.0, 0.0, 0.05, 0.5]),
    dirty=st.sampled_from([0.0, 0.0, 0.5, 1.0]),
)
troubles = st.builds(Circumstances, conduct=odd_conducts, pace=paces)


rooms = st.sampled_from([1_000, 1_000, 2, 0])


@contextmanager
def room_for(messages: int) -> Iterator[None]:
    """Let so many messages wait before users that wait for no ack have to."""
    with patch.object(producer_pool, "MOST_WAITING", messages):
        yield


@runs(200)
@given(transactional, seeds)
def test_a_faultless_cluster_commits_everything(shape: Shape, seed: int) -> None:
    """Every request is ok, and everything that was sent is committed."""
    shape = replace(shape, ids=min(shape.ids, 1))
    asks = tuple(replace(ask, timeout_ms=20_000) for ask in shape.asks)
    played = play(replace(shape, asks=asks), Circumstances(), seed)
    assert_true(played)
    assert {row.ending for row in played.outcome.requests()} == {Ending.OK}
    assert all(sending.error is None for sending in played.outcome.cluster.sendings)


@runs(1_000)
@given(transactional, troubles, seeds, rooms)
def test_whatever_becomes_of_transactions_every_request_ends_once_and_truly(
    shape: Shape, trouble: Circumstances, seed: int, room: int
) -> None:
    """Ok is what is committed, KO what is not; nothing is lost, and the run comes to its end."""
    with room_for(room):
        played = play(shape, trouble, seed)
    assert_true(played)
    assert played.outcome.reason.kind is StopKind.COMPLETED


@runs(300)
@given(transactional, troubles, seeds, st.lists(st.integers(1, 300), min_size=1, max_size=3))
def test_a_run_in_transactions_that_is_interrupted_is_as_true(
    shape: Shape, trouble: Circumstances, seed: int, interrupts_ms: list[int]
) -> None:
    """What is open is committed or aborted; what has not begun ends as it is."""
    moments = tuple(ms * MS for ms in sorted(interrupts_ms))
    assert_true(play(shape, replace(trouble, interrupts_ns=moments), seed))


@runs(200)
@given(transactional, seeds)
def test_producers_that_are_all_fenced_do_not_hold_up_the_run(shape: Shape, seed: int) -> None:
    """Every request that comes after ends with the reason, and there is a mark for each producer."""
    conduct = Conduct(fenced=1.0, commit=Delay(0, 1 * MS))
    played = play(replace(shape, ids=0), Circumstances(conduct), seed)
    assert_true(played)
    outcome = played.outcome
    assert outcome.reason.kind is StopKind.COMPLETED
    assert all(row.ending in {Ending.SEND, Ending.TIMEOUT} for row in outcome.requests())
    marks = [event[2] for event in outcome.events if event[0] == MARK]
    assert 1 <= len(marks) <= shape.producers
    assert all(str(mark).startswith("fenced: another producer uses") for mark in marks)
