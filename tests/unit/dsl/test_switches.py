"""Switches compile to the switches of the plan; percents that should be 100 are."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gatlingpy.dsl.branch_steps import whole
from gatlingpy.dsl.chain import (
    Chain,
    do_switch,
    do_switch_or_else,
    random_switch,
    random_switch_or_else,
    round_robin_switch,
    uniform_random_switch,
)
from gatlingpy.dsl.switches import on_case, percent
from gatlingpy.errors import UsageError
from gatlingpy.plan.branches import (
    Case,
    Choice,
    RandomSwitch,
    RoundRobinSwitch,
    Switch,
    UniformRandomSwitch,
)
from gatlingpy.plan.code import CodeRef, Const, Template
from gatlingpy.plan.steps import Step
from tests.unit.dsl.chains import CALL, PAUSE_A, PAUSE_B, A, B, called, holds, step_of

X = Template("#{x}")
ONE = Case(Const("a"), (PAUSE_A,))
TWO = Case(Const(2), (PAUSE_B,))
MOST = Choice(60.0, (PAUSE_A,))
SOME = Choice(30.0, (PAUSE_B,))


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        (do_switch("#{x}").on(on_case("a").then(A), on_case(2).then(B)), Switch(X, (ONE, TWO))),
        (do_switch("#{x}", on_case("a", A), on_case(2, B)), Switch(X, (ONE, TWO))),
        (do_switch_or_else("#{x}").on(on_case("a", A), on_case(2, B)).or_else(A),
         Switch(X, (ONE, TWO), (PAUSE_A,))),
        (do_switch(holds).on(on_case("#{y}", A, B), on_case(holds, B)),
         Switch(CodeRef("S/0/value"), (Case(Template("#{y}"), (PAUSE_A, PAUSE_B)),
                                       Case(CodeRef("S/0/case-1/key"), (PAUSE_B,))))),
        (random_switch().on(percent(60.0).then(A), percent(30).then(B)),
         RandomSwitch((MOST, SOME))),
        (random_switch(percent(60, A), percent(30, B)), RandomSwitch((MOST, SOME))),
        (random_switch(percent(60, A)), RandomSwitch((MOST,))),
        (random_switch_or_else().on(percent(60, A)).or_else(B, A),
         RandomSwitch((MOST,), (PAUSE_B, PAUSE_A))),
        (uniform_random_switch().on(A, [B, A]),
         UniformRandomSwitch(((PAUSE_A,), (PAUSE_B, PAUSE_A)))),
        (uniform_random_switch(A, B), UniformRandomSwitch(((PAUSE_A,), (PAUSE_B,)))),
        (round_robin_switch().on(A, B), RoundRobinSwitch(((PAUSE_A,), (PAUSE_B,)))),
        (round_robin_switch(A, B, [A, B]),
         RoundRobinSwitch(((PAUSE_A,), (PAUSE_B,), (PAUSE_A, PAUSE_B)))),
    ],
    ids=str,
)  # fmt: skip
def test_spellings(chain: Chain, expected: Step) -> None:
    """What is written at once and what is written afterwards is the same switch."""
    assert expected == step_of(chain)


@pytest.mark.parametrize(
    ("chain", "places"),
    [
        (do_switch_or_else("#{x}").on(on_case(1, CALL), on_case(2, CALL)).or_else(CALL),
         ["case-0", "case-1", "else"]),
        (random_switch_or_else().on(percent(1, CALL), percent(1, CALL)).or_else(CALL),
         ["choice-0", "choice-1", "else"]),
        (uniform_random_switch(CALL, CALL), ["way-0", "way-1"]),
        (round_robin_switch(CALL, CALL), ["way-0", "way-1"]),
    ],
    ids=["values", "chance", "even chance", "turn"],
)  # fmt: skip
def test_functions_on_each_way_have_names_of_their_own(chain: Chain, places: list[str]) -> None:
    """The same function on several ways is several places of the plan."""
    step = step_of(chain)
    assert isinstance(step, Switch | RandomSwitch | UniformRandomSwitch | RoundRobinSwitch)
    ways = [way for way in step.bodies if way]
    assert [(called(f"S/0/{place}/0"),) for place in places] == ways


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: do_switch("#{x}").on(),
         "do_switch(...).on(...) was given no cases; it needs 2 at least"),
        (lambda: do_switch("#{x}", on_case(1, A)),
         "do_switch(...).on(...) was given 1 case; it needs 2 at least"),
        (lambda: do_switch_or_else("#{x}").on(on_case(1, A)),
         "do_switch_or_else(...).on(...) was given 1 case; it needs 2 at least"),
        (lambda: random_switch().on(),
         "random_switch().on(...) was given no choices; it needs 1 at least"),
        (lambda: uniform_random_switch(A),
         "uniform_random_switch().on(...) was given 1 way; it needs 2 at least"),
        (lambda: round_robin_switch().on(A),
         "round_robin_switch().on(...) was given 1 way; it needs 2 at least"),
        (lambda: do_switch("#{x}").on(A, B),
         "do_switch(...).on(...) takes on_case(key).then(...); got Chain"),
        (lambda: do_switch("#{x}").on(percent(5, A), on_case(1, A)),
         "do_switch(...).on(...) takes on_case(key).then(...); got ChoiceBuilder"),
        (lambda: random_switch().on(on_case(1, A)),
         "random_switch().on(...) takes percent(number).then(...); got CaseBuilder"),
        (lambda: percent("60"), "percent(...) takes a number up to 100, got str '60'"),
        (lambda: percent(True, A), "percent(...) takes a number up to 100, got bool True"),
    ],
)  # fmt: skip
def test_mistakes(call: object, message: str) -> None:
    """What is no switch is refused at the user's line."""
    with pytest.raises(UsageError) as caught:
        call()  # type: ignore[operator]
    place, _, told = str(caught.value).partition(": ")
    assert place.startswith("tests/unit/dsl/test_switches.py:")
    assert told.startswith(message)


@pytest.mark.parametrize(
    "percents",
    [
        [33.333333, 33.333333, 33.333333],
        [33.3333334] * 3,
        [100 / 3] * 3,
        [100 / 7] * 7,
        [99.9999999, 0.0000005],
        [100.0],
        [0.1] * 1000,
    ],
    ids=str,
)
def test_percents_that_are_meant_to_be_100_are(percents: list[float]) -> None:
    """Percents within a millionth of 100 add up to 100 exactly, and hardly change."""
    made = whole(percents)
    assert 100 == math.fsum(made)
    assert all(abs(new - old) <= 2e-6 for new, old in zip(made, percents, strict=True))


@given(st.lists(st.floats(0.001, 100), min_size=1, max_size=12))
@example([50.0, 50.0000005])
def test_any_shares_of_100(weights: list[float]) -> None:
    """Whatever shares of 100 are computed in floating point, they become 100 exactly."""
    total = math.fsum(weights)
    made = whole([100 * weight / total for weight in weights])
    assert 100 == math.fsum(made)
    assert all(share > 0 for share in made)


@pytest.mark.parametrize("percents", [[], [50.0], [100.1], [99.99], [math.nan], [60.0, 60.0]])
def test_other_percents_are_left_alone(percents: list[float]) -> None:
    """What does not add up to 100 is not made to."""
    assert percents is whole(percents)
