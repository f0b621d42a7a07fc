"""Schemas that replies name and nobody knows are fetched away from the user thread."""

import json

import pytest

from gatlingpy.protocols.kafka.clients import WireMessage
from gatlingpy.protocols.kafka.codecs.registry import RegistryFailure, RegistrySchema
from gatlingpy.protocols.kafka.codecs.schema_codecs import AvroCodec
from gatlingpy.testing.wire import FakeMessage, Record
from gatlingpy.tracking.alarm import NOTHING_UNREAD
from gatlingpy.tracking.decoding import Format, Unreadable
from tests.unit.protocols.kafka.codecs.registry_side import Stage, read, with_registry
from tests.unit.protocols.kafka.codecs.test_avro import ANN, ANN_BYTES, USER

THREAD = "kafka-schemas"


class Reading:
    """A stage whose replies are watched, and what was taken so far."""

    def __init__(self) -> None:
        self.stage = Stage(with_registry())
        self.form: Format = self.stage.replies(AvroCodec(USER))
        self.stage.encodings.start()
        self.taken: list[tuple[list[bytes | None], int]] = []
        self.take = self.stage.encodings.learning(
            lambda batch, at: self.taken.append(([m.value() for m in batch], at))
        )

    def register(self) -> bytes:
        text = RegistrySchema("AVRO", json.dumps(USER))
        self.stage.registry.register("elsewhere", text, normalize=False)
        return b"\x00\x00\x00\x00\x01" + ANN_BYTES

    def receive(self, value: bytes | None, at: int, topic: str = "done") -> None:
        message: WireMessage = message_of(topic, value)
        self.take([message], at)

    def play(self) -> None:
        self.stage.services.workers[THREAD].step()
        self.stage.services.settle()


def message_of(topic: str, value: bytes | None) -> WireMessage:
    message: WireMessage = FakeMessage(Record(topic, None, value, ()), 0, 0)
    return message


def test_a_batch_that_can_be_read_goes_straight_on() -> None:
    """No thread is started for it; what is no frame is no reason to wait either."""
    reading = Reading()
    for value in (b'{"a":1}', b"", None, b"\x00\x01"):
        reading.receive(value, 5)
    assert len(reading.taken) == 4
    assert THREAD not in reading.stage.services.workers


def test_a_batch_with_an_unknown_schema_waits_until_it_is_fetched() -> None:
    """It keeps the moment of its receipt, and reading it asks nothing more."""
    reading = Reading()
    frame = reading.register()
    asked = reading.stage.registry.asked
    reading.receive(frame, 5)
    assert (reading.taken, asked["schema"]) == ([], 0)
    reading.play()
    assert reading.taken == [([frame], 5)]
    assert asked["schema"] == 1
    reading.receive(frame, 6)
    assert [at for _, at in reading.taken] == [5, 6]
    assert read(reading.form, frame) == ANN
    assert asked["schema"] == 1


def test_batches_that_wait_for_the_same_schema_fetch_it_once() -> None:
    """And go on in their order."""
    reading = Reading()
    frame = reading.register()
    for at in range(3):
        reading.receive(frame, at)
    reading.play()
    assert [at for _, at in reading.taken] == [0, 1, 2]
    assert reading.stage.registry.asked["schema"] == 1


def test_a_schema_that_cannot_be_had_holds_nobody_up() -> None:
    """The batch goes on, the check fails; the registry is asked again after a while."""
    reading = Reading()
    registry, services = reading.stage.registry, reading.stage.services
    registry.failure = RegistryFailure(0, 0, "gone")
    frame = b"\x00\x00\x00\x00\x01" + ANN_BYTES
    reading.receive(frame, 5)
    reading.play()
    reading.receive(frame, 6)
    assert [at for _, at in reading.taken] == [5, 6]
    with pytest.raises(Unreadable, match=r"the reply is not readable: .* cannot be reached: gone"):
        read(reading.form, frame)
    assert registry.asked["schema"] == 1
    registry.failure = None
    reading.register()
    services.advance(10_000_000_000)
    reading.receive(frame, 7)
    reading.play()
    assert read(reading.form, frame) == ANN


def test_messages_of_other_topics_ask_nothing() -> None:
    """Though they look alike."""
    reading = Reading()
    reading.receive(reading.register(), 5, topic="other")
    assert reading.taken
    assert reading.stage.registry.asked["schema"] == 0


def test_what_has_no_frames_is_given_up_on() -> None:
    """After a thousand ids that the registry does not know it is asked for no more."""
    reading = Reading()
    for number in range(1_000):
        reading.receive(b"\x00" + number.to_bytes(4, "big") + b"x", number)
    reading.play()
    asked = reading.stage.registry.asked["schema"]
    reading.receive(b"\x00\xff\xff\xff\xffx", 0)
    assert len(reading.taken) == 1_001
    assert reading.stage.registry.asked["schema"] == asked == 1_000
    with pytest.raises(Unreadable, match="its schema is unknown, as many are"):
        read(reading.form, b"\x00\xff\xff\xff\xffx")


def test_without_the_thread_a_schema_is_fetched_when_it_is_needed() -> None:
    """Once: reading waits for it."""
    reading = Reading()
    frame = reading.register()
    assert [read(reading.form, frame) for _ in range(2)] == [ANN, ANN]
    assert reading.stage.registry.asked["schema"] == 1


def test_the_thread_is_closed_with_the_run() -> None:
    """If there was one."""
    reading = Reading()
    reading.receive(reading.register(), 5)
    reading.stage.encodings.close()
    assert reading.stage.services.workers[THREAD].closed
    reading.stage.encodings.close()


def test_topics_that_users_name_are_watched_as_well() -> None:
    """Whatever they are called."""
    reading = Reading()
    reading.stage.replies(AvroCodec(USER), topic=None)
    reading.receive(reading.register(), 5, topic="of-a-user")
    assert not reading.taken
    reading.play()
    assert reading.taken


def test_since_when_batches_wait_is_known() -> None:
    """That of the oldest, whoever received it; nothing once they are passed on."""
    reading = Reading()
    encodings, frame = reading.stage.encodings, reading.register()
    assert encodings.unread_since_ns() == NOTHING_UNREAD
    reading.receive(frame, 7)
    reading.receive(frame, 5)
    assert encodings.unread_since_ns() == 5
    reading.stage.services.workers[THREAD].step()
    assert encodings.unread_since_ns() == 5, "they are on their way"
    reading.stage.services.settle()
    assert (encodings.unread_since_ns(), len(reading.taken)) == (NOTHING_UNREAD, 2)


def test_what_waits_at_the_end_is_passed_on_unread() -> None:
    """So that it is named as what it is; nobody is asked any more."""
    reading = Reading()
    frame = reading.register()
    reading.receive(frame, 5)
    reading.stage.encodings.close()
    reading.stage.services.settle()
    assert [at for _, at in reading.taken] == [5]
    assert reading.stage.registry.asked["schema"] == 0
    assert reading.stage.encodings.unread_since_ns() == NOTHING_UNREAD


def test_what_comes_after_the_end_starts_no_thread() -> None:
    """Consumers may have posted it before they were closed."""
    reading = Reading()
    frame = reading.register()
    reading.stage.encodings.close()
    reading.receive(frame, 5)
    assert THREAD not in reading.stage.services.workers
    assert [at for _, at in reading.taken] == [5]
