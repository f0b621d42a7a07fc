"""Every spelling of feeders that users may write; ``mypy --strict`` must accept all of it."""

from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import assert_type
from uuid import uuid4

from gatlingpy import (
    csv,
    env,
    feed,
    feeder,
    json_file,
    json_lines,
    scenario,
    separated_values,
    sql_feeder,
    ssv,
    tsv,
    zipped,
)
from gatlingpy.dsl.feeder_files import FileFeederBuilder
from gatlingpy.dsl.feeders import FeederBuilder


def accounts() -> Iterator[Mapping[str, object]]:
    """Make records for ever."""
    for number in count():
        yield {"account": number}


def plain_dicts() -> list[dict[str, int]]:
    """Return records."""
    return [{"account": 1}]


def cents(attribute: str, value: str) -> object:
    """Change one attribute's values."""
    return int(value) * 100 if attribute == "amount" else value


assert_type(csv("a.csv"), FileFeederBuilder)
assert_type(csv(Path("a.csv"), ";", "'").unzip().circular().unzip(), FileFeederBuilder)
assert_type(tsv("a.tsv", quote="'").random(), FileFeederBuilder)
assert_type(ssv("a.ssv").shuffle(), FileFeederBuilder)
assert_type(separated_values("a.txt", "|", "'").queue(), FileFeederBuilder)
assert_type(json_file("a.json").transform(cents).shard(), FileFeederBuilder)
assert_type(json_lines(Path("a.jsonl")).transform(lambda key, value: value), FileFeederBuilder)
assert_type(sql_feeder("sqlite:///a.db", "SELECT 1"), FeederBuilder)
assert_type(
    sql_feeder(env("DB_URL"), "SELECT :a", {"a": 1, "b": None}, password=env("PW")).circular(),
    FeederBuilder,
)
assert_type(feeder([{"a": 1}]), FeederBuilder)
assert_type(feeder(accounts()), FeederBuilder)
assert_type(feeder(accounts).transform(lambda key, value: str(value).strip()), FeederBuilder)
assert_type(feeder(plain_dicts), FeederBuilder)
assert_type(feeder({"id": uuid4, "n": count().__next__, "shop": "corner"}), FeederBuilder)
assert_type(
    zipped(csv("a.csv"), [{"a": 1}], accounts, accounts(), {"id": uuid4}).circular(), FeederBuilder
)
assert_type(csv("a.csv").read_records(), list[dict[str, object]])
assert_type(csv("a.csv").records_count(), int)
scenario("A").feed(zipped(csv("a.csv"), csv("b.csv")), 2).feed({"id": uuid4}).feed(accounts)
feed(json_file("a.json"), "#{n}")
