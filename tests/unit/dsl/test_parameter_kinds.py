"""The types of parameters: what is one, what is none, and how a plan holds it."""

import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.dsl.parameter_kinds import KINDS


@pytest.mark.parametrize(
    ("kind", "value", "typed"),
    [
        (int, 5, 5), (int, "5", 5), (int, " -5 ", -5), (int, "1_000", 1000),
        (float, 5, 5.0), (float, 0.5, 0.5), (float, "1e3", 1000.0),
        (str, "a b", "a b"), (str, "", ""), (str, "5", "5"),
        (bool, True, True), (bool, "TRUE", True), (bool, "yes", True), (bool, "1", True),
        (bool, "off", False), (bool, " no ", False),
        (timedelta, timedelta(minutes=2), timedelta(minutes=2)),
        (timedelta, "500ms", timedelta(milliseconds=500)), (timedelta, "1.5", timedelta(seconds=1.5)),
        (timedelta, 30, timedelta(seconds=30)),
    ],
)  # fmt: skip
def test_what_is_read(kind: type, value: object, typed: object) -> None:
    """A program's values as they are, text as on the command line."""
    found = KINDS[kind].typed(value)
    assert found == typed
    assert type(found) is type(typed)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (int, "5.0"), (int, 5.0), (int, True), (int, ""), (int, None), (int, "five"),
        (float, "nan"), (float, math.inf), (float, True), (float, "x"), (float, None),
        (str, 5), (str, None), (str, b"x"),
        (bool, 1), (bool, "maybe"), (bool, ""), (bool, None),
        (timedelta, "-1"), (timedelta, -1), (timedelta, timedelta(-1)), (timedelta, "soon"),
        (timedelta, True), (timedelta, None), (timedelta, "nan"),
    ],
)  # fmt: skip
def test_what_is_refused(kind: type, value: object) -> None:
    """Nothing is guessed."""
    assert KINDS[kind].typed(value) is None


@given(st.integers(0, 10**15))
def test_a_duration_in_a_plan_can_be_given_again(microseconds: int) -> None:
    """Its text is the same duration, up to thirty years to the microsecond."""
    kind = KINDS[timedelta]
    length = timedelta(microseconds=microseconds)
    assert kind.typed(kind.freeze(length)) == length


def test_every_type_has_a_stand_in_of_its_own() -> None:
    """A constructor goes on with it."""
    for python_type, kind in KINDS.items():
        assert type(kind.nothing) is python_type
        assert kind.typed(kind.nothing) == kind.nothing
