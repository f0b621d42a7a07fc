"""Assertions in the bytes of Gatling's log, and those that have no place there."""

import base64
import json
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.plan import assertions as plan
from gatlingpy.plan.assertion_text import assertion_text
from gatlingpy.plan.assertions import (
    Assertion,
    Between,
    Compare,
    Comparison,
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
)
from gatlingpy.plan.codec import encode
from gatlingpy.report.demands import assertions_of
from gatlingpy.stats.assertion_payload import decode_assertion, encode_assertion

IS_1 = Compare(Comparison.IS, 1)
ALL = CountTarget(Metric.ALL)
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


OURS = st.one_of(
    st.builds(
        plan.ResponseTimeTarget,
        st.sampled_from(Statistic),
        FLOATS,
        st.sampled_from([Metric.SUCCESSFUL, Metric.FAILED]),
    ),
    st.builds(plan.LagTarget, st.sampled_from(plan.LagKind), st.sampled_from(Statistic), FLOATS),
    st.builds(plan.GaugeTarget, st.text(), st.sampled_from(plan.Reading)),
    st.sampled_from(plan.Delivery).map(plan.DeliveryTarget),
)


@given(st.builds(Assertion, st.just(DetailsPath(("Pay",))), OURS, st.just(IS_1)))
def test_what_is_ours_has_no_payload_and_travels_in_the_plan(assertion: Assertion) -> None:
    """Gatling could not read it; the JSON of our own record gives it back whole."""
    assert encode_assertion(assertion) is None
    told = json.loads(json.dumps({"assertions": encode((assertion,))}))
    log = SimpleNamespace(facts=SimpleNamespace(plans=[told], assertions=[]))
    assert ((assertion,), ()) == assertions_of(log)  # type: ignore[arg-type]
