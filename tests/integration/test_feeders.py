"""Feeders in whole runs: files, generated and zipped records, SQLite and a real PostgreSQL."""

import gzip
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from gatlingpy import (
    Settings,
    Simulation,
    UsageError,
    at_once_users,
    csv,
    dummy,
    feeder,
    run,
    scenario,
)
from gatlingpy.app import execution
from gatlingpy.errors import ExitCode, FeederError, FeederExhausted
from gatlingpy.feeds import sql_rows
from gatlingpy.feeds.source import RecordSource, open_feeder
from gatlingpy.plan.code import CodeTable, Env
from gatlingpy.plan.feeders import Feeder, SqlSource, Strategy
from tests.integration.command_line import LINES, Workplace, records
from tests.services.waiting import await_true

PEOPLE = """
class Fed(Simulation):
    def __init__(self):
        data = {feeder}
        people = scenario("People").feed(data).exec(dummy("{name}", 0))
        self.set_up(people.inject_open(at_once_users({users})))
"""


def names_of(work: Workplace) -> Counter[str]:
    """Return how often each request was made in the only run."""
    return Counter(fields[2] for fields in records(work.run_folder(), "REQUEST"))


def run_people(
    work: Workplace, feeder: str, name: str, users: int = 4, **environment: str
) -> Counter[str]:
    """Run the simulation above, and return how often each request was made."""
    body = PEOPLE.format(feeder=feeder, name=name, users=users)
    ended = work.run("run", work.simulation(body), "--no-reports", **environment)
    assert ended.code == 0, ended.text
    return names_of(work)


# --- files and code ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("feeder", "name", "expected"),
    [
        ("json_file('a.json').circular()", "#{id}-#{tags(0)}", {"1-x": 2, "2-y": 2}),
        ("json_lines('a.jsonl.gz').unzip()", "#{id}", {"1": 1, "2": 1, "3": 1, "4": 1}),
        ("ssv('a.ssv', quote=\"'\").transform(lambda k, v: v.strip()).shuffle()", "#{a}", {"1;2": 1, "3": 3}),
        ("zipped(json_lines('a.jsonl.gz').unzip(), {'x': lambda: 7})", "#{id}#{x}", {"17": 1, "27": 1, "37": 1, "47": 1}),
        ("csv('pairs.csv', quote='|').circular()", "#{a}", {'"': 4}),
    ],
)  # fmt: skip
def test_records_reach_users(
    feeder: str, name: str, expected: dict[str, int], work: Workplace
) -> None:
    """What a source holds stands in the names of the requests that were made with it."""
    work.write("a.json", json.dumps([{"id": 1, "tags": ["x"]}, {"id": 2, "tags": ["y"]}]))
    lines = "\n".join(json.dumps({"id": n}) for n in range(1, 5))
    (work.folder / "a.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    work.write("a.ssv", "a\n'1;2'\n 3 \n3 \n 3\n")
    work.write("pairs.csv", 'a,b\n",1\n')
    assert expected == run_people(work, feeder, name)


def test_what_a_function_raises_fails_one_user(work: Workplace) -> None:
    """The error is in the log with the function's line; everybody else is served."""
    body = """
    def made():
        made.n += 1
        if made.n == 2:
            raise LookupError("no more")
        return made.n
    made.n = 0
    def changed(attribute, value):
        return 12 // (4 - value)
    class Fed(Simulation):
        def __init__(self):
            people = scenario("People").feed(feeder({"n": made}).transform(changed)).exec(dummy("#{n}", 0))
            self.set_up(people.inject_open(at_once_users(5))).assertions(
                global_().all_requests().count().is_(3))
    """
    ended = work.run("run", work.simulation(body))
    assert ended.code == 0, ended.text
    assert names_of(work) == {"4": 1, "12": 1, "-12": 1}
    errors = sorted(fields[1] for fields in records(work.run_folder(), "ERROR"))
    told = [error for error in errors if "record" in error]
    assert len(told) == 2, errors
    assert (
        f"sim.py:{LINES + 8}: record 3 of the feeder, attribute 'n': ZeroDivisionError" in told[1]
    )
    assert (
        f"sim.py:{LINES + 2}: record 2 of the feeder, attribute 'n': LookupError: no more"
        in told[0]
    )


def test_records_can_be_read_in_the_constructor(work: Workplace) -> None:
    """The path counts from the simulation's file, wherever the command is run."""
    work.write("below/words.csv", "word\na\nb\nc\n")
    body = """
    class Words(Simulation):
        def __init__(self):
            words = csv("words.csv")
            chain = exec(*(dummy(r["word"], 0) for r in words.read_records()))
            self.set_up(scenario("S").exec(chain).inject_open(at_once_users(words.records_count())))
    """
    work.simulation(body, "below/sim.py")
    ended = work.run("run", "below/sim.py", "--no-reports")
    assert ended.code == 0, ended.text
    assert names_of(work) == {"a": 3, "b": 3, "c": 3}


def test_every_mistake_is_told_at_once(work: Workplace) -> None:
    """Feeders are checked together, with the user's lines and those of the files; nothing is run."""
    work.write("a.json", '{"id": 1}')
    work.write("b.jsonl", '{"id": 1}\n{"id": \n')
    work.write("c.csv", "id\n1\n")
    body = """
    class Fed(Simulation):
        def __init__(self):
            people = (
                scenario("People").feed(json_file("a.json"))
                .feed(json_lines("b.jsonl"))
                .feed(csv("c.csv").unzip())
                .feed(zipped(csv("c.csv"), [{"id": 1}]))
                .feed(sql_feeder("sqlite:///gone.db", "SELECT 1")))
            self.set_up(people.exec(dummy("a", 0)).inject_open(at_once_users(1)))
    """
    ended = work.run("run", work.simulation(body))
    ended.must_refuse(
        "5 problems in the simulation",
        f"sim.py:{LINES + 5}: {work.folder}/a.json must hold an array of objects, got '{{' first",
        f"sim.py:{LINES + 6}: {work.folder}/b.jsonl:2: Expecting value",
        f"sim.py:{LINES + 7}: {work.folder}/c.csv is neither gzip nor zip; leave out .unzip()",
        f"sim.py:{LINES + 8}: zipped(...): both c.csv and 1 record name 'id'; rename it in one of them",
        f"sim.py:{LINES + 9}: sql_feeder('sqlite:///gone.db'): there is no such file in {work.folder}",
    )
    assert work.run_folders() == []


# --- closing -------------------------------------------------------------------------------------


class Watched:
    """A source that knows whether it was closed."""

    def __init__(self, source: RecordSource) -> None:
        self.source = source
        self.closed = 0
        self.next = source.next
        self.size = source.size

    def close(self) -> None:
        self.closed += 1
        self.source.close()


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> list[Watched]:
    """Every feeder that a run opens."""
    found: list[Watched] = []

    def opening(*arguments: object) -> RecordSource:
        found.append(Watched(open_feeder(*arguments)))  # type: ignore[arg-type]
        return found[-1]

    monkeypatch.setattr(execution, "open_feeder", opening)
    return found


def fed(*feeders: object, users: int = 2) -> type[Simulation]:
    """Return a simulation of users with these feeders."""

    class Fed(Simulation):
        def __init__(self) -> None:
            people = scenario("People")
            for one in feeders:
                people = people.feed(one)
            self.set_up(people.exec(dummy("Pay", 0)).inject_open(at_once_users(users)))

    return Fed


@pytest.mark.parametrize(("users", "code"), [(2, ExitCode.OK), (3, ExitCode.MISTAKE)])
def test_feeders_are_closed_after_the_run(
    users: int, code: ExitCode, watched: list[Watched], tmp_path: Path
) -> None:
    """Each once, whether the run came to its end or a feeder was exhausted."""
    (tmp_path / "a.csv").write_text("a\n1\n2\n")
    simulation = fed(csv(tmp_path / "a.csv"), [{"b": 1}, {"b": 2}], users=users)
    assert (
        code
        == run(simulation, Settings(results=str(tmp_path / "results"), reports=False)).exit_code
    )
    assert [1, 1] == [source.closed for source in watched]


def test_feeders_are_closed_when_another_cannot_be_opened(
    watched: list[Watched], tmp_path: Path
) -> None:
    """What was opened before is closed as well if there is no run."""

    def broken() -> Iterator[dict[str, object]]:
        raise LookupError("no database")

    simulation = fed([{"a": 1}], feeder(broken).shuffle())
    with pytest.raises(UsageError, match="LookupError: no database"):
        run(simulation, Settings(results=str(tmp_path / "results")))
    assert [1] == [source.closed for source in watched]


# --- databases -----------------------------------------------------------------------------------


def test_rows_of_sqlite_reach_users(work: Workplace) -> None:
    """A file of SQLite is found as any other, and a query is given its parameters."""
    with closing(sqlite3.connect(work.folder / "shop.db")) as connection, connection:
        connection.execute("CREATE TABLE users (id INTEGER, region TEXT)")
        connection.executemany("INSERT INTO users VALUES (?, ?)", [(1, "n"), (2, "s"), (3, "n")])
    feeder = (
        "sql_feeder('sqlite:///shop.db', 'SELECT id FROM users WHERE region = :r ORDER BY id', {'r': 'n'})"
        ".circular()"
    )
    assert run_people(work, feeder, "#{id}") == {"1": 2, "3": 2}


@pytest.fixture
def table(postgres_url: str) -> Iterator[str]:
    """A table of numbers from 1 to 5000 in a real PostgreSQL."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS gatlingpy_feed")
        connection.execute(
            "CREATE TABLE gatlingpy_feed AS SELECT n AS id, 'user ' || n AS name, n / 4.0 AS share "
            "FROM generate_series(1, 5000) n"
        )
        yield "gatlingpy_feed"
        connection.execute("DROP TABLE gatlingpy_feed")


@pytest.mark.integration
def test_rows_of_postgresql_reach_users(work: Workplace, postgres_url: str, table: str) -> None:
    """The URL and the password come from the environment, and are written nowhere."""
    feeder = f"sql_feeder(env('DB_URL'), 'SELECT id, name FROM {table} ORDER BY id', password=env('DB_PW'))"
    secrets = {"DB_URL": f"{postgres_url}?application_name=s3cret", "DB_PW": "t0psecret"}
    assert run_people(work, feeder, "#{name}", 3, **secrets) == {
        "user 1": 1,
        "user 2": 1,
        "user 3": 1,
    }
    shown = work.run("plan", "sim")
    assert shown.code == 0, shown.text
    assert f"feed   SQL SELECT id, name FROM {table} ORDER BY id, queue" in shown.out
    written = "".join(path.read_text() for path in work.run_folder().rglob("*") if path.is_file())
    for secret in secrets.values():
        assert secret not in written + shown.text


@pytest.mark.integration
@pytest.mark.parametrize(
    ("url", "query", "said"),
    [
        ("{url}", "SELECT * FROM gatlingpy_nobody", 'relation "gatlingpy_nobody" does not exist'),
        ("{url}", "SELECT id FROM {table} WHERE id < 0", "holds no record; give it at least one"),
        ("{url}", "SELECT id, 1 AS id FROM {table}", "two columns of the result are called 'id'"),
        ("postgresql://nobody@127.0.0.1:1/none", "SELECT 1", "Connection refused"),
    ],
)
def test_what_postgresql_does_not_like_is_told_before_the_run(
    url: str, query: str, said: str, work: Workplace, postgres_url: str, table: str
) -> None:
    """In one line, with the user's; there is no run."""
    feeder = f"sql_feeder(env('DB_URL'), {query.format(table=table)!r})"
    body = PEOPLE.format(feeder=feeder, name="a", users=1)
    ended = work.run("run", work.simulation(body), DB_URL=url.format(url=postgres_url))
    ended.must_refuse(said, f"sim.py:{LINES + 4}: ")
    assert work.run_folders() == []


def stream(
    url: str, table: str, strategy: Strategy, segment: tuple[int, int] = (1, 1)
) -> RecordSource:
    """Open a feeder over the table that reads rows as they are used."""
    source = SqlSource(url, f"SELECT id, share FROM {table} ORDER BY id")
    plan = Feeder("feeder-1", source, strategy, "pay.py:7")
    return open_feeder(plan, CodeTable(), [], 0, segment)


@pytest.fixture
def long_result(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat every result as too large for memory."""
    monkeypatch.setattr(sql_rows, "MOST_IN_MEMORY", 0)


@pytest.mark.integration
@pytest.mark.usefixtures("long_result")
def test_a_long_result_stays_in_postgresql(postgres_url: str, table: str) -> None:
    """Rows are fetched a thousand at a time from a cursor of the server."""
    url = f"{postgres_url}?application_name=gatlingpy_stream"
    with closing(stream(url, table, Strategy.QUEUE)) as source:
        assert {"id": 1, "share": Decimal("0.25")} == source.next()
        assert 2 == source.next()["id"]
        assert source.size is None
        (statement,) = sessions(postgres_url, "gatlingpy_stream", "query")
        assert "FETCH FORWARD 1000" in str(statement)
        assert list(range(3, 5001)) == [source.next()["id"] for _ in range(4998)]
        with pytest.raises(FeederExhausted, match="has no record left after 5000"):
            source.next()
    assert sessions(postgres_url, "gatlingpy_stream", "query") == []


@pytest.mark.integration
@pytest.mark.usefixtures("long_result")
def test_segments_share_a_long_result(postgres_url: str, table: str) -> None:
    """Together they give each row once, and begin again together."""
    parts: list[Sequence[object]] = []
    for i in (1, 2, 3):
        with closing(stream(postgres_url, table, Strategy.CIRCULAR, (i, 3))) as source:
            parts.append([source.next()["id"] for _ in range(2500)])
    whole = [1 + n % 5000 for n in range(7500)]
    assert [whole[0::3], whole[1::3], whole[2::3]] == parts


@pytest.mark.integration
@pytest.mark.usefixtures("long_result")
def test_a_lost_connection_ends_the_feeder(postgres_url: str, table: str) -> None:
    """What the driver says is one user's error; after it nothing can be read, and closing is quiet."""
    url = f"{postgres_url}?application_name=gatlingpy_lost"
    source = stream(url, table, Strategy.CIRCULAR)
    assert [1, 2] == [source.next()["id"] for _ in range(2)]
    (pid,) = sessions(postgres_url, "gatlingpy_lost", "pid")
    with psycopg.connect(postgres_url) as connection:
        connection.execute("SELECT pg_terminate_backend(%s)", [pid])
    assert list(range(3, 1002)) == [source.next()["id"] for _ in range(999)], "what was fetched"
    with pytest.raises(FeederError, match=r"^pay\.py:7: sql_feeder\(\.\.\.\): \w+: .*terminat"):
        source.next()
    with pytest.raises(FeederExhausted, match=r"after 1001: .*; no record can follow it"):
        source.next()
    source.close()


@pytest.mark.integration
def test_a_short_result_leaves_postgresql_alone(postgres_url: str, table: str) -> None:
    """A result that fits into memory keeps no connection for the time of the run."""
    url = f"{postgres_url}?application_name=gatlingpy_short"
    with closing(stream(url, table, Strategy.RANDOM)) as source:
        assert source.size == 5000
        # The server ends a session a moment after its client has left.
        await_true(lambda: not sessions(postgres_url, "gatlingpy_short", "query"))
        assert source.next()["id"] in range(1, 5001)


def sessions(url: str, application: str, column: str) -> list[object]:
    """Return a column of what PostgreSQL knows of an application's connections."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            f"SELECT {column} FROM pg_stat_activity WHERE application_name = %s", [application]
        )
        return [row[0] for row in rows]


def test_the_environment_is_read_when_the_run_starts() -> None:
    """A variable that is not set is named, with the user's line."""
    source = SqlSource(Env("GATLINGPY_NO_DB"), "SELECT 1")
    with pytest.raises(
        FeederError, match=r"^pay\.py:7: sql_feeder\(\.\.\.\): .*GATLINGPY_NO_DB is not"
    ):
        open_feeder(Feeder("feeder-1", source, where="pay.py:7"), CodeTable(), [], 0)
