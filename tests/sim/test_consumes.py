"""Whole runs whose users take records and name topics, on a cluster in any trouble."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.dsl.chain import Chain, chain
from gatlingpy.dsl.checks import body_string, response_equals
from gatlingpy.dsl.open_injection import ramp_users
from gatlingpy.dsl.scenario import scenario
from gatlingpy.dsl.setup import Compiled, Simulation, compile_simulation
from gatlingpy.protocols.kafka import consumed_topics, dynamic_topics
from gatlingpy.protocols.kafka.dsl import consume, kafka
from gatlingpy.session import Session
from gatlingpy.spi import Message
from gatlingpy.stats.events import Ending, ReplyKind, RequestEvent
from gatlingpy.testing.sim import Circumstances, SimulatedOutcome, SimulatedRun
from gatlingpy.testing.truth import MS, SentReply
from tests.sim.shapes import runs, seeds, troubles

_TAKEN = {Ending.OK, Ending.CHECK}


@dataclass(frozen=True, slots=True)
class Taking:
    """A simulation in which each user makes a record and takes one, some times."""

    users: int = 5
    ramp_ms: int = 100
    rounds: int = 2
    own: bool = True
    """Whether a user takes the record that it made, or the next one."""
    named: int = 0
    """How many topics users name; 0 for one topic that is the same for all."""
    timeout_ms: int = 60
    rest_ms: int = 0
    """How long after making a record the user begins to wait for one."""
    consumers: int = 1


@dataclass(slots=True)
class Taken:
    """A run that is over, and what each request has taken: the record's place and value."""

    shape: Taking
    outcome: SimulatedOutcome
    records: dict[tuple[int, str], tuple[str, int, int, str]] = field(default_factory=dict)

    def rows(self, kind: str) -> Iterator[RequestEvent]:
        return (row for row in self.outcome.requests() if row.name.startswith(kind))

    def written(self) -> list[SentReply]:
        cluster = self.outcome.cluster
        return [r for s in cluster.sendings for r in s.replies] + cluster.strays


def _body(session: Session) -> str:
    return f"{session.user_id}/{session['n']}"


def _place(record: Message) -> tuple[str, int, int, str]:
    value = (record.value or b"").decode()
    return record.topic, record.partition, record.offset, value


def _steps(shape: Taking, taken: Taken) -> Chain:
    def of(kind: str, session: Session) -> str:
        return f"{kind}-{session.user_id % shape.named}" if shape.named else kind

    def note(session: Session) -> Session:
        if "place" in session:
            taken.records[session.user_id, f"Take {session['n']}"] = session["place"]  # type: ignore[assignment]
        return session.remove("place")

    made, taken_from = ("made", "taken") if not shape.named else (
        lambda s: of("made", s), lambda s: of("taken", s),
    )  # fmt: skip
    make = kafka("Make #{n}").send().topic(made).value(_body).timeout(1)
    take = consume(lambda s: f"Take {s['n']}", taken_from).save_as("place", _place)
    take = take.check(body_string().transform(lambda v: v.endswith("(corrupted)")).is_(False))
    if shape.own:
        take = take.match(lambda m: (m.value or b"").decode().removesuffix(" (corrupted)"), _body)
    steps = chain().exec(make)
    if shape.rest_ms:
        steps = steps.pause(shape.rest_ms / 1000)
    return steps.exec(take.timeout(shape.timeout_ms / 1000)).exec(note)


def _compiled(shape: Taking, taken: Taken) -> Compiled:
    class TakingRecords(Simulation):
        def __init__(self) -> None:
            steps = chain().repeat(shape.rounds, "n", _steps(shape, taken))
            users = ramp_users(shape.users).during(shape.ramp_ms / 1000)
            protocol = kafka().bootstrap_servers("fake:9092").num_consumers(shape.consumers)
            self.set_up(scenario("Takers").exec(steps).inject_open(users)).protocols(protocol)

    return compile_simulation(TakingRecords)


def _play(shape: Taking, circumstances: Circumstances, seed: int) -> Taken:
    taken = Taken(shape, None)  # type: ignore[arg-type]
    kinds = [""] if not shape.named else [f"-{n}" for n in range(shape.named)]
    topics = {f"{word}{kind}": 2 for kind in kinds for word in ("made", "taken")}
    answers = {f"made{kind}": f"taken{kind}" for kind in kinds}
    run = SimulatedRun(
        _compiled(shape, taken), circumstances, seed=seed, topics=topics, answers=answers
    )
    taken.outcome = run.run()
    return taken


def _assert_true(taken: Taken) -> None:
    outcome, counters = taken.outcome, taken.outcome.counters
    rows = list(outcome.requests())
    assert sorted(row.token for row in rows) == list(range(len(rows)))
    assert (counters["registered"], counters["in_flight"]) == (len(rows), 0)
    endings = Counter(row.ending for row in rows)
    assert all(counters[f"ending.{ending}"] == endings[ending] for ending in Ending)
    assert all(count == 1 for count in outcome.resumes)
    assert {reply.reply for reply in outcome.replies()} <= {ReplyKind.LATE_DELIVERY}
    _assert_each_record_once(taken)
    for row in taken.rows("Take"):
        _assert_told_right(taken, row)


def _assert_each_record_once(taken: Taken) -> None:
    """No record is taken twice, none is lost on the way, and what nobody took is counted."""
    places = [record[:3] for record in taken.records.values()]
    assert len(set(places)) == len(places)
    answered = sum(row.ending in _TAKEN for row in taken.rows("Take"))
    assert len(places) == answered
    if taken.shape.named:
        return  # what is read of a topic that nobody needs any more is nobody's
    read = sum(reply.read_ns is not None for reply in taken.written())
    assert taken.outcome.counters["records_not_consumed"] + answered == read


def _assert_told_right(taken: Taken, row: RequestEvent) -> None:
    """The ending of a consume is that of its record, at the time that it was received."""
    due_ns = row.start_ns + taken.shape.timeout_ms * MS
    assert row.intended_ns <= row.start_ns <= row.end_ns <= due_ns
    record = taken.records.get((row.user, row.name))
    assert (record is not None) == (row.ending in _TAKEN)
    if record is None:
        assert row.ending in {Ending.TIMEOUT, Ending.CONSUMER}
        if row.ending == Ending.TIMEOUT:
            assert row.message == f"Record timeout after {taken.shape.timeout_ms} ms"
            assert row.end_ns == due_ns
        return
    value = record[3]
    reads = [reply.read_ns for reply in taken.written() if (reply.value or b"").decode() == value]
    ends = [max(read_ns, row.start_ns) for read_ns in reads if read_ns is not None]
    assert row.end_ns in ends
    assert (row.ending == Ending.CHECK) == value.endswith("(corrupted)")
    if taken.shape.own:
        assert value.removesuffix(" (corrupted)") == f"{row.user}/{row.name.split()[1]}"


shapes = st.builds(
    Taking,
    users=st.integers(1, 10),
    ramp_ms=st.sampled_from([0, 50, 300]),
    rounds=st.integers(1, 3),
    own=st.booleans(),
    timeout_ms=st.sampled_from([20, 60, 300]),
    rest_ms=st.sampled_from([0, 0, 30]),
    consumers=st.integers(1, 2),
)


@runs(150)
@given(shapes, seeds)
def test_on_a_faultless_cluster_everybody_has_a_record(shape: Taking, seed: int) -> None:
    """One each, whoever made it; nothing is left over."""
    taken = _play(Taking(shape.users, shape.ramp_ms, shape.rounds, shape.own, 0, 5_000,
                         shape.rest_ms, shape.consumers), Circumstances(), seed)  # fmt: skip
    _assert_true(taken)
    counters = taken.outcome.counters
    assert counters["ending.ok"] == counters["registered"] > 0
    assert counters["records_not_consumed"] == 0


@runs(500)
@given(shapes, troubles, seeds)
def test_whatever_goes_wrong_each_record_goes_to_one_user_and_each_user_is_told_right(
    shape: Taking, trouble: Circumstances, seed: int
) -> None:
    """Lost, doubled, late and corrupted records, dead consumers, slow injectors."""
    _assert_true(_play(shape, trouble, seed))


@runs(200)
@given(shapes, troubles, seeds)
def test_so_it_is_where_few_early_records_are_kept(
    shape: Taking, trouble: Circumstances, seed: int
) -> None:
    """What is dropped is counted among what nobody took."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(consumed_topics, "EARLY_RECORDS", 2)
        _assert_true(_play(shape, trouble, seed))


@runs(300)
@given(shapes, troubles, seeds, st.integers(1, 4))
def test_so_it_is_where_users_name_topics_and_few_may_be_open(
    shape: Taking, trouble: Circumstances, seed: int, named: int
) -> None:
    """Opened, let go and opened again all the time; at the end none is left in use."""
    shape = Taking(shape.users, shape.ramp_ms, shape.rounds, shape.own, named, shape.timeout_ms,
                   shape.rest_ms, shape.consumers)  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dynamic_topics, "IDLE_NS", 10 * MS)
        patch.setattr(dynamic_topics, "MOST_OPEN", 2)
        taken = _play(shape, trouble, seed)
    _assert_true(taken)
    rows = list(taken.rows("Take"))
    if taken.outcome.reason.kind.value == "completed":
        assert len(rows) == shape.users * shape.rounds


def _ask_on_named_topics(
    trouble: Circumstances, seed: int, named: int, timeout_ms: int
) -> SimulatedOutcome:
    class Naming(Simulation):
        def __init__(self) -> None:
            ask = (
                kafka("Ask #{n}")
                .request_reply()
                .request_topic(lambda s: f"made-{s.user_id % named}")
                .response_topic(lambda s: f"taken-{s.user_id % named}")
                .value(_body)
                .check(response_equals())
                .timeout(timeout_ms / 1000)
            )
            steps = chain().repeat(2, "n", chain().exec(ask))
            users = ramp_users(8).during(0.1)
            protocol = kafka().bootstrap_servers("fake:9092").num_consumers(2)
            self.set_up(scenario("People").exec(steps).inject_open(users)).protocols(protocol)

    topics = {f"{word}-{n}": 2 for n in range(named) for word in ("made", "taken")}
    answers = {f"made-{n}": f"taken-{n}" for n in range(named)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dynamic_topics, "IDLE_NS", 10 * MS)
        patch.setattr(dynamic_topics, "MOST_OPEN", 2)
        compiled = compile_simulation(Naming)
        run = SimulatedRun(compiled, trouble, seed=seed, topics=topics, answers=answers)
        return run.run()


@runs(200)
@given(troubles, seeds, st.integers(1, 4))
def test_replies_find_their_requests_on_topics_that_users_name(
    trouble: Circumstances, seed: int, named: int
) -> None:
    """Each ending is that of this very request, and everybody goes on."""
    outcome = _ask_on_named_topics(trouble, seed, named, 60)
    rows = list(outcome.requests())
    assert len(rows) == outcome.counters["registered"] == 16
    assert outcome.counters["in_flight"] == 0
    assert all(count == 1 for count in outcome.resumes)
    truth = {sending.value: sending for sending in outcome.cluster.sendings}
    for row in rows:
        sending = truth.get(f"{row.user}/{row.name.split()[1]}".encode())
        assert row.intended_ns <= row.start_ns <= row.end_ns <= row.start_ns + 60 * MS
        if row.ending == Ending.OK:
            assert sending is not None
            assert row.end_ns in {reply.read_ns for reply in sending.replies if reply.intact}
        if row.ending == Ending.CONSUMER:
            assert "the consumer of topics that users name died" in row.message


@runs(150)
@given(seeds, st.integers(1, 4))
def test_on_a_faultless_cluster_no_reply_on_such_a_topic_is_missed(seed: int, named: int) -> None:
    """However often it is let go and opened again."""
    outcome = _ask_on_named_topics(Circumstances(), seed, named, 5_000)
    assert outcome.counters["ending.ok"] == 16
    assert list(outcome.replies()) == []
