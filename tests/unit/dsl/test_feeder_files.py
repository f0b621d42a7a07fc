"""Feeders from files as users write them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from gatlingpy.dsl.feeder_files import (
    csv,
    json_file,
    json_lines,
    separated_values,
    ssv,
    tsv,
)
from gatlingpy.dsl.feeders import FeederBuilder
from gatlingpy.errors import UsageError
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.feeders import (
    CsvSource,
    Feeder,
    FeederSource,
    JsonFileSource,
    JsonLinesSource,
    Strategy,
)


@pytest.mark.parametrize(
    ("builder", "source"),
    [
        (csv("users.csv"), CsvSource("users.csv", ",", '"')),
        (csv(Path("a/b.csv"), ";", "'"), CsvSource("a/b.csv", ";", "'")),
        (tsv("a.tsv"), CsvSource("a.tsv", "\t", '"')),
        (tsv("a.tsv", "'"), CsvSource("a.tsv", "\t", "'")),
        (ssv("a.ssv"), CsvSource("a.ssv", ";", '"')),
        (ssv("a.ssv", quote="'"), CsvSource("a.ssv", ";", "'")),
        (separated_values("a.txt", "|"), CsvSource("a.txt", "|", '"')),
        (separated_values("a.txt", separator="#", quote="'"), CsvSource("a.txt", "#", "'")),
        (json_file("a.json"), JsonFileSource("a.json")),
        (json_file(Path("a.json")), JsonFileSource("a.json")),
        (json_lines("a.jsonl"), JsonLinesSource("a.jsonl")),
        (csv("a.csv.gz").unzip(), CsvSource("a.csv.gz", unzip=True)),
        (json_file("a.zip").unzip(), JsonFileSource("a.zip", unzip=True)),
        (json_lines("a.zip").unzip(), JsonLinesSource("a.zip", unzip=True)),
    ],
)
def test_sources(builder: FeederBuilder, source: FeederSource) -> None:
    """A file is held by the name the user wrote, with how it is to be read."""
    plan = builder.compile("feeder-1", CodeTable())
    assert Feeder("feeder-1", source) == plan
    assert re.fullmatch(r"\S*test_feeder_files\.py:\d+", plan.where)


def test_unzip_goes_with_everything_else() -> None:
    """It may stand before or behind strategies and transforms, and leaves the first as it was."""
    first = csv("a.gz")
    for second in (
        first.unzip().circular().transform(max),
        first.circular().transform(max).unzip(),
    ):
        plan = second.compile("feeder-1", CodeTable())
        assert CsvSource("a.gz", unzip=True) == plan.source
        assert Strategy.CIRCULAR is plan.strategy
        assert 1 == len(plan.transforms)
    assert CsvSource("a.gz") == first.compile("feeder-1", CodeTable()).source


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda: csv(""), "csv(...) takes the path of a file, got ''"),
        (lambda: csv(3), "csv(...) takes the path of a file, got 3"),
        (lambda: tsv(None), "tsv(...) takes the path of a file, got None"),
        (lambda: json_file(b"a"), "json_file(...) takes the path of a file, got b'a'"),
        (lambda: json_lines([]), "json_lines(...) takes the path of a file, got []"),
        (lambda: csv("a", separator="||"), "csv('a'): separator must be one character, got '||'"),
        (lambda: ssv("a", quote=""), "ssv('a'): quote must be one character, got ''"),
        (lambda: separated_values("a", "\n"), "separated_values('a'): separator must be one"),
        (lambda: csv("a", quote=","), "csv('a'): separator and quote are both ','"),
        (lambda: tsv("a", "\t"), "tsv('a'): separator and quote are both '\\t'"),
    ],
)
def test_refused(write: Callable[[], object], message: str) -> None:
    """What cannot be a file's feeder is refused with the user's line."""
    with pytest.raises(UsageError, match=rf"^\S*test_feeder_files\.py:\d+: .*{re.escape(message)}"):
        write()
