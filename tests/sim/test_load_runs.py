"""Whole runs of one load each, by hand: pauses, shares, queues that fill, users that wait in vain."""

from collections import Counter
from collections.abc import Callable

import pytest

from gatlingpy.dsl.closed_injection import constant_concurrent_users
from gatlingpy.dsl.open_injection import at_once_users, constant_users_per_sec, nothing_for
from gatlingpy.dsl.population import Population
from gatlingpy.dsl.scenario import scenario
from gatlingpy.dsl.setup import SetUp, Simulation
from gatlingpy.dsl.throttle import hold_for, jump_to_rps
from gatlingpy.engine.stop import StopKind
from gatlingpy.load.segment import Segment
from gatlingpy.protocols.kafka.dsl import kafka
from gatlingpy.protocols.kafka.request_builders import KafkaRequestReplyBuilder
from gatlingpy.stats.events import GAUGE, MARK, USER_END, USER_START
from gatlingpy.testing.sim import Circumstances, SimulatedOutcome, SimulatedRun
from gatlingpy.testing.threads import Pace
from gatlingpy.testing.truth import MS, Conduct

S = 1_000 * MS
SMOOTH = Circumstances(pace=Pace(step_ns=20_000))


def run_of(
    *populations: Population,
    add: Callable[[SetUp], object] = lambda set_up: set_up,
    circumstances: Circumstances = SMOOTH,
    segment: Segment | None = None,
) -> SimulatedOutcome:
    class Sample(Simulation):
        def __init__(self) -> None:
            set_up = self.set_up(*populations)
            set_up.protocols(kafka().bootstrap_servers("fake:9092"))
            add(set_up)

    return SimulatedRun(Sample, circumstances, segment=segment).run()


def ask(name: str = "Ask") -> KafkaRequestReplyBuilder:
    return kafka(name).request_reply().topics("requests", "replies").value("hello").timeout(0.1)


def begin_ns(outcome: SimulatedOutcome) -> int:
    return min(user.intended_ns for user in outcome.users())


def meant_ms(outcome: SimulatedOutcome, name: str) -> list[int]:
    """Return when the users of a scenario were meant to start, in ms of the run."""
    begin = begin_ns(outcome)
    users = (u for u in outcome.users() if u.scenario == name and u.what == USER_START)
    return [(user.intended_ns - begin) // MS for user in users]


def lasted_ms(outcome: SimulatedOutcome, name: str) -> int:
    """Return how long the only user of a scenario lasted, to the nearest ten milliseconds."""
    moments = [user.at_ns for user in outcome.users() if user.scenario == name]
    return round((moments[1] - moments[0]) / (10 * MS)) * 10


def ids(outcome: SimulatedOutcome, name: str) -> set[int]:
    return {user.user for user in outcome.users() if user.scenario == name}


# --- pauses --------------------------------------------------------------------------------------


def pausing(name: str) -> Population:
    return scenario(name).pause(0.5).inject_open(at_once_users(1))


def test_the_pauses_of_a_population_go_before_those_of_the_set_up() -> None:
    """Which are for the populations that say nothing."""
    outcome = run_of(
        pausing("a").custom_pauses(lambda _session: 0.2),
        pausing("b"),
        pausing("c").constant_pauses(),
        pausing("d").disable_pauses(),
        add=lambda set_up: set_up.custom_pauses(lambda _session: 0.1),
    )
    assert [lasted_ms(outcome, name) for name in "abcd"] == [200, 100, 500, 0]


def test_a_throttle_of_a_population_takes_its_pauses_out() -> None:
    """And those of no other."""
    limited = pausing("a").throttle(jump_to_rps(1), hold_for(5))
    outcome = run_of(limited, pausing("b"))
    assert [lasted_ms(outcome, name) for name in "ab"] == [0, 500]


def test_a_throttle_of_the_run_takes_all_pauses_out() -> None:
    """Whatever type they have."""
    outcome = run_of(
        pausing("a").constant_pauses(),
        pausing("b"),
        add=lambda set_up: set_up.throttle(jump_to_rps(1), hold_for(5)),
    )
    assert [lasted_ms(outcome, name) for name in "ab"] == [0, 0]


# --- throttles -----------------------------------------------------------------------------------


def test_the_end_of_a_throttle_ends_the_run() -> None:
    """And says so; requests that still wait are never sent, and counted in a mark."""
    outcome = run_of(
        scenario("Shop").exec(ask()).inject_open(at_once_users(9)),
        add=lambda set_up: set_up.throttle(jump_to_rps(2), hold_for(2)).max_duration(60),
    )
    assert outcome.reason.kind is StopKind.MAX_DURATION
    assert outcome.reason.message == "the throttle of 2 s is over"
    assert outcome.counters["registered"] == outcome.counters["ending.ok"] == 4
    what = Counter(user.what for user in outcome.users())
    assert what == {USER_START: 9, USER_END: 9}
    (mark,) = (event for event in outcome.events if event[0] == MARK)
    assert mark[2] == "5 requests still waited for the throttle, and were never sent"


def test_lag_holds_the_time_in_the_queue() -> None:
    """Response times do not."""
    outcome = run_of(
        scenario("Shop").exec(ask()).inject_open(at_once_users(3)),
        add=lambda set_up: set_up.throttle(jump_to_rps(1), hold_for(5)),
    )
    rows = list(outcome.requests())
    assert [round((row.start_ns - row.intended_ns) / S) for row in rows] == [0, 1, 2]
    assert all(row.end_ns - row.start_ns < 100 * MS for row in rows)
    gauges = [event[4] for event in outcome.events if event[0] == GAUGE]
    assert gauges[:3] == [0.0, 2.0, 1.0]


def test_a_queue_that_is_full_makes_the_run_invalid_at_once() -> None:
    """Nobody is lost: every user ends, every request that was sent has ended."""
    outcome = run_of(
        scenario("Shop").exec(ask()).inject_open(constant_users_per_sec(20).during(10)),
        add=lambda set_up: set_up.throttle(jump_to_rps(5), hold_for(60), queue=30),
    )
    assert outcome.reason.kind is StopKind.INVALID
    assert "31 requests wait (31 of 'Shop')" in outcome.reason.message
    what = Counter(user.what for user in outcome.users())
    assert what[USER_START] == what[USER_END]
    assert outcome.counters["in_flight"] == 0
    assert outcome.end_ns - begin_ns(outcome) < 3 * S


# --- populations ---------------------------------------------------------------------------------


def test_an_empty_population_takes_its_time() -> None:
    """Who follows it waits for that."""
    wait = scenario("Wait").pause(1).inject_open(nothing_for(2))
    outcome = run_of(pausing("First").and_then(wait.and_then(pausing("Last"))))
    assert meant_ms(outcome, "First") == [0]
    assert meant_ms(outcome, "Wait") == []
    assert meant_ms(outcome, "Last") == [2_500]


def test_a_population_that_follows_waits_for_users_that_outlast_the_profile() -> None:
    """And begins when the last of them has ended, not when the profile was over."""
    club = scenario("Club").pause(1.5).inject_closed(constant_concurrent_users(3).during(5))
    outcome = run_of(club.and_then(pausing("After")))
    chains = (0, 1_500, 3_000, 4_500), (333, 1_833, 3_333, 4_833), (666, 2_166, 3_666)
    assert sorted(meant_ms(outcome, "Club")) == sorted(t for chain in chains for t in chain)
    assert meant_ms(outcome, "After") == [6_333]


def test_segments_share_every_population() -> None:
    """Each user has an id of its own, in whatever segment; open ones are numbered as in one run."""

    def people() -> list[Population]:
        open_one = scenario("Open").pause(0.1).inject_open(constant_users_per_sec(5).during(2))
        late = scenario("Late").pause(0.1).inject_open(at_once_users(3))
        club = scenario("Club").pause(0.4).inject_closed(constant_concurrent_users(3).during(2))
        bar = scenario("Bar").pause(0.4).inject_closed(constant_concurrent_users(2).during(2))
        return [open_one.and_then(late), club, bar]

    parts = [run_of(*people(), segment=Segment(i, 2)) for i in (1, 2)]
    for name, expected in (("Open", range(1, 11)), ("Late", range(11, 14))):
        together = [user for part in parts for user in ids(part, name)]
        assert sorted(together) == list(expected)
    closed = [user for part in parts for name in ("Club", "Bar") for user in ids(part, name)]
    assert len(closed) == len(set(closed))
    assert min(closed) > 13
    started = [len(meant_ms(part, name)) for name in ("Club", "Bar") for part in parts]
    assert started == [9, 5, 5, 5]  # chains from 0 and 500 ms on; a user lasts 400 ms of the 2 s


# --- stops ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stop", "kind", "word"),
    [
        (lambda s: s.stop_load_generator("sold out"), StopKind.STOPPED, "stop"),
        (lambda s: s.crash_load_generator("sold out"), StopKind.FAILED, "crash"),
    ],
)
def test_a_step_stops_the_run(stop: Callable[[object], object], kind: StopKind, word: str) -> None:
    """What is in flight is answered; what is said stands in the reason, once."""
    asking = scenario("Asking").exec(ask().timeout(5)).inject_open(at_once_users(5))
    stopping = stop(scenario("Stopping").pause(0.001)).inject_open(at_once_users(2))  # type: ignore[attr-defined]
    outcome = run_of(asking, stopping, circumstances=Circumstances(Conduct()))
    assert outcome.reason.kind is kind
    assert outcome.reason.message == f"{word}_load_generator: sold out"
    assert outcome.counters["ending.ok"] == 5


def test_users_that_wait_for_each_other_in_vain_stop_the_run() -> None:
    """One leaves before the meeting point, so that it can never open; what follows never starts."""
    meeting = (
        scenario("Meeting").exit_here_if(lambda s: s.user_id == 1).rendez_vous(3)
        .inject_open(at_once_users(3))
    )  # fmt: skip
    outcome = run_of(meeting.and_then(pausing("After")))
    assert outcome.reason.kind is StopKind.STUCK
    assert "rendez_vous(3) has 2 of 3 users" in outcome.reason.message
    assert ids(outcome, "After") == set()
    assert Counter(user.what for user in outcome.users()) == {USER_START: 3, USER_END: 3}
