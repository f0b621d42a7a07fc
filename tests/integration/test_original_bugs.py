"""What went wrong in the original and can be seen from outside only: none of it goes wrong here."""

from collections.abc import Sequence

import pytest

from tests.integration.command_line import Ended, Workplace, records

pytestmark = pytest.mark.integration

SIMULATION = """
    TOPICS = {"echo": 2, "silence": 1, "side": 1, "late": 1}
    ECHO = kafka("Echo").request_reply().topics("echo", "echo").loopback().timeout(5)
    SILENT = kafka("Unanswered").request_reply().topics("silence", "echo").timeout("900ms")

    BY_KEY = (
        kafka("By key").request_reply().topics("silence", "echo")
        .key("key").correlate_by_key().timeout("900ms")
    )

    def people(name, *steps):
        return scenario(name).exec(*steps).inject_open(at_once_users(2))

    class Bugs(Simulation):
        def __init__(self):
            self.set_up(
                people("Quick", dummy("Nothing", 0)),
                people("Patient", SILENT),
                people("Same key", BY_KEY),
                people(
                    "Checked",
                    kafka("First").request_reply().topics("echo", "echo").loopback()
                    .value("first").check(body_string().is_("first")),
                    kafka("Second").request_reply().topics("echo", "echo").loopback()
                    .value("second").check(body_string().is_("something else")),
                    exit_here_if_failed(),
                    dummy("Never", 0),
                ),
                people(
                    "Onlookers",
                    group("Side effects").on(
                        kafka("Effect", "side", "k", "seen"),
                        consume("Consume", "side").check(body_string().is_("seen")),
                    ),
                ),
                scenario("Impatient").exec(
                    consume("Too early", "late").timeout("200ms"),
                    kafka("Then", "late", "k", "here I am"),
                    consume("Later", "late").timeout(5).check(body_string().is_("here I am")),
                ).inject_open(at_once_users(1)),
            ).protocols(kafka().bootstrap_servers(embedded_broker(TOPICS)))
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ended, Sequence[Sequence[str]]]:
    """A run of all that is asked about, and the records of its log."""
    place = Workplace(tmp_path_factory.mktemp("bugs"))
    ended = place.run("run", place.simulation(SIMULATION))
    assert ended.code == 0, ended.text
    return ended, list(records(place.run_folder()))


def rows(run: tuple[Ended, Sequence[Sequence[str]]], name: str) -> list[Sequence[str]]:
    """Return the records of the requests of this name."""
    return [record for record in run[1] if record[0] == "REQUEST" and record[2] == name]


def test_timeouts_outlive_the_first_user(run: tuple[Ended, Sequence[Sequence[str]]]) -> None:
    """W2: users that are done stop nothing; requests of others still time out, at their deadline."""
    unanswered = rows(run, "Unanswered")
    assert [(row[5], int(row[4]) - int(row[3])) for row in unanswered] == [("KO", 900)] * 2
    ends = [int(r[3]) for r in run[1] if r[:3] == ["USER", "Quick", "END"]]
    assert len(ends) == 2
    assert max(ends) < min(int(row[4]) for row in unanswered)


def test_a_key_that_is_used_again_ends_the_older_request(
    run: tuple[Ended, Sequence[Sequence[str]]],
) -> None:
    """W6: and it is told; the younger one waits for as long as it may, and no shorter."""
    older, younger = sorted(rows(run, "By key"), key=lambda row: int(row[4]))
    assert (older[5], younger[5]) == ("KO", "KO")
    assert older[4] == younger[3], "it ends when the younger one starts"
    assert int(younger[4]) - int(younger[3]) == 900


def test_each_request_has_its_own_checks(run: tuple[Ended, Sequence[Sequence[str]]]) -> None:
    """W13: two requests share a reply topic, and each reply meets the checks of its own request."""
    assert [row[5] for row in rows(run, "First")] == ["OK", "OK"]
    second = rows(run, "Second")
    assert [row[5] for row in second] == ["KO", "KO"]
    assert all("something else" in row[6] for row in second)


def test_a_failed_request_fails_its_user(run: tuple[Ended, Sequence[Sequence[str]]]) -> None:
    """W17: ``exit_here_if_failed`` behind a failed request is heeded."""
    assert len(rows(run, "Second")) == 2
    assert rows(run, "Never") == []


def test_a_consume_is_a_request_in_its_group(run: tuple[Ended, Sequence[Sequence[str]]]) -> None:
    """W21: a group ends once for each user, and nothing else ends one."""
    consumed = rows(run, "Consume")
    assert [(row[1], row[5]) for row in consumed] == [("Side effects", "OK")] * 2
    groups = [record for record in run[1] if record[0] == "GROUP"]
    assert [(group[1], group[5]) for group in groups] == [("Side effects", "OK")] * 2


def test_a_consume_that_gave_up_takes_no_record(
    run: tuple[Ended, Sequence[Sequence[str]]],
) -> None:
    """W28: the record goes to who waits for it, and a timeout is told under its own name."""
    assert [(row[5], int(row[4]) - int(row[3])) for row in rows(run, "Too early")] == [("KO", 200)]
    assert [row[5] for row in rows(run, "Later")] == ["OK"]
