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


def test_users_that_block_when_a_run_ends_at_once_end_as_well(work: Workplace) -> None:
    """Be their functions running, or still waiting for one of the eight threads."""
    body = """
    import time
    def slow(session):
        time.sleep(0.5)
        return session
    class Crowded(Simulation):
        def __init__(self):
            patient = scenario("Patient").exec(slow, blocking=True).exec(dummy("Never", 0))
            crowd = scenario("Crowd").exec(dummy("Ask", 0)).inject_open(at_once_users(9))
            self.set_up(
                patient.inject_open(at_once_users(20)),
                crowd.throttle(jump_to_rps(1), hold_for(9), queue=5))
    """
    ended = work.run("run", work.simulation(body))
    assert ended.code == 3, ended.text
    whats = [(row[1], row[2]) for row in records(work.run_folder(), "USER")]
    assert [whats.count(("Patient", what)) for what in ("START", "END")] == [20, 20]
    assert [whats.count(("Crowd", what)) for what in ("START", "END")] == [9, 9]
    assert "Never" not in {row[2] for row in records(work.run_folder(), "REQUEST")}
