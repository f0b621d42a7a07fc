"""What the mock cluster does for clients, and where its library is found."""

import importlib.util
import time
from collections.abc import Callable
from ctypes import util as ctypes_util
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest
from confluent_kafka import KafkaError, Message, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from gatlingpy.protocols.kafka import mock_cluster
from gatlingpy.protocols.kafka.embedded import EmbeddedBroker
from tests.services.embedded import StartEmbeddedBroker
from tests.services.kafka_clients import quiet_consumer, quiet_producer

PRODUCE = 0
MSG_SIZE_TOO_LARGE = 10


@pytest.fixture
def broker(embedded_broker: StartEmbeddedBroker) -> EmbeddedBroker:
    """A broker with one topic that can be controlled."""
    return embedded_broker({"t": 1}, control=True)


def acknowledged_ms(producer: Producer) -> float:
    """Send one message and return how long its acknowledgement took."""
    latencies: list[float] = []
    producer.produce("t", b"x", on_delivery=lambda _, m: latencies.append(m.latency() * 1000))
    assert producer.flush(10) == 0
    return latencies[0]


def fake_package(folder: Path) -> Callable[[str], ModuleSpec]:
    """Return a find_spec that places confluent_kafka in a folder."""
    package = folder / "confluent_kafka"
    package.mkdir()
    spec = ModuleSpec("confluent_kafka", None, origin=str(package / "__init__.py"))
    return lambda name: spec


def test_what_is_produced_is_consumed(broker: EmbeddedBroker) -> None:
    """A message arrives with its key, value and headers."""
    producer = quiet_producer(broker.bootstrap_servers)
    producer.produce("t", b"value", b"key", headers={"correlationId": b"1"})
    assert producer.flush(10) == 0
    consumer = quiet_consumer(broker.bootstrap_servers)
    try:
        consumer.assign([TopicPartition("t", 0, 0)])
        message = consumer.poll(10)
        assert message is not None
        assert message.error() is None
        assert (message.key(), message.value()) == (b"key", b"value")
        assert message.headers() == [("correlationId", b"1")]
    finally:
        consumer.close()


def test_the_first_member_of_a_group_does_not_wait(broker: EmbeddedBroker) -> None:
    """A consumer that subscribes has its partitions well within Kafka's three seconds of delay."""
    consumer = quiet_consumer(broker.bootstrap_servers)
    assigned: list[TopicPartition] = []
    try:
        consumer.subscribe(["t"], on_assign=lambda _, partitions: assigned.extend(partitions))
        started = time.monotonic()
        while not assigned:
            assert time.monotonic() - started < 2.5
            consumer.poll(0.01)
    finally:
        consumer.close()


def test_an_admin_client_is_answered_at_once(broker: EmbeddedBroker) -> None:
    """There is a controller: the cluster can be described, without waiting for a time-out."""
    admin = AdminClient({"bootstrap.servers": broker.bootstrap_servers, "log_level": 0})
    assert admin.describe_cluster(request_timeout=2).result().controller.id == 1


def test_a_round_trip_time_shows_in_acknowledgements(broker: EmbeddedBroker) -> None:
    """set_rtt delays every answer, and 0 ends the delay."""
    producer = quiet_producer(broker.bootstrap_servers)
    acknowledged_ms(producer)
    broker.set_rtt(150)
    assert acknowledged_ms(producer) >= 150
    broker.set_rtt(0)
    assert acknowledged_ms(producer) < 150


def test_a_message_waits_for_a_broker_that_is_down(broker: EmbeddedBroker) -> None:
    """Nothing is delivered while the broker is down, and everything once it is up again."""
    producer = quiet_producer(broker.bootstrap_servers)
    acknowledged_ms(producer)
    delivered: list[KafkaError | None] = []
    broker.broker_down(1)
    producer.produce("t", b"x", on_delivery=lambda error, _: delivered.append(error))
    assert producer.flush(0.3) == 1
    assert delivered == []
    broker.broker_up(1)
    assert producer.flush(10) == 0
    assert delivered == [None]


def test_pushed_errors_are_answered_once_each(broker: EmbeddedBroker) -> None:
    """Two pushed errors fail two messages; the third is delivered."""
    broker.push_errors(PRODUCE, [MSG_SIZE_TOO_LARGE, MSG_SIZE_TOO_LARGE])
    producer = quiet_producer(broker.bootstrap_servers)
    codes: list[int | None] = []

    def note(error: KafkaError | None, _: Message) -> None:
        codes.append(error.code() if error else None)

    for _ in range(3):
        producer.produce("t", b"x", on_delivery=note)
        assert producer.flush(10) == 0
    assert codes == [MSG_SIZE_TOO_LARGE, MSG_SIZE_TOO_LARGE, None]


def test_a_leader_can_be_moved(embedded_broker: StartEmbeddedBroker) -> None:
    """Clients see the broker that set_leader names."""
    broker = embedded_broker({"t": 1}, brokers=3, control=True)
    admin = AdminClient({"bootstrap.servers": broker.bootstrap_servers, "log_level": 0})
    for leader in (1, 2, 3):
        broker.set_leader("t", 0, leader)
        assert admin.list_topics("t", timeout=10).topics["t"].partitions[0].leader == leader


@pytest.mark.parametrize(
    "place",
    [
        "confluent_kafka.libs/librdkafka-0cb94173.so.1",
        "confluent_kafka/.dylibs/librdkafka.1.dylib",
        "confluent_kafka.libs/librdkafka-5d2e.dll",
    ],
)
def test_each_layout_of_the_wheel_is_known(
    place: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The library is found where the wheels of Linux, macOS and Windows carry it."""
    monkeypatch.setattr(importlib.util, "find_spec", fake_package(tmp_path))
    library = tmp_path / place
    library.parent.mkdir(exist_ok=True)
    library.touch()
    assert mock_cluster.find_library() == library.resolve()


def test_a_package_without_the_library_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A confluent-kafka built against nothing that can be found leads to a clear error."""
    monkeypatch.setattr(importlib.util, "find_spec", fake_package(tmp_path))
    monkeypatch.setattr(ctypes_util, "find_library", lambda name: None)
    with pytest.raises(mock_cluster.MockClusterError, match="no librdkafka in or beside"):
        mock_cluster.find_library()


def test_a_library_that_is_too_old_is_named(tmp_path: Path) -> None:
    """A librdkafka without the mock interface leads to an upgrade, not to an AttributeError."""
    libc = ctypes_util.find_library("c")
    assert libc is not None
    with pytest.raises(mock_cluster.MockClusterError, match="pip install --upgrade"):
        mock_cluster.MockCluster(Path(libc), brokers=1)
