"""A plan goes to JSON and back unchanged, and its fingerprint names its content alone."""

import dataclasses
import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatlingpy.plan.code import CodeRef, Const
from gatlingpy.plan.codec import Decoder, encode, fingerprint, to_json
from gatlingpy.plan.feeders import Strategy
from gatlingpy.plan.frozen import FrozenMap, thaw_points
from gatlingpy.plan.simulation import SimulationPlan
from tests.unit.plan.plans import TYPES, frozen_data, plan_of, request, whole_plans

DECODER = Decoder(TYPES)


def parts(value: object) -> object:
    """Return everything in a plan, the lines that comparison leaves out included."""
    if isinstance(value, tuple):
        return [parts(item) for item in value]
    if isinstance(value, FrozenMap):
        return [(key, parts(item)) for key, item in value.items()]
    if dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        return type(value), [parts(getattr(value, field.name)) for field in fields]
    return type(value), value


@given(whole_plans)
@settings(max_examples=200, deadline=None)
def test_round_trip(plan: SimulationPlan) -> None:
    """A plan read from its own JSON is the same in every field, type and order."""
    again = DECODER.decode(json.loads(to_json(plan)))
    assert plan == again
    assert parts(plan) == parts(again)


@given(frozen_data)
@settings(deadline=None)
def test_round_trip_of_data(value: object) -> None:
    """Frozen plain data of any nesting comes back with its types."""
    assert parts(value) == parts(DECODER.decode(json.loads(to_json(value))))


@given(whole_plans)
@settings(deadline=None)
def test_plans_are_frozen(plan: SimulationPlan) -> None:
    """No plan holds anything that could change."""
    assert [] == thaw_points(plan)


def test_a_key_cannot_pose_as_a_class() -> None:
    """A user's map whose keys are the codec's own words stays a map."""
    value = FrozenMap({"$": "Const", "value": 1, "items": ()})
    assert value == DECODER.decode(json.loads(to_json(value)))


def test_enums_are_enums() -> None:
    """A member of an enum comes back as that member, not as its text."""
    assert Strategy.RANDOM is DECODER.decode(encode(Strategy.RANDOM))


@pytest.mark.parametrize("value", [[1], {"a": 1}, {1}, object(), print, Const([1])])
def test_what_is_no_part_of_a_plan(value: object) -> None:
    """Whatever can change, or runs, is refused."""
    with pytest.raises(TypeError, match="cannot be part of a plan"):
        encode(value)


def test_unknown_class() -> None:
    """A class that the decoder was not told of is refused by name."""
    with pytest.raises(ValueError, match="unknown class 'Const'"):
        Decoder(()).decode(encode(Const(1)))


def test_fingerprint_leaves_out_places() -> None:
    """Moving a line does not change the fingerprint; changing a value does."""
    plan = plan_of()
    moved = plan_of(replace(request(), where="pay.py:99"))
    assert fingerprint(plan) == fingerprint(moved)
    assert to_json(plan) != to_json(moved)
    assert fingerprint(plan) != fingerprint(plan_of(request("Refund")))
    assert fingerprint(CodeRef("a", "x.py:1")) == fingerprint(CodeRef("a", "x.py:2"))


def test_fingerprint_is_the_same_in_another_process() -> None:
    """The fingerprint depends on no hash seed."""
    script = (
        "from tests.unit.plan.plans import plan_of; "
        "from gatlingpy.plan.codec import fingerprint; print(fingerprint(plan_of()))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert fingerprint(plan_of()) == printed.strip()
    assert 64 == len(printed.strip())


@given(st.text(st.characters(exclude_categories=()), max_size=20))
def test_fingerprint_of_any_text(text: str) -> None:
    """Text that is no valid Unicode has a fingerprint too."""
    assert 64 == len(fingerprint(Const(text)))
