"""Spellings of feeders that ``mypy --strict`` must refuse."""

from gatlingpy import csv, feeder, json_file, separated_values, sql_feeder, tsv, zipped

csv(5)  # type: ignore[arg-type]
csv("a.csv", 5)  # type: ignore[arg-type]
tsv("a.tsv", "'", '"')  # type: ignore[call-arg]
separated_values("a.txt")  # type: ignore[call-arg]
json_file(["a.json"])  # type: ignore[arg-type]
csv("a.csv").transform(5)  # type: ignore[arg-type]
csv("a.csv").random(5)  # type: ignore[call-arg]
feeder([{"a": 1}]).unzip()  # type: ignore[attr-defined]
feeder(5)  # type: ignore[arg-type]
feeder([1, 2])  # type: ignore[list-item]
feeder(lambda: 5)  # type: ignore[arg-type, return-value]
zipped(5, csv("a.csv"))  # type: ignore[arg-type]
sql_feeder("sqlite://", "SELECT 1", password="x")  # type: ignore[arg-type]
sql_feeder("sqlite://", "SELECT :a", {"a": [1]})  # type: ignore[dict-item]
sql_feeder("sqlite://")  # type: ignore[call-arg]
