"""What the user's own code raises at the edges of a run."""

import re

import pytest

from gatlingpy import (
    PlanError,
    Simulation,
    UsageError,
    at_once_users,
    compile_plan,
    kafka,
    scenario,
)
from gatlingpy.dsl.user_code import user_code


def test_a_name_that_there_is_not_is_told_with_the_one_that_may_be_meant() -> None:
    """It is the nearest of what the object has."""
    with (
        pytest.raises(UsageError, match=r"py:\d+: it raised AttributeError: .*did you mean topic"),
        user_code("it"),
    ):
        kafka("Take").consume().topics("a")  # type: ignore[attr-defined]


def test_any_other_exception_is_told_by_its_type() -> None:
    """And by what it says, if it can be said."""

    class MuteError(Exception):
        def __str__(self) -> str:
            raise ValueError

    with pytest.raises(UsageError, match="it raised KeyError: 'x'"), user_code("it"):
        raise KeyError("x")
    with pytest.raises(UsageError, match=r"it raised MuteError$"), user_code("it"):
        raise MuteError


def test_a_problem_has_one_place() -> None:
    """The nearest: where the registry is named, not where the protocol began."""

    class Two(Simulation):
        def __init__(self) -> None:
            cluster = kafka().bootstrap_servers("localhost:9092")
            cluster = cluster.schema_registry("localhost:8081")
            users = scenario("Users").exec(kafka("a", "key", "value"))
            self.set_up(users.inject_open(at_once_users(1))).protocols(cluster)

    with pytest.raises(PlanError) as refused:
        compile_plan(Two)
    assert len(re.findall(r"\.py:\d+: ", str(refused.value))) == 1
