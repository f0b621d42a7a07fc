"""Whole runs of dummies on one thread: what is promised of every run holds for them."""

from random import Random

import pytest

from gatlingpy.dsl.open_injection import ramp_users
from gatlingpy.dsl.scenario import scenario
from gatlingpy.dsl.setup import Simulation
from gatlingpy.protocols.dummy.dsl import dummy
from gatlingpy.session import Session
from gatlingpy.stats.closing import count_problems
from gatlingpy.testing.sim import Circumstances, SimulatedRun
from gatlingpy.testing.threads import Pace
from tests.unit.protocols.dummy.bench import MS


def some_time(session: Session) -> float:
    """Return a response time up to 50 ms, the same for each user; every third is 0."""
    return Random(session.user_id).randrange(50) / 1_000 if session.user_id % 3 else 0


class Mixed(Simulation):
    """Users in a loop of dummies, good and bad, short and long."""

    def __init__(self) -> None:
        people = scenario("People").repeat(3, "i").on(
            dummy("Some", some_time),
            dummy("Odd", 0.02).with_success(lambda s: s.get_int("i") != 1),
            dummy("Next", "#{i}"),
        )  # fmt: skip
        self.set_up(people.inject_open(ramp_users(20).during(1)))


@pytest.mark.parametrize("seed", range(10))
def test_every_request_takes_its_time_and_ends_once(seed: int) -> None:
    """However late the loop wakes: its start is its user's due time or later, its length is exact."""
    pace = Pace(step_ns=50_000, stall_chance=0.01, stall_ns=200 * MS)
    outcome = SimulatedRun(Mixed, Circumstances(pace=pace), seed=seed).run()
    rows = list(outcome.requests())
    assert len(rows) == 180 == len(outcome.resumes)
    assert set(outcome.resumes) == {1}
    assert list(count_problems(outcome.counters)) == []
    assert outcome.counters["ending.check"] == 20
    assert all(row.start_ns >= row.intended_ns for row in rows)
    odd = [row for row in rows if row.name == "Odd"]
    assert {row.end_ns - row.start_ns for row in odd} == {20 * MS}
    ends = {(row.user, row.end_ns) for row in rows} | {
        (user.user, user.intended_ns) for user in outcome.users()
    }
    assert all((row.user, row.intended_ns) in ends for row in rows)


@pytest.mark.parametrize("seed", range(10))
def test_a_run_that_is_interrupted_waits_for_responses_and_counts_all(seed: int) -> None:
    """Ctrl-C once lets what is in flight be answered; twice ends it."""
    for interrupts in ((700 * MS,), (700 * MS, 700 * MS + 1)):
        outcome = SimulatedRun(Mixed, Circumstances(interrupts_ns=interrupts), seed=seed).run()
        assert list(count_problems(outcome.counters)) == []
        assert outcome.counters["in_flight"] == 0
        assert (outcome.counters["ending.run-ended"] > 0) == (len(interrupts) == 2)
        assert set(outcome.resumes) == {1}
