"""The assertions that a log carries: whole in our plan record, encoded in Gatling's own lines."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final, cast

from gatlingpy.plan import assertions as plan
from gatlingpy.plan.assertion_text import assertion_text
from gatlingpy.plan.assertions import Assertion
from gatlingpy.plan.codec import Decoder, Json
from gatlingpy.report.facts import RunLog
from gatlingpy.report.verdict import Verdict
from gatlingpy.stats.assertion_payload import decode_assertion

_DECODER: Final = Decoder(
    (
        plan.Assertion, plan.GlobalPath, plan.ForAllPath, plan.DetailsPath,
        plan.ResponseTimeTarget, plan.CountTarget, plan.PercentTarget, plan.RequestsPerSecTarget,
        plan.LagTarget, plan.GaugeTarget, plan.DeliveryTarget, plan.LagKind, plan.Reading,
        plan.Delivery, plan.Compare, plan.Between, plan.In, plan.Statistic, plan.Metric,
        plan.Comparison,
    )
)  # fmt: skip


def _from_plan(value: object) -> Assertion:
    decoded = _DECODER.decode(cast("Json", value))
    if not isinstance(decoded, Assertion):
        raise TypeError(f"{value!r} is none")
    # What is nested in it may be anything: its sentence is made of every part.
    assertion_text(decoded)
    return decoded


def _written(log: RunLog) -> Iterator[tuple[Callable[[], Assertion], str]]:
    """Yield how to read each assertion, and how to speak of it where it cannot be read."""
    plans = log.facts.plans
    told = plans[0].get("assertions") if plans else None
    if isinstance(told, list):
        for value in told:
            yield partial(_from_plan, value), "an assertion of the plan"
        return
    if told is not None:
        yield partial(_from_plan, told), "the list of assertions of the plan"
    for record in log.facts.assertions:
        yield partial(decode_assertion, record.payload), "an assertion of the log"


def assertions_of(log: RunLog) -> tuple[tuple[Assertion, ...], tuple[Verdict, ...]]:
    """Return the assertions of a run, each once, and a failed verdict for each unreadable one.

    Segments of one run carry the same plan, so that the first plan record speaks for all.  What
    cannot be read, such as a target of a later version, cannot be said to hold.
    """
    found: list[Assertion] = []
    unreadable: list[Verdict] = []
    for read, what in _written(log):
        try:
            found.append(read())
        except (ValueError, TypeError, KeyError, AttributeError, AssertionError) as exc:
            message = f"{what} cannot be read"
            unreadable.append(Verdict(message, False, None, "", "", "", (), str(exc)))
    return tuple(dict.fromkeys(found)), tuple(unreadable)
