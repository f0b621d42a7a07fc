"""Assertions as users write them compile to Gatling's paths, targets and conditions."""

import re
from collections.abc import Callable

import pytest

from gatlingpy.dsl.assertions import details, for_all, global_
from gatlingpy.errors import UsageError
from gatlingpy.plan.assertions import (
    Assertion,
    AssertionPath,
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

TIME = global_().response_time()
RATE = global_().requests_per_sec()


@pytest.mark.parametrize(
    ("expected", "path"),
    [
        (GlobalPath(), global_()),
        (ForAllPath(), for_all()),
        (DetailsPath(("checkout", "Pay / now")), details("checkout", "Pay / now")),
        (DetailsPath(()), details()),
    ],
    ids=str,
)
def test_paths(expected: AssertionPath, path: object) -> None:
    """Each path starts an assertion about what it names."""
    assert Assertion(
        expected, RequestsPerSecTarget(), Compare(Comparison.GT, 1.0)
    ) == path.requests_per_sec().gt(1)  # type: ignore[attr-defined]


def percentile(rank: float) -> ResponseTimeTarget:
    return ResponseTimeTarget(Statistic.PERCENTILE, rank)


@pytest.mark.parametrize(
    ("expected", "written"),
    [
        (ResponseTimeTarget(Statistic.MIN), TIME.min()),
        (ResponseTimeTarget(Statistic.MAX), TIME.max()),
        (ResponseTimeTarget(Statistic.MEAN), TIME.mean()),
        (ResponseTimeTarget(Statistic.STD_DEV), TIME.std_dev()),
        (percentile(50), TIME.percentile1()),
        (percentile(75), TIME.percentile2()),
        (percentile(95), TIME.percentile3()),
        (percentile(99), TIME.percentile4()),
        (percentile(99.9), TIME.percentile(99.9)),
        (percentile(50), TIME.percentile50()),
        (percentile(75), TIME.percentile75()),
        (percentile(90), TIME.percentile90()),
        (percentile(95), TIME.percentile95()),
        (percentile(99), TIME.percentile99()),
        (CountTarget(Metric.ALL), global_().all_requests().count()),
        (CountTarget(Metric.FAILED), global_().failed_requests().count()),
        (PercentTarget(Metric.SUCCESSFUL), global_().successful_requests().percent()),
        (RequestsPerSecTarget(), RATE),
    ],
    ids=str,
)
def test_targets(expected: Target, written: object) -> None:
    """Each target is the number that its name says."""
    assert expected == written.lt(1).target  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("expected", "written"),
    [
        (Compare(Comparison.LT, 500.0), TIME.max().lt(500)),
        (Compare(Comparison.LTE, 500.0), TIME.max().lte(500)),
        (Compare(Comparison.GT, 0.5), RATE.gt(0.5)),
        (Compare(Comparison.GTE, 10.0), RATE.gte(10)),
        (Compare(Comparison.IS, 100.0), RATE.is_(100)),
        (In((1.0, 2.0)), RATE.in_(1, 2)),
        (Between(1.0, 2.0), RATE.between(1, 2)),
        (Between(1.0, 2.0, inclusive=False), RATE.between(1, 2, False)),
        (Between(90.0, 110.0), RATE.around(100, 10)),
        (Between(90.0, 110.0, inclusive=False), RATE.around(100, 10, inclusive=False)),
        (Between(81.0, 99.0), RATE.deviates_around(90, 0.1)),
        (Between(86.0, 104.0), RATE.deviates_around(95, 0.1)),
        (Between(86.0, 104.0, inclusive=False), RATE.deviates_around(95, 0.1, False)),
    ],
    ids=str,
)
def test_conditions(expected: Condition, written: Assertion) -> None:
    """Each condition holds doubles; ``deviates_around`` cuts its margin to a whole number."""
    assert expected == written.condition


def test_knows_its_line() -> None:
    """An assertion says where it was written."""
    assert re.fullmatch(r"\S*test_assertions\.py:\d+", TIME.max().lt(1).where)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda: TIME.max().lt("500"), "lt(...) takes a number, got '500'"),
        (lambda: TIME.max().is_(True), "is(...) takes a number, got True"),
        (lambda: TIME.max().gt(float("nan")), "got nan"),
        (lambda: TIME.percentile(101), "takes a rank from 0 to 100, got 101"),
        (lambda: TIME.percentile(-1), "takes a rank from 0 to 100, got -1"),
        (RATE.in_, "needs at least one number"),
        (lambda: RATE.in_([1, 2]), "in_(...) takes a number, got [1, 2]"),
        (lambda: RATE.between(2, 1), "between(2, 1) can never hold"),
        (lambda: RATE.around(1, -1), "takes a distance of 0 or more, got -1"),
        (lambda: RATE.deviates_around(1, -0.1), "takes a distance of 0 or more, got -0.1"),
        (lambda: details("Pay", 1), "takes names, the outermost group first, got 1"),
    ],
)
def test_refused(write: Callable[[], object], message: str) -> None:
    """What makes no sense is refused with the user's line."""
    with pytest.raises(UsageError, match=rf"^\S*test_assertions\.py:\d+: .*{re.escape(message)}"):
        write()
