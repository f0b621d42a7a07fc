"""Feeders from databases as users write them: nothing secret gets into a plan."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from gatlingpy.dsl.feeder_sql import sql_feeder
from gatlingpy.errors import UsageError
from gatlingpy.plan.code import CodeTable, Env
from gatlingpy.plan.feeders import Feeder, FeederSource, SqlSource, Strategy
from gatlingpy.plan.frozen import FrozenMap, thaw_points

URL = "postgresql://ann@host:5432/shop"
SECRET = "h4rd:to/guess"


def source_of(url: str | Env, query: str = "SELECT 1") -> FeederSource:
    return sql_feeder(url, query).compile("feeder-1", CodeTable()).source


def test_sources() -> None:
    """The plan holds the URL, the query, its parameters and the name of the password's variable."""
    password = Env("DB_PASSWORD")
    builder = sql_feeder(URL, "SELECT :a", {"a": 1}, password=password).circular()
    plan = builder.compile("feeder-1", CodeTable())
    expected = SqlSource(URL, "SELECT :a", FrozenMap({"a": 1}), password)
    assert Feeder("feeder-1", expected, Strategy.CIRCULAR) == plan
    assert [] == thaw_points(plan)
    assert re.fullmatch(r"\S*test_feeder_sql\.py:\d+", plan.where)


@pytest.mark.parametrize(
    "url",
    [
        URL,
        "sqlite:///pay.db",
        "sqlite:////data/a:b@c.db",
        "sqlite://",
        "mysql+pymysql://host/db?charset=utf8mb4&passfile=",
        "postgresql://host/db?connect_timeout=10",
        Env("DB_URL"),
        Env("DB_URL", "sqlite:///pay.db"),
    ],
)
def test_urls(url: str | Env) -> None:
    """URLs without a secret are taken as they are."""
    assert SqlSource(url, "SELECT 1") == source_of(url)


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://ann:{SECRET}@host/db",
        f"postgresql+psycopg://:{SECRET}@host/db",
        f"postgresql://host/db?user=ann&password={SECRET}",
        f"mysql://host/db?passwd={SECRET}",
        f"postgresql://host/db?sslpassword={SECRET}",
        f"mssql+pyodbc:///?odbc_connect=DRIVER%3Dx%3BPWD%3D{SECRET}",
        Env("DB_URL", f"postgresql://ann:{SECRET}@host/db"),
    ],
)
def test_urls_with_a_password(url: str | Env) -> None:
    """A password in the text is refused with the two remedies, and is not repeated."""
    with pytest.raises(UsageError, match=r"^\S*test_feeder_sql\.py:\d+: ") as caught:
        source_of(url)
    message = str(caught.value)
    assert "the URL holds a password" in message
    assert 'add password=env("DB_PASSWORD")' in message
    assert 'env("DB_URL")' in message
    assert SECRET not in message


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda: sql_feeder(5, "SELECT 1"), "the URL must be text such as"),
        (lambda: sql_feeder(Path("pay.db"), "SELECT 1"), "the URL must be text such as"),
        (lambda: sql_feeder("pay.db", "SELECT 1"), "; got a text that is none"),
        (
            lambda: sql_feeder("jdbc:postgresql://host/db", "SELECT 1"),
            "begins with jdbc: is Java's",
        ),
        (lambda: sql_feeder(Env("DB_URL", 5), "SELECT 1"), "the URL must be text such as"),
        (lambda: sql_feeder(URL, ""), "the query must be text such as 'SELECT ...', got ''"),
        (lambda: sql_feeder(URL, b"SELECT"), "the query must be text such as 'SELECT ...', got b'"),
        (
            lambda: sql_feeder(URL, "SELECT 1", password="x"),
            'give it as password=env("DB_PASSWORD")',
        ),
        (lambda: sql_feeder(URL, "SELECT 1", password=Env("X", "x")), ", without a default"),
        (
            lambda: sql_feeder(URL, "SELECT :a", ["a"]),
            "parameters must map names to values, got ['a']",
        ),
        (
            lambda: sql_feeder(URL, "SELECT :a", {"a": [1]}),
            "the parameter 'a' must be text, a number,",
        ),
        (lambda: sql_feeder(URL, "SELECT :a", {1: 1}), "the parameter 1 must be text, a number"),
    ],
)
def test_refused(write: Callable[[], object], message: str) -> None:
    """What cannot be a query is refused with the user's line and the remedy."""
    with pytest.raises(UsageError, match=rf"^\S*test_feeder_sql\.py:\d+: .*{re.escape(message)}"):
        write()
