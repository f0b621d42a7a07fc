"""The files that Gatling 3.9.5 writes beside its pages, in its shapes and by its rules.

Unlike Gatling's, they are escaped, so that any name gives valid JSON and XML.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr

import orjson

from gatlingpy.report.facts import RunLog
from gatlingpy.report.numbers import Split, half_up, percent
from gatlingpy.report.options import Options
from gatlingpy.report.statistics import Entry, Kind
from gatlingpy.report.tree import Node
from gatlingpy.report.verdict import Verdict

Json: TypeAlias = dict[str, object]

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_FIELDS = (
    ("minResponseTime", "minimum"),
    ("maxResponseTime", "maximum"),
    ("meanResponseTime", "mean"),
    ("standardDeviation", "deviation"),
)


def _three(split: Split, field: str) -> Json:
    return {word: getattr(getattr(split, word), field) for word in ("total", "ok", "ko")}


def _rank(split: Split, place: int) -> Json:
    return {word: getattr(split, word).percentiles[place] for word in ("total", "ok", "ko")}


def _groups(entry: Entry, options: Options) -> Json:
    low, high = options.lower_ms, options.higher_ms
    names = (
        (f"t < {low} ms",) * 2,
        (f"{low} ms <= t < {high} ms", f"t >= {low} ms <br> t < {high} ms"),
        (f"t >= {high} ms",) * 2,
        ("failed", "failed"),
    )
    counts = entry.gatling_ranges.counts
    whole = entry.gatling.total.count
    return {
        f"group{number}": {
            "name": name,
            "htmlName": html,
            "count": count,
            "percentage": half_up(percent(count, whole)) if whole else 0,
        }
        for number, ((name, html), count) in enumerate(zip(names, counts, strict=True), start=1)
    }


def stats_object(entry: Entry, options: Options) -> Json:
    """Return the content of ``global_stats.json``, or one ``stats`` of ``stats.json``."""
    split = entry.gatling
    value: Json = {"name": entry.name, "numberOfRequests": _three(split, "count")}
    value |= {name: _three(split, field) for name, field in _FIELDS}
    value |= {f"percentiles{place + 1}": _rank(split, place) for place in range(4)}
    value |= _groups(entry, options)
    value["meanNumberOfRequestsPerSecond"] = {
        word: rate or 0 for word, rate in _three(split, "per_second").items()
    }
    return value


def stats_tree(node: Node, options: Options) -> Json:
    """Return ``stats.json``: a node with its statistics and, for a group, its contents."""
    grouped = node.entry.kind is not Kind.REQUEST
    value: Json = {
        "type": "GROUP" if grouped else "REQUEST",
        "name": node.entry.name,
        "path": node.entry.title,
        "pathFormatted": node.page,
        "stats": stats_object(node.entry, options),
    }
    if grouped:
        value["contents"] = {child.key: stats_tree(child, options) for child in node.children}
    return value


def run_id(log: RunLog) -> str:
    """Return Gatling's name of a run: the simulation's id and the start in UTC, to the ms."""
    run = log.run
    start = datetime.fromtimestamp(run.start_us // 1_000_000, UTC)
    return f"{run.simulation_id}-{start:%Y%m%d%H%M%S}{run.start_us // 1000 % 1000:03d}"


def assertions_object(log: RunLog, start_ms: int, verdicts: Sequence[Verdict]) -> Json:
    """Return the content of ``assertions.json``."""
    return {
        "simulation": log.run.simulation,
        "simulationId": run_id(log),
        "start": start_ms,
        "description": log.run.description,
        "scenarios": list(log.scenarios),
        "assertions": [
            {
                "path": verdict.path,
                "target": verdict.target,
                "condition": verdict.condition,
                "expectedValues": list(verdict.expected),
                "result": verdict.passed,
                "message": verdict.message,
                "actualValue": [-1.0 if verdict.actual is None else verdict.actual],
            }
            for verdict in verdicts
        ],
    }


def _xml_text(text: str) -> str:
    """Replace what XML 1.0 cannot hold, even escaped."""
    return _NOT_XML.sub("\ufffd", text)


def _attribute(text: str) -> str:
    return quoteattr(_xml_text(text))


def assertions_xml(log: RunLog, verdicts: Sequence[Verdict]) -> str:
    """Return the content of ``assertions.xml``, in JUnit's form."""
    failed = sum(not verdict.passed for verdict in verdicts)
    cases = []
    for verdict in verdicts:
        status = "true" if verdict.passed else "false"
        inside = (
            f"<system-out>{escape(_xml_text(verdict.message))}</system-out>"
            if verdict.passed
            else f"<failure type={_attribute(verdict.path)}>Actual value: "
            f"{escape(_xml_text(verdict.actual_text))}</failure>"
        )
        cases.append(
            f'<testcase name={_attribute(verdict.message)} status="{status}" time="0">\n'
            f"  {inside}\n</testcase>\n"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuite name={_attribute(log.run.simulation)} tests="{len(verdicts)}" errors="0" '
        f'failures="{failed}" time="0">\n{"".join(cases)}</testsuite>\n'
    )


def json_bytes(value: object, *, indent: bool = True) -> bytes:
    """Write JSON; numbers it does not have become ``null``, a lone surrogate a question mark."""
    option = orjson.OPT_INDENT_2 if indent else 0
    try:
        return orjson.dumps(value, option=option | orjson.OPT_SERIALIZE_NUMPY)
    except orjson.JSONEncodeError:
        return orjson.dumps(_encodable(value), option=option | orjson.OPT_SERIALIZE_NUMPY)


def _encodable(value: object) -> object:
    match value:
        case str():
            return value.encode(errors="replace").decode()
        case dict():
            return {_encodable(key): _encodable(item) for key, item in value.items()}
        case list() | tuple():
            return [_encodable(item) for item in value]
    return value
