"""Waiting: how a pace is kept, and where users meet."""

import pytest

from gatlingpy.engine.effects import Meet, Sleep
from gatlingpy.plan.loops import Forever
from gatlingpy.plan.pauses import Pace, RendezVous
from gatlingpy.plan.steps import Step
from gatlingpy.session import Session
from tests.unit.engine.play import ANN, MS, WHERE, S, User, ask, expr, link, mark, run
from tests.unit.engine.stage import Stage

# --- pace -----------------------------------------------------------------------------------------


def pace(interval: object, until: object = None, counter: str = "pace") -> Pace:
    return Pace(expr(interval), None if until is None else expr(until), counter, WHERE)


def rounds(*steps: Step) -> Step:
    return Forever("gatling.rounds", steps, WHERE)


def test_a_pace_waits_for_what_is_left_of_the_interval() -> None:
    """The first time it waits for nothing."""
    user = User(rounds(pace(2), ask()))
    started = []
    for _ in range(4):
        assert user.asks == "ask"
        started.append(user.due_ns)
        user.answer()
        assert isinstance(user.effect, Sleep)
        user.wake()
    assert started == [S, 3 * S, 5 * S, 7 * S]


def test_a_user_that_is_late_does_not_catch_up() -> None:
    """The next interval begins when it comes: as in Gatling."""
    user = User(rounds(pace(2), ask()))
    user.wake(due_ns=S + 3 * S)
    assert user.asks == "ask"
    assert user.session["pace"] == 4 * S + 2 * S
    user.answer()
    assert user.effect == Sleep(user.session, 6 * S)


def test_a_pace_keeps_to_the_users_own_time() -> None:
    """A user that is resumed late, but whose reply came in time, waits for the same moment."""
    user = User(rounds(pace(2), ask()))
    user.stage.clock.advance(S)
    user.wake(due_ns=S + MS)
    assert user.effect == Sleep(user.session, 3 * S)
    user.stage.clock.advance(5 * S)
    user.wake()
    assert user.session["pace"] == 5 * S


def test_an_interval_may_be_any_length_between_two() -> None:
    """Drawn anew each time."""
    stage = Stage()
    drawn = iter([0.0, 0.5])
    stage.uniform = lambda _user_id: next(drawn)  # type: ignore[method-assign]
    user = User(pace(1, 3), pace("1s", "3s"), stage=stage)
    user.wake()
    assert user.ended
    assert user.session["pace"] == 2 * S + 2 * S


def test_paces_of_different_names_know_nothing_of_each_other() -> None:
    """Those of the same name are one."""
    assert User(pace(5, counter="a"), pace(5, counter="b"), ask()).asks == "ask"
    assert isinstance(User(pace(5, counter="a"), pace(5, counter="a"), ask()).effect, Sleep)


def test_an_attribute_that_is_no_time_is_no_pace() -> None:
    """It is overwritten."""
    user = User(mark("pace", "soon"), pace(5), ask())
    assert user.asks == "ask"
    assert user.session["pace"] == 6 * S


@pytest.mark.parametrize("bad", ["soon", None, 1e305, lambda s: 1 / 0])
def test_an_interval_that_cannot_be_told_fails_its_user(bad: object) -> None:
    """It goes on at once, and its pace is what it was."""
    user = User(pace(5), pace(bad), ask())
    assert user.asks == "ask"
    assert user.session == ANN.set("pace", 6 * S).mark_as_failed()
    assert user.stage.errors[0].startswith(WHERE)


def test_a_pace_with_a_private_name_survives_a_reset() -> None:
    """Unlike one that the user named."""
    user = User(pace(5, counter="gatling.pace"), pace(5, counter="mine"), run(Session.reset))
    assert user.session == ANN.set("gatling.pace", 6 * S)


# --- rendez_vous ----------------------------------------------------------------------------------


def test_a_user_waits_for_the_others_unless_they_have_met() -> None:
    """From then on everybody passes."""
    nodes = link(RendezVous(2, WHERE), ask())
    first = User(nodes=nodes)
    assert isinstance(first.effect, Meet)
    assert first.effect.due_ns == S
    assert not first.effect.barrier.open
    second = User(nodes=nodes, session=Session("Shop", 2))
    assert isinstance(second.effect, Meet)
    assert second.effect.barrier is first.effect.barrier
    first.effect.barrier.open = True
    assert User(nodes=nodes).asks == "ask"


def test_meeting_places_belong_to_one_scenario_and_one_place() -> None:
    """The same step written twice, or linked for another population, is another."""
    step = RendezVous(1, WHERE)
    one, other = link(step, step)
    (third,) = link(step)
    assert len({id(node.barrier) for node in (one, other, third)}) == 3  # type: ignore[union-attr]
