"""The producer actor: sends in order, waits for room with a bound, reports what became of it."""

import pytest

from gatlingpy.protocols.kafka.clients import Headers, OnDelivery, WireError, WireMessage
from gatlingpy.protocols.kafka.delivery_failure import SendFailure, describe
from gatlingpy.protocols.kafka.producer import KafkaProducerActor
from gatlingpy.testing.services import ManualServices
from gatlingpy.testing.wire import FakeError, FakeKafkaException

MS = 1_000_000


class Client:
    """A client that holds so many messages, and reports when it is told to."""

    def __init__(self, room: int = 100) -> None:
        self.room = room
        self.held: list[tuple[bytes | None, OnDelivery]] = []
        self.taken: list[bytes | None] = []
        self.refusal: Exception | None = None
        self.purged = False

    def produce(
        self, topic: str, value: bytes | None, key: bytes | None, partition: int,
        on_delivery: OnDelivery, *, timestamp: int, headers: Headers,
    ) -> None:  # fmt: skip
        if self.refusal is not None:
            raise self.refusal
        if len(self.held) >= self.room:
            raise BufferError("Local: Queue full")
        self.taken.append(value)
        self.held.append((value, on_delivery))

    def report(self, error: WireError | None = None) -> int:
        held, self.held = self.held, []
        for _, on_delivery in held:
            on_delivery(error, None)
        return len(held)

    def poll(self, timeout: float) -> int:
        return self.report()

    def flush(self, timeout: float) -> int:
        if self.purged:
            self.report(FakeError(-152, "Local: Purged in queue"))
        return len(self.held)

    def purge(self) -> None:
        self.purged = True

    def __len__(self) -> int:
        return len(self.held)


class Shop:
    """An actor and its client; ``fates`` says what became of each message."""

    def __init__(self, room: int = 100, block_ms: int = 50) -> None:
        self.services = ManualServices()
        self.client = Client(room)
        self.actor = KafkaProducerActor(self.client, self.services, 0, block_ms)
        self.fates: dict[bytes, str] = {}
        self.accepted_ns = 0
        self.acceptances: list[int] = []

    def send(self, value: bytes, *, unwatched: bool = False) -> bool:
        def told(error: WireError | None, _message: WireMessage | None) -> None:
            self.fates[value] = "delivered" if error is None else describe(error)

        return self.actor.send("topic", value, None, [], -1, 0, told, self if unwatched else None)

    def accepted(self, now_ns: int) -> None:
        self.acceptances.append(now_ns)

    def play(self, name: str) -> None:
        self.services.workers[name].step()
        self.services.settle()

    def play_until(self, value: bytes) -> None:
        """Let the sending thread try until a message has met its fate, within reason."""
        for _ in range(200):
            if value not in self.fates:
                self.play("kafka-send-0")


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_a_message_goes_to_the_client_at_once(shop: Shop) -> None:
    """And its report reaches whoever is told when the client is polled."""
    assert shop.send(b"1") is True
    assert shop.client.taken == [b"1"]
    assert shop.fates == {}
    shop.play("kafka-poll-0")
    assert shop.fates == {b"1": "delivered"}


def test_what_reports_tell_reaches_the_user_thread_in_one_call(shop: Shop) -> None:
    """In the order of the reports."""
    told: list[int] = []
    for number in range(3):
        shop.actor.tell(told.append, number)
    assert told == []
    shop.play("kafka-poll-0")
    assert told == [0, 1, 2]


def test_a_full_queue_is_back_pressure(shop: Shop) -> None:
    """The message waits for room with the sending thread; nothing fails, and it is counted."""
    shop.client.room = 1
    assert [shop.send(b"1"), shop.send(b"2")] == [True, False]
    assert shop.actor.queue_full == 1
    shop.play("kafka-send-0")
    assert shop.client.taken == [b"1"]
    shop.play("kafka-poll-0")
    shop.play("kafka-send-0")
    assert shop.client.taken == [b"1", b"2"]
    shop.play("kafka-poll-0")
    assert shop.fates == {b"1": "delivered", b"2": "delivered"}


def test_messages_behind_one_that_waits_keep_their_order(shop: Shop) -> None:
    """Even if there is room again before the waiting one has gone."""
    shop.client.room = 1
    shop.send(b"1")
    shop.send(b"2")
    shop.play("kafka-poll-0")
    assert shop.send(b"3") is False
    for _ in range(3):
        shop.play("kafka-send-0")
        shop.play("kafka-poll-0")
    assert shop.client.taken == [b"1", b"2", b"3"]
    assert shop.send(b"4") is True
    assert shop.actor.queue_full == 1


def test_the_wait_for_room_has_a_bound(shop: Shop) -> None:
    """Each message's own; then it fails, and the next has its turn."""
    shop.client.room = 0
    shop.send(b"1")
    shop.send(b"2")
    start_ns = shop.services.clock.now_ns()
    shop.play_until(b"1")
    assert shop.services.clock.now_ns() >= start_ns + 50 * MS
    assert shop.fates == {b"1": "not delivered: Local: Queue full"}
    middle_ns = shop.services.clock.now_ns()
    shop.play_until(b"2")
    assert shop.services.clock.now_ns() >= middle_ns + 49 * MS


def test_acceptance_is_told_where_it_is_asked_for(shop: Shop) -> None:
    """At once by the result, or later on the user thread with its time."""
    shop.client.room = 1
    assert shop.send(b"1", unwatched=True) is True
    assert shop.send(b"2", unwatched=True) is False
    assert shop.acceptances == []
    shop.play("kafka-poll-0")
    shop.services.clock.advance(7 * MS)
    now = shop.services.clock.now_ns()
    shop.play("kafka-send-0")
    assert shop.acceptances == [now]


@pytest.mark.parametrize("room", [1, 0])
def test_what_the_client_refuses_fails_with_its_words(room: int) -> None:
    """On the user thread and on the sending one alike."""
    shop = Shop(room=room)
    if room == 0:
        shop.send(b"1")
    shop.client.refusal = FakeKafkaException(FakeError(10, "Broker: Message size too large"))
    if room == 1:
        assert shop.send(b"1") is True
    else:
        shop.play("kafka-send-0")
    assert shop.fates == {b"1": "not delivered: Broker: Message size too large"}
    assert shop.client.taken == []


def test_closing_sends_what_is_left_and_reports_everything(shop: Shop) -> None:
    """What the client does not confirm in time is purged, and fails."""
    shop.client.room = 1
    shop.send(b"1")
    shop.send(b"2")
    told: list[str] = []
    shop.actor.tell(told.append, "told")
    shop.actor.close(0.0)
    shop.services.settle()
    assert shop.fates == {
        b"1": "not delivered: Local: Purged in queue",
        b"2": "not delivered: Local: Queue full",
    }
    assert told == ["told"]
    assert all(worker.closed for worker in shop.services.workers.values())
    shop.client.purged = False
    shop.actor.close(0.0)
    assert not shop.client.purged


def test_closing_does_not_wait_for_room() -> None:
    """What finds none fails as soon as the run is over, whatever the bound."""
    shop = Shop(room=0, block_ms=60_000)
    for value in (b"1", b"2", b"3"):
        shop.send(value)
    shop.play("kafka-send-0")
    start_ns = shop.services.clock.now_ns()
    shop.actor.close(0.0)
    assert shop.fates == dict.fromkeys((b"1", b"2", b"3"), "not delivered: Local: Queue full")
    assert shop.services.clock.now_ns() - start_ns < 10 * MS


def test_a_raised_error_reads_as_one_that_was_reported() -> None:
    """Its own text, or that of the client's error inside it."""
    assert SendFailure(ValueError("bad header")).str() == "bad header"
    assert SendFailure(ValueError()).str() == ""
    failure = SendFailure(FakeKafkaException(FakeError(10, "too large")))
    assert (failure.str(), failure.code(), failure.fatal()) == ("too large", 10, False)
