"""Servers for tests: each is started for the first test that asks for it.

A service that this machine does not offer skips the test, with the reasons; with
``GATLINGPY_REQUIRE_SERVICES=1`` it fails it.  ``tests/services`` says where they are looked for.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing

import pytest

from gatlingpy.protocols.kafka.embedded import EmbeddedBroker
from tests.services.chromium import Browser, find_chromium
from tests.services.embedded import StartEmbeddedBroker
from tests.services.gatling import RealGatling, find_gatling
from tests.services.kafka import KafkaCluster, find_kafka
from tests.services.offer import or_refuse
from tests.services.postgres import RealPostgres, find_postgres
from tests.services.redis import RealRedis, find_redis
from tests.services.schema_registry import SchemaRegistry, find_schema_registry


@pytest.fixture
def embedded_broker() -> Iterator[StartEmbeddedBroker]:
    """A function that starts an embedded broker; call it as often as needed."""
    with ExitStack() as started:

        def start(
            topics: Mapping[str, int], *, brokers: int = 1, control: bool = False
        ) -> EmbeddedBroker:
            broker = EmbeddedBroker(topics, brokers=brokers, control=control)
            return started.enter_context(broker)

        yield start


@pytest.fixture(scope="session")
def real_kafka() -> Iterator[KafkaCluster]:
    """Apache Kafka with one broker, shared: use topics of your own, leave the broker running."""
    with closing(or_refuse(find_kafka)) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def real_kafka_3() -> Iterator[KafkaCluster]:
    """Apache Kafka with three brokers, shared: a test that ends a broker starts it again."""
    with closing(or_refuse(lambda: find_kafka(3))) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The URL of a Redis, shared: use keys of your own, leave the server running."""
    with closing(or_refuse(find_redis)) as service:
        yield service.url


@pytest.fixture
def redis_server() -> Iterator[RealRedis]:
    """A Redis of the test's own, which it may kill and start again; its data outlive that."""
    with closing(or_refuse(RealRedis(append_only=True).open)) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a PostgreSQL, shared: use tables of your own, leave the server running."""
    with closing(or_refuse(find_postgres)) as service:
        yield service.url


@pytest.fixture
def postgres_server() -> Iterator[RealPostgres]:
    """A PostgreSQL of the test's own, which it may kill and start again; it loses no commit."""
    with closing(or_refuse(RealPostgres(durable=True).open)) as server:
        yield server


@pytest.fixture(scope="session")
def schema_registry() -> Iterator[SchemaRegistry]:
    """A schema registry that speaks Confluent's API, shared: use subjects of your own."""
    with closing(or_refuse(find_schema_registry)) as registry:
        yield registry


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium, shared: close the pages that you open."""
    with closing(or_refuse(find_chromium)) as chromium:
        yield chromium


@pytest.fixture(scope="session")
def gatling() -> RealGatling:
    """The real Gatling, of the version whose log we write."""
    return or_refuse(find_gatling)
