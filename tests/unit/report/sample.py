"""Logs for the tests of the report: written by the real encoder, with everything a log can hold."""

import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

from gatlingpy.plan.assertions import (
    Assertion,
    Between,
    Compare,
    Comparison,
    CountTarget,
    DetailsPath,
    ForAllPath,
    GlobalPath,
    Metric,
    PercentTarget,
    ResponseTimeTarget,
    Statistic,
)
from gatlingpy.plan.codec import encode as encode_plan
from gatlingpy.report.evidence import Evidence
from gatlingpy.report.options import DEFAULT
from gatlingpy.report.read import read_logs
from gatlingpy.report.rows import arrange
from gatlingpy.report.statistics import compute
from gatlingpy.stats.log_format import encode
from gatlingpy.stats.records import (
    ErrorRecord,
    GaugeRecord,
    GroupRecord,
    LegRecord,
    MarkRecord,
    Record,
    ReplyRecord,
    RequestRecord,
    RunRecord,
    StateRecord,
    TextRecord,
    UserRecord,
)

START_US = 1_700_000_000_000_000
NASTY = (
    "</script><script>alert(1)</script>",
    "<b onmouseover='x'>bold</b> & \"quoted\"",
    "tab\there, new\nline",
    "comma, in, name",
    "naïve ünïcode ✓ 漢字",
    "{{ 7 * 7 }} {% raw %}",
    "a" * 200,
    "\\back\\slash \u2028 separator",
    "lone \ud800 surrogate",
)
ASSERTIONS = (
    Assertion(GlobalPath(), PercentTarget(Metric.SUCCESSFUL), Compare(Comparison.GT, 90.0)),
    Assertion(
        DetailsPath(("Pay",)),
        ResponseTimeTarget(Statistic.PERCENTILE, 99),
        Compare(Comparison.LT, 50.0),
    ),
    Assertion(DetailsPath(("Pay-send",)), CountTarget(Metric.ALL), Between(1, 100_000)),
    Assertion(DetailsPath(("Pya",)), CountTarget(Metric.ALL), Compare(Comparison.IS, 1)),
    Assertion(ForAllPath(), CountTarget(Metric.FAILED), Compare(Comparison.LTE, 40.0)),
)
ENDINGS = ("timeout", "check", "send", "consumer", "displaced", "run-ended")


def run_record(**detail: object) -> RunRecord:
    facts = {
        "format": 1, "tool": "gatlingpy", "version": "0.1.0", "segment": [1, 1],
        "run_id": "payment-20231114221320000",
        "notes": ["latencies are those of the embedded broker"],
        "versions": {"python": "3.11.7", "confluent-kafka": "2.15.1"}, **detail,
    }  # fmt: skip
    return RunRecord(
        "simulations.payment.PaymentSimulation", "payment", START_US, "a <b>first</b> try",
        "3.9.5", json.dumps(facts),
    )  # fmt: skip


def plan_record(assertions: Iterable[Assertion] = ASSERTIONS) -> TextRecord:
    detail = {
        "assertions": encode_plan(tuple(assertions)),
        "tree": "Payments\n└── Pay <request-reply>",
    }
    return TextRecord("PLAN", json.dumps(detail))


def end_record(
    word: str = "completed", at_us: int = START_US + 60_000_000, **detail: object
) -> StateRecord:
    facts = {"reason": "all users ended", "exit_code": 0, "problems": [], **detail}
    return StateRecord("END", word, at_us, json.dumps(facts))


def _replies() -> Iterator[Record]:
    for place, kind in enumerate(
        ("late", "late", "duplicate", "orphan", "foreign", "late-delivery")
    ):
        yield ReplyRecord(
            "Pay" if place < 3 else "", START_US + 20_000_000 + place, 10_100_000 if place < 3 else -1,
            place, kind, f"responses[{place}]@{place * 7} id=\t<x>",
        )  # fmt: skip


def _requests(dice: random.Random, users: int, names: Iterable[str]) -> Iterator[Record]:
    every = tuple(names)
    for number in range(1, users + 1):
        at = START_US + number * 58_000_000 // users
        scenario = "Payments" if number % 3 else "Refunds <i>"
        name = every[number % len(every)]
        groups = ((), ("Checkout",), ("Checkout", "Card, or <cash>"))[number % 3]
        slow = 1 + 3 * (25 < number * 60 / users < 32)
        took = int(dice.lognormvariate(9.6, 0.5) * slow)
        bad = dice.random() < 0.04 * slow
        ending = ENDINGS[number % 6] if bad else "ok"
        message = f'{ending}: <{name[:30]}> was not what was "expected"' if bad else ""
        yield UserRecord(scenario, "START", at, at - dice.randrange(900), number)
        yield LegRecord(f"{name}-send", at + 40, took // 5, "ok", "", number, number, scenario)
        yield RequestRecord(
            groups, name, at + dice.randrange(300), took, at, ending, message, number,
            number, scenario,
        )  # fmt: skip
        if groups:
            yield GroupRecord(groups, at, took + 2_000_000, took, not bad, number, scenario)
        yield UserRecord(scenario, "END", at + took + 2_000_100, None, number)


def records(
    users: int = 3000, names: Iterable[str] = ("Pay", "Refund", *NASTY)
) -> Iterator[Record]:
    """A whole run of a minute."""
    dice = random.Random(7)
    yield run_record()
    yield plan_record()
    yield from _requests(dice, users, names)
    yield from _replies()
    yield ErrorRecord("Pay: no attribute named 'x' is defined", START_US + 5, 3, "Payments")
    for second in range(60):
        at = START_US + second * 1_000_000
        yield GaugeRecord("injector", "cpu", at, 0.2 + dice.random() / 10)
        yield GaugeRecord("injector", "user thread delay (ms)", at, dice.random())
        yield GaugeRecord("librdkafka <p>", "rtt p99 (ms)", at, 3 + dice.random())
    yield MarkRecord("chaos", "broker 1 </script> killed", START_US + 25_000_000)
    yield MarkRecord("chaos", "broker 1 back", START_US + 32_000_000)
    endings = {"ok": users - 6, "timeout": 6}
    yield StateRecord(
        "HEALTH", "segment", START_US + 60_000_000,
        json.dumps({"registered": users, "endings": endings, "in_flight": 0, "queue_full": 2, "lag_p99_us": 812}),
    )  # fmt: skip
    yield end_record()


def evidence_of(path: Path) -> Evidence:
    """Return what a log without a warm-up offers to assertions."""
    log, rows = arrange(read_logs([path]))
    return Evidence(compute(log, rows, DEFAULT), log, rows, log)


def write(path: Path, lines: Iterable[Record]) -> Path:
    """Write records as a log file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "".join(encode(record) + "\n" for record in lines), encoding="utf-8", newline="\n"
    )
    return path
