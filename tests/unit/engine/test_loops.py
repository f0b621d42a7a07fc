"""Loops: how many rounds a user makes, what it sees inside, and what is left of it behind."""

import pytest

from gatlingpy.engine.effects import Perform
from gatlingpy.plan.frozen import freeze
from gatlingpy.plan.loops import During
from tests.unit.engine.play import (
    ANN,
    BROKEN,
    FEWER_THAN_3,
    THINK,
    WHERE,
    S,
    User,
    as_long_as,
    ask,
    code,
    do_while,
    during,
    foreach,
    mark,
    repeat,
    run,
    when,
)

COUNT = run(lambda s: s.set("seen", [*s.get_list("seen", []), s["i"]]))  # type: ignore[misc]
MORE = run(lambda s: s.set("x", s.get_int("x", 0) + 1))


# --- repeat ---------------------------------------------------------------------------------------


def test_a_loop_counts_from_0_and_forgets_its_counter() -> None:
    """Each round sees its number."""
    user = User(repeat(3, ask()), ask("after"))
    for i in range(3):
        assert user.asks == "ask"
        assert user.session["i"] == i
        user.answer()
    assert user.asks == "after"
    assert user.session == ANN


@pytest.mark.parametrize("times", [0, -1, "0", lambda s: 0])
def test_a_loop_of_no_rounds_does_nothing(times: object) -> None:
    """The user goes on behind it, with the session it had."""
    user = User(repeat(times, ask()), ask("after"))
    assert user.effect == Perform(user.effect.call, ANN, S)  # type: ignore[union-attr]
    assert user.asks == "after"


@pytest.mark.parametrize("times", [2, "2", 2.0, lambda s: 2, lambda s: "2"])
def test_times_may_be_written_in_many_ways(times: object) -> None:
    """As a number, as text, as a function."""
    assert User(repeat(times, ask())).finish() == ["ask"] * 2


def test_times_are_looked_at_in_each_round() -> None:
    """As in Gatling: what a round changes counts."""
    assert User(MORE, repeat(lambda s: s["x"] + 1, ask(), mark("x", 3))).finish() == ["ask"] * 4


@pytest.mark.parametrize("times", ["many", 1.5, True, None, lambda s: 1 / 0])
def test_a_loop_whose_times_cannot_be_told_fails_its_user(times: object) -> None:
    """And is left."""
    user = User(repeat(times, ask()), ask("after"))
    assert user.finish() == ["after"]
    assert user.session == ANN.mark_as_failed()
    (error,) = user.stage.errors
    assert error.startswith(WHERE)
    assert "repeat(...) must be a whole number" in error or "ZeroDivisionError" in error


def test_what_a_round_does_to_the_session_stays() -> None:
    """In later rounds and behind the loop."""
    user = User(repeat(3, COUNT, ask()))
    user.finish()
    assert user.session == ANN.set("seen", [0, 1, 2])


def test_loops_inside_loops_have_counters_of_their_own() -> None:
    """The inner one begins from 0 in each round of the outer one."""
    seen = run(lambda s: s.set("seen", [*s.get_list("seen", []), (s["o"], s["i"])]))  # type: ignore[misc]
    user = User(repeat(2, repeat(2, seen), counter="o"))
    user.finish()
    assert user.session == ANN.set("seen", [(0, 0), (0, 1), (1, 0), (1, 1)])


@pytest.mark.parametrize(
    ("counter", "becomes", "rounds"),
    [
        ("i", 99, [0]),
        ("i", 1, [0, 2]),
        ("i", "x", [0, 1, 2]),
        ("i", True, [0, 1, 2]),
        ("j", 99, [0, 1, 2]),
    ],
)
def test_a_session_function_that_sets_the_counter_steers_the_loop(
    counter: str, becomes: object, rounds: list[int]
) -> None:
    """As in Gatling; what is no count is not counted on."""
    sets = run(lambda s: s.set(counter, becomes) if s["i"] == 0 else s)
    for times in (3, lambda s: 3):
        user = User(repeat(times, COUNT, sets, ask()))
        assert user.finish() == ["ask"] * len(rounds)
        assert user.session["seen"] == rounds


def test_a_loop_whose_counter_is_set_back_begins_again() -> None:
    """From the first round, if that is what the counter says."""
    back = run(lambda s: s if s["i"] < 1 or "back" in s else s.set_all({"i": -1, "back": True}))
    user = User(repeat(3, COUNT, back, ask()))
    assert user.finish() == ["ask"] * 5
    assert user.session["seen"] == [0, 1, 0, 1, 2]


def test_a_counter_that_is_removed_counts_on() -> None:
    """It is there again in the next round."""
    user = User(repeat(3, COUNT, run(lambda s: s.remove("i")), ask()))
    assert user.finish() == ["ask"] * 3
    assert user.session["seen"] == [0, 1, 2]


# --- foreach --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "items", [("a", "b"), lambda s: ["a", "b"], lambda s: ("a", "b"), "#{list}"]
)
def test_each_item_has_its_round(items: object) -> None:
    """With the item and its place; the last item stays in the session, as in Gatling."""
    session = ANN.set("list", ["a", "b"])
    take = run(lambda s: s.set("seen", [*s.get_list("seen", []), (s["i"], s["item"])]))  # type: ignore[misc]
    user = User(foreach(items, take, ask()), session=session)
    assert user.finish() == ["ask"] * 2
    assert user.session == session.set_all({"seen": [(0, "a"), (1, "b")], "item": "b"})


def test_items_are_what_was_written() -> None:
    """The plan holds lists and dicts frozen; each user has its own, and may change it."""
    grow = run(lambda s: (s["item"].append(2), s)[1])  # type: ignore[attr-defined]
    for _ in range(2):
        user = User(foreach(freeze([[1], [{"a": [1]}]]), grow, ask()))
        assert user.asks == "ask"
        assert user.session["item"] == [1, 2]
        user.answer()
        assert user.session["item"] == [{"a": [1]}, 2]


def test_no_items_no_round() -> None:
    """The attribute is not set."""
    user = User(foreach((), ask()))
    assert user.finish() == []
    assert user.session == ANN


def test_items_are_looked_at_in_each_round() -> None:
    """What a round adds has a round as well."""
    grow = run(lambda s: s.set("list", [0, 1, 2]))
    assert (
        User(foreach("#{list}", grow, ask()), session=ANN.set("list", [0])).finish() == ["ask"] * 3
    )


@pytest.mark.parametrize("items", ["abc", 5, None, {"a": 1}, {1, 2}, iter([1])])
def test_what_is_no_list_is_refused(items: object) -> None:
    """With a remedy; the loop is left and its user has failed."""
    user = User(foreach(lambda s: items, ask()), ask("after"))
    assert user.finish() == ["after"]
    assert user.session == ANN.mark_as_failed()
    (error,) = user.stage.errors
    assert error.startswith(f"{WHERE}: foreach(...) goes through a list or a tuple, got ")
    assert "list(...)" in error


def test_items_that_cannot_be_had_fail_their_user() -> None:
    """A list of the user's own may raise anything; the loop is left, and the run goes on."""

    class NoItems(list[int]):
        def __getitem__(self, place: object) -> int:  # type: ignore[override]
            raise LookupError(place)

    class NoLength(list[int]):
        def __len__(self) -> int:
            raise ValueError("endless")

    for items, told in ((NoItems([5]), "LookupError: 0"), (NoLength(), "ValueError: endless")):
        user = User(foreach(lambda s, items=items: items, ask()), ask("after"))
        assert user.finish() == ["after"]
        assert user.session == ANN.mark_as_failed()
        assert user.stage.errors == [f"{WHERE}: item 0 of foreach(...) cannot be had: {told}"]


# --- during ---------------------------------------------------------------------------------------


def test_a_loop_lasts_as_long_as_it_is_told_and_the_moment_counts() -> None:
    """Rounds begin as long as no more time has passed than that."""
    user = User(during(2, THINK, asap=False))
    begun = []
    while not user.ended:
        assert user.session["timestamp.i"] == S
        begun.append(user.due_ns)
        user.wake()
    assert begun == [S, 2 * S, 3 * S]
    assert user.session == ANN


@pytest.mark.parametrize("seconds", ["2", "2000ms", lambda s: 2, lambda s: "2 s"])
def test_durations_may_be_written_in_many_ways(seconds: object) -> None:
    """And functions are asked in each round."""
    assert User(during(seconds, ask(), THINK)).finish() == ["ask"] * 2


def test_a_loop_in_time_is_left_in_the_middle_of_a_round() -> None:
    """Unless it is told to end its rounds."""
    rounds = (ask("a"), THINK, ask("b"))
    assert User(during(0.5, *rounds)).finish() == ["a"]
    assert User(during(0.5, *rounds, asap=False)).finish() == ["a", "b"]


@pytest.mark.parametrize("seconds", ["soon", None, 1e305, "1" * 400 + "h", BROKEN])
def test_a_duration_that_cannot_be_told_fails_its_user(seconds: object) -> None:
    """Its loop is left."""
    written = seconds if seconds is BROKEN else code(lambda s: seconds)
    user = User(During(written, "i", True, (ask(),), WHERE), ask("after"))  # type: ignore[arg-type]
    assert user.finish() == ["after"]
    assert user.session == ANN.mark_as_failed()
    assert user.stage.errors[0].startswith(WHERE)


def test_time_is_the_runs_clock() -> None:
    """Not the time at which the user was meant to be here."""
    user = User(during(5, ask(), asap=False), ask("after"))
    user.stage.clock.advance(9 * S)
    user.wake(due_ns=2 * S)
    assert user.asks == "after"


# --- as_long_as, do_while -------------------------------------------------------------------------


def test_a_loop_goes_on_while_its_condition_holds() -> None:
    """It is looked at before each round, or after each; with the counter of the round to come."""
    assert User(as_long_as(FEWER_THAN_3, ask(), MORE)).finish() == ["ask"] * 3
    assert User(do_while(FEWER_THAN_3, ask(), MORE)).finish() == ["ask"] * 3
    assert User(mark("x", 5), as_long_as(FEWER_THAN_3, ask(), MORE)).finish() == []
    assert User(mark("x", 5), do_while(FEWER_THAN_3, ask(), MORE)).finish() == ["ask"]
    two = when(lambda s: s["i"] < 2)
    assert User(as_long_as(two, ask())).finish() == ["ask"] * 2
    assert User(do_while(two, ask())).finish() == ["ask"] * 2


def test_a_condition_may_be_an_attribute() -> None:
    """``true`` or ``false``, also as text."""
    session = ANN.set("go", "true")
    assert User(
        as_long_as(when("#{go}"), ask(), mark("go", "False")), session=session
    ).finish() == ["ask"]


@pytest.mark.parametrize("loop", [as_long_as, do_while])
def test_a_loop_with_a_duration_needs_both(loop: object) -> None:
    """It ends when the condition does not hold, or when the time is over."""
    rounds = (ask("a"), THINK, MORE)
    assert User(loop(FEWER_THAN_3, *rounds, seconds=100)).finish() == ["a"] * 3  # type: ignore[operator]
    assert User(loop(FEWER_THAN_3, *rounds, seconds=1)).finish() == ["a"]  # type: ignore[operator]
    assert User(loop(FEWER_THAN_3, *rounds, seconds=1.5)).finish() == ["a"] * 2  # type: ignore[operator]


@pytest.mark.parametrize("loop", [as_long_as, do_while])
def test_a_condition_that_cannot_be_told_ends_the_loop(loop: object) -> None:
    """Its user has failed, with one error."""
    for condition, said in [(when("#{x}"), "No attribute"), (when(lambda s: 0), "true or false")]:
        user = User(loop(condition, ask()), ask("after"))  # type: ignore[operator]
        assert user.finish()[-1] == "after"
        assert user.session == ANN.mark_as_failed()
        (error,) = user.stage.errors
        assert error.startswith(WHERE)
        assert said in error
