"""How consumers are to read, as users write it: what the plan then says, and what it refuses."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from gatlingpy.dsl.compiler import Compiler
from gatlingpy.errors import UsageError
from gatlingpy.protocols.kafka.consumer import ConsumerPolicy
from gatlingpy.protocols.kafka.dsl import kafka
from gatlingpy.protocols.kafka.plan import KafkaProtocol, MemoryStorePlan
from gatlingpy.protocols.kafka.protocol_builder import KafkaProtocolBuilder
from gatlingpy.protocols.kafka.reply_topics import consumer_policy
from gatlingpy.protocols.kafka.request_reply_builder import KafkaRequestReplyBuilder
from gatlingpy.session import Session
from gatlingpy.stats.events import MARK
from gatlingpy.testing.truth import MS
from tests.unit.protocols.kafka.broker_side import Bench, compiled

PROTOCOL = kafka().bootstrap_servers("fake:9092")
ASK = kafka("Ask").request_reply().topics("requests", "replies").value("x").timeout(1)


@dataclass(frozen=True, slots=True)
class SharedStorePlan(MemoryStorePlan):
    """A store that other injectors see as well."""

    @property
    def shared(self) -> bool:
        """It is."""
        return True


def policy(protocol: KafkaProtocolBuilder) -> ConsumerPolicy:
    return consumer_policy(protocol.plan, 1_000)


def test_by_default_positions_are_committed_every_five_seconds_and_nothing_waits() -> None:
    """And where reading begins is not, in a group that this run alone has."""
    assert policy(PROTOCOL) == ConsumerPolicy(0.1, 1_000, 5_000 * MS, False, False)


@pytest.mark.parametrize(
    ("protocol", "field", "value"),
    [
        (PROTOCOL.commit_interval(0.5), "commit_interval_ns", 500 * MS),
        (PROTOCOL.commit_interval("250ms"), "commit_interval_ns", 250 * MS),
        (PROTOCOL.commit_interval(None), "commit_interval_ns", None),
        (PROTOCOL.sync_commit(), "wait_for_commits", True),
        (PROTOCOL.sync_commit(True).sync_commit(False), "wait_for_commits", False),
        (PROTOCOL.group_id("mine"), "commit_first", True),
        (PROTOCOL.consumer_properties({"group.id": "mine"}), "commit_first", True),
        (PROTOCOL.group_id("mine").commit_interval(None), "commit_first", False),
        (PROTOCOL.poll_timeout(30), "poll_s", 0.5),
    ],
)
def test_what_is_said_becomes_the_policy_of_every_consumer(
    protocol: KafkaProtocolBuilder, field: str, value: object
) -> None:
    """A group that is named has its beginning committed, unless nothing is ever committed."""
    assert getattr(policy(protocol), field) == value


def test_the_short_calls_are_properties_of_the_consumers() -> None:
    """Over those that were given before."""
    protocol = PROTOCOL.consumer_properties({"auto.offset.reset": "latest", "check.crcs": True})
    protocol = protocol.offset_reset("earliest").isolation_level("read_committed")
    assert dict(protocol.plan.consumer_properties) == {
        "auto.offset.reset": "earliest", "check.crcs": True, "isolation.level": "read_committed",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: PROTOCOL.offset_reset("end"), r'offset_reset\(...\) takes "latest" or "earliest"'),
        (lambda: PROTOCOL.isolation_level("all"), 'takes "read_uncommitted" or "read_committed"'),
        (lambda: PROTOCOL.commit_interval("often"), r"commit_interval\(...\)"),
    ],
)
def test_other_words_are_refused_with_the_line(call: Callable[[], object], message: str) -> None:
    """At once."""
    with pytest.raises(UsageError, match=message):
        call()


def problems(protocol: KafkaProtocolBuilder, *requests: KafkaRequestReplyBuilder) -> list[str]:
    compiler = Compiler()
    compiler.bind((protocol,))
    plans = [request.compile(compiler, f"Shop/{i}") for i, request in enumerate(requests)]
    (plan,) = compiler.protocols
    assert isinstance(plan, KafkaProtocol)
    return [*plan.problems(), *(p for request in plans for p in plan.request_problems(request))]


def test_an_interval_of_nothing_is_a_problem() -> None:
    """With the way to have no commits."""
    (problem,) = problems(PROTOCOL.commit_interval(0))
    assert problem.endswith("commit_interval(None) commits nothing")


def test_a_shared_group_needs_a_store_that_is_shared() -> None:
    """There is none yet, so it is always refused, with what to do instead."""
    (problem,) = problems(PROTOCOL.shared_consumer_group(), ASK.resume_on("ack"))
    assert "finds the request only in a store that all injectors share" in problem
    assert "take shared_consumer_group() away" in problem


SHARED = PROTOCOL.request_store(SharedStorePlan()).shared_consumer_group()


def test_a_shared_group_needs_users_who_do_not_wait_and_topics_that_are_known() -> None:
    """Each request that is not so is named."""
    assert problems(SHARED, ASK.resume_on("ack"), ASK.resume_on("send")) == []
    (waits,) = problems(SHARED, ASK)
    assert waits.startswith("'Ask' waits for its reply")
    (named,) = problems(SHARED, ASK.resume_on("ack").response_topic("r-#{u}"))
    assert "has a response topic that each user names" in named
    assert problems(PROTOCOL, ASK, ASK.response_topic("r-#{u}")) == []


def test_a_run_in_a_shared_group_begins_when_its_members_are_assigned_their_shares() -> None:
    """Its replies are matched as ever; nothing else reads its reply topics."""
    bench = Sharing(SHARED.num_consumers(2), ASK.resume_on("send"))
    assert sorted(len(client.places) for client in bench.cluster.consumers) == [1, 2]
    assert len(bench.cluster.group.committed) == 3
    bench.perform(session=Session("Shop", 1))
    for _ in range(10):
        bench.after_ms(1)
    assert bench.endings() == ["ok"]
    marks = [mark.text for mark in bench.marks()]
    assert [text.split(" was")[0] for text in marks if "assigned" in text].count("group-1") >= 1
    bench.runtime.close()
    assert all(client.closed for client in bench.cluster.consumers)
    assert {event[0] for event in bench.services.events} >= {MARK}


class Sharing(Bench):
    """A bench whose threads are played while the run waits to begin."""

    def __init__(self, protocol: KafkaProtocolBuilder, *actions: KafkaRequestReplyBuilder) -> None:
        topics = {"requests": 1, "replies": 3}
        self.runtime, self.services, self.requests, self.cluster = compiled(
            protocol, *actions, topics=topics
        )
        self.resumed = []
        self.runtime.prepare()
        self.performs = [self.runtime.bind(request) for request in self.requests]
        rest = self.services.sleep

        def sleep(length_ns: int) -> None:
            self.services.clock.advance(length_ns)
            self.services.sleep = rest  # type: ignore[method-assign]
            for worker in list(self.services.workers.values()):
                worker.step()
            self.services.settle()
            self.services.sleep = sleep  # type: ignore[method-assign]

        self.services.sleep = sleep  # type: ignore[method-assign]
        self.runtime.start()
        self.services.sleep = rest  # type: ignore[method-assign]


def test_more_consumers_than_partitions_are_a_note_of_the_run() -> None:
    """Of each topic that has fewer."""
    topics = {"requests": 1, "replies": 3}
    bench = Bench(PROTOCOL.num_consumers(5), ASK, topics=topics)
    (note,) = bench.runtime.notes
    assert note == (
        "num_consumers(5) is more than 'replies' has partitions: it has 3 partitions, and so many "
        "consumers."
    )
    assert list(Bench(PROTOCOL.num_consumers(3), ASK, topics=topics).runtime.notes) == []
    one = Bench(PROTOCOL.num_consumers(2), ASK, topics={"requests": 1, "replies": 1})
    assert "it has 1 partition, and" in one.runtime.notes[0]


def test_the_builder_stays_as_it_was() -> None:
    """Each call gives a new one."""
    before = replace(PROTOCOL.plan)
    PROTOCOL.commit_interval(1).sync_commit().shared_consumer_group().offset_reset("earliest")
    assert PROTOCOL.plan == before
