"""Throttles as users write them: finished, unfinished and refused."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from gatlingpy.dsl.open_injection import ramp_users
from gatlingpy.dsl.throttle import as_throttle, hold_for, jump_to_rps, reach_rps
from gatlingpy.errors import UsageError
from gatlingpy.plan.throttle import DEFAULT_QUEUE, HoldFor, JumpToRps, ReachRps, Throttle

S = 1_000_000_000
HERE = r"^\S*test_throttle\.py:\d+: "


def test_steps() -> None:
    """Each step becomes that of the plan, and ``in_``, ``during`` and ``during=`` are the same."""
    throttle = as_throttle(
        (
            reach_rps(100).in_(10),
            reach_rps(100).during("10s"),
            reach_rps(100, during=timedelta(seconds=10)),
            hold_for("1m"),
            jump_to_rps(0),
        )
    )
    reach = ReachRps(100, 10 * S)
    assert Throttle((reach, reach, reach, HoldFor(60 * S), JumpToRps(0)), DEFAULT_QUEUE) == throttle


def test_queue() -> None:
    """How many requests may wait can be said."""
    assert Throttle((JumpToRps(1),), 5) == as_throttle((jump_to_rps(1),), 5)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda: as_throttle((reach_rps(5),)), "reach_rps(5) has no duration; add .in_(seconds)"),
        (lambda: as_throttle((ramp_users(5),)), "ramp_users(5) has no duration"),
        (lambda: as_throttle((5,)), "throttle(...) takes steps such as reach_rps(100).in_(10)"),
        (lambda: as_throttle((hold_for,)), f"got {hold_for!r}"),
        (lambda: as_throttle((), 0), "room for a number of requests, 1 or more, got 0"),
        (lambda: as_throttle((), 1.5), "got 1.5"),
        (lambda: as_throttle((), True), "got True"),
        (lambda: reach_rps(-1), "reach_rps(...) takes a whole number of requests per second"),
        (lambda: reach_rps(1.5), "got 1.5"),
        (lambda: jump_to_rps(True), "jump_to_rps(...) takes a whole number"),
        (lambda: reach_rps(5).in_("500ms"), "reach_rps(5).in_(...) takes whole seconds, 1 or more"),
        (lambda: reach_rps(5).during(0), "reach_rps(5).during(...) takes whole seconds"),
        (lambda: hold_for(1.5), "got 1.5; to change the limit at once write jump_to_rps(n)"),
        (lambda: hold_for(-1), "hold_for(...) must not be negative"),
        (lambda: hold_for("soon"), "got 'soon'"),
    ],
)
def test_refused(write: Callable[[], object], message: str) -> None:
    """What cannot be is refused with the user's line, what was wrong and the remedy."""
    with pytest.raises(UsageError, match=rf"{HERE}.*{re.escape(message)}"):
        write()
