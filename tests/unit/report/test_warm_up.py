"""What started in the warm-up is in no number, and no assertion looks at it."""

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatlingpy.plan.assertions import (
    Assertion,
    Compare,
    Comparison,
    CountTarget,
    Delivery,
    DeliveryTarget,
    DetailsPath,
    ForAllPath,
    GaugeTarget,
    GlobalPath,
    LagKind,
    LagTarget,
    Metric,
    Reading,
    RequestsPerSecTarget,
    ResponseTimeTarget,
    Statistic,
    Target,
)
from gatlingpy.plan.codec import encode as encode_plan
from gatlingpy.report.build import judge_run, summarise
from gatlingpy.report.numbers import half_up
from gatlingpy.report.summary import Summary
from gatlingpy.stats.records import (
    ErrorRecord,
    GaugeRecord,
    GroupRecord,
    LegRecord,
    Record,
    ReplyRecord,
    RequestRecord,
    TextRecord,
    UserRecord,
)
from tests.unit.report.sample import START_US, end_record, run_record, write

S = 1_000_000
ALL = CountTarget(Metric.ALL)
must = Assertion


def plan_record(
    warm_up_s: float, assertions: Iterable[Assertion] = (), **more: object
) -> TextRecord:
    told = {"warm_up_ns": round(warm_up_s * 1e9), "assertions": encode_plan(tuple(assertions))}
    return TextRecord("PLAN", json.dumps({**told, **more}))


def request(at: int, name: str = "Pay", took: int = 1000, ending: str = "ok") -> RequestRecord:
    start = START_US + at
    return RequestRecord((), name, start, took, start - 7, ending, ending, 1, 1, "S")


def user(at: int, intended: int | None = None) -> UserRecord:
    return UserRecord(
        "S", "START", START_US + at, START_US + (at if intended is None else intended), 1
    )


# --- numbers -------------------------------------------------------------------------------------

TIMES = st.integers(0, 4_000_000)
NAMES = st.sampled_from(["a", "b", "c"])
ROWS = st.one_of(
    st.builds(
        request,
        TIMES, NAMES, TIMES, st.sampled_from(["ok", "ok", "timeout"]),
    ),
    st.builds(
        lambda at, name, took: LegRecord(f"{name}-send", START_US + at, took, "ok", "", 1, 1, "S"),
        TIMES, NAMES, TIMES,
    ),
    st.builds(
        lambda at, name, took: GroupRecord((f"in {name}",), START_US + at, took, took // 2, took % 2 == 0, 1, "S"),
        TIMES, NAMES, TIMES,
    ),
    st.builds(user, TIMES, TIMES),
)  # fmt: skip


def left(rows: Iterable[Record], kind: type, cut: int) -> list[Any]:
    return [row for row in rows if isinstance(row, kind) and row.start_us >= cut]


def check_counts(summary: Summary, rows: list[Record], cut: int) -> None:
    """Hold every table of the statistics to the rows that are left."""
    statistics = summary.statistics
    requests = left(rows, RequestRecord, cut)
    legs, groups = left(rows, LegRecord, cut), left(rows, GroupRecord, cut)
    last = max(
        [r.start_us + r.duration_us for r in rows if isinstance(r, RequestRecord | GroupRecord)]
        + [r.at_us for r in rows if isinstance(r, UserRecord)]
    )
    seconds = max(1, last - cut) / 1e6
    ms_seconds = max(1, -(-(_last_ms(rows) - cut // 1000) // 1000))
    total = statistics.total
    assert (len(requests), len(requests)) == (total.exact.total.count, total.gatling.total.count)
    assert sum(r.ending != "ok" for r in requests) == total.gatling.ko.count
    assert math.isclose(len(requests) / seconds, total.exact.total.per_second)
    assert math.isclose(len(requests) / ms_seconds, total.gatling.total.per_second)
    assert sorted(r.duration_us for r in requests) == total.sample.tolist()
    assert len(requests) == sum(total.endings) == sum(total.exact_ranges.counts)
    for entries, wanted, path in (
        (statistics.requests, requests, lambda r: (r.name,)),
        (statistics.legs, legs, lambda r: (r.name,)),
        (statistics.groups, groups, lambda r: r.groups),
    ):
        assert {path(r) for r in wanted} == {entry.path for entry in entries}
        for entry in entries:
            mine = [r for r in wanted if path(r) == entry.path]
            assert len(mine) == entry.exact.total.count
    lags = [7 for _ in requests]
    assert len(lags) == summary.lag.requests.count
    users = [r for r in rows if isinstance(r, UserRecord) and r.at_us >= cut]
    assert len(users) == summary.lag.users.count


def _last_ms(rows: Iterable[Record]) -> int:
    ends = [
        row.start_us // 1000 + half_up(row.duration_us / 1000)
        for row in rows
        if isinstance(row, RequestRecord | GroupRecord)
    ]
    return max(ends + [row.at_us // 1000 for row in rows if isinstance(row, UserRecord)])


@settings(max_examples=80, deadline=None)
@given(
    rows=st.lists(ROWS, max_size=25), warm_up_us=st.integers(1, 5_000_000), cut=st.integers(0, 3)
)
def test_numbers_are_those_of_what_started_later(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Record], warm_up_us: int, cut: int
) -> None:
    """Requests, groups, legs, users, rates and lags, against a plain count; the run keeps its own."""
    first = request(2_000_000)
    rows = [first, *rows]
    starts = [row.intended_us for row in rows if isinstance(row, UserRecord)]
    begins = min(starts or [_first(rows)])
    if cut:  # exactly on a start, a microsecond before it, or after it
        warm_up_us = max(1, first.start_us - begins + cut - 2)
    path = tmp_path_factory.mktemp("model") / "simulation.log"
    write(path, [run_record(), plan_record(warm_up_us / 1e6), *rows, end_record()])
    summary = summarise(path.parent)
    assert summary.warm_up is not None
    assert (begins, begins + warm_up_us) == (summary.warm_up.start_us, summary.warm_up.end_us)
    check_counts(summary, rows, begins + warm_up_us)
    everything = [r for r in rows if isinstance(r, RequestRecord)]
    kept = left(rows, RequestRecord, begins + warm_up_us)
    assert len(everything) - len(kept) == summary.warm_up.requests
    assert (not kept) == summary.warm_up.nothing_left
    assert _first(rows) == summary.window.min_us


def _first(rows: Iterable[Record]) -> int:
    starts = [r.start_us for r in rows if isinstance(r, RequestRecord | GroupRecord)]
    return min(starts + [r.at_us for r in rows if isinstance(r, UserRecord)])


@pytest.mark.parametrize("told", [0, -5, True, "30", None, 1.5, [3]])
def test_no_warm_up_changes_nothing(tmp_path: Path, told: object) -> None:
    """Zero, and whatever else is no length of time, leaves nothing out."""
    plan = TextRecord("PLAN", json.dumps({"warm_up_ns": told}))
    rows = [user(0), request(5), request(10), end_record()]
    write(tmp_path / "simulation.log", [run_record(), plan, *rows])
    summary = summarise(tmp_path)
    assert summary.warm_up is None
    assert 2 == summary.statistics.total.exact.total.count


def test_a_run_begins_when_its_first_user_was_to_start(tmp_path: Path) -> None:
    """In whichever segment; being late does not make a warm-up longer."""
    late, early = [user(900, 800), request(1000)], [user(500, 100), request(1100), request(1099)]
    plan = plan_record(0.001)
    for number, rows in ((1, late), (2, early)):
        run = run_record(segment=[number, 2])
        write(tmp_path / f"simulation-{number}.log", [run, plan, *rows, end_record()])
    summary = summarise(tmp_path)
    assert summary.warm_up is not None
    assert START_US + 1100 == summary.warm_up.end_us
    assert (1, 2) == (summary.statistics.total.exact.total.count, summary.warm_up.requests)


# --- assertions ----------------------------------------------------------------------------------

MIXED: tuple[Record, ...] = (
    user(0),
    user(6 * S, 6 * S - 3000),
    request(0, "Login", 50_000),
    request(1 * S, "Pay", 900_000, "timeout"),
    request(5 * S, "Pay", 10_000),
    request(5 * S + 1, "Pay", 30_000),
    request(9 * S, "Pay", S),
    LegRecord("Login-send", START_US, 1, "ok", "", 1, 1, "S"),
    GroupRecord(("Start",), START_US, 5, 5, True, 1, "S"),
    GaugeRecord("k", "depth", START_US + 4 * S, 50.0),
    GaugeRecord("k", "depth", START_US + 5 * S, 2.0),
    GaugeRecord("k", "early", START_US, 2.0),
    ReplyRecord("Pay", START_US + S, -1, 1, "duplicate", ""),
    ErrorRecord("no attribute 'x'", START_US, 1, "S"),
)


def judged(folder: Path, warm_up_s: float, *assertions: Assertion) -> list[str]:
    plan = plan_record(warm_up_s, assertions)
    write(folder / "simulation.log", [run_record(), plan, *MIXED, end_record()])
    return [verdict.line for verdict in judge_run(folder).verdicts]


def test_assertions_look_at_what_is_left(tmp_path: Path) -> None:
    """Numbers of requests, lags and gauges are without the warm-up; deliveries are of all the run."""
    never = Compare(Comparison.LT, 0)
    lines = judged(
        tmp_path,
        5,
        must(GlobalPath(), ALL, never),
        must(GlobalPath(), CountTarget(Metric.FAILED), never),
        must(GlobalPath(), RequestsPerSecTarget(), never),
        must(DetailsPath(("Pay",)), ResponseTimeTarget(Statistic.MIN), never),
        must(ForAllPath(), ALL, never),
        must(GlobalPath(), LagTarget(LagKind.USERS, Statistic.MAX), never),
        must(DetailsPath(("k",)), GaugeTarget("depth", Reading.MAX), never),
        must(GlobalPath(), DeliveryTarget(Delivery.DUPLICATE), never),
        must(DetailsPath(("Pay",)), DeliveryTarget(Delivery.DUPLICATE), never),
    )
    assert ["3.0", "0.0", "0.6", "10.0", "3.0", "3.0", "2.0", "1.0", "1.0"] == [
        line.split("(actual : ")[1].rstrip(")") for line in lines
    ]


def test_what_is_no_request_stays(tmp_path: Path) -> None:
    """An error outside requests is told whenever it was; that of a request goes with it."""
    judged(tmp_path, 5)
    assert (("no attribute 'x'", 1),) == summarise(tmp_path).statistics.errors
    judged(tmp_path, 0.5)
    assert (("no attribute 'x'", 1), ("timeout", 1)) == summarise(tmp_path).statistics.errors


@pytest.mark.parametrize(
    ("path", "target", "why"),
    [
        (("Login",), ALL, "all of it started in the warm-up"),
        (("Login-send",), ALL, "all of it started in the warm-up"),
        (("Start",), ALL, "all of it started in the warm-up"),
        (
            ("Login",),
            LagTarget(LagKind.REQUESTS, Statistic.MAX),
            "all of it started in the warm-up",
        ),
        (("k",), GaugeTarget("early", Reading.MAX), "all of it was read in the warm-up"),
        (("Payy",), ALL, 'nearest is details("Pay")'),
    ],
)
def test_what_is_in_the_warm_up_alone_is_told(
    tmp_path: Path, path: tuple[str, ...], target: Target, why: str
) -> None:
    """It exists, but there is no number of it: the assertion fails for that reason."""
    anything = Compare(Comparison.GTE, 0)
    (line,) = judged(tmp_path, 5, must(DetailsPath(path), target, anything))
    assert f": false (actual : -); {why}" in line


def test_where_nothing_is_left_nothing_holds(tmp_path: Path) -> None:
    """Not even that nothing failed; and that a run had no duplicates is another matter."""
    none = Compare(Comparison.IS, 0)
    assertions = [
        must(GlobalPath(), CountTarget(Metric.FAILED), none),
        must(ForAllPath(), CountTarget(Metric.FAILED), none),
        must(DetailsPath(("Pay",)), CountTarget(Metric.FAILED), none),
        must(GlobalPath(), LagTarget(LagKind.USERS, Statistic.MIN), none),
        must(DetailsPath(("k",)), GaugeTarget("depth", Reading.MIN), none),
        must(GlobalPath(), DeliveryTarget(Delivery.FOREIGN), none),
    ]
    lines = judged(tmp_path, 3600, *assertions)
    why = " : false (actual : -); warm-up: first 3600 s left out: 5 requests; nothing is left"
    assert f"Global: count of failed events is 0.0{why}" == lines[0]
    assert f"For all requests: count of failed events is 0.0{why}" == lines[1]
    assert f"Pay: count of failed events is 0.0{why}" == lines[2]
    assert f"Global: min of user start lag is 0.0{why}" == lines[3]
    assert "(actual : -); all of it was read in the warm-up" in lines[4]
    assert "Global: count of foreign replies is 0.0 : true (actual : 0.0)" == lines[5]
    assert len(assertions) == len(lines)
