"""The brokers and the echo service that measurements run against."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.simulations import REQUESTS, RESPONSES
from gatlingpy.protocols.kafka.embedded import EmbeddedBroker

TOPICS = {REQUESTS: 4, RESPONSES: 4, "bench-fire": 4}


@dataclass(frozen=True)
class Bench:
    """Brokers that answer, and processes that measure."""

    kind: str
    servers: str

    def floor(self, rate: float, seconds: float) -> dict[str, float]:
        """Run the hand-written loop."""
        return _json("benchmarks.floor", self.servers, str(rate), str(seconds), os.devnull)

    def drive(self, simulation: str, **figures: float | str) -> dict[str, float]:
        """Run gatlingpy."""
        environment = {f"BENCH_{name.upper()}": str(value) for name, value in figures.items()}
        return _json("benchmarks.drive", simulation, BENCH_SERVERS=self.servers, **environment)


def _json(module: str, *arguments: str, **environment: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{module} ended with {done.returncode}: {done.stderr[-2000:]}")
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


@contextmanager
def embedded() -> Iterator[Bench]:
    """Start an embedded broker and the echo service."""
    with EmbeddedBroker(TOPICS) as broker, _echo(broker.bootstrap_servers):
        yield Bench("embedded broker", broker.bootstrap_servers)


@contextmanager
def real() -> Iterator[Bench | None]:
    """Start one broker of Apache Kafka and the echo service, or yield ``None`` without Kafka."""
    from tests.services.kafka import RealKafka

    try:
        kafka = RealKafka(1, heap="768m", java_options=()).open()
    except Exception as error:
        print(f"no Apache Kafka on this machine: {error}", file=sys.stderr)
        yield None
        return
    try:
        for topic, partitions in TOPICS.items():
            kafka.create_topic(topic, partitions, 1)
        with _echo(kafka.bootstrap_servers):
            yield Bench("Apache Kafka, 1 broker", kafka.bootstrap_servers)
    finally:
        kafka.close()


@contextmanager
def _echo(servers: str) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.echo", servers, REQUESTS, RESPONSES],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        if "ready" not in process.stdout.readline():
            raise RuntimeError("the echo service did not start")
        yield
    finally:
        process.terminate()
        process.wait(10)
