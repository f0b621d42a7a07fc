"""The assertions that a log carries: whole in our plan record, encoded in Gatling's own lines."""

from typing import Final

from gatlingpy.plan import assertions as plan
from gatlingpy.plan.assertions import Assertion
from gatlingpy.plan.codec import Decoder, Json
from gatlingpy.report.facts import RunLog
from gatlingpy.stats.assertion_payload import decode_assertion

_DECODER: Final = Decoder(
    (
        plan.Assertion, plan.GlobalPath, plan.ForAllPath, plan.DetailsPath,
        plan.ResponseTimeTarget, plan.CountTarget, plan.PercentTarget, plan.RequestsPerSecTarget,
        plan.Compare, plan.Between, plan.In, plan.Statistic, plan.Metric, plan.Comparison,
    )
)  # fmt: skip


def _from_plan(value: Json) -> list[Assertion]:
    decoded = _DECODER.decode(value)
    if not isinstance(decoded, tuple) or not all(isinstance(a, Assertion) for a in decoded):
        raise ValueError("the plan's assertions are no list of assertions")
    return list(decoded)


def assertions_of(log: RunLog) -> tuple[Assertion, ...]:
    """Return the assertions of a run, each once; one that cannot be read becomes a problem.

    Segments of one run carry the same plan, so that the first plan record speaks for all.
    """
    found: list[Assertion] = []
    try:
        if log.facts.plans and "assertions" in log.facts.plans[0]:
            found = _from_plan(log.facts.plans[0]["assertions"])  # type: ignore[arg-type]
        else:
            found = [decode_assertion(record.payload) for record in log.facts.assertions]
    except (ValueError, TypeError, KeyError) as exc:
        log.problems.other.append(f"the assertions of the run cannot be read: {exc}")
    return tuple(dict.fromkeys(found))
