"""Loops compile to the loops of the plan, in every spelling."""

import pytest

from gatlingpy.dsl.chain import (
    Chain,
    as_long_as,
    as_long_as_during,
    do_while,
    do_while_during,
    during,
    foreach,
    forever,
    repeat,
)
from gatlingpy.errors import UsageError
from gatlingpy.plan.code import CodeRef, Const, Structure, Template
from gatlingpy.plan.conditions import Truth
from gatlingpy.plan.loops import AsLongAs, DoWhile, During, Foreach, Forever, Repeat
from gatlingpy.plan.steps import Step
from tests.unit.dsl.chains import PAUSE_A, PAUSE_B, A, B, holds, step_of, steps_of

OWN = "gatling.counter.S/0"
BODY = (PAUSE_A,)
YES = Truth(Const(True))
FN = Truth(CodeRef("S/0/condition"))


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        (repeat(3).on(A), Repeat(Const(3), OWN, BODY)),
        (repeat(3, A), Repeat(Const(3), OWN, BODY)),
        (repeat(3, A, B), Repeat(Const(3), OWN, (PAUSE_A, PAUSE_B))),
        (repeat(3, [A, B]), Repeat(Const(3), OWN, (PAUSE_A, PAUSE_B))),
        (repeat(3).on(A, [B]), Repeat(Const(3), OWN, (PAUSE_A, PAUSE_B))),
        (repeat(3, "i").on(A), Repeat(Const(3), "i", BODY)),
        (repeat(3, "i", A), Repeat(Const(3), "i", BODY)),
        (repeat(3, counter="i").on(A), Repeat(Const(3), "i", BODY)),
        (repeat(3, A, counter="i"), Repeat(Const(3), "i", BODY)),
        (repeat("#{n}", A), Repeat(Template("#{n}"), OWN, BODY)),
        (repeat(lambda session: 3, A), Repeat(CodeRef("S/0/times"), OWN, BODY)),
        (repeat(0, A), Repeat(Const(0), OWN, BODY)),
        (foreach([1, 2], "x").on(A), Foreach(Const((1, 2)), "x", OWN, BODY)),
        (foreach((1, 2), "x", A), Foreach(Const((1, 2)), "x", OWN, BODY)),
        (foreach(range(2), "x", A), Foreach(Const((0, 1)), "x", OWN, BODY)),
        (foreach("#{all}", "x", "i").on(A), Foreach(Template("#{all}"), "x", "i", BODY)),
        (foreach("#{all}", "x", "i", A), Foreach(Template("#{all}"), "x", "i", BODY)),
        (foreach(["#{a}", 1], "x", A), Foreach(Structure((Template("#{a}"), 1)), "x", OWN, BODY)),
        (foreach(lambda s: [1], "x", A), Foreach(CodeRef("S/0/items"), "x", OWN, BODY)),
        (during(5).on(A), During(Const(5.0), OWN, True, BODY)),
        (during("500ms", "i", A), During(Const(0.5), "i", True, BODY)),
        (during(5, "i", exit_asap=False).on(A), During(Const(5.0), "i", False, BODY)),
        (during(5, A, exit_asap=False, counter="i"), During(Const(5.0), "i", False, BODY)),
        (during("#{d}", A), During(Template("#{d}"), OWN, True, BODY)),
        (as_long_as(holds).on(A), AsLongAs(FN, None, OWN, True, BODY)),
        (as_long_as("#{x}", "i", A), AsLongAs(Truth(Template("#{x}")), None, "i", True, BODY)),
        (as_long_as(True, A, exit_asap=False), AsLongAs(YES, None, OWN, False, BODY)),
        (do_while(holds).on(A), DoWhile(FN, None, OWN, False, BODY)),
        (do_while(True, "i", A), DoWhile(YES, None, "i", False, BODY)),
        (as_long_as_during(holds, 5).on(A), AsLongAs(FN, Const(5.0), OWN, True, BODY)),
        (as_long_as_during(True, "1m", "i", A), AsLongAs(YES, Const(60.0), "i", True, BODY)),
        (
            as_long_as_during(True, "#{d}", exit_asap=False).on(A),
            AsLongAs(YES, Template("#{d}"), OWN, False, BODY),
        ),
        (do_while_during(holds, 5).on(A), DoWhile(FN, Const(5.0), OWN, True, BODY)),
        (do_while_during(True, 5, "i").on(A), DoWhile(YES, Const(5.0), "i", True, BODY)),
        (do_while_during(True, 5, A, exit_asap=False), DoWhile(YES, Const(5.0), OWN, False, BODY)),
        (forever().on(A), Forever(OWN, BODY)),
        (forever(A), Forever(OWN, BODY)),
        (forever("i").on(A), Forever("i", BODY)),
        (forever("i", A), Forever("i", BODY)),
        (forever(A, counter="i"), Forever("i", BODY)),
    ],
    ids=str,
)
def test_spellings(chain: Chain, expected: Step) -> None:
    """What is written at once and what is written afterwards is the same loop."""
    assert expected == step_of(chain)


def test_counters_of_their_own() -> None:
    """Loops without a counter's name get private ones that differ, nested or not."""
    first, second = steps_of(repeat(2, repeat(2, A)).repeat(2, A))
    assert isinstance(first, Repeat)
    assert isinstance(first.body[0], Repeat)
    assert isinstance(second, Repeat)
    names = {first.counter, first.body[0].counter, second.counter}
    assert 3 == len(names)
    assert all(name.startswith("gatling.") for name in names)


@pytest.mark.parametrize("name", ["gatling.mine", " "])
def test_counters_that_cannot_be(name: str) -> None:
    """A counter is an attribute of the user's own."""
    with pytest.raises(
        UsageError, match=r"test_loops\.py:\d+: the counter of repeat\(\.\.\.\) must"
    ):
        repeat(3, name)
    with pytest.raises(UsageError, match=r"the counter of forever\(\.\.\.\) must"):
        forever(name, A)
    with pytest.raises(UsageError, match=r"the attribute of foreach\(\.\.\.\) must"):
        foreach([1], name, A)


def test_two_counters() -> None:
    """A counter is named once."""
    with pytest.raises(UsageError, match="was given two names for its counter"):
        repeat(3, "i", A, counter="j")  # type: ignore[call-overload]


def test_an_attribute_that_is_no_text() -> None:
    """The attribute of foreach is text."""
    with pytest.raises(UsageError, match=r"must be the name of an attribute, got 5"):
        foreach([1], 5, A)  # type: ignore[call-overload]


def test_exit_asap_by_position() -> None:
    """A truth value where a step belongs is told to be given by name."""
    with pytest.raises(UsageError, match=r"options are given by name, such as exit_asap=False"):
        during(5, "i", False)  # type: ignore[call-overload]


def test_no_duration() -> None:
    """A loop with a time limit that is none stays one, so that the limit can be refused."""
    loop = step_of(as_long_as_during(True, None, A))  # type: ignore[call-overload]
    assert AsLongAs(YES, Const(None), OWN, True, BODY) == loop
