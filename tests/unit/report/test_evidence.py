"""Assertions on what Gatling does not have: lag, gauges, and the delivery audit."""

import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from gatlingpy.plan.assertions import (
    Assertion,
    AssertionPath,
    Compare,
    Comparison,
    Condition,
    Delivery,
    DeliveryTarget,
    DetailsPath,
    ForAllPath,
    GaugeTarget,
    GlobalPath,
    In,
    LagKind,
    LagTarget,
    Reading,
    Statistic,
    Target,
)
from gatlingpy.report.build import build_report
from gatlingpy.report.evidence import Evidence
from gatlingpy.report.judge import judge
from gatlingpy.report.verdict import Verdict
from gatlingpy.stats.log_format import encode
from gatlingpy.stats.records import (
    GaugeRecord,
    GroupRecord,
    Record,
    ReplyRecord,
    RequestRecord,
    UserRecord,
)
from tests.unit.report.sample import START_US, end_record, evidence_of, run_record, write

IS_0 = Compare(Comparison.IS, 0)
WHOLE = GlobalPath()
PAY = DetailsPath(("Pay",))


def request(
    name: str, late_us: int, token: int = 0, groups: Sequence[str] = (), ending: str = "ok"
) -> RequestRecord:
    at = START_US + token * 1000
    return RequestRecord(
        tuple(groups), name, at + late_us, 5000, at, ending, "", token, 1, "Payments"
    )


def user(scenario: str, late_us: int) -> UserRecord:
    return UserRecord(scenario, "START", START_US + late_us, START_US, 1)


def reply(kind: str, token: int = -1, name: str = "") -> ReplyRecord:
    return ReplyRecord(name, START_US + 9_000_000, -1, token, kind, "replies[0]@5")


def gauge(name: str, value: float, at: int, source: str = "Kafka Metrics") -> GaugeRecord:
    return GaugeRecord(source, name, START_US + at, value)


ROWS: tuple[Record, ...] = (
    *(request("Pay", late, token) for token, late in enumerate((0, 250, 1500, 4000))),
    request("Buy", 90_000, 4, ("Shop",)),
    request("Shop", 70, 5),
    GroupRecord(("Shop",), START_US, 1000, 1000, True, 1, "Payments"),
    user("Payments", 10),
    user("Payments", 30),
    user("Refunds, all", 2_000),
    gauge("kafka-consumer-lag-max", 7.5, 2),
    gauge("kafka-consumer-lag-max", 99.0, 1),
    gauge("kafka-consumer-lag-max", 12.5, 5),
    gauge("kafka-consumer-lag-max", 0.0, 3),
    gauge("kafka-consumer-lag-max", math.nan, 6),
    gauge("never", math.nan, 6),
    gauge("kafka-consumer-lag-max", 1000.0, 6, "Others"),
    reply("late", 2),
    reply("late", name="Pay"),
    reply("late", 5),
    reply("duplicate", 0),
    reply("duplicate", 0),
    reply("duplicate", 4),
    reply("orphan"),
    reply("late-delivery", 3, "Pay"),
)


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """What the rows above offer."""
    path = tmp_path_factory.mktemp("evidence") / "simulation.log"
    return evidence_of(write(path, [run_record(), *ROWS, end_record()]))


def lag(statistic: Statistic, rank: float = 0, kind: LagKind = LagKind.REQUESTS) -> LagTarget:
    return LagTarget(kind, statistic, rank)


def user_lag(statistic: Statistic, rank: float = 0) -> LagTarget:
    return lag(statistic, rank, LagKind.USERS)


def lag_gauge(reading: Reading) -> GaugeTarget:
    return GaugeTarget("kafka-consumer-lag-max", reading)


def verdicts(evidence: Evidence, path: AssertionPath, target: Target) -> tuple[Verdict, ...]:
    return judge(evidence, [Assertion(path, target, IS_0)])


@pytest.mark.parametrize(
    ("path", "target", "actual"),
    [
        (WHOLE, lag(Statistic.MAX), 90.0),
        (PAY, lag(Statistic.MIN), 0.0),
        (PAY, lag(Statistic.MAX), 4.0),
        (PAY, lag(Statistic.MEAN), 1.438),
        (PAY, lag(Statistic.STD_DEV), 1.585),
        (PAY, lag(Statistic.PERCENTILE, 50), 0.875),
        (DetailsPath(("Shop", "Buy")), lag(Statistic.MAX), 90.0),
        (DetailsPath(("Shop",)), lag(Statistic.MAX), 0.07),
        (WHOLE, user_lag(Statistic.MAX), 2.0),
        (DetailsPath(()), user_lag(Statistic.MEAN), 0.68),
        (DetailsPath(("Payments",)), user_lag(Statistic.PERCENTILE, 50), 0.02),
        (DetailsPath(("Refunds, all",)), user_lag(Statistic.MIN), 2.0),
        (DetailsPath(("Kafka Metrics",)), lag_gauge(Reading.MAX), 99.0),
        (DetailsPath(("Kafka Metrics",)), lag_gauge(Reading.MIN), 0.0),
        (DetailsPath(("Kafka Metrics",)), lag_gauge(Reading.MEAN), 29.75),
        (DetailsPath(("Kafka Metrics",)), lag_gauge(Reading.LAST), 12.5),
        (WHOLE, DeliveryTarget(Delivery.LATE), 3.0),
        (WHOLE, DeliveryTarget(Delivery.DUPLICATE), 3.0),
        (WHOLE, DeliveryTarget(Delivery.ORPHAN), 1.0),
        (WHOLE, DeliveryTarget(Delivery.FOREIGN), 0.0),
        (PAY, DeliveryTarget(Delivery.LATE), 2.0),
        (PAY, DeliveryTarget(Delivery.DUPLICATE), 2.0),
        (PAY, DeliveryTarget(Delivery.LATE_DELIVERY), 1.0),
        (DetailsPath(("Buy",)), DeliveryTarget(Delivery.DUPLICATE), 1.0),
        (DetailsPath(("Buy",)), DeliveryTarget(Delivery.LATE), 0.0),
    ],
)
def test_actual_values(
    evidence: Evidence, path: AssertionPath, target: Target, actual: float
) -> None:
    """Milliseconds with three decimals; each kind of number has paths of its own."""
    (verdict,) = verdicts(evidence, path, target)
    assert (actual, actual == 0) == (verdict.actual, verdict.passed)


@pytest.mark.parametrize(
    ("target", "names"),
    [
        (lag(Statistic.MAX), ["Pay", "Shop", "Shop / Buy"]),
        (user_lag(Statistic.MAX), ["Payments", "Refunds, all"]),
        (DeliveryTarget(Delivery.LATE), ["Buy", "Pay", "Shop"]),
    ],
)
def test_for_all_is_each_of_its_kind(
    evidence: Evidence, target: Target, names: Sequence[str]
) -> None:
    """Requests, scenarios, or names of requests without their groups."""
    assert names == sorted(v.path for v in verdicts(evidence, ForAllPath(), target))


@pytest.mark.parametrize(
    ("path", "target", "line"),
    [
        (("Pya",), lag(Statistic.MAX), 'List(Pya) : false (actual : -); nearest is details("Pay")'),
        (
            ("Payment",), user_lag(Statistic.MAX),
            'List(Payment) : false (actual : -); nearest is details("Payments")',
        ),
        (
            ("Kafka Metrics",), GaugeTarget("kafka-consumer-lag", Reading.LAST),
            ('List(Kafka Metrics, kafka-consumer-lag) : false (actual : -); nearest is '
            'details("Kafka Metrics").last("kafka-consumer-lag-max")'),
        ),
        (
            ("Kafka Metrics",), GaugeTarget("never", Reading.MAX),
            'List(Kafka Metrics, never) : false (actual : -); it was never a number',
        ),
        (
            ("Shop Buy",), DeliveryTarget(Delivery.LATE),
            'List(Shop Buy) : false (actual : -); nearest is details("Shop")',
        ),
        (
            ("zzzzzzzz",), user_lag(Statistic.MAX),
            ('List(zzzzzzzz) : false (actual : -); there is details("Payments"), '
            'details("Refunds, all")'),
        ),
        (
            ("zzzzzzzz",), GaugeTarget("q", Reading.MIN),
            ('List(zzzzzzzz, q) : false (actual : -); there is '
            'details("Kafka Metrics").min("kafka-consumer-lag-max"), '
            'details("Kafka Metrics").min("never"), '
            'details("Others").min("kafka-consumer-lag-max")'),
        ),
    ],
)  # fmt: skip
def test_what_is_not_found_fails_and_names_the_nearest(
    evidence: Evidence, path: tuple[str, ...], target: Target, line: str
) -> None:
    """The nearest of its own kind, as a simulation would name it."""
    (verdict,) = verdicts(evidence, DetailsPath(path), target)
    assert f"Could not find stats matching assertion path {line}" == verdict.line


def test_a_lag_without_users_is_not_found(tmp_path: Path) -> None:
    """There is no user to look at, and nothing holds of nobody."""
    path = write(tmp_path / "simulation.log", [run_record(), request("Pay", 1), end_record()])
    (verdict,) = verdicts(evidence_of(path), WHOLE, user_lag(Statistic.MAX))
    assert (False, None) == (verdict.passed, verdict.actual)
    assert "Global: max of user start lag is 0.0 : false" in verdict.line


@pytest.mark.parametrize(
    ("condition", "passed"),
    [
        (Compare(Comparison.GTE, 1), True),
        (Compare(Comparison.LTE, 3), True),
        (Compare(Comparison.LTE, 2), False),
        (Compare(Comparison.GTE, 2), False),
        (Compare(Comparison.IS, 1), False),
        (In((1, 2, 3)), True),
        (In((1, 3)), False),
    ],
)
def test_what_the_log_cannot_attribute_may_be_anybodys(
    tmp_path: Path, condition: Condition, passed: bool
) -> None:
    """A reply to an id that a user supplied tells no request: it holds only if it must."""
    rows = [request("Pay", 1), request("Buy", 1, 1), reply("late", 0), *[reply("late")] * 2]
    path = write(tmp_path / "simulation.log", [run_record(), *rows, end_record()])
    target = DeliveryTarget(Delivery.LATE)
    (verdict,) = judge(evidence_of(path), [Assertion(PAY, target, condition)])
    assert (passed, 1.0) == (verdict.passed, verdict.actual)
    assert "2 more belong to a request that the log does not tell" == verdict.hint
    (whole,) = judge(evidence_of(path), [Assertion(WHOLE, target, Compare(Comparison.IS, 3))])
    assert whole.passed


def test_replies_are_named_by_the_token_of_their_own_segment(tmp_path: Path) -> None:
    """Tokens begin anew in each file; a name may hold anything; another run's token means nothing."""
    odd = "tab\there \\ </b>"
    for number, name in ((1, "Pay"), (2, odd)):
        rows = [request("First", 1, 0), request(name, 1, 1, ("a,b", "c")), reply("late", 1)]
        rows += [reply("duplicate", 0), reply("duplicate", 77), reply("foreign", 0)]
        run = run_record(segment=[number, 2])
        write(tmp_path / f"simulation-{number}.log", [run, *rows, end_record()])
    result = build_report(tmp_path)
    assert {
        ("late", "Pay"): 1, ("late", odd): 1, ("duplicate", "First"): 2, ("duplicate", ""): 2,
        ("foreign", ""): 2,
    } == dict(result.summary.replies.counts)  # fmt: skip
    examples = result.summary.replies.examples
    assert ["Pay", odd] == [record.name for record in examples["late"]]
    assert ["First", "", "First", ""] == [record.name for record in examples["duplicate"]]


def test_a_token_is_found_in_whatever_form_a_line_has(tmp_path: Path) -> None:
    """A bent line and a leg of the same token are no request."""
    lines = [encode(record) for record in (run_record(), request("Pay", 1, 7))]
    bent = ["REQUEST\tx", "REQUEST\t" + "\t".join(["7"] * 9), encode(reply("late", 7))]
    (tmp_path / "simulation.log").write_text(
        "\n".join([*lines, *bent, encode(end_record())]) + "\n"
    )
    assert {("late", "Pay"): 1} == dict(build_report(tmp_path).summary.replies.counts)


def test_a_log_of_gatling_has_no_lag(tmp_path: Path) -> None:
    """It tells no intended time, and a lag of 0 would be an invention."""
    lines = [
        "RUN\tc\tid\t1700000000000\t \t3.9.5",
        "REQUEST\t\tPay\t1700000000000\t1700000000050\tOK\t ",
    ]
    (tmp_path / "simulation.log").write_text("\n".join(lines) + "\n")
    (verdict,) = verdicts(evidence_of(tmp_path / "simulation.log"), PAY, lag(Statistic.MAX))
    assert (False, None) == (verdict.passed, verdict.actual)
    assert "does not tell when anything should start" in verdict.hint
