"""Assertions judged with Gatling's meaning, worded in its words, encoded in its bytes."""

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.plan.assertion_text import assertion_text, double_text, rank_text
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
from gatlingpy.report.build import judge_run, summarise
from gatlingpy.report.judge import judge, meets
from gatlingpy.report.statistics import Statistics
from gatlingpy.stats.assertion_payload import decode_assertion, encode_assertion
from gatlingpy.stats.records import GroupRecord, LegRecord, RequestRecord
from tests.unit.report.sample import START_US, end_record, records, run_record, write

IS_1 = Compare(Comparison.IS, 1)
ALL = CountTarget(Metric.ALL)


@pytest.fixture(scope="module")
def statistics(tmp_path_factory: pytest.TempPathFactory) -> Statistics:
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
    return summarise(write(path, [run_record(), *rows, end_record()])).statistics


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
    ],
)
def test_actual_values(
    statistics: Statistics, path: GlobalPath, target: Target, actual: float
) -> None:
    """Good and failed together; a group hides a request of its path and shows cumulated times."""
    (verdict,) = judge(statistics, [Assertion(path, target, IS_1)])
    assert actual == verdict.actual


def test_for_all_is_each_request(statistics: Statistics) -> None:
    """Requests only: no groups, no legs."""
    verdicts = judge(statistics, [Assertion(ForAllPath(), ALL, IS_1)])
    assert [("Pay", False), ("Shop", True), ("Shop / Buy", True)] == sorted(
        (verdict.path, verdict.passed) for verdict in verdicts
    )


def test_what_is_not_found_fails_and_names_the_nearest(statistics: Statistics) -> None:
    """Gatling's sentence, a missing value, and the path that may have been meant."""
    (verdict,) = judge(statistics, [Assertion(DetailsPath(("Shop", "By")), ALL, IS_1)])
    assert not verdict.passed
    assert (
        "Could not find stats matching assertion path List(Shop, By) : false (actual : -); "
        'nearest is details("Shop", "Buy")'
    ) == verdict.line
    (other,) = judge(statistics, [Assertion(DetailsPath(("Buy",)), ALL, IS_1)])
    assert 'nearest is details("Shop", "Buy")' == other.hint


def test_the_line_of_the_terminal(statistics: Statistics) -> None:
    """Gatling's sentence, the result, and the actual value."""
    condition = Compare(Comparison.GT, 99)
    (verdict,) = judge(
        statistics, [Assertion(GlobalPath(), PercentTarget(Metric.SUCCESSFUL), condition)]
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


VECTORS = {
    "AAECAAIFAAAAAAAAAFlA": "Global: percentage of successful events is 100.0",
    "AAEDAAEFAAAAAAAAwFdAAwAAAAAAAECPQA==": "Global: 95th percentile of response time is less than 1000.0",
    "AAMAAgVHcm91cANSZXEBAAMFAAAAAAAAAAAA": "Group / Req: count of failed events is 0.0",
    "AAIDAAECAQAAAAAAAECfQA==": "For all requests: max of response time is less than or equal to 2000.0",
    "AAEEAgAAAAAAAAAkQA==": "Global: mean requests per second is greater than or equal to 10.0",
    "AAEDAAEDBgAAAAAAAAAkQAAAAAAAADRAAQ==": "Global: mean of response time is between inclusive 10.0 and 20.0",
    "AAMAAAEAAQYAAAAAAAAA8D8AAAAAAAAAQAA=": "Global: count of all events is between 1.0 and 2.0",
}


@pytest.mark.parametrize("payload", VECTORS)
def test_vectors_of_gatling(payload: str) -> None:
    """Bytes that the real classes decoded, both ways, and in words."""
    assertion = decode_assertion(payload)
    assert payload == encode_assertion(assertion)
    assert VECTORS[payload] == assertion_text(assertion)


FLOATS = st.floats(allow_nan=False)
ASSERTIONS = st.builds(
    Assertion,
    st.one_of(
        st.just(GlobalPath()),
        st.just(ForAllPath()),
        st.lists(st.text(), max_size=3).map(lambda parts: DetailsPath(tuple(parts))),
    ),
    st.one_of(
        st.sampled_from(Metric).map(CountTarget),
        st.sampled_from(Metric).map(PercentTarget),
        st.just(RequestsPerSecTarget()),
        st.sampled_from([s for s in Statistic if s is not Statistic.PERCENTILE]).map(
            ResponseTimeTarget
        ),
        FLOATS.map(lambda rank: ResponseTimeTarget(Statistic.PERCENTILE, rank)),
    ),
    st.one_of(
        st.builds(Compare, st.sampled_from(Comparison), FLOATS),
        st.builds(Between, FLOATS, FLOATS, st.booleans()),
        st.lists(FLOATS, max_size=5).map(lambda values: In(tuple(values))),
    ),
)


@given(ASSERTIONS)
def test_payload_round_trip(assertion: Assertion) -> None:
    """Whatever fits into Gatling's encoding comes back the same."""
    payload = encode_assertion(assertion)
    assert payload is not None
    assert assertion == decode_assertion(payload)


def test_a_name_too_long_for_gatling_has_no_payload() -> None:
    """A length beyond two bytes is not written."""
    assert encode_assertion(Assertion(DetailsPath(("x" * 5000,)), ALL, IS_1)) is None


@given(st.binary(max_size=40))
def test_any_bytes_are_an_assertion_or_refused(raw: bytes) -> None:
    """Decoding never fails in any other way."""
    try:
        decode_assertion(base64.b64encode(raw).decode())
    except ValueError as exc:
        refusal = str(exc)
    else:
        return
    assert "is no assertion of Gatling's" in refusal


@pytest.mark.parametrize(
    ("value", "text"),
    [(1000, "1000.0"), (0, "0.0"), (200 / 3, "66.66666666666667"), (1e7, "1.0E7"), (12345678.5, "1.23456785E7"), (1e-4, "1.0E-4"), (-2.5, "-2.5"), (0.001, "0.001"), (float("inf"), "Infinity")],
)  # fmt: skip
def test_numbers_as_java_writes_them(value: float, text: str) -> None:
    """Doubles always have a decimal; very large and very small ones an exponent."""
    assert text == double_text(value)


@pytest.mark.parametrize(
    ("rank", "text"),
    [(50, "50th"), (1, "1st"), (22, "22nd"), (3, "3rd"), (11, "11th"), (99.9, "99.9th"), (99.91, "99.91st"), (95.0, "95th")],
)  # fmt: skip
def test_ranks_in_words(rank: float, text: str) -> None:
    """A fraction takes its ending from its two decimals."""
    assert text == rank_text(rank)


def test_in_is_a_list() -> None:
    """Scala's spelling of a list."""
    assertion = Assertion(GlobalPath(), ALL, In((1, 2)))
    assert "Global: count of all events is in List(1.0, 2.0)" == assertion_text(assertion)


def test_assertions_come_from_the_plan_of_the_log(tmp_path: Path) -> None:
    """Nothing but the log is needed to judge a run again."""
    write(tmp_path / "simulation.log", records(300))
    lines = [verdict.line for verdict in judge_run(tmp_path).verdicts]
    assert "Global: percentage of successful events is greater than 90.0 : true" in lines[0]
    assert any(
        line.startswith("Pay-send: count of all events is between inclusive") for line in lines
    )
    assert any('nearest is details("Pay")' in line for line in lines)
