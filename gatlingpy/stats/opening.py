"""The records that open a log: assertions, the run, its plan."""

import json
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from gatlingpy.plan.assertion_text import assertion_text
from gatlingpy.plan.codec import encode, fingerprint
from gatlingpy.plan.show import show
from gatlingpy.plan.simulation import SimulationPlan
from gatlingpy.stats.assertion_payload import encode_assertion
from gatlingpy.stats.log_format import FORMAT_VERSION, GATLING_VERSION, PLAN
from gatlingpy.stats.records import AssertionRecord, Record, RunRecord, TextRecord


def opening_records(
    plan: SimulationPlan,
    *,
    run_id: str,
    start_us: int,
    description: str,
    segment: tuple[int, int],
    notes: Sequence[str],
) -> list[Record]:
    """Return the records in Gatling's order: assertions, run, then our plan."""
    simulation_id = run_id.rpartition("-")[0]
    facts = {
        "format": FORMAT_VERSION,
        "tool": "gatlingpy",
        "version": installed_version("gatlingpy"),
        "run_id": run_id,
        "segment": list(segment),
        "fingerprint": fingerprint(plan),
        "notes": list(notes),
        "versions": {
            "python": platform.python_version(),
            "confluent-kafka": installed_version("confluent-kafka"),
        },
    }
    run = RunRecord(
        f"{plan.source.module}.{plan.name}", simulation_id, start_us, description,
        GATLING_VERSION, json.dumps(facts, ensure_ascii=False),
    )  # fmt: skip
    detail = json.dumps({**_object(encode(plan)), "tree": show(plan)}, ensure_ascii=False)
    return [*_assertions(plan), run, TextRecord(PLAN, detail)]


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _assertions(plan: SimulationPlan) -> list[Record]:
    records: list[Record] = []
    for assertion in plan.assertions:
        payload = encode_assertion(assertion)
        if payload is not None:
            records.append(AssertionRecord(payload, assertion_text(assertion)))
    return records


def installed_version(package: str) -> str:
    """Return the version of an installed package, or ``unknown`` in a bare checkout."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
