"""Loops: how users leave them before their end, and how they give way in them."""

import pytest

from gatlingpy.engine.effects import Perform, Sleep
from gatlingpy.engine.nodes import waits
from gatlingpy.plan.code import Const
from gatlingpy.plan.exits import ExitHere, TryMax
from gatlingpy.plan.loops import AsLongAs, Forever, Loop
from gatlingpy.plan.steps import Step
from gatlingpy.session import Session
from tests.unit.engine.play import (
    ANN,
    FAIL,
    FEWER_THAN_3,
    MS,
    THINK,
    WHERE,
    S,
    User,
    as_long_as,
    ask,
    do_while,
    during,
    foreach,
    group,
    link,
    mark,
    repeat,
    run,
    when,
)

# --- leaving as soon as possible ------------------------------------------------------------------


def test_a_loop_that_is_left_at_once_is_left_before_the_next_step() -> None:
    """Whatever step that is; its counter is gone."""
    user = User(as_long_as(FEWER_THAN_3, ask("a"), mark("x", 3), ask("b"), asap=True), ask("after"))
    assert user.finish() == ["a", "after"]
    assert user.session == ANN.set("x", 3)
    late = as_long_as(FEWER_THAN_3, ask("a"), mark("x", 3), ask("b"))
    assert User(late, ask("after")).finish() == ["a", "b", "after"]


def test_the_first_round_of_do_while_is_not_left() -> None:
    """The condition is not looked at in it."""
    body = (ask("a"), mark("x", 3), ask("b"))
    assert User(do_while(FEWER_THAN_3, *body, asap=True)).finish() == ["a", "b"]
    leave_in_2 = when(lambda s: "done" not in s)
    body = (ask("a"), run(lambda s: s if s["i"] == 0 else s.set("done", True)), ask("b"))
    assert User(do_while(leave_in_2, *body, asap=True)).finish() == ["a", "b", "a"]


def test_groups_inside_are_closed_and_logged_and_loops_inside_are_left() -> None:
    """The innermost first; those around the loop stay open."""
    inside = group("in", repeat(9, group("deep", mark("x", 3), ask("never")), counter="k"))
    user = User(group("out", as_long_as(FEWER_THAN_3, ask("a"), inside, asap=True), ask("b")))
    assert user.finish() == ["a", "b"]
    assert user.groups == [("out/in/deep", True), ("out/in", True), ("out", True)]
    assert user.session == ANN.set("x", 3)


def test_of_several_loops_the_outermost_is_left() -> None:
    """If the conditions of all say so."""
    inner = as_long_as(FEWER_THAN_3, ask("a"), mark("x", 3), ask("never"), asap=True)
    outer = AsLongAs(FEWER_THAN_3, None, "o", True, (inner, ask("between")), WHERE)
    assert User(outer, ask("after")).finish() == ["a", "after"]
    calm = AsLongAs(FEWER_THAN_3, None, "o", False, outer.body, WHERE)
    assert User(calm, ask("after")).finish() == ["a", "between", "after"]
    # An exit is no place to leave from: who left the inner loop only would leave the scenario.
    outer = AsLongAs(FEWER_THAN_3, None, "o", True, (inner, ExitHere(where=WHERE)), WHERE)
    assert User(outer, ask("after")).finish() == ["a", "after"]


def test_the_end_of_a_group_is_no_place_to_leave_from() -> None:
    """It ends in its own time, and the loop is left at the end of the round."""
    user = User(as_long_as(FEWER_THAN_3, group("g", ask("a"), mark("x", 3)), asap=True))
    assert user.finish() == ["a"]
    assert user.groups == [("g", True)]


def test_a_condition_is_looked_at_before_it_is_counted_on() -> None:
    """At the end of a round with the counter of that round, then with that of the next."""
    seen: list[object] = []

    def odd(session: Session) -> bool:
        seen.append(session["i"])
        return len(seen) < 4

    User(as_long_as(when(odd), ask(), asap=True)).finish()
    assert seen == [0, 0, 0, 1]


def test_leaving_when_the_condition_cannot_be_told() -> None:
    """Is leaving with a failure."""
    stop = run(lambda s: s.remove("go"))
    loop = as_long_as(when("#{go}"), ask("a"), stop, ask("b"), asap=True)
    user = User(loop, ask("after"), session=ANN.set("go", True))
    assert user.finish() == ["a", "after"]
    assert user.session == ANN.mark_as_failed()
    assert user.stage.errors == [f"{WHERE}: No attribute named 'go' is defined"]


def test_a_jump_out_of_a_loop_takes_its_user_to_the_time_it_had() -> None:
    """Groups it jumps out of end then."""
    user = User(during(0.5, group("g", THINK, ask("never"))), ask("after"))
    user.wake()
    assert user.asks == "after"
    assert user.due_ns == 2 * S
    assert [event[2:4] for event in user.stage.events] == [(S, 2 * S)]


# --- forever, and giving way ----------------------------------------------------------------------


def test_forever_is_until_somebody_stops_it() -> None:
    """Each round is counted."""
    user = User(Forever("i", (ask(),), WHERE))
    for i in range(200):
        assert user.session["i"] == i
        user.answer()


IDLE = run(lambda s: s)
NEVER_WAITING: list[Step] = [
    Forever("i", (IDLE,), WHERE),
    Forever("i", (repeat(0, ask()),), WHERE),
    Forever("i", (repeat(7, repeat(7, IDLE, counter="k"), counter="j"),), WHERE),
    Forever("i", (TryMax(Const(1), "n", (FAIL, ask()), WHERE),), WHERE),
    TryMax(Const(10**9), "n", (FAIL, ask()), WHERE),
    repeat(10**9, IDLE),
    repeat(lambda s: 10**9, IDLE),
    foreach(lambda s: range(10**9), IDLE),
    during(10**6, IDLE),
    during(10**6, IDLE, asap=False),
    as_long_as(when(lambda s: True), IDLE),
    do_while(when(lambda s: True), IDLE, seconds=10**6, asap=True),
]


@pytest.mark.parametrize("loop", NEVER_WAITING, ids=lambda loop: type(loop).__name__)
def test_a_loop_that_never_waits_gives_way_now_and_then(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a pause of no length, so that others have their turn; however deep it stands."""
    user = User(loop, ask("never"))
    for _ in range(3):
        before = user.stage.rounds
        assert user.effect == Sleep(user.session, S)
        user.wake()
        assert 0 < user.stage.rounds - before <= 100


@pytest.mark.parametrize("body", [(group("g", IDLE, ask()),), (IDLE, THINK)])
def test_a_loop_that_waits_in_each_round_needs_no_further_pause(body: tuple[Step, ...]) -> None:
    """Its rounds are not even counted."""
    user = User(Forever("i", body, WHERE))
    for _ in range(300):
        if isinstance(user.effect, Perform):
            user.answer()
        else:
            assert isinstance(user.effect, Sleep)
            assert user.effect.until_ns > user.due_ns
            user.wake()
    assert user.stage.rounds == 0


def test_whether_steps_are_sure_to_wait_is_told_from_what_they_are() -> None:
    """Loops may have no rounds, and tries are left from any step."""
    assert waits(link(IDLE, ask()))
    assert waits(link(THINK))
    assert waits(link(group("g", ask())))
    assert not waits(link(IDLE))
    assert not waits(link(repeat(0, ask())))
    assert not waits(link(during(1, ask())))
    assert not waits(link(TryMax(Const(1), "n", (ask(),), WHERE)))
    assert not waits(link(group("g")))


def test_a_millisecond_is_a_millisecond() -> None:
    """The helper of these tests moves the clock with the user."""
    user = User(ask())
    user.answer()
    assert user.due_ns == S + MS == user.stage.clock.now_ns()
