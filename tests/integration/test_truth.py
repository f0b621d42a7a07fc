"""What a report says is what happened: counted beforehand, request by request."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.command_line import Workplace, records
from tests.integration.echo_service import CORRUPTED, DOUBLED, DROPPED, ECHOED, fate
from tests.services.kafka import KafkaCluster

COUNT = 10_000
DROP, DOUBLE, CORRUPT = 0.01, 0.01, 0.001

SIMULATION = """
class Truth(Simulation):
    def __init__(self):
        ask = (kafka("Ask").request_reply().topics({requests!r}, {replies!r})
            .key("#{{key}}")
            .value(lambda session: f"request-{{session.user_id}}")
            .check(response_equals())
            .timeout({timeout}))
        keys = feeder([{{"key": f"key-{{n}}"}} for n in range(97)]).circular()
        people = scenario("People").feed(keys).exec(ask)
        protocol = (kafka().num_consumers(2)
            .bootstrap_servers(env("TEST_SERVERS", embedded_broker({{{requests!r}: 4, {replies!r}: 4}}))))
        self.set_up(people.inject_open(constant_users_per_sec(2500).during(4))).protocols(protocol)
    def before(self, run): start_service(run, {requests!r}, {replies!r}, *{arguments!r})
"""

ENDINGS = {ECHOED: "ok", DOUBLED: "ok", DROPPED: "timeout", CORRUPTED: "check"}

Run = Callable[[int, tuple[str, ...]], Path]
"""Runs 10 000 requests with this timeout against a service with these arguments."""


@pytest.fixture(params=["embedded", pytest.param("real", marks=pytest.mark.integration)])
def run_truth(request: pytest.FixtureRequest, work: Workplace) -> Run:
    """Run the simulation against the embedded broker, and against Apache Kafka."""
    requests, replies, environment = "requests", "replies", {}
    if request.param == "real":
        cluster: KafkaCluster = request.getfixturevalue("real_kafka")
        name = request.node.name.replace("[", "-").replace("]", "")
        requests, replies = f"{name}-requests", f"{name}-replies"
        for topic in (requests, replies):
            cluster.create_topic(topic, 4)
        environment = {"TEST_SERVERS": cluster.bootstrap_servers}

    def run(timeout: int, arguments: tuple[str, ...]) -> Path:
        body = SIMULATION.format(
            requests=requests, replies=replies, timeout=timeout, arguments=arguments
        )
        ended = work.run("run", work.simulation(body), **environment)
        assert ended.code == 0, ended.text
        return work.run_folder()

    return run


def truth(*shares: float) -> dict[int, str]:
    """Return what becomes of the request of each user, whose numbers begin at 1."""
    return {user: fate(f"request-{user}".encode(), *shares) for user in range(1, COUNT + 1)}


def told(folder: Path, name: str) -> Any:
    """Return what one of the report's files says."""
    return json.loads((folder / name).read_text(encoding="utf-8"))


def assert_told(folder: Path, fates: dict[int, str]) -> None:
    """Hold the log, ``summary.json``, Gatling's files and the law of conservation to the truth."""
    ends = Counter(ENDINGS[what] for what in fates.values())
    doubled = sum(what == DOUBLED for what in fates.values())
    ok, ko = ends["ok"], COUNT - ends["ok"]

    logged = {int(fields[11]): fields[12] for fields in records(folder, "REQUEST")}
    assert logged == {user: ENDINGS[what] for user, what in fates.items()}
    tokens = [fields[10] for fields in records(folder, "REQUEST")]
    assert len(set(tokens)) == len(tokens) == COUNT
    legs = Counter(fields[12] for fields in records(folder, "LEG"))
    assert legs == {"ok": COUNT}

    summary = told(folder, "summary.json")
    assert summary["run"]["trusted"] is True
    (entry,) = summary["requests"]
    assert {k: v for k, v in entry["endings"].items() if v} == dict(ends)
    times = entry["response_time"]
    assert [times[part]["count"] for part in ("total", "ok", "ko")] == [COUNT, ok, ko]
    assert summary["total"]["response_time"]["total"]["count"] == COUNT
    delivery = [(row["kind"], row["count"]) for row in summary["delivery"]]
    assert delivery == ([("duplicate", doubled)] if doubled else [])
    law = summary["conservation"]
    assert (law["registered"], law["in_flight"], law["holds"]) == (COUNT, 0, True)
    assert {k: v for k, v in law["endings"].items() if v} == dict(ends)
    assert sum(error["count"] for error in summary["errors"]) == ko

    stats = told(folder, "js/global_stats.json")["numberOfRequests"]
    assert (stats["total"], stats["ok"], stats["ko"]) == (COUNT, ok, ko)
    (request,) = told(folder, "js/stats.json")["contents"].values()
    counts = request["stats"]["numberOfRequests"]
    assert (counts["total"], counts["ok"], counts["ko"]) == (COUNT, ok, ko)


@pytest.mark.slow
def test_ten_thousand_answered_requests(run_truth: Run) -> None:
    """All are ok; no reply is late, doubled or nobody's."""
    fates = truth(0, 0, 0)
    assert set(fates.values()) == {ECHOED}
    folder = run_truth(30, ())
    assert_told(folder, fates)
    assert list(records(folder, "REPLY")) == []
    assert list(records(folder, "ERROR")) == []


@pytest.mark.slow
def test_requests_that_are_dropped_doubled_and_corrupted(run_truth: Run) -> None:
    """1 % have no reply, 1 % have two, 0.1 % a wrong one: the numbers are the truth, exactly."""
    fates = truth(DROP, DOUBLE, CORRUPT)
    counted = Counter(fates.values())
    assert min(counted.values()) >= 5
    folder = run_truth(
        12, ("--drop", f"{DROP}", "--double", f"{DOUBLE}", "--corrupt", f"{CORRUPT}")
    )
    assert_told(folder, fates)
    replies = Counter(fields[12] for fields in records(folder, "REPLY"))
    assert replies == {"duplicate": counted[DOUBLED]}
    for fields in records(folder, "REQUEST"):
        if fields[12] == "timeout":
            assert (int(fields[8]), fields[6]) == (12_000_000, "Reply timeout after 12000 ms")
        if fields[12] == "check":
            assert "corrupted" in fields[6]
