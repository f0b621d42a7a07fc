"""What is asked of the real consumer comes to an end, whatever brokers do."""

import threading
from collections.abc import Callable, Iterator, Sequence

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition

from gatlingpy.protocols.kafka import confluent_consumer
from gatlingpy.protocols.kafka.clients import WireMessage
from gatlingpy.protocols.kafka.confluent_consumer import ConfluentConsumer
from gatlingpy.testing.wire import FakeMessage, Record


def record(text: bytes) -> WireMessage:
    message: WireMessage = FakeMessage(Record("t", None, text, ()), 0, 0)
    return message


class Client:
    """A client as confluent-kafka has it, that does what the test has written down."""

    def __init__(self) -> None:
        self.messages: list[WireMessage] = []
        self.commits: list[bool] = []
        self.answers = True
        """Whether commits are answered: with the next poll if nobody waits for them."""
        self.refuses: int | None = None
        self.on_commit: Callable[[object, object], None] = lambda _error, _positions: None
        self.on_revoke: Callable[..., None] = lambda _client, _places: None
        self.released = threading.Event()

    def commit(self, *, asynchronous: bool, offsets: object = None) -> object:
        self.commits.append(asynchronous)
        if self.refuses is not None:
            raise KafkaException(KafkaError(self.refuses))
        if not asynchronous and not self.answers:
            self.released.wait()
        return None if asynchronous else offsets

    def poll(self, timeout: float) -> WireMessage | None:
        if self.answers and self.commits and self.commits[-1]:
            self.on_commit(None, [])
        return self.messages.pop(0) if self.messages else None

    def close(self) -> None:
        if not self.answers:
            self.released.wait()

    def assign(self, places: object) -> None: ...

    def unassign(self) -> None: ...

    def subscribe(self, topics: Sequence[str], **told: Callable[..., None]) -> None:
        self.on_revoke = told["on_revoke"]


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setattr(confluent_consumer, "_COMMIT_S", 0.01)
    client = Client()
    yield client
    client.released.set()


def consumer(client: Client) -> ConfluentConsumer:
    def make(on_commit: Callable[[object, object], None]) -> Client:
        client.on_commit = on_commit
        return client

    return ConfluentConsumer(make, lambda _topic, _at: None, shifts=False)  # type: ignore[arg-type]


def test_a_commit_that_is_waited_for_is_polled_for(client: Client) -> None:
    """The client's own waiting would have no end, and would keep others from polling."""
    reader = consumer(client)
    reader.commit(wait=True)
    reader.commit(wait=True)
    assert client.commits == [True, True]
    assert reader.commit_failures() == []


def test_a_record_that_comes_ends_the_waiting_and_is_not_lost(client: Client) -> None:
    """So its receipt is stamped at once, and those behind it stay in their order."""
    reader, client.answers = consumer(client), False
    client.messages = [record(b"1"), record(b"2")]
    reader.commit(wait=True)
    assert reader.commit_failures() == []
    got = [reader.poll(0), reader.poll(0), reader.poll(0)]
    assert [message and message.value() for message in got] == [b"1", b"2", None]


def test_a_commit_without_an_answer_is_a_failure_and_is_not_repeated(client: Client) -> None:
    """Until it has one: the next would wait behind it."""
    reader, client.answers = consumer(client), False
    reader.commit(wait=True)
    assert reader.commit_failures() == ["no answer within 0.01 s"]
    reader.commit(wait=True)
    assert client.commits == [True]
    client.answers = True
    reader.poll(0)
    reader.commit(wait=True)
    assert (client.commits, reader.commit_failures()) == ([True, True], [])


def test_nobody_waits_for_a_commit_unless_told(client: Client) -> None:
    """Several may be under way."""
    reader, client.answers = consumer(client), False
    reader.commit(wait=False)
    reader.commit(wait=False)
    assert (client.commits, reader.commit_failures()) == ([True, True], [])


def test_a_commit_that_is_refused_is_a_failure(client: Client) -> None:
    """Unless there was nothing to commit."""
    reader, client.refuses = consumer(client), KafkaError._NO_OFFSET
    reader.commit(wait=True)
    assert reader.commit_failures() == []
    client.refuses = KafkaError.GROUP_AUTHORIZATION_FAILED
    reader.commit(wait=True)
    assert len(reader.commit_failures()) == 1


def test_given_positions_are_committed_within_bounded_time(client: Client) -> None:
    """Before anything is read."""
    reader = consumer(client)
    reader.commit(wait=True, positions={("t", 0): 5})
    assert (client.commits, reader.commit_failures()) == ([False], [])
    client.answers = False
    reader.commit(wait=True, positions={("t", 0): 5})
    assert reader.commit_failures() == ["no answer within 0.01 s"]


def test_nobody_polls_while_partitions_are_taken_away(client: Client) -> None:
    """The client calls back inside a poll: there it is asked to wait itself."""
    reader = consumer(client)
    reader.subscribe(
        ["t"], lambda places: dict.fromkeys(places, 0), lambda _: reader.commit(wait=True)
    )
    client.on_revoke(client, [TopicPartition("t", 0)])
    assert client.commits == [False]
    reader.commit(wait=True)
    assert client.commits == [False, True]


def test_leaving_has_a_limit(client: Client) -> None:
    """librdkafka itself waits as long as a broker hangs."""
    reader = consumer(client)
    reader.close(60)
    assert reader.commit_failures() == []
    client.answers = False
    reader.close(0.01)
    assert reader.commit_failures() == ["it could not leave: no answer within 0.01 s"]
