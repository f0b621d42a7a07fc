"""Several protocols in one run: each tells of its own requests alone, exactly."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.dsl.chain import chain
from gatlingpy.dsl.checks import response_equals
from gatlingpy.dsl.open_injection import at_once_users
from gatlingpy.dsl.scenario import scenario
from gatlingpy.dsl.setup import Compiled, Simulation, compile_simulation
from gatlingpy.protocols.dummy.dsl import dummy
from gatlingpy.protocols.kafka.dsl import kafka
from gatlingpy.stats.closing import count_problems
from gatlingpy.stats.events import Ending, ReplyKind
from gatlingpy.testing.sim import Circumstances, SimulatedOutcome, SimulatedRun
from gatlingpy.testing.truth import MS, Conduct, Delay
from gatlingpy.tracking.ids import IdSource
from tests.sim.shapes import conducts, runs, seeds

PLACES = ("", "2", "3")
"""What tells the ids of one protocol from those of the others."""


def compiled(users: int, timeout_ms: int, *, with_dummy: bool) -> Compiled:
    """Three protocols on one cluster, all of whose replies come on one topic; some time to rest."""

    class Several(Simulation):
        def __init__(self) -> None:
            first, second, third = (kafka().bootstrap_servers("fake:9092") for _ in PLACES)
            steps = chain()
            for number, protocol in enumerate((first, second, third)):
                request = kafka(f"r{number}").request_reply().topics("requests", "replies")
                request = request.value(lambda s, n=number: f"{s.user_id}/{n}")
                request = request.check(response_equals()).timeout(timeout_ms / 1000)
                steps = steps.exec(request if number == 0 else request.protocol(protocol))
            if with_dummy:
                steps = steps.exec(dummy("between", 0.005))
            population = scenario("Several").exec(steps.pause(1)).inject_open(at_once_users(users))
            self.set_up(population).protocols(first)

    return compile_simulation(Several)


def assert_books_balance(outcome: SimulatedOutcome) -> None:
    """Each sending has one token and one row, whatever protocol it went through."""
    rows = list(outcome.requests())
    assert sorted(row.token for row in rows) == list(range(len(rows)))
    assert outcome.counters["registered"] == len(rows)
    endings = Counter(row.ending for row in rows)
    assert {e: outcome.counters[f"ending.{e}"] for e in Ending} == {e: endings[e] for e in Ending}
    assert list(count_problems(outcome.counters)) == []


@runs(100)
@given(st.integers(1, 6), seeds, st.booleans())
def test_protocols_that_share_a_reply_topic_do_not_report_each_other_s_replies(
    users: int, seed: int, with_dummy: bool
) -> None:
    """Where everything is answered twice, each request has one duplicate, and there is no other."""
    conduct = Circumstances(Conduct(doubled=1.0, reply=Delay(0, 10 * MS)))
    run = SimulatedRun(compiled(users, 5_000, with_dummy=with_dummy), conduct, seed=seed)
    outcome = run.run()
    assert_books_balance(outcome)
    asked = [row for row in outcome.requests() if row.name != "between"]
    assert {row.ending for row in asked} == {"ok"}
    told = [(reply.reply, reply.token) for reply in outcome.replies()]
    assert sorted(told) == sorted(("duplicate", row.token) for row in asked)
    # Each reply is read by three, of which two have not asked.
    assert outcome.counters["replies_of_other_protocols"] == 2 * 2 * len(asked)


@runs(300)
@given(conducts, seeds, st.integers(1, 6), st.sampled_from([20, 60]))
def test_whatever_goes_wrong_each_protocol_tells_of_its_own(
    conduct: Conduct, seed: int, users: int, timeout_ms: int
) -> None:
    """Late and duplicate replies bear the token of a request of that very protocol."""
    run = SimulatedRun(
        compiled(users, timeout_ms, with_dummy=True), Circumstances(conduct), seed=seed
    )
    outcome = run.run()
    assert_books_balance(outcome)
    names = {row.token: row.name for row in outcome.requests()}
    ids = [IdSource(outcome.run_id, (1, 1), place) for place in PLACES]
    strays = 0
    for reply in outcome.replies():
        if reply.reply == ReplyKind.LATE_DELIVERY:
            continue
        if reply.reply in {ReplyKind.ORPHAN, ReplyKind.FOREIGN}:
            strays += 1
            continue
        told = reply.detail.split(" ", 1)[1].strip("'").encode()
        assert ids[int(names[reply.token][1:])].token(told) == reply.token
    assert strays <= len(PLACES) * len(outcome.cluster.strays)
