"""Assertions as users write them compile to Gatling's paths, targets and conditions."""

import re
from collections.abc import Callable

import pytest

from gatlingpy.dsl.assertions import delivery, details, for_all, global_
from gatlingpy.errors import UsageError
from gatlingpy.plan.assertions import (
    Assertion,
    AssertionPath,
    Between,
    Compare,
    Comparison,
    Condition,
    CountTarget,
    Delivery,
    DeliveryTarget,
    DetailsPath,
    ForAllPath,
    GaugeTarget,
    GlobalPath,
    In,
    LagKind,
    LagTarget,
    Metric,
    PercentTarget,
    Reading,
    RequestsPerSecTarget,
    ResponseTimeTarget,
    Statistic,
    Target,
)

TIME = global_().response_time()
RATE = global_().requests_per_sec()
LAG = details("Pay").arrival_lag()
METRICS = details("Kafka Metrics")


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
        (
            ResponseTimeTarget(Statistic.PERCENTILE, 99.0, Metric.SUCCESSFUL),
            details("Pay").successful_requests().response_time().percentile(99),
        ),
        (
            ResponseTimeTarget(Statistic.MEAN, 0.0, Metric.FAILED),
            for_all().failed_requests().response_time().mean(),
        ),
        (percentile(99), global_().all_requests().response_time().percentile99()),
        (LagTarget(LagKind.REQUESTS, Statistic.PERCENTILE, 99.0), LAG.percentile(99)),
        (LagTarget(LagKind.REQUESTS, Statistic.MEAN), global_().arrival_lag().mean()),
        (LagTarget(LagKind.USERS, Statistic.MAX), details("Payments").user_start_lag().max()),
        (GaugeTarget("lag", Reading.MAX), METRICS.max("lag")),
        (GaugeTarget("lag", Reading.MIN), METRICS.min("lag")),
        (GaugeTarget("lag", Reading.MEAN), METRICS.mean("lag")),
        (GaugeTarget("lag", Reading.LAST), METRICS.last("lag")),
        (DeliveryTarget(Delivery.DUPLICATE), delivery().duplicates()),
        (DeliveryTarget(Delivery.LATE), details("Pay").delivery().late()),
        (DeliveryTarget(Delivery.LATE_DELIVERY), for_all().delivery().late_deliveries()),
        (DeliveryTarget(Delivery.ORPHAN), global_().delivery().orphans()),
        (DeliveryTarget(Delivery.FOREIGN), delivery().foreign()),
    ],
    ids=str,
)
def test_targets(expected: Target, written: object) -> None:
    """Each target is the number that its name says."""
    assert expected == written.lt(1).target  # type: ignore[attr-defined]


def test_delivery_is_of_the_whole_run() -> None:
    """``delivery()``, that of all requests and that of no name are the same."""
    wanted = delivery().late().is_(0)
    assert wanted.path == GlobalPath()
    assert wanted == global_().delivery().late().is_(0) == details().delivery().late().is_(0)
    assert details("Pay").delivery().late().is_(0).path == DetailsPath(("Pay",))


@pytest.mark.parametrize(
    ("expected", "written"),
    [
        (Compare(Comparison.LT, 500.0), TIME.max().lt(500)),
        (Compare(Comparison.LTE, 500.0), TIME.max().lte(500)),
        (Compare(Comparison.GT, 0.5), RATE.gt(0.5)),
        (Compare(Comparison.GTE, 10.0), RATE.gte(10)),
        (Compare(Comparison.IS, 100.0), RATE.is_(100)),
        (In((1.0, 2.0)), RATE.in_(1, 2)),
        (In((2.0, 1.0)), RATE.in_(2, 1, 2.0)),
        (Between(1.0, 2.0), RATE.between(1, 2)),
        (Between(1.0, 2.0, inclusive=False), RATE.between(1, 2, False)),
        (Between(90.0, 110.0), RATE.around(100, 10)),
        (Between(90.0, 110.0, inclusive=False), RATE.around(100, 10, inclusive=False)),
        (Between(81.0, 99.0), RATE.deviates_around(90, 0.1)),
        (Between(86.0, 104.0), RATE.deviates_around(95, 0.1)),
        (Between(86.0, 104.0, inclusive=False), RATE.deviates_around(95, 0.1, False)),
        (Between(-104.0, -86.0), RATE.deviates_around(-95, 0.1)),
        (Between(0.75, 1.25), LAG.max().deviates_around(1, 0.25)),
        (Between(-1.25, -0.75), METRICS.last("level").deviates_around(-1, 0.25)),
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
        (lambda: TIME.max().is_(True), "is_(...) takes a number, got True"),
        (lambda: TIME.max().gt(float("nan")), "got nan"),
        (lambda: TIME.percentile(101), "takes a rank from 0 to 100, got 101"),
        (lambda: TIME.percentile(-1), "takes a rank from 0 to 100, got -1"),
        (RATE.in_, "needs at least one number"),
        (lambda: RATE.in_([1, 2]), "in_(...) takes a number, got [1, 2]"),
        (lambda: RATE.between(2, 1), "between(2, 1) can never hold"),
        (lambda: RATE.around(1, -1), "takes a distance of 0 or more, got -1"),
        (lambda: RATE.deviates_around(1, -0.1), "takes a distance of 0 or more, got -0.1"),
        (
            lambda: METRICS.max(5),
            "max(...) takes the name of a gauge, got 5; for response times write details(...).response_time().max()",
        ),  # type: ignore[arg-type]
        (
            lambda: details("a", "b").mean("x"),
            "a gauge has one source and a name, such as details(\"Kafka Metrics\").mean('x')",
        ),
        (lambda: details().last("x"), "a gauge has one source and a name"),
        (
            lambda: details("Pay").delivery().orphans(),
            "orphans() cannot be counted for one request: such a reply has an id that nobody of this run sent, so it belongs to no request; write delivery().orphans()",
        ),
        (lambda: for_all().delivery().foreign(), "foreign() cannot be counted for one request"),
        (
            lambda: details("a", "Pay").delivery(),
            "details('a', 'Pay').delivery() cannot be told: the log names the request of a reply without its groups; write details('Pay').delivery()",
        ),
        (lambda: details("Pay", 1), "takes names, the outermost group first, got 1"),
    ],
)
def test_refused(write: Callable[[], object], message: str) -> None:
    """What makes no sense is refused with the user's line."""
    with pytest.raises(UsageError, match=rf"^\S*test_assertions\.py:\d+: .*{re.escape(message)}"):
        write()
