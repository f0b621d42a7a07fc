"""What is asked of a real cluster takes no longer than it may."""

from collections.abc import Sequence
from concurrent.futures import Future
from types import SimpleNamespace

import pytest
from confluent_kafka import KafkaException, TopicPartition

from gatlingpy.errors import ProtocolError
from gatlingpy.protocols.kafka import log_ends
from gatlingpy.protocols.kafka.clients import Place
from gatlingpy.protocols.kafka.confluent import ConfluentCluster
from gatlingpy.protocols.kafka.log_ends import Answer, Ask, read_offsets
from gatlingpy.testing.wire import FakeError

PLACES = [("a", 0), ("a", 1)]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits here before a partition is asked for again."""
    monkeypatch.setattr(log_ends, "_AGAIN_S", 0.0)


def cluster(answers: dict[int, int]) -> ConfluentCluster:
    """A cluster of which these partitions have an answer, and the others never will."""

    def list_offsets(asked: dict[TopicPartition, object], **_told: object) -> dict[object, object]:
        futures: dict[object, Future[object]] = {at: Future() for at in asked}
        for at in asked:
            if at.partition in answers:
                futures[at].set_result(SimpleNamespace(offset=answers[at.partition]))
        return dict(futures)

    made = object.__new__(ConfluentCluster)
    made._admin = SimpleNamespace(list_offsets=list_offsets)  # type: ignore[assignment]
    made._redact = str  # type: ignore[assignment]
    return made


def test_positions_that_are_told_are_returned() -> None:
    """Each by its partition."""
    told = cluster({0: 7, 1: 9}).offsets(PLACES, first=False)
    assert told == {("a", 0): 7, ("a", 1): 9}


def test_a_position_that_is_never_told_is_given_up() -> None:
    """The client itself would wait for a minute while a broker hangs."""
    with pytest.raises(ProtocolError, match=r"the end of a\[1\] cannot be read: no answer within"):
        cluster({0: 7}).offsets(PLACES, first=False, timeout_s=0.01)


def refused(code: int) -> KafkaException:
    """What the client raises: its first argument is the error."""
    return KafkaException(FakeError(code, f"Broker: error {code}"))


def asked_in_turn(*turns: dict[int, int | Exception]) -> tuple[Ask, list[Sequence[Place]]]:
    """What each further question is answered, by partition; and who was asked for in each."""
    asked: list[Sequence[Place]] = []

    def ask(places: Sequence[Place], _left_s: float) -> dict[Place, Future[Answer]]:
        turn = turns[min(len(asked), len(turns) - 1)]
        asked.append(places)
        futures: dict[Place, Future[Answer]] = {place: Future() for place in places}
        for (_, partition), future in zip(places, futures.values(), strict=True):
            told = turn[partition]
            if isinstance(told, Exception):
                future.set_exception(told)
            else:
                future.set_result(SimpleNamespace(offset=told))
        return futures

    return ask, asked


@pytest.mark.parametrize("code", [3, 5, 6])
def test_a_partition_without_a_leader_is_asked_for_again(code: int) -> None:
    """A topic that was created a moment ago has one in a moment; the others are not asked again."""
    ask, asked = asked_in_turn({0: 7, 1: refused(code)}, {1: 9})
    assert read_offsets(ask, PLACES, "end", 5.0, str) == {("a", 0): 7, ("a", 1): 9}
    assert asked == [PLACES, [("a", 1)]]


def test_a_leader_that_never_comes_is_given_up() -> None:
    """With what was told last."""
    ask, _ = asked_in_turn({0: 7, 1: refused(6)})
    with pytest.raises(ProtocolError, match=r"the start of a\[1\] cannot be read: Broker: error 6"):
        read_offsets(ask, PLACES, "start", 0.05, str)


def test_what_will_not_pass_is_told_at_once() -> None:
    """Such as that the topic may not be read."""
    ask, asked = asked_in_turn({0: 7, 1: refused(29)}, {1: 9})
    with pytest.raises(ProtocolError, match=r"the end of a\[1\] cannot be read: Broker: error 29"):
        read_offsets(ask, PLACES, "end", 5.0, str)
    assert len(asked) == 1
