"""What Avro with a schema registry costs beside JSON: the same request-replies, in turn."""

import sys
from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.cluster import Bench
from tests.services.offer import ServiceUnavailable
from tests.services.schema_registry import RealRegistry

PAIRS = 5


class Pair(NamedTuple):
    """Microseconds of processor time for each request-reply."""

    json_us: float
    avro_us: float


def avro_pairs(bench: Bench, rate: float, seconds: float) -> Iterator[Pair]:
    """Yield pairs of runs; none if no registry can be had.  Whichever is first alternates."""
    try:
        registry = RealRegistry().open()
    except ServiceUnavailable as error:
        print(f"no schema registry on this machine: {error}", file=sys.stderr)
        return
    try:
        for number in range(PAIRS):
            names = ["Payments", "AvroPayments"]
            if number % 2:
                names.reverse()
            used = {name: _cpu_us(bench, name, rate, seconds, registry.url) for name in names}
            yield Pair(used["Payments"], used["AvroPayments"])
    finally:
        registry.close()


def _cpu_us(bench: Bench, name: str, rate: float, seconds: float, registry: str) -> float:
    run = bench.drive(name, rate=rate, seconds=seconds, registry=registry)
    if run["ok"] != run["requests"]:
        raise AssertionError(f"{name}: {run['requests'] - run['ok']:.0f} requests failed")
    return run["cpu_us"]
