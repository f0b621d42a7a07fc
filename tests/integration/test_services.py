"""The services that other tests stand on: found, usable, and gone when the tests are."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from tests.services import kafka, postgres, redis
from tests.services.chromium import PHONE, Browser
from tests.services.devtools import DevToolsError
from tests.services.embedded import StartEmbeddedBroker
from tests.services.kafka import KafkaCluster, RealKafka
from tests.services.kafka_clients import (
    brokers_seen,
    consume_all,
    partition_counts,
    quiet_producer,
)
from tests.services.offer import ServiceBroken, ServiceUnavailable, first_offered, or_refuse
from tests.services.postgres import RealPostgres
from tests.services.redis import RealRedis
from tests.services.waiting import await_true

ROOT = Path(__file__).parents[2]

PAGE = """
<!doctype html><meta name="viewport" content="width=device-width"><h1>Report</h1>
<style>body { background: white } @media (prefers-color-scheme: dark) { body { background: black } }
</style><script>{script}</script>
"""


def send_and_read(bootstrap_servers: str, topic: str, count: int) -> set[bytes]:
    """Return what arrives of ``count`` messages that are sent to a new topic."""
    producer = quiet_producer(bootstrap_servers, acks="all")
    for number in range(count):
        producer.produce(topic, str(number).encode())
    assert producer.flush(30) == 0
    received = consume_all(bootstrap_servers, topic, count)
    return {message.value() or b"" for message in received}


@pytest.mark.integration
def test_real_kafka_carries_messages(real_kafka: KafkaCluster) -> None:
    """A topic has the partitions that were asked for, and gives back what was sent to it."""
    real_kafka.create_topic("services-smoke", 3)
    servers = real_kafka.bootstrap_servers
    assert partition_counts(servers)["services-smoke"] == 3
    assert send_and_read(servers, "services-smoke", 100) == {b"%d" % n for n in range(100)}


@pytest.mark.integration
@pytest.mark.slow
def test_real_kafka_outlives_one_of_three_brokers(real_kafka_3: KafkaCluster) -> None:
    """With three brokers, one may be stopped, killed or hung, and messages still arrive."""
    servers = real_kafka_3.bootstrap_servers
    assert brokers_seen(servers) == 3
    real_kafka_3.create_topic("killed", 6)
    real_kafka_3.kill(2)
    try:
        assert len(send_and_read(servers, "killed", 100)) == 100
    finally:
        real_kafka_3.start(2)
    await_true(lambda: brokers_seen(servers) == 3, timeout_s=30, what="three brokers")


@pytest.mark.integration
def test_a_broker_that_cannot_start_is_explained() -> None:
    """The end of the broker's log is in the error."""
    broken = RealKafka(properties={"num.network.threads": "0"})
    with pytest.raises(ServiceBroken, match=r"num\.network\.threads"):
        or_refuse(broken.open)


@pytest.mark.integration
def test_the_embedded_broker_carries_messages(embedded_broker: StartEmbeddedBroker) -> None:
    """Two embedded brokers live side by side, and each gives back what was sent to it."""
    first, second = embedded_broker({"a": 2}), embedded_broker({"b": 1})
    assert send_and_read(first.bootstrap_servers, "a", 100) == {b"%d" % n for n in range(100)}
    assert partition_counts(second.bootstrap_servers) == {"b": 1}


@pytest.mark.integration
def test_redis_keeps_a_value(redis_url: str) -> None:
    """What is set is got, by the URL alone."""
    with Redis.from_url(redis_url) as client:
        client.set("services-smoke", "1", ex=60)
        assert client.get("services-smoke") == b"1"


@pytest.mark.integration
def test_a_redis_of_ones_own_may_be_killed(redis_server: RealRedis) -> None:
    """While it is down nobody answers; started again, it has its data, at the same URL."""
    with Redis.from_url(redis_server.url) as client:
        client.set("a", "1")
        client.config_set("appendfsync", "always")
        client.set("b", "2")
        redis_server.kill()
        assert not redis.answers(redis_server.url)
        redis_server.start()
        assert client.mget("a", "b") == [b"1", b"2"]


@pytest.mark.integration
def test_postgres_keeps_a_row(postgres_url: str) -> None:
    """What is inserted is selected, by the URL alone."""
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TEMPORARY TABLE smoke (value text)")
        connection.execute("INSERT INTO smoke VALUES ('1')")
        assert connection.execute("SELECT value FROM smoke").fetchone() == ("1",)


@pytest.mark.integration
def test_a_postgres_of_ones_own_may_be_killed(postgres_server: RealPostgres) -> None:
    """While it is down nobody answers; started again, it has every commit, at the same URL."""
    with psycopg.connect(postgres_server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS value")
    postgres_server.kill()
    assert not postgres.answers(postgres_server.url)
    postgres_server.start()
    with psycopg.connect(postgres_server.url) as connection:
        assert connection.execute("SELECT value FROM kept").fetchone() == (1,)


@pytest.mark.browser
def test_a_page_is_opened_and_photographed(browser: Browser, tmp_path: Path) -> None:
    """A page can be asked, seen by day and by night, and seen on a telephone."""
    file = tmp_path / "page.html"
    file.write_text(PAGE.replace("{script}", "let ready = false; setTimeout(() => ready = true)"))
    with browser.open(file) as page:
        page.await_true("ready")
        assert page.evaluate("document.querySelector('h1').textContent") == "Report"
        assert page.evaluate("Promise.resolve([innerWidth, null])") == [1280, None]
        day = page.screenshot(tmp_path / "day.png").read_bytes()
        page.set_dark(True)
        assert page.screenshot(tmp_path / "night.png").read_bytes() != day
        page.resize(*PHONE, phone=True)
        assert page.evaluate("[innerWidth, devicePixelRatio]") == [PHONE[0], 2]
        assert page.console_errors == []
        assert page.requests == [file.as_uri()]


@pytest.mark.browser
def test_what_a_page_complains_of_is_heard(browser: Browser, tmp_path: Path) -> None:
    """Errors, uncaught exceptions and missing files are errors; other messages are not."""
    file = tmp_path / "page.html"
    script = (
        "console.log('all well'); console.error('bad', 1); missing(); </script><img src='no.png'>"
    )
    file.write_text(PAGE.replace("{script}", script))
    with browser.open(file) as page:
        assert ("log", "all well") in page.console_messages
        errors = "\n".join(page.console_errors)
        assert "bad 1" in errors
        assert "missing is not defined" in errors
        assert "no.png" in errors
        assert "all well" not in errors
        with pytest.raises(DevToolsError, match="nothing is not defined"):
            page.evaluate("nothing")


@pytest.mark.browser
def test_a_page_from_elsewhere_is_not_reached(browser: Browser) -> None:
    """The browser cannot leave this machine."""
    with pytest.raises(DevToolsError, match="ERR_NAME_NOT_RESOLVED"):
        browser.open("https://gatlingpy.example/")


@pytest.mark.integration
def test_servers_end_with_tests_that_are_killed() -> None:
    """kill -9 of the tests ends their servers and removes their folders."""
    or_refuse(lambda: RealRedis().open().close())
    program = (
        "import signal; from tests.services.redis import RealRedis; server = RealRedis().open();"
        "print(server.url, server._folder, flush=True); signal.pause()"
    )
    tests = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    with tests:
        assert tests.stdout is not None
        url, folder = tests.stdout.readline().split()
        assert redis.answers(url)
        assert Path(folder).exists()
        os.kill(tests.pid, signal.SIGKILL)
    await_true(lambda: not redis.answers(url), what="Redis ended")
    await_true(lambda: not Path(folder).exists(), what="its folder is gone")


def closed(reason: str) -> RealRedis:
    """Stand for a way to a service that is closed."""
    raise ServiceUnavailable(reason)


def test_the_first_open_way_is_taken() -> None:
    """Ways are tried in their order; if none is open, every reason is given."""
    ways = [lambda: closed("no program"), lambda: 2, lambda: 3]
    assert first_offered("Thing", ways) == 2
    with pytest.raises(ServiceUnavailable, match="no Thing: no program; no Docker"):
        first_offered("Thing", [lambda: closed("no program"), lambda: closed("no Docker")])


def test_a_missing_service_skips_or_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test without its service is skipped with the reason, or fails where it is required."""
    monkeypatch.delenv("GATLINGPY_REQUIRE_SERVICES", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no program"):
        or_refuse(lambda: closed("no program"))
    monkeypatch.setenv("GATLINGPY_REQUIRE_SERVICES", "1")
    with pytest.raises(pytest.fail.Exception, match="no program"):
        or_refuse(lambda: closed("no program"))


@pytest.mark.parametrize(
    ("variable", "find", "value"),
    [
        ("GATLINGPY_TEST_REDIS", redis.find_redis, "redis_url"),
        ("GATLINGPY_TEST_POSTGRES", postgres.find_postgres, "postgres_url"),
    ],
)
@pytest.mark.integration
def test_a_server_that_is_named_is_used(
    variable: str,
    find: "object",
    value: str,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    """The environment variable comes first."""
    url = request.getfixturevalue(value)
    monkeypatch.setenv(variable, url)
    assert callable(find)
    found = find()
    assert found.url == url
    found.close()


@pytest.mark.integration
def test_a_kafka_that_is_named_is_used_and_not_stopped(
    embedded_broker: StartEmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment variable comes first, and a test that stops such a broker is ended."""
    servers = embedded_broker({"t": 1}).bootstrap_servers
    monkeypatch.setenv("GATLINGPY_TEST_KAFKA", servers)
    monkeypatch.delenv("GATLINGPY_REQUIRE_SERVICES", raising=False)
    cluster = kafka.find_kafka()
    assert cluster.bootstrap_servers == servers
    with pytest.raises(pytest.skip.Exception, match="not ours to kill"):
        cluster.kill(1)
    cluster.close()
