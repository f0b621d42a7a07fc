"""Whole runs as logs for Gatling to read: all that it knows, and in between all that it must skip."""

import random
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from typing import TypeAlias

from gatlingpy.plan.assertion_text import assertion_text
from gatlingpy.plan.assertions import Assertion
from gatlingpy.stats.assertion_payload import encode_assertion
from gatlingpy.stats.records import (
    AssertionRecord,
    ErrorRecord,
    GaugeRecord,
    GroupRecord,
    LegRecord,
    MarkRecord,
    Record,
    ReplyRecord,
    RequestRecord,
    StateRecord,
    UserRecord,
)
from tests.unit.report.sample import START_US, end_record, plan_record, run_record

Place: TypeAlias = tuple[tuple[str, ...], str]
"""The groups of a request, and its name."""

PLACES: tuple[Place, ...] = (
    ((), "Pay"),
    ((), "comma, and two  spaces"),
    (("Checkout",), "Pay"),
    (("Checkout",), "naïve ünïcode ✓ 漢字 😀"),
    (("Checkout", "Card (<b>or</b> cash)"), "Pay"),
    (("Checkout", "Card (<b>or</b> cash)", "Checkout"), "check & 'sign'"),
    (("Groß/Kleinschreibung",), "Refund"),
)
"""Groups within groups, names that recur in other places, and names that Gatling shows as they are."""

# Around the bounds of the ranges, and around what is rounded to a millisecond.
_EDGES_US = (
    0, 499, 500, 1_499, 1_500, 799_499, 799_500, 1_199_500, 1_200_499, 1_200_500, 31_000_000,
)  # fmt: skip
_ENDINGS = ("timeout", "check", "send", "consumer", "displaced", "run-ended")


def _user(
    number: int, dice: random.Random, place: Place, at: int, *, wide: bool
) -> Iterator[Record]:
    """One user who makes one request in its groups, and what we note besides."""
    groups, name = place
    scenario = ("Payments", "Refunds <i>", "Überweisung, später")[number % 3]
    took = int(dice.lognormvariate(11, 1.2 if wide else 0.4))
    if wide and number % 5 == 0:
        took = dice.choice(_EDGES_US)
    bad = dice.random() < 0.15
    ending = dice.choice(_ENDINGS) if bad else "ok"
    message = f"{ending}: expected {number % 4}, got a\ttab and \\ more" if bad else ""
    end = at + took
    yield UserRecord(scenario, "START", at, at - dice.randrange(900), number)
    yield LegRecord(f"{name}-send", at + 40, took // 5, "ok", "", number, number, scenario)
    yield RequestRecord(
        groups, name, at, took, at - 7, ending, message, number, number, scenario
    )  # fmt: skip
    if number % 17 == 0:
        yield ReplyRecord(name, end + 5, 10_000, number, "late", "replies[0]@7 id=\t<x>")
    for depth in range(len(groups), 0, -1):
        # A pause within the group counts for its duration and not for its response time.
        yield GroupRecord(
            groups[:depth], at - depth, took + 700_000 * depth, took, not bad, number, scenario
        )
    # Some users are still there when the run is interrupted.
    if number % 23:
        yield UserRecord(scenario, "END", end + 2_500_000, None, number)


def run_of(
    users: int,
    assertions: Sequence[Assertion] = (),
    *,
    places: Sequence[Place] = PLACES,
    wide: bool = True,
) -> Iterator[Record]:
    """Yield the records of a run of a minute, with its assertions in Gatling's encoding.

    ``wide`` lets response times reach from 0 to half a minute, and meet every edge.
    """
    dice = random.Random(7)
    for assertion in assertions:
        payload = encode_assertion(assertion)
        assert payload is not None
        yield AssertionRecord(payload, assertion_text(assertion))
    yield run_record()
    yield plan_record(assertions)
    for number, place in enumerate(islice(cycle(places), users), start=1):
        at = START_US + number * 58_000_000 // users + dice.randrange(1000)
        yield from _user(number, dice, place, at, wide=wide)
        if number % 10 == 0:
            yield GaugeRecord("injector", "cpu", at, 0.25)
            yield ErrorRecord("Pay: no attribute named 'x' is defined", at, number, "Payments")
    yield MarkRecord("chaos", "broker 1 </script> killed", START_US + 25_000_000)
    yield StateRecord("HEALTH", "segment", START_US + 60_000_000, "{}")
    yield end_record()
