"""Conditions compile to the branches of the plan, in every spelling."""

import pytest

from gatlingpy.dsl.chain import (
    Chain,
    do_if,
    do_if_equals,
    do_if_equals_or_else,
    do_if_or_else,
)
from gatlingpy.errors import UsageError
from gatlingpy.plan.branches import If
from gatlingpy.plan.code import CodeRef, Const, Template
from gatlingpy.plan.conditions import Equal, Truth
from gatlingpy.plan.steps import Step
from tests.unit.dsl.chains import CALL, PAUSE_A, PAUSE_B, A, B, called, holds, step_of

X = Truth(Template("#{x}"))
SAME = Equal(Template("#{x}"), Const(1))


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        (do_if("#{x}").then(A), If(X, (PAUSE_A,))),
        (do_if("#{x}", A), If(X, (PAUSE_A,))),
        (do_if("#{x}", A, B), If(X, (PAUSE_A, PAUSE_B))),
        (do_if("#{x}").then(A, B), If(X, (PAUSE_A, PAUSE_B))),
        (do_if(True, A), If(Truth(Const(True)), (PAUSE_A,))),
        (do_if(holds, A), If(Truth(CodeRef("S/0/condition")), (PAUSE_A,))),
        (do_if_or_else("#{x}").then(A).or_else(B), If(X, (PAUSE_A,), (PAUSE_B,))),
        (do_if_or_else("#{x}", A, B), If(X, (PAUSE_A,), (PAUSE_B,))),
        (do_if_or_else("#{x}", [A, B], B), If(X, (PAUSE_A, PAUSE_B), (PAUSE_B,))),
        (do_if_or_else("#{x}").then(A, B).or_else(B, A),
         If(X, (PAUSE_A, PAUSE_B), (PAUSE_B, PAUSE_A))),
        (do_if_equals("#{x}", 1).then(A), If(SAME, (PAUSE_A,))),
        (do_if_equals("#{x}", 1, A), If(SAME, (PAUSE_A,))),
        (do_if_equals(holds, "#{y}", A),
         If(Equal(CodeRef("S/0/actual"), Template("#{y}")), (PAUSE_A,))),
        (do_if_equals("#{x}", holds, A),
         If(Equal(Template("#{x}"), CodeRef("S/0/expected")), (PAUSE_A,))),
        (do_if_equals_or_else("#{x}", 1).then(A).or_else(B), If(SAME, (PAUSE_A,), (PAUSE_B,))),
        (do_if_equals_or_else("#{x}", 1, A, B), If(SAME, (PAUSE_A,), (PAUSE_B,))),
        (do_if_equals("#{x}", None, A), If(Equal(Template("#{x}"), Const(None)), (PAUSE_A,))),
    ],
    ids=str,
)  # fmt: skip
def test_spellings(chain: Chain, expected: Step) -> None:
    """What is written at once and what is written afterwards is the same branch."""
    assert expected == step_of(chain)


def test_functions_on_both_ways_have_names_of_their_own() -> None:
    """The same function on two ways is two places of the plan."""
    expected = If(X, (called("S/0/then/0"),), (called("S/0/else/0"),))
    assert expected == step_of(do_if_or_else("#{x}", CALL, CALL))


@pytest.mark.parametrize("ways", [(A,), (A, B, A)])
def test_two_ways_or_none(ways: tuple[Chain, ...]) -> None:
    """A third argument is not silently a part of the second way, nor is a second way missing."""
    with pytest.raises(UsageError, match="put several steps into a list"):
        do_if_or_else("#{x}", *ways)  # type: ignore[call-overload]
    with pytest.raises(UsageError, match="put several steps into a list"):
        do_if_equals_or_else("#{x}", 1, *ways)  # type: ignore[call-overload]
