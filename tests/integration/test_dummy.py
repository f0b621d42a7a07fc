"""A simulation of dummies alone, as a user runs it: no broker, a whole report."""

import json

from tests.integration.command_line import Workplace, records


def test_a_simulation_of_dummies_needs_no_protocol_and_has_a_whole_report(work: Workplace) -> None:
    """Its numbers are those that it was given."""
    body = """
    class Rehearsal(Simulation):
        def __init__(self):
            people = scenario("People").group("shop").on(
                dummy("Search", "30ms"), dummy("Pay", 0.02).with_success(False))
            self.set_up(people.inject_open(at_once_users(5))).assertions(
                details("shop", "Search").response_time().max().is_(30),
                details("shop", "Pay").failed_requests().count().is_(5))
    """
    ended = work.run("run", work.simulation(body))
    assert ended.code == 0, ended.text
    assert "Dummy error" in ended.out
    rows = list(records(work.run_folder(), "REQUEST"))
    assert len(rows) == 10
    assert {(row[2], row[5], row[12]) for row in rows} == {
        ("Search", "OK", "ok"),
        ("Pay", "KO", "check"),
    }
    stats = json.loads((work.run_folder() / "js/global_stats.json").read_text())
    assert stats["numberOfRequests"] == {"total": 10, "ok": 5, "ko": 5}
    assert (work.run_folder() / "index.html").is_file()
