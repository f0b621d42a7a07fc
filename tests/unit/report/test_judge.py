"""Assertions on requests judged with Gatling's meaning, and on some of them alone."""

import json
from pathlib import Path

import pytest

from gatlingpy.plan.assertions import (
    Assertion,
    Between,
    Compare,
    Comparison,
    Condition,
    CountTarget,
    DetailsPath,
    ForAllPath,
    GlobalPath,
    In,
    Metric,
    PercentTarget,
    RequestsPerSecTarget,
    ResponseTimeTarget,
    Statistic,
    Target,
)
from gatlingpy.report.build import judge_run
from gatlingpy.report.evidence import Evidence
from gatlingpy.report.judge import judge
from gatlingpy.report.verdict import meets
from gatlingpy.stats.records import (
    AssertionRecord,
    GroupRecord,
    LegRecord,
    RequestRecord,
    TextRecord,
)
from tests.unit.report.sample import START_US, end_record, evidence_of, records, run_record, write

IS_1 = Compare(Comparison.IS, 1)
ALL = CountTarget(Metric.ALL)


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Three of "Pay" (one failed), one request in a group, a leg, a group of that request's path."""

    def row(groups: tuple[str, ...], name: str, ms: int, ending: str = "ok") -> RequestRecord:
        return RequestRecord(groups, name, START_US, ms * 1000, START_US, ending, "", 1, 1, "S")

    rows = [
        row((), "Pay", 100),
        row((), "Pay", 200),
        row((), "Pay", 2400, "timeout"),
        row(("Shop",), "Buy", 1000),
        row((), "Shop", 1),
        LegRecord("Pay-send", START_US, 3000, "ok", "", 1, 1, "S"),
        GroupRecord(("Shop",), START_US, 9_000_000, 1_500_000, True, 1, "S"),
    ]
    path = tmp_path_factory.mktemp("judge") / "simulation.log"
    return evidence_of(write(path, [run_record(), *rows, end_record()]))


def times_of(metric: Metric, statistic: Statistic, rank: float = 0) -> ResponseTimeTarget:
    return ResponseTimeTarget(statistic, rank, metric)


@pytest.mark.parametrize(
    ("path", "target", "actual"),
    [
        (GlobalPath(), ALL, 5.0),
        (GlobalPath(), CountTarget(Metric.FAILED), 1.0),
        (GlobalPath(), PercentTarget(Metric.SUCCESSFUL), 80.0),
        (GlobalPath(), PercentTarget(Metric.ALL), 100.0),
        (GlobalPath(), ResponseTimeTarget(Statistic.MAX), 2400.0),
        (GlobalPath(), ResponseTimeTarget(Statistic.MIN), 1.0),
        (GlobalPath(), RequestsPerSecTarget(), 5 / 9),
        (DetailsPath(()), ALL, 5.0),
        (DetailsPath(("Pay",)), ALL, 3.0),
        (DetailsPath(("Pay",)), ResponseTimeTarget(Statistic.MEAN), 900.0),
        (DetailsPath(("Pay",)), ResponseTimeTarget(Statistic.STD_DEV), 1061.0),
        (DetailsPath(("Pay",)), ResponseTimeTarget(Statistic.PERCENTILE, 50), 200.0),
        (DetailsPath(("Shop", "Buy")), ResponseTimeTarget(Statistic.MAX), 1000.0),
        (DetailsPath(("Shop",)), ResponseTimeTarget(Statistic.MAX), 1500.0),
        (DetailsPath(("Pay-send",)), ResponseTimeTarget(Statistic.MAX), 3.0),
        (GlobalPath(), times_of(Metric.SUCCESSFUL, Statistic.MAX), 1000.0),
        (GlobalPath(), times_of(Metric.FAILED, Statistic.MIN), 2400.0),
        (DetailsPath(("Pay",)), times_of(Metric.SUCCESSFUL, Statistic.MAX), 200.0),
        (DetailsPath(("Pay",)), times_of(Metric.SUCCESSFUL, Statistic.MEAN), 150.0),
        (DetailsPath(("Pay",)), times_of(Metric.SUCCESSFUL, Statistic.STD_DEV), 50.0),
        (DetailsPath(("Pay",)), times_of(Metric.SUCCESSFUL, Statistic.PERCENTILE, 90), 190.0),
        (DetailsPath(("Pay",)), times_of(Metric.FAILED, Statistic.PERCENTILE, 90), 2400.0),
        (DetailsPath(("Pay",)), times_of(Metric.ALL, Statistic.PERCENTILE, 90), 1960.0),
        (GlobalPath(), times_of(Metric.SUCCESSFUL, Statistic.PERCENTILE, 100), 1000.0),
        (DetailsPath(("Shop",)), times_of(Metric.SUCCESSFUL, Statistic.PERCENTILE, 1), 1500.0),
        (DetailsPath(("Pay-send",)), times_of(Metric.SUCCESSFUL, Statistic.PERCENTILE, 1), 3.0),
    ],
)
def test_actual_values(evidence: Evidence, path: GlobalPath, target: Target, actual: float) -> None:
    """Good and failed together; a group hides a request of its path and shows cumulated times."""
    (verdict,) = judge(evidence, [Assertion(path, target, IS_1)])
    assert actual == verdict.actual


def test_for_all_is_each_request(evidence: Evidence) -> None:
    """Requests only: no groups, no legs."""
    verdicts = judge(evidence, [Assertion(ForAllPath(), ALL, IS_1)])
    assert [("Pay", False), ("Shop", True), ("Shop / Buy", True)] == sorted(
        (verdict.path, verdict.passed) for verdict in verdicts
    )


def test_no_such_request_has_no_time(evidence: Evidence) -> None:
    """Where nothing failed, no time of failures is below or above anything: it fails, and says so."""
    for target in (
        times_of(Metric.FAILED, Statistic.MAX),
        times_of(Metric.FAILED, Statistic.PERCENTILE, 99),
    ):
        for path in (("Shop", "Buy"), ("Shop",), ("Pay-send",)):
            below = Assertion(DetailsPath(path), target, Compare(Comparison.LT, 500))
            (verdict,) = judge(evidence, [below])
            assert (verdict.passed, verdict.actual) == (False, None)
            assert verdict.line.endswith(
                "of response time of failed events is less than 500.0 : false (actual : -); "
                "there is no such request"
            )


def test_what_is_not_found_fails_and_names_the_nearest(evidence: Evidence) -> None:
    """Gatling's sentence, a missing value, and the path that may have been meant."""
    (verdict,) = judge(evidence, [Assertion(DetailsPath(("Shop", "By")), ALL, IS_1)])
    assert not verdict.passed
    assert (
        "Could not find stats matching assertion path List(Shop, By) : false (actual : -); "
        'nearest is details("Shop", "Buy")'
    ) == verdict.line
    (other,) = judge(evidence, [Assertion(DetailsPath(("Buy",)), ALL, IS_1)])
    assert 'nearest is details("Shop", "Buy")' == other.hint


def test_the_line_of_the_terminal(evidence: Evidence) -> None:
    """Gatling's sentence, the result, and the actual value."""
    condition = Compare(Comparison.GT, 99)
    (verdict,) = judge(
        evidence, [Assertion(GlobalPath(), PercentTarget(Metric.SUCCESSFUL), condition)]
    )
    assert (
        "Global: percentage of successful events is greater than 99.0 : false (actual : 80.0)"
        == verdict.line
    )


@pytest.mark.parametrize(
    ("condition", "inside", "outside"),
    [
        (Compare(Comparison.LT, 5), [4.9], [5, 6]),
        (Compare(Comparison.LTE, 5), [4.9, 5], [5.1]),
        (Compare(Comparison.GT, 5), [5.1], [5]),
        (Compare(Comparison.GTE, 5), [5, 6], [4]),
        (Compare(Comparison.IS, 5), [5.0], [5.1]),
        (Between(1, 2), [1, 1.5, 2], [0.9, 2.1]),
        (Between(1, 2, inclusive=False), [1.5], [1, 2]),
        (In((1, 3)), [1, 3.0], [2]),
    ],
)
def test_conditions(condition: Condition, inside: list[float], outside: list[float]) -> None:
    """Every comparison, on its border and beside it."""
    assert all(meets(value, condition) for value in inside)
    assert not any(meets(value, condition) for value in outside)


def test_assertions_come_from_the_plan_of_the_log(tmp_path: Path) -> None:
    """Nothing but the log is needed to judge a run again."""
    write(tmp_path / "simulation.log", records(300))
    lines = [verdict.line for verdict in judge_run(tmp_path).verdicts]
    assert "Global: percentage of successful events is greater than 90.0 : true" in lines[0]
    assert any(
        line.startswith("Pay-send: count of all events is between inclusive") for line in lines
    )
    assert any('nearest is details("Pay")' in line for line in lines)


def test_what_cannot_be_read_does_not_hold(tmp_path: Path) -> None:
    """An assertion of a later version, or garbage, is a failed one beside those that are read."""
    told = json.loads(list(records(1))[1].detail)["assertions"]  # type: ignore[union-attr]
    target = {"$": "QuantumTarget"}
    told[1]["target"] = target
    row = RequestRecord((), "Pay", START_US, 5, START_US, "ok", "", 1, 1, "S")
    for name, assertions in (("one", told), ("all", {"$": "Nothing"})):
        plan = TextRecord("PLAN", json.dumps({"assertions": assertions}))
        write(tmp_path / name / "simulation.log", [run_record(), plan, row, end_record()])
    verdicts = judge_run(tmp_path / "one").verdicts
    assert len(told) == len(verdicts)
    assert next(verdict for verdict in verdicts if "percentage" in verdict.target).passed
    assert "an assertion of the plan cannot be read : false" in verdicts[-1].line
    assert "unknown class 'QuantumTarget'" in verdicts[-1].hint
    (verdict,) = judge_run(tmp_path / "all").verdicts
    assert "the list of assertions of the plan cannot be read" == verdict.message
    rows = [run_record(), AssertionRecord("AAEC", ""), row, end_record()]
    write(tmp_path / "log" / "simulation.log", rows)
    (verdict,) = judge_run(tmp_path / "log").verdicts
    assert "an assertion of the log cannot be read" == verdict.message
