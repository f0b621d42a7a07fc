"""Topics are created where they are missing, whoever else creates them meanwhile."""

from collections.abc import Sequence
from concurrent.futures import Future

import pytest
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import NewTopic

from gatlingpy.errors import ProtocolError
from gatlingpy.protocols.kafka.confluent import ConfluentCluster


class Answers:
    """An admin client that answers each wish for a topic with the same error, or with success."""

    def __init__(self, code: int | None) -> None:
        """The code of the error."""
        self.code = code
        self.asked: list[str] = []

    def create_topics(self, wanted: Sequence[NewTopic]) -> dict[str, Future[None]]:
        """Take note, and answer."""
        answers = {}
        for topic in wanted:
            self.asked.append(topic.topic)
            answers[topic.topic] = future = Future[None]()
            if self.code is None:
                future.set_result(None)
            else:
                future.set_exception(KafkaException(KafkaError(self.code)))
        return answers


class Cluster(ConfluentCluster):
    """A cluster that has one topic, and whose admin client is that of the test."""

    def __init__(self, admin: Answers) -> None:
        """Nothing is connected."""
        self._admin = admin

    def topics(self) -> dict[str, int]:
        """Return the one."""
        return {"there": 1}

    def _admin_client(self) -> Answers:  # type: ignore[override]
        return self._admin


def test_those_that_are_missing_are_created() -> None:
    """In the order of their names."""
    admin = Answers(None)
    Cluster(admin).create_topics({"b": 1, "there": 1, "a": 2})
    assert admin.asked == ["a", "b"]


def test_another_run_may_be_quicker() -> None:
    """The topic is there: that is all that was wanted."""
    Cluster(Answers(KafkaError.TOPIC_ALREADY_EXISTS)).create_topics({"a": 1})


def test_any_other_error_is_told() -> None:
    """With the topic's name."""
    with pytest.raises(ProtocolError, match="'a' could not be created"):
        Cluster(Answers(KafkaError.TOPIC_AUTHORIZATION_FAILED)).create_topics({"a": 1})
