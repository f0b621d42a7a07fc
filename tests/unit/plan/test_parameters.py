"""A parameter in a plan: what people are shown, and what makes another plan."""

from dataclasses import replace

import pytest

from gatlingpy.plan.codec import fingerprint
from gatlingpy.plan.parameters import Parameter

USERS = Parameter("users", "int", 50, 10, "how many", "-p", "sim.py:3")


@pytest.mark.parametrize(
    ("parameter", "line"),
    [
        (USERS, "users = 50   int, from -p; default 10   how many"),
        (replace(USERS, default=None, help=""), "users = 50   int, from -p; no default"),
        (
            Parameter("dry", "bool", True, True, source="default", choices=(True, False)),
            "dry = true   bool, one of true, false, the default",
        ),
        (
            Parameter("host", "str", "", "a", source="GATLINGPY_PARAM_HOST"),
            "host =    str, from GATLINGPY_PARAM_HOST; default a",
        ),
    ],
)
def test_a_line_for_people(parameter: Parameter, line: str) -> None:
    """Name, value, type, where it came from, default, help."""
    assert parameter.describe() == line


def test_where_a_value_came_from_makes_no_other_plan() -> None:
    """Another value does."""
    for same in (
        replace(USERS, source="GATLINGPY_PARAM_USERS"),
        replace(USERS, help="how many users"),
        replace(USERS, where="other.py:1"),
    ):
        assert same == USERS
        assert fingerprint(same) == fingerprint(USERS)
    for other in (replace(USERS, value=51), replace(USERS, default=None)):
        assert other != USERS
        assert fingerprint(other) != fingerprint(USERS)
