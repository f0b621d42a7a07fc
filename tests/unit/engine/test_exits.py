"""Ways out: of a scenario, whatever blocks a user is inside; and of the whole run."""

import pytest

from gatlingpy.engine.effects import Sleep
from gatlingpy.plan.branches import If
from gatlingpy.plan.code import Const, Template
from gatlingpy.plan.exits import ExitHere, ExitHereIfFailed, StopLoadGenerator, TryMax
from gatlingpy.plan.loops import Forever
from gatlingpy.plan.pauses import Pause
from gatlingpy.plan.steps import Group, Step
from gatlingpy.stats.events import GROUP, GroupEvent
from tests.unit.engine.play import (
    ANN,
    BROKEN,
    FAIL,
    MS,
    WHERE,
    S,
    User,
    ask,
    code,
    group,
    mark,
    when,
)

LEAVE = ExitHere(where=WHERE)


class Mute:
    """Cannot be written as text."""

    def __str__(self) -> str:
        raise LookupError("no words")


MUTE = code(lambda _session: Mute())


def test_a_group_whose_name_cannot_be_written_is_not_entered() -> None:
    """Its user has failed and goes on behind it; the run goes on as well."""
    user = User(Group(MUTE, (ask(),), WHERE), ask("after"))
    assert user.finish() == ["after"]
    assert user.session == ANN.mark_as_failed()
    told = "the name of group(...) cannot be written as text: LookupError: no words"
    assert user.stage.errors == [f"{WHERE}: {told}"]


def test_a_user_leaves_where_it_is_told_to() -> None:
    """Nothing behind is done; its session is as it was there."""
    user = User(ask("a"), mark("x"), LEAVE, ask("never"))
    assert user.finish() == ["a"]
    assert user.session == ANN.set("x", True)
    assert user.due_ns == S + MS


def test_a_user_leaves_only_if_the_condition_holds() -> None:
    """It may be a text."""
    leave = ExitHere(when("#{x}"), WHERE)
    assert User(leave, ask("a"), session=ANN.set("x", "true")).finish() == []
    assert User(leave, ask("a"), session=ANN.set("x", "false")).finish() == ["a"]


def test_a_condition_that_cannot_be_told_fails_the_user_and_it_stays() -> None:
    """With an error that says which condition."""
    user = User(ExitHere(when(lambda s: 1), WHERE), ask("a"))
    assert user.finish() == ["a"]
    assert user.session == ANN.mark_as_failed()
    assert user.stage.errors == [
        f"{WHERE}: the condition of exit_here_if(...) must be true or false, got int 1"
    ]


def test_users_that_have_failed_can_leave() -> None:
    """Those that have not go on."""
    assert User(ExitHereIfFailed(WHERE), ask("a")).finish() == ["a"]
    assert User(FAIL, ExitHereIfFailed(WHERE), ask("a")).finish() == []
    user = User(ask("a"), ExitHereIfFailed(WHERE), ask("never"))
    assert user.finish(False) == ["a"]


def test_groups_that_are_open_end_and_are_logged() -> None:
    """Every one, the innermost first, each with its path."""
    inside = group("in", ask("a"), Forever("i", (Pause(Const(1), where=WHERE), LEAVE), WHERE))
    user = User(group("out", inside), ask("never"))
    assert user.finish() == ["a"]
    start, end = S, 2 * S + MS
    assert user.stage.events == [
        GroupEvent(GROUP, ("out", "in"), start, end, MS, True, 1, "Shop"),
        GroupEvent(GROUP, ("out",), start, end, MS, True, 1, "Shop"),
    ]


def test_a_group_around_a_try_has_not_failed_when_its_user_leaves_from_inside() -> None:
    """The try was not given up yet: as in Gatling."""
    body = (group("in", FAIL, ExitHereIfFailed(WHERE)),)
    user = User(group("out", TryMax(Const(3), "n", body, WHERE)), ask("never"))
    assert user.ended
    assert user.groups == [("out/in", False), ("out", True)]


@pytest.mark.parametrize("wrapped", [LEAVE, If(when(lambda s: True), (LEAVE,), (), WHERE)])
def test_leaving_from_inside_a_block_that_another_scenario_uses_too(wrapped: Step) -> None:
    """An exit in any depth is found."""
    assert User(group("g", wrapped, ask("never"))).finish() == []


# --- the run --------------------------------------------------------------------------------------


@pytest.mark.parametrize("crash", [False, True])
def test_a_step_stops_the_run_and_holds_its_user(crash: bool) -> None:
    """With a message, for which the session is asked; the user begins no further step."""
    stop = StopLoadGenerator(Template("#{who} has seen enough"), None, crash, WHERE)
    user = User(group("g", mark("who", "Ann"), stop, ask("never")))
    assert user.stage.stops == [("Ann has seen enough", crash)]
    assert isinstance(user.effect, Sleep)
    assert user.groups == []


def test_a_step_stops_the_run_only_if_its_condition_holds() -> None:
    """The message is not even made up if it does not."""
    stop = StopLoadGenerator(BROKEN, when("#{x}"), False, WHERE)
    user = User(stop, ask("a"), session=ANN.set("x", False))
    assert user.finish() == ["a"]
    assert user.stage.stops == user.stage.errors == []


@pytest.mark.parametrize("crash", [False, True])
def test_a_stop_that_cannot_be_told_fails_the_user_and_nobody_else(crash: bool) -> None:
    """Be it the condition or the message."""
    for stop in (
        StopLoadGenerator(Const(""), when(lambda s: None), crash, WHERE),
        StopLoadGenerator(BROKEN, None, crash, WHERE),
        StopLoadGenerator(MUTE, None, crash, WHERE),
    ):
        user = User(stop, ask("a"))
        assert user.finish() == ["a"]
        assert user.session == ANN.mark_as_failed()
        assert user.stage.stops == []
        (error,) = user.stage.errors
        assert error.startswith(WHERE)
        wrong = ("No attribute", "cannot be written", "crash_" if crash else "stop_")
        assert any(text in error for text in wrong)


def test_a_failed_user_can_stop_the_run_from_inside_a_try() -> None:
    """Gatling does not look at the failure there."""
    user = User(TryMax(Const(1), "n", (FAIL, StopLoadGenerator(Const("x"), where=WHERE)), WHERE))
    assert user.stage.stops == [("x", False)]
