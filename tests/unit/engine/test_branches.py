"""Branches: which way a user takes, and what happens if none can be told."""

from collections import Counter
from fractions import Fraction

import pytest

from gatlingpy.engine.effects import Perform, Sleep
from gatlingpy.engine.nodes import waits
from gatlingpy.plan.branches import (
    Case,
    Choice,
    If,
    RandomSwitch,
    RoundRobinSwitch,
    Switch,
    UniformRandomSwitch,
)
from gatlingpy.plan.code import Const, Template
from gatlingpy.plan.conditions import Equal
from gatlingpy.plan.frozen import freeze
from gatlingpy.plan.steps import Step
from gatlingpy.session import Session
from tests.unit.engine.play import ANN, BROKEN, WHERE, S, User, ask, code, link, when
from tests.unit.engine.stage import Stage

YES, NO, REST = (ask("yes"),), (ask("no"),), (ask("rest"),)


def asked(*steps: Step, session: Session = ANN) -> list[str]:
    return User(*steps, session=session).finish()


# --- if -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [True, "true", " TRUE "])
def test_users_for_whom_a_condition_holds_take_the_steps(answer: object) -> None:
    """Others take those for the rest, or none."""
    assert asked(If(when(lambda s: answer), YES, NO, WHERE)) == ["yes"]
    assert asked(If(when("#{x}"), YES, NO, WHERE), session=ANN.set("x", answer)) == ["yes"]
    assert asked(If(when(lambda s: False), YES, NO, WHERE)) == ["no"]
    assert asked(If(when("#{x}"), YES, where=WHERE), session=ANN.set("x", "false")) == []


@pytest.mark.parametrize(
    ("one", "other", "are_equal"),
    [
        (1, 1, True), (1, 1.0, True), (1, "1", False), ("a", "a", True), ("a", "A", False),
        ([1], [1], True), ([1], (1,), False), (None, None, True), (True, 1, True),
    ],
)  # fmt: skip
def test_equal_is_what_python_says(one: object, other: object, are_equal: bool) -> None:
    """So a number does not equal its text."""
    condition = Equal(code(lambda s: one), code(lambda s: other))
    assert asked(If(condition, YES, NO, WHERE)) == (["yes"] if are_equal else ["no"])


@pytest.mark.parametrize("written", [[1, "a"], {"a": [1, {"b": None}]}, "text", 5])
def test_what_is_written_equals_the_same_in_a_session(written: object) -> None:
    """The plan holds it frozen; users never see that."""
    ann, frozen = ANN.set("x", written), Const(freeze(written))
    assert asked(If(Equal(Template("#{x}"), frozen), YES, NO, WHERE), session=ann) == ["yes"]
    assert asked(If(Equal(frozen, Template("#{x}")), YES, NO, WHERE), session=ann) == ["yes"]
    cases = (Case(Const(None), NO), Case(frozen, YES))
    assert asked(Switch(Template("#{x}"), cases, (), WHERE), session=ann) == ["yes"]


class Odd:
    """What cannot be compared."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        raise ValueError("which one?")


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (when("#{x}"), "No attribute named 'x' is defined"),
        (when(lambda s: None), "the condition of do_if(...) must be true or false, got NoneType"),
        (when(lambda s: 1 / 0), "ZeroDivisionError"),
        (Equal(BROKEN, Const(1)), "No attribute"),
        (Equal(Const(1), BROKEN), "No attribute"),
        (Equal(code(lambda s: Odd()), Const(1)), "cannot be compared: ValueError: which one?"),
    ],
)
def test_a_condition_that_cannot_be_told_fails_its_user(condition: object, said: str) -> None:
    """It goes on behind both ways, and gives way before: the ways may be all that waits."""
    user = User(If(condition, YES, NO, WHERE), ask("after"))  # type: ignore[arg-type]
    assert user.effect == Sleep(ANN.mark_as_failed(), S)
    assert user.finish() == ["after"]
    (error,) = user.stage.errors
    assert error.startswith(WHERE)
    assert said in error


# --- switch ---------------------------------------------------------------------------------------


def switch(value: str, *, otherwise: tuple[Step, ...] = ()) -> Switch:
    cases = (
        Case(Const("red"), YES),
        Case(Template("#{favourite}"), NO),
        Case(Const(3), (ask("three"),)),
        Case(Const("red"), (ask("never"),)),
    )
    return Switch(Template(value), cases, otherwise, WHERE)


@pytest.mark.parametrize(
    ("value", "way"),
    [("red", "yes"), ("blue", "no"), (3, "three"), (3.0, "three"), ("3", "rest"), (None, "rest")],
)
def test_the_first_case_that_equals_the_value_is_taken(value: object, way: str) -> None:
    """Keys may be resolved for each user; without a match it is the rest."""
    session = ANN.set_all({"colour": value, "favourite": "blue"})
    assert asked(switch("#{colour}", otherwise=REST), session=session) == [way]
    assert asked(switch("#{colour}"), session=session) == ([] if way == "rest" else [way])


def test_a_value_or_key_that_cannot_be_told_fails_the_user() -> None:
    """A key only if the search comes to it."""
    for session in (ANN, ANN.set("colour", "green")):
        user = User(switch("#{colour}", otherwise=REST), ask("after"), session=session)
        assert user.finish() == ["after"]
        assert user.session == session.mark_as_failed()
        assert len(user.stage.errors) == 1
    assert asked(switch("#{colour}"), session=ANN.set("colour", "red")) == ["yes"]


# --- random ---------------------------------------------------------------------------------------


def shares(step: Step, users: int = 20_000) -> dict[str, float]:
    """Return which share of the users asks what."""
    stage, nodes = Stage(), link(step)
    counts = Counter[str]()
    for user_id in range(users):
        user = User(stage=stage, nodes=nodes, session=Session("Shop", user_id))
        counts[user.asks if isinstance(user.effect, Perform) else ""] += 1
    return {name: count / users for name, count in counts.items()}


def random(*percents: float, otherwise: tuple[Step, ...] = ()) -> RandomSwitch:
    choices = tuple(Choice(percent, (ask(str(n)),)) for n, percent in enumerate(percents))
    return RandomSwitch(choices, otherwise, WHERE)


def test_each_way_has_its_share() -> None:
    """What is missing to the whole takes the rest, or no way."""
    assert shares(random(60, 30)) == pytest.approx({"0": 0.6, "1": 0.3, "": 0.1}, abs=0.015)
    assert shares(random(20, 0, 50, otherwise=REST)) == pytest.approx(
        {"0": 0.2, "2": 0.5, "rest": 0.3}, abs=0.015
    )
    assert shares(UniformRandomSwitch((YES, NO, REST), WHERE)) == pytest.approx(
        {"yes": 1 / 3, "no": 1 / 3, "rest": 1 / 3}, abs=0.015
    )


def way_for(step: Step, draw: float) -> str:
    """Return what a user with this draw asks."""
    stage = Stage()
    stage.uniform = lambda _user_id: draw  # type: ignore[method-assign]
    user = User(step, stage=stage)
    return user.asks if isinstance(user.effect, Perform) else ""


@pytest.mark.parametrize(
    ("percents", "last"),
    [
        ((33.333333, 33.333333, 33.333333), "2"),
        ((33.333333, 33.333333, 33.333334), "2"),
        ((100 / 3, 100 / 3, 100 / 3), "2"),
        ((100 / 7,) * 7, "6"),
        ((50.000001, 50), "1"),
        ((50, 49.999999), "1"),
        ((50, 49.999998), "rest"),
        ((0.000001, 99), "rest"),
    ],
)
def test_a_sum_that_is_100_but_for_rounding_is_100(percents: tuple[float, ...], last: str) -> None:
    """Nobody is left to the rest then."""
    step = random(*percents, otherwise=REST)
    assert way_for(step, 0.0) == "0"
    assert way_for(step, 1 - 2**-53) == last


def test_shares_are_told_apart_to_a_millionth_of_a_percent() -> None:
    """A draw below the first bound takes the first way, the bound itself the second."""
    step = random(12.345678, 50)
    bound = Fraction(12_345_678, 100_000_000)
    assert way_for(step, float(bound - Fraction(1, 10**8))) == "0"
    assert way_for(step, float(bound + Fraction(1, 10**12))) == "1"
    assert way_for(random(0, 50), 0.0) == "1"
    assert way_for(UniformRandomSwitch((YES, NO), WHERE), 0.5) == "no"
    assert way_for(UniformRandomSwitch((YES, NO), WHERE), 1 - 2**-53) == "no"


def test_one_way_takes_one_draw_of_the_users_own_dice() -> None:
    """So a run with the same seed goes the same ways."""
    stage = Stage()
    drawn: list[int] = []
    stage.uniform = lambda user_id: drawn.append(user_id) or 0.5  # type: ignore[func-returns-value,assignment]
    User(random(50, 50), UniformRandomSwitch((YES, NO), WHERE), stage=stage).finish()
    assert drawn == [1, 1]


# --- round robin ----------------------------------------------------------------------------------


def test_users_take_the_ways_in_turn() -> None:
    """All users of a step share the turns, whoever they are and in whatever round."""
    nodes = link(RoundRobinSwitch((YES, NO, REST), WHERE))
    users = [User(nodes=nodes, session=Session("Shop", n)) for n in (5, 3, 5, 9)]
    assert [user.asks for user in users] == ["yes", "no", "rest", "yes"]


def test_turns_belong_to_one_scenario_and_one_place() -> None:
    """The same step written twice, or linked for another population, has turns of its own."""
    step = RoundRobinSwitch((YES, NO), WHERE)
    assert asked(step, step) == ["yes", "yes"]
    assert asked(step) == ["yes"]


# --- giving way -----------------------------------------------------------------------------------


def test_a_branch_is_sure_to_wait_if_every_way_is() -> None:
    """Also the one for the rest."""
    assert waits(link(If(when("#{x}"), YES, NO, WHERE)))
    assert not waits(link(If(when("#{x}"), YES, where=WHERE)))
    assert waits(link(switch("#{x}", otherwise=REST)))
    assert not waits(link(switch("#{x}")))
    assert waits(link(RoundRobinSwitch((YES, NO), WHERE)))
    assert not waits(link(UniformRandomSwitch((YES, ()), WHERE)))


def test_ways_stand_in_the_order_of_the_plans_bodies() -> None:
    """The one for the rest last, empty or not."""
    for step in (random(50, 50, otherwise=REST), switch("#{x}", otherwise=REST)):
        (node,) = link(step)
        assert len(node.ways) == len(step.bodies)  # type: ignore[union-attr]
