"""Client properties: defaults, Java's names, and refusals that name the remedy."""

import pytest

from gatlingpy.errors import UsageError
from gatlingpy.plan.code import Env
from gatlingpy.protocols.kafka.properties import (
    CONSUMER_DEFAULTS,
    ClientConfig,
    Value,
    consumer_config,
    consumer_problems,
    producer_config,
    producer_problems,
)


def producer(**properties: object) -> ClientConfig:
    given = {name.replace("_", "."): value for name, value in properties.items()}
    return producer_config(given, "host:9092", "client")


def consumer(properties: dict[str, object], *, embedded: bool = False) -> ClientConfig:
    return consumer_config(properties, "host:9092", "client", "group", embedded=embedded)


def test_a_producer_is_made_with_the_documented_defaults() -> None:
    """Durable, ordered, and placing keys as the Java client does."""
    assert producer().properties == {
        "client.id": "client",
        "bootstrap.servers": "host:9092",
        "acks": "all",
        "enable.idempotence": True,
        "max.in.flight.requests.per.connection": 5,
        "partitioner": "murmur2_random",
        "delivery.timeout.ms": 30_000,
        "linger.ms": 5,
        "queue.buffering.max.messages": 1_000_000,
    }
    assert producer().block_ms == 60_000


def test_a_consumer_is_made_with_the_documented_defaults() -> None:
    """No commit by itself, and from the end."""
    properties = consumer({}).properties
    assert properties == {
        "client.id": "client", "group.id": "group", "bootstrap.servers": "host:9092",
        **CONSUMER_DEFAULTS,
    }  # fmt: skip
    assert properties["isolation.level"] == "read_uncommitted"
    assert properties["enable.auto.commit"] is False
    assert properties["auto.offset.reset"] == "latest"
    assert consumer({}, embedded=True).properties["fetch.wait.max.ms"] == 10


def test_what_the_user_gives_wins() -> None:
    """Over every default, addresses and group included."""
    config = producer(linger_ms=0, client_id="mine", bootstrap_servers="other:9092")
    assert config.properties["linger.ms"] == 0
    assert config.properties["client.id"] == "mine"
    assert config.properties["bootstrap.servers"] == "other:9092"
    assert consumer({"fetch.wait.max.ms": 99, "group.id": "g"}, embedded=True).properties[
        "fetch.wait.max.ms"
    ] == 99  # fmt: skip


@pytest.mark.parametrize(
    ("acks", "idempotent"), [("all", True), (-1, True), ("-1", True), (1, False), ("0", False)]
)
def test_fewer_acks_switch_idempotence_off(acks: Value, idempotent: bool) -> None:
    """Which demands all of them; unless the user insists."""
    assert producer(acks=acks).properties["enable.idempotence"] is idempotent
    assert producer(request_required_acks=acks).properties["enable.idempotence"] is idempotent
    assert producer(acks=acks, enable_idempotence=True).properties["enable.idempotence"] is True


def test_the_delivery_timeout_is_never_below_linger_and_request_timeout() -> None:
    """Unless the user sets it."""
    raised = producer(linger_ms=20_000, request_timeout_ms=30_000)
    assert raised.properties["delivery.timeout.ms"] == 50_001
    own = producer(linger_ms=20_000, request_timeout_ms=30_000, delivery_timeout_ms=5)
    assert own.properties["delivery.timeout.ms"] == 5
    assert producer(linger_ms="100").properties["delivery.timeout.ms"] == 30_000


def test_javas_properties_are_taken_out_and_honoured() -> None:
    """Bounds become ours, memory becomes kilobytes, plain serializers say nothing new."""
    config = producer_config(
        {
            "max.block.ms": 500,
            "buffer.memory": 33_554_432,
            "key.serializer": "org.apache.kafka.common.serialization.StringSerializer",
            "value.serializer": "org.apache.kafka.common.serialization.ByteArraySerializer",
        },
        "host:9092",
        "client",
    )
    assert config.block_ms == 500
    assert config.properties["queue.buffering.max.kbytes"] == 32_768
    assert not any("serializer" in name or "block" in name for name in config.properties)
    reading = consumer({"max.poll.records": "50", "fetch.max.wait.ms": 7})
    assert reading.most_records == 50
    assert reading.properties["fetch.wait.max.ms"] == 7
    assert "max.poll.records" not in reading.properties


def test_an_empty_endpoint_identification_means_none_as_in_java() -> None:
    """librdkafka has a word for it."""
    assert producer(ssl_endpoint_identification_algorithm="").properties[
        "ssl.endpoint.identification.algorithm"
    ] == "none"  # fmt: skip


def test_secrets_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the client is made; one that is not set is named."""
    monkeypatch.setenv("KAFKA_PASSWORD", "secret")
    assert producer(sasl_password=Env("KAFKA_PASSWORD")).properties["sasl.password"] == "secret"
    monkeypatch.delenv("KAFKA_PASSWORD")
    with pytest.raises(UsageError, match="KAFKA_PASSWORD is not set"):
        producer(sasl_password=Env("KAFKA_PASSWORD"))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("linger.sm", 5, "no property is called 'linger.sm'; did you mean linger.ms?"),
        ("qqqqqqqq", 5, "no property is called 'qqqqqqqq'"),
        ("ssl.truststore.location", "x.jks", "is Java's; librdkafka wants ssl.ca.location"),
        (
            "value.serializer",
            "com.x.AvroSerializer",
            "give a function of yours, .value_serializer(fn)",
        ),
        ("linger.ms", None, "must be text, a number or true or false, got None"),
        ("linger.ms", "fast", "linger.ms must be a number, 0 or more, got 'fast'"),
        ("delivery.timeout.ms", -1, "delivery.timeout.ms must be a number, 0 or more, got -1"),
        ("max.block.ms", True, "max.block.ms must be a number, 0 or more, got True"),
        ("linger.ms", [5], "must be text, a number or true or false, got [5]"),
    ],
)
def test_what_cannot_be_honoured_is_refused_with_its_remedy(
    name: str, value: object, said: str
) -> None:
    """Before a run."""
    (problem,) = producer_problems({name: value})
    assert problem.startswith("producer_properties: ")
    assert said in problem


def test_what_is_known_is_no_problem() -> None:
    """librdkafka's names, Java's, and their common ones."""
    good = {
        "acks": "all", "linger.ms": 5, "batch.size": 1, "compression.type": "lz4", "retries": 3,
        "buffer.memory": 1, "max.block.ms": 1, "sasl.password": Env("X"),
        "key.serializer": "org.apache.kafka.common.serialization.StringSerializer",
    }  # fmt: skip
    assert list(producer_problems(good)) == []
    reading = {
        "fetch.max.wait.ms": 1, "max.poll.records": 5, "group.id": "g",
        "value.deserializer": "org.apache.kafka.common.serialization.BytesDeserializer",
    }  # fmt: skip
    assert list(consumer_problems(reading)) == []


def test_an_empty_group_is_refused() -> None:
    """It would abort the process."""
    (problem,) = consumer_problems({"group.id": ""})
    assert "group.id is empty" in problem


def test_what_an_environment_variable_holds_in_place_of_a_number_is_told_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It may be a secret that was given to the wrong property."""
    monkeypatch.setenv("LINGER", "hunter2")
    with pytest.raises(UsageError, match=r"linger\.ms must be a number, 0 or more; look") as told:
        producer_config({"linger.ms": Env("LINGER")}, "localhost:9092", "client")
    assert "hunter2" not in str(told.value)
