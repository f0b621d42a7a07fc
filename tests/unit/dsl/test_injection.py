"""Injection steps as users write them: finished, unfinished and refused."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from gatlingpy.dsl.injection import (
    as_step,
    at_once_users,
    constant_users_per_sec,
    nothing_for,
    ramp_users,
    ramp_users_per_sec,
)
from gatlingpy.errors import UsageError
from gatlingpy.plan.injection import (
    AtOnceUsers,
    ConstantUsersPerSec,
    NothingFor,
    OpenStep,
    RampUsers,
    RampUsersPerSec,
)

S = 1_000_000_000


@pytest.mark.parametrize(
    ("expected", "written"),
    [
        (NothingFor(5 * S), nothing_for(5)),
        (NothingFor(S // 2), nothing_for("500ms")),
        (AtOnceUsers(10), at_once_users(10)),
        (RampUsers(10, 60 * S), ramp_users(10).during(60)),
        (RampUsers(10, 60 * S), ramp_users(10, during="1m")),
        (RampUsers(0, 0), ramp_users(0, 0)),
        (ConstantUsersPerSec(2.5, 10 * S), constant_users_per_sec(2.5).during(10)),
        (ConstantUsersPerSec(3.0, 10 * S), constant_users_per_sec(3, during=timedelta(seconds=10))),
        (ConstantUsersPerSec(0.0, 0), constant_users_per_sec(0).during(0)),
        (RampUsersPerSec(1.0, 5.0, 4 * S), ramp_users_per_sec(1).to(5).during(4)),
        (RampUsersPerSec(1.0, 5.0, 4 * S), ramp_users_per_sec(1).to(5, during=4)),
    ],
    ids=str,
)
def test_steps(expected: OpenStep, written: OpenStep) -> None:
    """Each way of writing a step gives that step of the plan, and ``as_step`` leaves it alone."""
    assert expected == written
    assert written is as_step(written)


@pytest.mark.parametrize(
    ("unfinished", "message"),
    [
        (ramp_users(5), "ramp_users(5) has no duration; add .during(seconds)"),
        (
            constant_users_per_sec(0.5),
            "constant_users_per_sec(0.5) has no duration; add .during(seconds)",
        ),
        (
            ramp_users_per_sec(1),
            "ramp_users_per_sec(1) has no end; add .to(users_per_sec).during(seconds)",
        ),
        (
            ramp_users_per_sec(1).to(2),
            "ramp_users_per_sec(1).to(2) has no duration; add .during(seconds)",
        ),
    ],
    ids=str,
)
def test_unfinished_steps(unfinished: object, message: str) -> None:
    """A step without its duration is refused with the user's line and what to add."""
    with pytest.raises(UsageError, match=rf"^\S*test_injection\.py:\d+: {re.escape(message)}$"):
        as_step(unfinished)


@pytest.mark.parametrize("value", [None, 10, "10 users", at_once_users, [at_once_users(1)]])
def test_what_is_no_step(value: object) -> None:
    """Anything else is refused, and shown."""
    with pytest.raises(UsageError, match=re.escape(f"got {value!r}")):
        as_step(value)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda: at_once_users(-1), "at_once_users(...) takes a number of users, 0 or more"),
        (lambda: at_once_users(1.5), "got 1.5"),
        (lambda: at_once_users(True), "got True"),
        (lambda: ramp_users("10"), "ramp_users(...) takes a number of users"),
        (lambda: ramp_users(1).during(-1), "ramp_users(1).during(...) must not be negative"),
        (lambda: ramp_users(1).during("soon"), "got 'soon'"),
        (lambda: nothing_for(float("inf")), "nothing_for(...) must be seconds"),
        (lambda: constant_users_per_sec(-0.1), "takes users per second, 0 or more, got -0.1"),
        (lambda: constant_users_per_sec(float("nan")), "got nan"),
        (lambda: constant_users_per_sec(1).during(0), "needs a duration above 0"),
        (lambda: ramp_users_per_sec(1).to(float("inf")), "got inf"),
        (lambda: ramp_users_per_sec(0).to(1).during(0), "needs a duration above 0"),
    ],
)
def test_refused(write: Callable[[], object], message: str) -> None:
    """A number that cannot be is refused with the user's line, what was wrong and what it was."""
    with pytest.raises(UsageError, match=rf"^\S*test_injection\.py:\d+: .*{re.escape(message)}"):
        write()
