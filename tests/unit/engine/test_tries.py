"""Tries: a failure sends a user back to their beginning, and out when it has failed too often."""

import pytest

from gatlingpy.engine.effects import Sleep
from gatlingpy.plan.branches import If
from gatlingpy.plan.code import Const
from gatlingpy.plan.exits import TryMax
from gatlingpy.plan.loops import AsLongAs, During, Repeat
from gatlingpy.plan.pauses import Pace, Pause, RendezVous
from gatlingpy.plan.steps import Exec, Step
from gatlingpy.session import Session
from gatlingpy.status import TryBlock
from tests.unit.engine.play import (
    ANN,
    BROKEN,
    FAIL,
    SUCCEED,
    WHERE,
    S,
    User,
    ask,
    expr,
    group,
    mark,
    run,
    when,
)


def try_max(times: object, *body: Step, counter: str = "n") -> TryMax:
    return TryMax(expr(times), counter, body, WHERE)


def test_what_succeeds_is_done_once() -> None:
    """And leaves no trace."""
    user = User(try_max(3, ask("a"), ask("b")), ask("after"))
    assert user.finish() == ["a", "b", "after"]
    assert user.session == ANN


def test_a_failure_sends_the_user_back_before_the_next_step() -> None:
    """Its status is good again, and its counter tells the attempt."""
    user = User(try_max(3, ask("a"), ask("b")), ask("after"))
    assert user.session["n"] == 0
    user.answer(ok=False)
    assert user.asks == "a"
    assert user.session["n"] == 1
    assert not user.session.is_failed
    user.answer()
    assert user.asks == "b"
    assert user.finish() == ["b", "after"]
    assert user.session == ANN


def test_a_failure_of_the_last_step_sends_it_back_as_well() -> None:
    """There need be no step behind it."""
    assert User(try_max(2, ask()), ask("after")).finish(False) == ["ask", "ask", "after"]


@pytest.mark.parametrize("times", [2, "2", lambda s: 2, lambda s: s["n"] + 1 if s["n"] < 2 else 2])
def test_after_the_last_attempt_the_user_goes_on_as_failed(times: object) -> None:
    """Behind the block; times may be written in many ways."""
    user = User(try_max(times, ask("a"), ask("never")), ask("after"))
    assert user.finish(False, False) == ["a", "a", "after"]
    assert user.session == ANN.mark_as_failed()
    assert user.stage.errors == []


@pytest.mark.parametrize("times", [1, 0, -3])
def test_there_is_always_one_attempt(times: int) -> None:
    """With one it is ``exit_block_on_fail``."""
    user = User(try_max(times, ask("a"), ask("never")), ask("after"))
    assert user.finish(False) == ["a", "after"]
    assert user.session == ANN.mark_as_failed()


def test_times_are_looked_at_only_after_a_failure() -> None:
    """If they cannot be told then, there is no further attempt."""
    step = TryMax(BROKEN, "n", (ask(),), WHERE)
    assert User(step).finish() == ["ask"]
    user = User(step, ask("after"))
    assert user.finish(False) == ["ask", "after"]
    assert user.session == ANN.mark_as_failed()
    (error,) = user.stage.errors
    assert error.startswith(WHERE)


def test_errors_of_steps_are_failures_too() -> None:
    """So are functions that mark the user as failed."""
    broken = Exec(BROKEN, where=WHERE)  # type: ignore[arg-type]
    assert User(try_max(2, ask(), broken, ask("never"))).finish() == ["ask"] * 2
    assert User(try_max(2, ask(), FAIL, ask("never"))).finish() == ["ask"] * 2


def test_a_user_that_mends_itself_in_time_is_not_sent_back() -> None:
    """The function after the failure is a step, though, and not reached."""
    user = User(try_max(2, ask("a"), SUCCEED, ask("b")))
    assert user.finish(False, True) == ["a", "a", "b"]
    both = run(lambda s: s.mark_as_failed().mark_as_succeeded())
    assert User(try_max(2, both, ask("b"))).finish() == ["b"]


def test_groups_inside_are_closed_and_logged_in_each_attempt() -> None:
    """As failed; those around hear of it only when the try is given up."""
    inside = try_max(2, group("in", group("deep", ask("a"), ask("never"))))
    user = User(group("out", inside, ask("b")))
    user.answer(ok=False)
    assert user.groups == [("out/in/deep", False), ("out/in", False)]
    assert not user.session.blocks[0].failed
    user.answer(ok=False)
    assert user.asks == "b"
    assert user.session.blocks[0].failed
    user.answer()
    assert user.groups[2:] == [("out/in/deep", False), ("out/in", False), ("out", False)]


def test_a_try_that_succeeds_at_last_leaves_the_groups_around_it_well() -> None:
    """Only the failed attempts' own groups have failed."""
    user = User(group("out", try_max(2, group("in", ask()))))
    user.finish(False)
    assert user.groups == [("out/in", False), ("out/in", True), ("out", True)]


def test_loops_inside_are_left() -> None:
    """The first round of the next attempt counts from 0."""
    rounds = run(lambda s: s.set("seen", [*s.get_list("seen", []), (s["n"], s["i"])]))  # type: ignore[misc]
    body = Repeat(Const(2), "i", (rounds, ask()), WHERE)
    user = User(try_max(2, body))
    assert user.finish(True, False) == ["ask"] * 4
    assert user.session == ANN.set("seen", [(0, 0), (0, 1), (1, 0), (1, 1)])


def test_a_round_is_not_begun_with_a_failure() -> None:
    """The loop's head is a place to leave from, also if its last step stands in a group."""
    user = User(try_max(1, Repeat(Const(3), "i", (group("g", ask()),), WHERE)), ask("after"))
    assert user.finish(True, False) == ["ask", "ask", "after"]
    assert user.groups == [("g", True), ("g", False)]


def test_the_innermost_try_catches_a_failure() -> None:
    """When it has no attempt left, the next one around it does."""
    inner = try_max(2, ask("in"), counter="k")
    assert User(try_max(2, ask("out"), inner)).finish(True, False, True) == ["out", "in", "in"]
    user = User(try_max(2, ask("out"), inner, ask("never")), ask("after"))
    assert user.finish(*[True, False, False] * 2) == ["out", "in", "in", "out", "in", "in", "after"]
    assert user.session == ANN.mark_as_failed()


def test_what_failed_before_is_neither_forgotten_nor_tried_again() -> None:
    """A try minds its own failures."""
    user = User(FAIL, try_max(3, ask("a"), ask("b")), ask("after"))
    assert user.asks == "a"
    assert user.session.blocks == (TryBlock(failed=False, outside_failed=True),)
    assert user.finish() == ["a", "b", "after"]
    assert user.session == ANN.mark_as_failed()


LEAVING: list[Step] = [
    ask("never"),
    mark("done"),
    Pause(Const(5), where=WHERE),
    Pace(Const(5), None, "done", WHERE),
    group("g"),
    If(when(lambda s: True), (mark("done"),), (), WHERE),
    Repeat(Const(1), "i", (), WHERE),
    During(Const(0), "i", True, (), WHERE),
    TryMax(Const(1), "k", (mark("done"),), WHERE),
]


@pytest.mark.parametrize("step", LEAVING, ids=lambda s: type(s).__name__)
def test_a_failed_user_does_none_of_these(step: Step) -> None:
    """It leaves before them."""
    user = User(try_max(1, FAIL, step))
    assert user.ended
    assert user.session == ANN.mark_as_failed()
    assert user.groups == []


def test_a_failed_user_still_comes_to_a_meeting() -> None:
    """Gatling does not look at it there."""
    user = User(try_max(2, FAIL, RendezVous(2, WHERE), ask("never")))
    assert user.session.has_to_try_again()
    user.wake()
    assert user.session["n"] == 1


def test_loops_to_be_left_go_before_tries_to_be_begun_again() -> None:
    """A try inside that has failed leaves its failure to what is around it."""
    both = run(lambda s: s.set("go", False).mark_as_failed())
    loop = AsLongAs(when("#{go}"), None, "i", True, (try_max(9, both, ask("never")),), WHERE)
    user = User(group("g", loop, ask("after")), session=ANN.set("go", True))
    assert user.asks == "after"
    assert "n" not in user.session
    user.answer()
    assert user.groups == [("g", False)]


def test_at_the_end_of_an_attempt_loops_are_looked_at_before_the_failure() -> None:
    """As before each step."""
    both = run(lambda s: s.set("go", False).mark_as_failed())
    loop = AsLongAs(when("#{go}"), None, "i", True, (try_max(9, ask("a"), both),), WHERE)
    user = User(loop, ask("after"), session=ANN.set("go", True))
    assert user.finish() == ["a", "after"]
    assert user.session == ANN.set("go", False).mark_as_failed()


def test_attempts_without_a_wait_give_way_now_and_then() -> None:
    """A million of them do not hold the thread."""
    user = User(try_max(10**6, FAIL, ask("never")))
    assert isinstance(user.effect, Sleep)
    assert user.effect.until_ns == S
    assert user.session["n"] == 100


def test_a_session_function_that_sets_the_counter_takes_attempts_away() -> None:
    """Or gives more, as in Gatling."""
    last = run(lambda s: s.set("n", 9))
    assert User(try_max(5, last, ask())).finish(False) == ["ask"]
    more = run(lambda s: s if "more" in s else s.set_all({"n": -2, "more": True}))
    assert User(try_max(2, more, ask())).finish(*[False] * 9) == ["ask"] * 4


def test_a_counter_may_have_any_name_and_attributes_stay() -> None:
    """What an attempt has put into the session is there in the next."""
    note = run(lambda s: s.set("notes", s.get_int("notes", 0) + 1))
    user = User(try_max(3, note, ask()), session=Session("Shop", 1, {"n": "mine"}))
    user.finish(False)
    assert user.session.attributes == {"notes": 2}
