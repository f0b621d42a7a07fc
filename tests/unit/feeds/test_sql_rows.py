"""Rows of a database, here SQLite: what they become, and what is refused."""

import re
import sqlite3
import threading
from pathlib import Path

import pytest

from gatlingpy.errors import FeederError, FeederExhausted
from gatlingpy.feeds import code_records, sql_rows
from gatlingpy.feeds.checking import check_feeder
from gatlingpy.feeds.database import Database
from gatlingpy.plan.code import Env
from gatlingpy.plan.feeders import Feeder, SqlSource, source_text
from gatlingpy.plan.frozen import FrozenMap
from tests.unit.feeds.opened import (
    CIRCULAR,
    QUEUE,
    RANDOM,
    SHUFFLE,
    all_of,
    ids,
    open_files,
    opened,
)

URL = "sqlite:///pay.db"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a database in it."""
    connection = sqlite3.connect(tmp_path / "pay.db")
    with connection:
        connection.execute("CREATE TABLE users (id INTEGER, name TEXT, born REAL, raw BLOB)")
        connection.executemany(
            "INSERT INTO users VALUES (?, ?, ?, ?)",
            [(1, "Ann", 1.5, b"\0"), (2, "100% :x", None, None), (3, "Ünï", 2.0, b"")],
        )
    connection.close()
    return tmp_path


@pytest.fixture
def streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat every result as too large for memory."""
    monkeypatch.setattr(sql_rows, "MOST_IN_MEMORY", 0)


def query(text: str, url: str | Env = URL, **more: object) -> SqlSource:
    return SqlSource(url, text, **more)  # type: ignore[arg-type]


ALL = query("SELECT * FROM users ORDER BY id")
PEOPLE = [
    {"id": 1, "name": "Ann", "born": 1.5, "raw": b"\0"},
    {"id": 2, "name": "100% :x", "born": None, "raw": None},
    {"id": 3, "name": "Ünï", "born": 2.0, "raw": b""},
]


def test_values_are_the_drivers(folder: Path) -> None:
    """Columns name the attributes; numbers, text, bytes and nothing come as they are."""
    assert PEOPLE == list(all_of(opened(ALL, QUEUE, folder)))


@pytest.mark.usefixtures("streamed")
def test_long_results_are_the_same(folder: Path) -> None:
    """A result that is read as it is used gives the same records."""
    assert PEOPLE == list(all_of(opened(ALL, QUEUE, folder)))


@pytest.mark.parametrize(
    "text",
    ["SELECT id FROM users WHERE name LIKE '100% :x'", "SELECT id FROM users WHERE 2 = id % 3"],
)
def test_a_query_without_parameters_goes_as_it_is(text: str, folder: Path) -> None:
    """Percent signs and colons mean nothing in it."""
    assert [2] == ids(opened(query(text), QUEUE, folder))


def test_parameters(folder: Path) -> None:
    """``:name`` stands for a value, which is never pasted into the text."""
    text = "SELECT id FROM users WHERE name = :name OR (id > :low AND 0 = id % 3) ORDER BY id"
    given = FrozenMap[str | int | float | bool | bytes | None]({"name": "Ann' --", "low": 1})
    assert [3] == ids(opened(query(text, parameters=given), QUEUE, folder))


@pytest.mark.usefixtures("streamed")
def test_the_query_is_sent_anew_for_each_round(folder: Path) -> None:
    """A circular feeder over a long result sees what has changed when it begins again."""
    connection = sqlite3.connect(folder / "pay.db")
    connection.execute("PRAGMA journal_mode=WAL")
    source = opened(query("SELECT id FROM users ORDER BY id"), CIRCULAR, folder)
    assert [1, 2, 3, 1, 2] == ids(source, 5)
    with connection:
        connection.execute("DELETE FROM users WHERE id = 2")
    connection.close()
    assert [3, 1, 3, 1] == ids(source, 4)
    source.close()


@pytest.mark.usefixtures("streamed")
def test_the_query_is_sent_once_a_round(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read of it before the run is given out first, and not asked for again."""
    sent: list[SqlSource] = []
    execute = sql_rows._executed

    def counted(connection: object, source: SqlSource) -> object:
        sent.append(source)
        return execute(connection, source)  # type: ignore[arg-type]

    monkeypatch.setattr(sql_rows, "_executed", counted)
    source = opened(ALL, CIRCULAR, folder)
    assert [1, 2, 3] == ids(source, 3)
    assert 1 == len(sent)
    assert [1, 2, 3] == ids(source, 3)
    assert 2 == len(sent)
    source.close()


@pytest.mark.parametrize("url", [URL, "sqlite://"])
@pytest.mark.parametrize("many", [False, True])
def test_other_threads_go_on(
    many: bool, url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A feeder is opened on one thread, read on another and closed on the first."""
    monkeypatch.setattr(sql_rows, "MOST_IN_MEMORY", 0 if many else 100)
    text = "SELECT 1 AS id UNION SELECT 2 UNION SELECT 3 ORDER BY 1"
    source = opened(query(text, url), CIRCULAR, folder)
    found: list[object] = []
    reader = threading.Thread(target=lambda: found.extend(ids(source, 4)))
    reader.start()
    reader.join()
    source.close()
    assert [1, 2, 3, 1] == found


def test_a_short_result_holds_no_connection(folder: Path) -> None:
    """The database is left alone during the run where the result fits into memory."""
    before = open_files()
    source = opened(ALL, CIRCULAR, folder)
    assert before == open_files()
    assert [1, 2, 3, 1] == ids(source, 4)


REFUSED = [
    (query("SELEC 1"), 'OperationalError: near "SELEC": syntax error'),
    (query("SELECT * FROM nobody"), "OperationalError: no such table: nobody"),
    (query("SELECT id FROM users WHERE 0"), "(SQL SELECT id FROM users WHERE 0) holds no record"),
    (query("DELETE FROM users"), "the query gives no rows; it must be one that reads, such as a"),
    (
        query("SELECT id, name AS id FROM users"),
        "two columns of the result are called 'id'; rename",
    ),
    (
        query('SELECT id, 1 AS "" FROM users'),
        "column 2 of the result has no name; give it one with",
    ),
    (query("SELECT 1", parameters=FrozenMap({"x": 1})), None),
    (query("SELECT :y", parameters=FrozenMap({"x": 1})), "A value is required for bind parameter"),
    (query("SELECT 1", Env("GATLINGPY_NO_DB")), "GATLINGPY_NO_DB is not set and has no default"),
    (query("SELECT 1", password=Env("GATLINGPY_NO_PW")), "GATLINGPY_NO_PW is not set and has no"),
]


@pytest.mark.parametrize(("source", "message"), REFUSED, ids=[str(m) for _, m in REFUSED])
@pytest.mark.parametrize("large", [False, True])
def test_queries_that_cannot_be_used(
    source: SqlSource,
    message: str | None,
    large: bool,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the database or the driver does not like is refused in one line, before the run."""
    if large:
        monkeypatch.setattr(sql_rows, "MOST_IN_MEMORY", 0)
    before = open_files()
    assert [] == check_feeder(Feeder("feeder-1", source, where="pay.py:7"), [folder])
    for strategy in (QUEUE, RANDOM):
        if message is None:
            opened(source, strategy, folder).close()
            continue
        with pytest.raises(FeederError, match=re.escape(message)) as caught:
            opened(source, strategy, folder)
        assert str(caught.value).startswith("pay.py:7: ")
        assert "\n" not in str(caught.value)
    assert before == open_files()
    assert 3 == len(list(all_of(opened(ALL, QUEUE, folder))))


BAD_URLS = [
    ("sqlite:///gone.db", ": there is no such file in"),
    ("sqlite://nonsense:x/y", "SQLAlchemy cannot read the URL of the database; write one such as"),
    ("frobnicate://host/db", "SQLAlchemy knows no database 'frobnicate'; write a URL such as"),
    ("oracle://host/db", "the driver for 'oracle' is not installed (No module named"),
]


@pytest.mark.parametrize(("url", "message"), BAD_URLS)
def test_urls_that_cannot_be_used(
    url: str, message: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are refused before anything is connected to; those in the environment by the run."""
    feeder = Feeder("feeder-1", query("SELECT 1", url), where="pay.py:7")
    (problem,) = check_feeder(feeder, [folder])
    assert re.match(rf"pay\.py:7: .*{re.escape(message)}", problem)
    monkeypatch.setenv("GATLINGPY_DB", url)
    named = query("SELECT 1", Env("GATLINGPY_DB"))
    assert [] == check_feeder(Feeder("feeder-1", named, where="pay.py:7"), [folder])
    with pytest.raises(FeederError, match=rf"^pay\.py:7: .*{re.escape(message)}"):
        opened(named, QUEUE, folder)
    assert ["pay.db"] == [path.name for path in folder.iterdir()]


def test_no_message_holds_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a driver says, the password and the URL of the environment are not in it."""
    monkeypatch.setenv("GATLINGPY_DB", "postgresql://ann:s3cret@host/db")
    monkeypatch.setenv("GATLINGPY_PW", "t0psecret")
    source = query("SELECT 1", Env("GATLINGPY_DB"), password=Env("GATLINGPY_PW"))
    database = Database(source, [], "pay.py:7")
    engine = database.engine()
    assert "t0psecret" == engine.url.password
    said = database.error(ValueError("postgresql://ann:s3cret@host/db s3cret t0psecret\nend"))
    assert "pay.py:7: sql_feeder(...): ValueError: *** *** *** end" == said


def test_an_at_sign_in_a_password_shows_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLAlchemy takes what follows it for the host, which drivers name in their errors."""
    monkeypatch.setenv("GATLINGPY_DB", "postgresql://ann:s3c@ret@host/db")
    database = Database(query("SELECT 1", Env("GATLINGPY_DB")), [], "pay.py:7")
    with pytest.raises(
        FeederError, match=r"a second '@' before its host; write one .* as %40"
    ) as no:
        database.engine()
    assert "ret" not in str(no.value)


def test_a_file_that_the_environment_names_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody knows what a URL from there holds; one of the simulation is told."""
    written = Database(query("SELECT 1", "sqlite:///gone.db"), [tmp_path], "pay.py:7")
    with pytest.raises(FeederError, match=r"^pay.py:7: sql_feeder\('sqlite:///gone.db'\): there"):
        written.engine()
    monkeypatch.setenv("GATLINGPY_DB", "sqlite:///gone.db")
    database = Database(query("SELECT 1", Env("GATLINGPY_DB")), [tmp_path], "pay.py:7")
    with pytest.raises(
        FeederError, match=r"^pay.py:7: sql_feeder\(\.\.\.\): there is no such file"
    ):
        database.engine()


@pytest.mark.parametrize("name", ["postgresql", "postgres"])
def test_the_driver_that_is_installed_is_taken(name: str) -> None:
    """A URL that names no driver is read by ours; one that names one keeps it."""
    engine = Database(query("SELECT 1", f"{name}://host/db"), [], "pay.py:7").engine()
    assert ("postgresql", "psycopg") == (engine.dialect.name, engine.dialect.driver)


def test_databases_without_a_file() -> None:
    """A database in memory, or one that SQLite finds by itself, is not looked for."""
    for url in ("sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true"):
        assert [1] == ids(opened(query("SELECT 1 AS id", url)))


def test_too_many_rows_to_hold(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Random and shuffle need all rows, and there is a limit to that."""
    monkeypatch.setattr(sql_rows, "MOST_IN_MEMORY", 1)
    monkeypatch.setattr(sql_rows, "MOST_REMEMBERED", 2)
    for strategy in (RANDOM, SHUFFLE):
        with pytest.raises(
            FeederError, match=r"^pay\.py:7: .* gives more than 2 rows, too many to hold"
        ):
            opened(ALL, strategy, folder)
    assert code_records.MOST_REMEMBERED > 2


@pytest.mark.usefixtures("streamed")
def test_an_error_in_the_run_ends_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the database raises under way is one user's error; after it nothing can be read."""
    monkeypatch.setattr(sql_rows, "_AT_ONCE", 1)
    text = "SELECT id, abs(-9223372036854775807 - (id - 2)) AS x FROM users"
    source = opened(query(text), CIRCULAR, folder)
    assert 1 == source.next()["id"]  # the driver looks one row ahead
    with pytest.raises(FeederError, match=r"^pay\.py:7: .*OperationalError: integer overflow$"):
        source.next()
    for _ in range(2):
        with pytest.raises(
            FeederExhausted, match=r"after 1: .*integer overflow; no record can follow"
        ):
            source.next()
    source.close()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("SELECT id\n  FROM users", "SQL SELECT id FROM users"),
        (f"SELECT {'x' * 99}", f"SQL SELECT {'x' * 52}…"),
    ],
)
def test_text(text: str, shown: str, folder: Path) -> None:
    """Plans and messages show a query in one line, and not all of a long one."""
    assert shown == source_text(query(text))
