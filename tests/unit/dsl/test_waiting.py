"""Pauses, paces and meeting points compile to those of the plan, in every spelling."""

from datetime import timedelta

import pytest

from gatlingpy.dsl.chain import Chain, pace, pause, rendez_vous
from gatlingpy.dsl.pauses import (
    constant_pauses,
    custom_pauses,
    disabled_pauses,
    exponential_pauses,
    normal_pauses_with_std_dev_duration,
    uniform_pauses_plus_or_minus_percentage,
)
from gatlingpy.errors import UsageError
from gatlingpy.plan.code import CodeRef, Const, Template
from gatlingpy.plan.pauses import (
    ConstantPauses,
    CustomPauses,
    DisabledPauses,
    ExponentialPauses,
    NormalDurationPauses,
    Pace,
    Pause,
    RendezVous,
    UniformPercentagePauses,
)
from gatlingpy.plan.steps import Step
from tests.unit.dsl.chains import step_of

ONE, TWO = Const(1.0), Const(2.0)
OWN = "gatling.pace.S/0"


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        (pause(1), Pause(ONE)),
        (pause(1, 2), Pause(ONE, TWO)),
        (pause(0), Pause(Const(0.0))),
        (pause("500ms", until="2s"), Pause(Const(0.5), TWO)),
        (pause(timedelta(seconds=1)), Pause(ONE)),
        (pause("#{x}", "#{y}"), Pause(Template("#{x}"), Template("#{y}"))),
        (pause("#{x}ms"), Pause(Template("#{x}ms"))),
        (pause(lambda s: 1, lambda s: "1s"),
         Pause(CodeRef("S/0/duration"), CodeRef("S/0/until"))),
        (pause(1, exponential_pauses), Pause(ONE, None, ExponentialPauses())),
        (pause(1, 2, exponential_pauses), Pause(ONE, TWO, ExponentialPauses())),
        (pause(1, pause_type=disabled_pauses), Pause(ONE, None, DisabledPauses())),
        (pause(1, 2, pause_type=constant_pauses), Pause(ONE, TWO, ConstantPauses())),
        (pause(1, uniform_pauses_plus_or_minus_percentage(10)),
         Pause(ONE, None, UniformPercentagePauses(10.0))),
        (pause(1, normal_pauses_with_std_dev_duration("1s")),
         Pause(ONE, None, NormalDurationPauses(1_000_000_000))),
        (pause(1, custom_pauses("#{x}")), Pause(ONE, None, CustomPauses(Template("#{x}")))),
        (pause(1, custom_pauses(lambda s: 1)),
         Pause(ONE, None, CustomPauses(CodeRef("S/0/pauses")))),
        (pace(1), Pace(ONE, None, OWN)),
        (pace(1, 2), Pace(ONE, TWO, OWN)),
        (pace(1, "2s"), Pace(ONE, TWO, OWN)),
        (pace("#{x}", "#{y}"), Pace(Template("#{x}"), Template("#{y}"), OWN)),
        (pace(1, "browse"), Pace(ONE, None, "browse")),
        (pace(1, counter="browse"), Pace(ONE, None, "browse")),
        (pace(1, 2, "browse"), Pace(ONE, TWO, "browse")),
        (pace(timedelta(seconds=1), until=lambda s: 2), Pace(ONE, CodeRef("S/0/until"), OWN)),
        (rendez_vous(10), RendezVous(10)),
    ],
    ids=str,
)  # fmt: skip
def test_spellings(chain: Chain, expected: Step) -> None:
    """Durations are seconds in the plan; a pace without a name has one of its own."""
    assert expected == step_of(chain)


@pytest.mark.parametrize("wrong", ["soon", None, True, "1", float("inf")])
def test_times_that_are_none_go_into_the_plan(wrong: object) -> None:
    """What is no duration is told by the plan's rules, with everything else that is wrong."""
    assert Pause(Const(wrong)) == step_of(pause(wrong))  # type: ignore[call-overload]
    assert Pace(Const(wrong), None, OWN) == step_of(pace(wrong))  # type: ignore[arg-type]


def test_times_before_now_go_into_the_plan() -> None:
    """So do negative ones, in seconds."""
    assert Pause(Const(-1.0), Const(-0.5)) == step_of(pause(-1, timedelta(seconds=-0.5)))


def test_a_duration_with_a_slip_is_no_name() -> None:
    """What begins like a duration is not taken for the name of a pace."""
    assert Pace(Const(1.0), Const("2 secs"), OWN) == step_of(pace(1, "2 secs"))


@pytest.mark.parametrize("users", [0, -1, 2.5, "10", True, None])
def test_meeting_points_of_nobody(users: object) -> None:
    """A meeting point wants a number of users."""
    with pytest.raises(
        UsageError, match=r"test_waiting\.py:\d+: rendez_vous\(\.\.\.\) takes a number"
    ):
        rendez_vous(users)  # type: ignore[arg-type]


def test_two_pause_types() -> None:
    """A pause has one type."""
    with pytest.raises(UsageError, match="was given two pause types"):
        pause(1, exponential_pauses, constant_pauses)  # type: ignore[call-overload]


def test_what_is_no_pause_type() -> None:
    """A function that makes a pause type is told to be called."""
    with pytest.raises(UsageError, match=r"call uniform_pauses_plus_or_minus_percentage\(\.\.\.\)"):
        pause(1, pause_type=uniform_pauses_plus_or_minus_percentage)  # type: ignore[call-overload]
    with pytest.raises(UsageError, match="takes a pause type such as exponential_pauses, got str"):
        pause(1, pause_type="exponential")  # type: ignore[call-overload]
