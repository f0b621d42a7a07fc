"""The records that open a log: what Gatling can read in its own lines, everything in the plan."""

import json
from dataclasses import replace

from gatlingpy.plan import assertions as plan
from gatlingpy.plan.assertions import Assertion, Compare, Comparison, DetailsPath
from gatlingpy.stats.assertion_payload import decode_assertion
from gatlingpy.stats.opening import opening_records
from gatlingpy.stats.records import AssertionRecord, Record, RunRecord, TextRecord
from tests.unit.plan.plans import plan_of

LESS = Compare(Comparison.LT, 5.0)
GATLINGS = Assertion(DetailsPath(("Pay",)), plan.ResponseTimeTarget(plan.Statistic.MAX), LESS)
OURS = tuple(
    Assertion(DetailsPath(("Pay",)), target, LESS)
    for target in (
        plan.ResponseTimeTarget(plan.Statistic.MAX, 0.0, plan.Metric.SUCCESSFUL),
        plan.LagTarget(plan.LagKind.REQUESTS, plan.Statistic.MAX),
        plan.GaugeTarget("depth", plan.Reading.LAST),
        plan.DeliveryTarget(plan.Delivery.DUPLICATE),
    )
)


def opened(*assertions: Assertion, warm_up_ns: int = 0) -> list[Record]:
    return opening_records(
        replace(plan_of(), assertions=assertions, warm_up_ns=warm_up_ns),
        run_id="pay-20260101000000000",
        start_us=1,
        description="",
        segment=(1, 1),
        notes=(),
    )


def test_only_what_gatling_has_is_in_its_own_lines() -> None:
    """Assertions first, as Gatling writes them, then the run, then the plan with all of them."""
    first, run, last = opened(OURS[0], GATLINGS, *OURS[1:], warm_up_ns=30)
    assert isinstance(first, AssertionRecord)
    assert (GATLINGS, "Pay: max of response time is less than 5.0") == (
        decode_assertion(first.payload),
        first.message,
    )
    assert isinstance(run, RunRecord)
    assert isinstance(last, TextRecord)
    told = json.loads(last.detail)
    assert 30 == told["warm_up_ns"]
    assert [
        "ResponseTimeTarget", "ResponseTimeTarget", "LagTarget", "GaugeTarget", "DeliveryTarget",
    ] == [assertion["target"]["$"] for assertion in told["assertions"]]  # fmt: skip


def test_without_assertions_the_run_is_first() -> None:
    """Nothing is written for what is not there."""
    assert ["RunRecord", "TextRecord"] == [type(record).__name__ for record in opened()]
