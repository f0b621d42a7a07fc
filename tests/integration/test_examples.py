"""Every example of the original has its twin, which runs as a user runs it and does what it says."""

import json
import os
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, TopicPartition

from tests.docs.page import ROOT, read_page
from tests.integration.command_line import Ended, Workplace, children
from tests.integration.examples import EXAMPLES, FOLDER, JAVA_BLOCKS, Counts
from tests.services.kafka import KafkaCluster, RealKafka
from tests.services.kafka_security import KafkaSecurity, Listener
from tests.services.offer import or_refuse
from tests.services.schema_registry import SchemaRegistry

pytestmark = pytest.mark.integration

_AT_ONCE = {"embedded": 3, "real": 1, "tls": 1, "registry": 2}
"""Runs on one cluster would answer each other's requests, as they have the same topics."""
_ROW = re.compile(r"^\| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
_MODULE = re.compile(r"\[`(\w+)\.py`\]\(\.\./simulations/examples/(\w+)\.py\)")


# --- the table -----------------------------------------------------------------------------------


def rows() -> dict[str, tuple[str, str]]:
    """Return the file and the page beside each heading in ``docs/examples.md``."""
    found = _ROW.findall(read_page(ROOT / "docs" / "examples.md").prose)
    return {heading: (file, page) for heading, _, file, page in found[1:] if "---" not in heading}


def module_named_after(heading: str) -> str:
    """Return a heading in snake case, without its number and what stands in brackets."""
    plain = re.sub(r"^\d+\. |\([^)]*\)", "", heading).lower()
    return re.sub(r"\W+", "_", plain).strip("_")


def modules() -> set[str]:
    """Return the examples that there are."""
    return {path.stem for path in FOLDER.glob("*.py")} - {"__init__", "service"}


def test_the_table_has_every_heading() -> None:
    """Each heading of the original with Java below it has one row, in the original's order."""
    assert list(rows()) == list(JAVA_BLOCKS)


def test_every_row_leads_to_its_own_file() -> None:
    """A row links the module that is named after its heading, or says why there is none."""
    led = {}
    for heading, (file, _) in rows().items():
        match = _MODULE.search(file)
        if match is None:
            assert file.startswith("none: "), heading
            continue
        assert match.group(1) == match.group(2) == module_named_after(heading), heading
        led[match.group(1)] = heading
    assert set(led) == modules()
    assert {h for h, (file, _) in rows().items() if file.startswith("none: ")} == {
        "Option A: PostgreSQL (Recommended for Reliability)",
        "Option B: Redis (High Performance)",
    }


def test_every_example_is_run() -> None:
    """Each module has its counts among the expected, and names its heading in its first line."""
    assert set(EXAMPLES) == modules()
    for heading in JAVA_BLOCKS:
        path = FOLDER / f"{module_named_after(heading)}.py"
        if path.stem in EXAMPLES:
            plain = re.sub(r"^\d+\. ", "", heading)
            assert path.read_text().startswith(f'"""{plain}: '), path.name


# --- the runs ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Done:
    """An example that has been run."""

    ended: Ended
    folder: Path

    @property
    def summary(self) -> Mapping[str, Any]:
        """The numbers of its report."""
        text = next(self.folder.glob("results/*/summary.json")).read_text(encoding="utf-8")
        return json.loads(text)

    def counts(self, what: str) -> Counts:
        """Return the numbers of good and failed ``requests`` or ``legs`` by name."""
        return {
            " / ".join(row["path"]): tuple(row["response_time"][s]["count"] for s in ("ok", "ko"))
            for row in self.summary[what]
        }


@pytest.fixture(scope="module")
def tls_kafka() -> Iterator[tuple[RealKafka, KafkaSecurity]]:
    """A Kafka that speaks TLS, and its certificates."""
    security = KafkaSecurity()
    with closing(or_refuse(RealKafka(security=security).open)) as cluster:
        yield cluster, security


class Runner:
    """Runs all examples that one kind of broker is enough for."""

    def __init__(self, folder: Path, kafka: str, environment: Mapping[str, str]) -> None:
        """Begin at once; each is waited for when it is asked for."""
        self._folder, self._environment = folder, environment
        self._pool = ThreadPoolExecutor(_AT_ONCE[kafka])
        chosen = [name for name, example in EXAMPLES.items() if example.kafka == kafka]
        self._runs: dict[str, Future[Done]] = {
            name: self._pool.submit(self._run, name) for name in chosen
        }

    def done(self, name: str) -> Done:
        """Return what an example left behind, once it has ended."""
        return self._runs[name].result()

    def close(self) -> None:
        """Wait for those that run; the others are not begun any more."""
        self._pool.shutdown(cancel_futures=True)

    def _run(self, name: str) -> Done:
        place = Workplace(self._folder / name)
        place.folder.mkdir()
        given = [f"-p{key}={value}" for key, value in EXAMPLES[name].parameters.items()]
        ended = place.run("run", f"simulations.examples.{name}", *given, **self._environment)
        return Done(ended, place.folder)


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    """Runs of the examples for which the embedded broker is true enough."""
    with closing(Runner(tmp_path_factory.mktemp("examples"), "embedded", {})) as runner:
        yield runner


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, real_kafka: KafkaCluster) -> Iterator[Runner]:
    """Runs of the examples that need Apache Kafka."""
    servers = {"KAFKA_BOOTSTRAP_SERVERS": real_kafka.bootstrap_servers}
    with closing(Runner(tmp_path_factory.mktemp("examples"), "real", servers)) as runner:
        yield runner


@pytest.fixture(scope="module")
def tls(
    tmp_path_factory: pytest.TempPathFactory, tls_kafka: tuple[RealKafka, KafkaSecurity]
) -> Iterator[Runner]:
    """Runs of the examples that need Kafka with TLS."""
    cluster, security = tls_kafka
    environment = {
        "KAFKA_BOOTSTRAP_SERVERS": cluster.servers(Listener.SSL),
        "GATLINGPY_PARAM_CA": security.ca,
    }
    with closing(Runner(tmp_path_factory.mktemp("examples"), "tls", environment)) as runner:
        yield runner


@pytest.fixture(scope="module")
def registered(
    tmp_path_factory: pytest.TempPathFactory, schema_registry: SchemaRegistry
) -> Iterator[Runner]:
    """Runs of the examples whose schemas are in a registry."""
    url = {"SCHEMA_REGISTRY_URL": schema_registry.url}
    with closing(Runner(tmp_path_factory.mktemp("examples"), "registry", url)) as runner:
        yield runner


@pytest.mark.parametrize("name", [name for name, e in EXAMPLES.items() if e.kafka == "embedded"])
def test_on_the_embedded_broker(name: str, embedded: Runner) -> None:
    """The example ends well, and its report has exactly the requests that it is made of."""
    check(name, embedded.done(name))


@pytest.mark.parametrize("name", [name for name, e in EXAMPLES.items() if e.kafka == "real"])
def test_on_real_kafka(name: str, real: Runner) -> None:
    """The same, for what only Apache Kafka does."""
    check(name, real.done(name))


@pytest.mark.parametrize("name", [name for name, e in EXAMPLES.items() if e.kafka == "tls"])
def test_over_tls(name: str, tls: Runner) -> None:
    """The same, for what is encrypted."""
    check(name, tls.done(name))


@pytest.mark.parametrize("name", [name for name, e in EXAMPLES.items() if e.kafka == "registry"])
def test_with_a_registry(name: str, registered: Runner, schema_registry: SchemaRegistry) -> None:
    """The same, for what needs a registry; the schema is in it afterwards."""
    check(name, registered.done(name))
    with urllib.request.urlopen(f"{schema_registry.url}/subjects", timeout=10) as answer:
        assert {"avro_example": "avro-req-value", "protobuf_example": "proto-req-value"}[
            name
        ] in json.loads(answer.read())


def check(name: str, done: Done) -> None:
    """Hold an example's report to what is expected of it."""
    example = EXAMPLES[name]
    assert done.ended.code == 0, done.ended.text
    requests = dict(done.counts("requests"))
    for request, (least, most) in example.about.items():
        ok, ko = requests.pop(request)
        assert least <= ok <= most
        assert ko == 0
    assert requests == dict(example.counts)
    legs = done.counts("legs")
    assert {leg: legs.get(leg) for leg in example.legs} == dict(example.legs)
    assert done.summary["delivery"] == []
    assert done.summary["errors"] == []
    assert done.summary["run"]["problems"] == []
    assert done.summary["conservation"]["holds"]


def test_trouble_was_made(embedded: Runner) -> None:
    """The script of the chaos example was run, by a user of its own."""
    assert (embedded.done("best_practices_for_chaos_testing").folder / "trouble").exists()


def test_an_application_that_was_killed_answers_what_was_sent_meanwhile(tmp_path: Path) -> None:
    """Scenario 4 as it is meant: no request is lost, and the time of being down is in the numbers."""
    place = Workplace(tmp_path)
    name = "simulations.examples.scenario_4_application_crash_and_resume"
    command = place.start("run", name, "-pduration=3s")
    command.await_text("started, results in")
    pid, argv = application(command.process.pid)
    time.sleep(0.5)
    os.kill(pid, signal.SIGKILL)
    time.sleep(1)
    with subprocess.Popen(argv, env=os.environ | {"PYTHONPATH": str(ROOT)}) as restarted:
        try:
            ended = command.wait()
        finally:
            restarted.terminate()
    done = Done(ended, place.folder)
    assert ended.code == 0, ended.text
    assert done.counts("requests") == {"Transaction": (30, 0)}
    longest_us = done.summary["total"]["response_time"]["total"]["max_us"]
    assert longest_us > 1_000_000


def application(parent: int) -> tuple[int, list[str]]:
    """Return the process of the application that a run has started, and how it was."""
    for pid in children(parent):
        argv = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")[:-1]
        if "simulations.examples.service" in argv:
            return pid, argv
    raise AssertionError("the run has started no application")


def test_transactions_are_those_of_kafka(real: Runner, real_kafka: KafkaCluster) -> None:
    """Each message of the example has a transaction of its own: behind each stands its commit."""
    messages = real.done("transactional_producers").counts("requests")["Ask"][0]
    consumer = Consumer({"bootstrap.servers": real_kafka.bootstrap_servers, "group.id": "looks"})
    with closing(consumer):
        ends = [consumer.get_watermark_offsets(TopicPartition("orders", p))[1] for p in range(4)]
    assert sum(ends) == messages + messages, "a commit takes one place in its partition"


def test_the_truststore_of_the_original_is_refused_with_the_remedy(tmp_path: Path) -> None:
    """Who copies the original's properties is told which of ours take their place."""
    place = Workplace(tmp_path)
    place.write(
        "jks.py",
        """
        from gatlingpy import *

        class Jks(Simulation):
            def __init__(self):
                protocol = kafka().bootstrap_servers("localhost:9093").producer_properties({
                    "security.protocol": "SSL",
                    "ssl.truststore.location": "./tls-certs/kafka.client.truststore.jks",
                    "ssl.truststore.password": "kafkatest123",
                    "ssl.endpoint.identification.algorithm": "",
                })
                users = scenario("S").exec(kafka("t", "k", "v")).inject_open(at_once_users(1))
                self.set_up(users).protocols(protocol)
        """,
    )
    ended = place.run("plan", "jks")
    ended.must_refuse("ssl.truststore.location", "ssl.ca.location")
    assert "kafkatest123" not in ended.text
