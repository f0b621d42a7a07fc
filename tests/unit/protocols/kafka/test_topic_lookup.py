"""Topics are looked up within bounded time, whatever the cluster does, and seen when they grow."""

from collections.abc import Mapping, Sequence

import pytest

from gatlingpy.errors import ProtocolError
from gatlingpy.protocols.kafka import runtime
from gatlingpy.protocols.kafka.clients import Place
from gatlingpy.protocols.kafka.dsl import consume, kafka
from gatlingpy.protocols.kafka.request_reply import RequestReplyAction
from gatlingpy.session import Session
from tests.unit.protocols.kafka.broker_side import Bench
from tests.unit.protocols.kafka.test_dynamic_topics import ASK, SECOND, TAKE, Desk


class Silent:
    """Positions that a leader which is gone keeps to itself; asking takes all the time there is."""

    def __init__(self, desk: Bench) -> None:
        self.desk = desk
        self.asked: list[tuple[int, float]] = []
        desk.cluster.offsets = self  # type: ignore[assignment,method-assign]

    def __call__(
        self, places: Sequence[Place], *, first: bool, timeout_s: float = 10.0
    ) -> Mapping[Place, int]:
        self.asked.append((len(places), timeout_s))
        self.desk.services.clock.advance(round(timeout_s * SECOND))
        raise ProtocolError("no answer")


def test_many_topics_that_cannot_be_read_take_bounded_time() -> None:
    """All are told of, also those that nobody could ask for any more."""
    desk = Desk(TAKE, users=100)
    silent = Silent(desk)
    for u in range(100):
        desk.user(u)
    before = desk.now
    desk.play("kafka-topics")
    assert desk.now - before <= 21 * SECOND
    assert silent.asked == [(200, 10.0), *[(2, 1.0)] * 10]
    assert [row.ending for row in desk.rows()] == ["consumer"] * 100
    assert {row.message for row in desk.rows()} == {"no answer"}


def test_no_look_begins_while_a_run_closes() -> None:
    """Neither for topics that users name nor for new partitions: it would have to be waited for."""
    desk = Desk(TAKE, ASK, consume("Fixed", "requests").timeout(1))
    desk.user(1)
    looked: list[int] = []
    topics = desk.cluster.topics
    desk.cluster.topics = lambda: (looked.append(1), topics())[1]  # type: ignore[method-assign,func-returns-value]
    fixed = desk.runtime._reading.topics
    assert fixed is not None
    fixed._doorbell.take = lambda until_ns: (  # type: ignore[method-assign]
        desk.services.clock.move_to(until_ns), [],  # type: ignore[arg-type]
    )[1]  # fmt: skip
    desk.play("kafka-watch")
    assert looked == [1]
    desk.runtime._producers.close = lambda: (  # type: ignore[method-assign]
        desk.play("kafka-watch"), desk.play("kafka-topics"),
    )[0]  # type: ignore[func-returns-value]  # fmt: skip
    desk.runtime.close()
    desk.play("kafka-watch")
    desk.play("kafka-topics")
    assert looked == [1]


def test_closing_does_not_wait_for_topics_to_be_asked_for_one_by_one() -> None:
    """The question that is under way is the last."""
    desk = Desk(TAKE, users=100)
    silent = Silent(desk)
    for u in range(100):
        desk.user(u)
    desk.cluster.offsets = lambda *args, **told: (  # type: ignore[method-assign]
        desk.topics.look_no_more(), silent(*args, **told),
    )[1]  # fmt: skip
    desk.play("kafka-topics")
    assert silent.asked == [(200, 10.0)]


def test_new_partitions_are_seen_however_often_topics_are_asked_for() -> None:
    """Not only once nobody has asked for ten seconds."""
    desk = Desk(ASK)
    desk.user(1)
    desk.open()
    desk.play_ms(5)
    desk.cluster.create_topics({"from-1": 3})
    desk.user(2)
    desk.open()
    assert ("from-1", 2) in desk.places()


def test_topics_that_are_found_together_are_given_to_their_consumer_at_once() -> None:
    """It reads nothing while it learns of new ones, and so learns of them once."""
    desk = Desk(ASK)
    for u in range(5):
        desk.user(u)
    desk.play("kafka-topics")
    (client,) = desk.cluster.consumers
    adds: list[int] = []
    add = client.add
    client.add = lambda places: (adds.append(len(places)), add(places))[1]  # type: ignore[method-assign,func-returns-value]
    desk.play("kafka-consume-topics-0")
    assert adds == [10]
    desk.play_ms(5)
    assert desk.endings() == ["ok"] * 5


def test_a_fixed_topic_that_users_name_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for each request."""
    made: list[str] = []

    class Counted(RequestReplyAction):
        def __init__(self, plan: object, *args: object) -> None:
            made.append(str(plan.response_topic))  # type: ignore[attr-defined]
            super().__init__(plan, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(runtime, "RequestReplyAction", Counted)
    desk = Desk(ASK, kafka("Fixed").request_reply().topics("to-1", "from-1").value("x"))
    before = len(made)
    for _ in range(3):
        desk.user(1)
        desk.play_ms(5)
    assert len(made) == before + 1
    assert desk.endings() == ["ok"] * 3


def test_a_fixed_topic_that_users_name_may_die() -> None:
    """Though it was compiled while it was alive."""
    desk = Desk(ASK, consume("Also", "from-1").timeout(1))
    desk.user(1)
    desk.play_ms(5)
    desk.runtime._reading._on_dead("from-1", "gone")
    desk.performs[0](Session("Shop", 9, {"u": 1}), desk.now, lambda session, _: None)
    assert [(row.ending, row.message) for row in desk.rows()][-1] == (
        "consumer", "the consumer of from-1 died: gone",
    )  # fmt: skip
