"""Pause types are values, or functions that make one."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from gatlingpy.dsl.compiler import Compiler
from gatlingpy.dsl.pauses import (
    PauseType,
    as_pause_type,
    compile_pause_type,
    constant_pauses,
    custom_pauses,
    disabled_pauses,
    exponential_pauses,
    normal_pauses_with_percentage_duration,
    normal_pauses_with_std_dev_duration,
    uniform_pauses_plus_or_minus_duration,
    uniform_pauses_plus_or_minus_percentage,
)
from gatlingpy.errors import UsageError
from gatlingpy.plan import pauses as plan
from gatlingpy.plan.code import CodeRef, Const


@pytest.mark.parametrize(
    ("pause_type", "expected"),
    [
        (disabled_pauses, plan.DisabledPauses()),
        (constant_pauses, plan.ConstantPauses()),
        (exponential_pauses, plan.ExponentialPauses()),
        (uniform_pauses_plus_or_minus_percentage(12.5), plan.UniformPercentagePauses(12.5)),
        (uniform_pauses_plus_or_minus_duration("5ms"), plan.UniformDurationPauses(5_000_000)),
        (normal_pauses_with_percentage_duration(10), plan.NormalPercentagePauses(10.0)),
        (normal_pauses_with_std_dev_duration(timedelta(milliseconds=5)),
         plan.NormalDurationPauses(5_000_000)),
        (custom_pauses(1), plan.CustomPauses(Const(1.0))),
        (custom_pauses(lambda session: 1), plan.CustomPauses(CodeRef("P/pauses"))),
    ],
    ids=str,
)  # fmt: skip
def test_types(pause_type: PauseType, expected: plan.PauseType) -> None:
    """Each is its class of the plan."""
    assert as_pause_type(pause_type, "pauses(...)") is pause_type
    assert expected == compile_pause_type(Compiler(), pause_type, "P")


@pytest.mark.parametrize(
    "make", [uniform_pauses_plus_or_minus_percentage, normal_pauses_with_percentage_duration]
)
@pytest.mark.parametrize("percentage", [-1, "10", True, None, float("nan"), float("inf")])
def test_percentages(make: Callable[[float], object], percentage: float) -> None:
    """A percentage is a number, 0 or more."""
    with pytest.raises(UsageError, match=r"test_pauses\.py:\d+: \w+\(\.\.\.\) takes percent, 0 or"):
        make(percentage)


@pytest.mark.parametrize(
    "make", [uniform_pauses_plus_or_minus_duration, normal_pauses_with_std_dev_duration]
)
@pytest.mark.parametrize("duration", [-1, "soon", None])
def test_durations(make: Callable[[float], object], duration: float) -> None:
    """A duration is one."""
    with pytest.raises(UsageError, match=r"test_pauses\.py:\d+: \w+\(\.\.\.\) must "):
        make(duration)


def test_what_is_no_pause_type() -> None:
    """A function of the session is told how to become one."""
    with pytest.raises(UsageError, match=r"wrap a function of your own in custom_pauses\(\.\.\.\)"):
        as_pause_type(lambda session: 1, "pauses(...)")
