"""Several clusters in one simulation: which a request goes to, and what each tells of its own."""

import json
from collections import Counter
from typing import TypeVar

from gatlingpy.stats.log_format import decode
from gatlingpy.stats.records import ReplyRecord, RequestRecord
from tests.integration.command_line import Workplace

Row = TypeVar("Row", RequestRecord, ReplyRecord)

TWO = """
FIRST = kafka().bootstrap_servers(embedded_broker(TOPICS))
SECOND = kafka().bootstrap_servers(embedded_broker(TOPICS)).correlate_by_key()

def ask(name):
    return (kafka(name).request_reply().topics("requests", "replies").key("#{key}")
        .value("#{key}").check(response_equals()).timeout(10))

class Two(Simulation):
    def __init__(self):
        keys = feeder([{"key": f"key-{n}"} for n in range(200)])
        quiet = ask("Quiet").silent()
        here = scenario("Here").feed(keys).exec(quiet, ask("Both"), ask("Sent over").protocol(SECOND))
        there = scenario("There").feed(keys).exec(ask("Both"), ask("There"))
        users = at_once_users(40)
        self.set_up(here.inject_open(users), there.inject_open(users).protocols(SECOND)).protocols(FIRST)
    def before(self, run):
        assert run.clusters[0] == run.bootstrap_servers and len(set(run.clusters)) == 2, run.clusters
        for servers in run.clusters:
            run.start_process(
                [sys.executable, "-m", "tests.integration.echo_service", servers, *ARGUMENTS],
                ready="subscribed",
            )
"""


def rows_of(work: Workplace, kind: type[Row]) -> list[Row]:
    """Return the records of one kind of the last run."""
    text = (work.run_folder() / "simulation.log").read_text(encoding="utf-8")
    return [row for row in map(decode, text.splitlines()) if isinstance(row, kind)]


def test_each_request_goes_to_its_cluster_and_each_cluster_tells_of_its_own(
    work: Workplace,
) -> None:
    """Everything is answered, once, whatever cluster it is on; tokens are unique in the log."""
    ended = work.run("run", work.simulation("ARGUMENTS = ()\n" + TWO))
    assert ended.code == 0, ended.text
    rows = rows_of(work, RequestRecord)
    assert Counter(row.name for row in rows) == {"Both": 80, "Sent over": 40, "There": 40}
    assert {row.ending for row in rows} == {"ok"}
    assert len({row.token for row in rows}) == len(rows)
    assert rows_of(work, ReplyRecord) == []
    summary = json.loads((work.run_folder() / "summary.json").read_text(encoding="utf-8"))
    health = summary["run"]["health"]
    assert (health["silent"], health["silent_ok"], health["silent_failed"]) == (40, 40, 0)


def test_duplicates_are_told_by_the_cluster_they_came_from(work: Workplace) -> None:
    """Both systems answer everything twice, and nothing is taken for anything else."""
    ended = work.run("run", work.simulation("ARGUMENTS = ('--double', '1.0')\n" + TWO))
    assert ended.code == 0, ended.text
    assert {row.ending for row in rows_of(work, RequestRecord)} == {"ok"}
    assert {row.reply for row in rows_of(work, ReplyRecord)} == {"duplicate"}
