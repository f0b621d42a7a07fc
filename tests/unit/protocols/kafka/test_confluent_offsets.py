"""What is asked of a real cluster takes no longer than it may."""

from concurrent.futures import Future
from types import SimpleNamespace

import pytest
from confluent_kafka import TopicPartition

from gatlingpy.errors import ProtocolError
from gatlingpy.protocols.kafka.confluent import ConfluentCluster

PLACES = [("a", 0), ("a", 1)]


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
