"""The threads of a run are those of ``docs/threads.md``, and none is left afterwards."""

import re
import sys
import threading
from pathlib import Path

import gatlingpy
from gatlingpy import (
    Run,
    Session,
    Settings,
    Simulation,
    at_once_users,
    chain,
    embedded_broker,
    kafka,
    scenario,
)

ROOT = Path(__file__).parents[2]
TOPICS = {"requests": 4, "replies": 4, "others": 1}
SERVICE = ROOT / "tests" / "integration" / "echo_service.py"

seen: dict[str, bool] = {}


def look(session: Session) -> Session:
    """Note the names of the threads that are alive, and whether they are daemons."""
    seen.update({thread.name: thread.daemon for thread in threading.enumerate()})
    return session


class Looking(Simulation):
    """Uses every kind of thread, and looks at them from two of them."""

    def __init__(self) -> None:
        protocol = (
            kafka().bootstrap_servers(embedded_broker(TOPICS)).num_consumers(2).num_producers(2)
        )
        ask = kafka("Ask").request_reply().topics("requests", "replies").value("x").timeout(10)
        named = kafka("Named").request_reply().topics("requests", lambda _: "replies").value("x")
        two = scenario("A").exec(ask, chain().exec(look, blocking=True), named, look)
        self.set_up(two.inject_open(at_once_users(2))).protocols(protocol)

    def before(self, run: Run) -> None:
        """Start the service."""
        argv = [sys.executable, str(SERVICE), run.bootstrap_servers, "requests", "replies"]
        run.start_process(argv, ready="subscribed")


def table() -> list[tuple[str, str, str]]:
    """Return name, number and file of each row of the page."""
    rows = (ROOT / "docs" / "threads.md").read_text(encoding="utf-8").splitlines()
    cells = [
        [cell.strip() for cell in row.strip("|").split("|")]
        for row in rows
        if row.startswith("| `")
    ]
    return [(row[0].strip("`"), row[1], row[2].strip("`")) for row in cells]


def pattern(name: str) -> re.Pattern[str]:
    """Return what matches the names that a row stands for."""
    plain = re.escape(name).replace("<n>", r"\d+").replace("<topic>", ".+")
    return re.compile(plain + (r"_\d+" if name == "gatling-blocking" else ""))


def test_the_threads_of_a_run_are_those_of_the_table(tmp_path: Path) -> None:
    """Each row has a thread, each thread a row, in the number that is told; none is a daemon."""
    seen.clear()
    before = set(threading.enumerate())
    outcome = gatlingpy.run(Looking, Settings(results=tmp_path, reports=False))
    assert outcome.exit_code == 0, outcome
    assert outcome.counters["ending.ok"] == 4
    assert set(threading.enumerate()) == before

    names = [name for name, _, _ in table()]
    kept = {thread.name for thread in before} - {"MainThread"}
    counted = {name: {t for t in seen if pattern(name).fullmatch(t)} for name in names}
    matched = set().union(*counted.values())
    assert set(seen) - kept == matched - kept
    assert {name: len(threads) for name, threads in counted.items()} == {
        "MainThread": 1,
        "gatling-user": 1,
        "gatling-stats": 1,
        "gatling-blocking": len(counted["gatling-blocking"]),
        "kafka-send-<n>": 2,
        "kafka-poll-<n>": 2,
        "kafka-consume-<topic>-<n>": 4,
        "kafka-metrics": 1,
        "kafka-topics": 1,
        "kafka-watch": 1,
    }
    assert 1 <= len(counted["gatling-blocking"]) <= 8
    assert [name for name in matched if seen[name]] == []


def test_the_files_of_the_table_exist() -> None:
    """Each names a file of the package."""
    assert len(table()) == 10
    for _, _, file in table():
        assert (ROOT / "gatlingpy" / file).is_file(), file
