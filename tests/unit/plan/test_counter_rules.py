"""A loop in a loop must not overwrite the attribute that the outer one uses."""

import pytest

from gatlingpy.plan.branches import If
from gatlingpy.plan.code import Const, Template
from gatlingpy.plan.conditions import Truth
from gatlingpy.plan.counter_rules import counter_problems
from gatlingpy.plan.exits import TryMax
from gatlingpy.plan.loops import During, Foreach, Forever, Loop, Repeat
from gatlingpy.plan.pauses import Pace
from gatlingpy.plan.steps import Group, Step
from tests.unit.plan.plans import request

OUT, IN = "pay.py:30", "pay.py:31"
ONE = Const(1)
BODY = (request(),)


def outer(body: tuple[Step, ...]) -> list[Loop | TryMax]:
    """Return blocks of every kind that use ``i``, around these steps."""
    return [
        Repeat(ONE, "i", body, OUT),
        Foreach(Template("#{all}"), "i", "n", body, OUT),
        Foreach(Template("#{all}"), "n", "i", body, OUT),
        During(ONE, "i", True, body, OUT),
        Forever("i", body, OUT),
        TryMax(ONE, "i", body, OUT),
    ]


@pytest.mark.parametrize(
    ("inner", "call"),
    [
        (Repeat(ONE, "i", BODY, IN), "repeat(...)"),
        (Foreach(Template("#{all}"), "i", "m", BODY, IN), "foreach(...)"),
        (Foreach(Template("#{all}"), "m", "i", BODY, IN), "foreach(...)"),
        (TryMax(ONE, "i", BODY, IN), "try_max(...)"),
        (Pace(ONE, None, "i", IN), "pace(...)"),
    ],
    ids=str,
)
def test_overwritten(inner: Step, call: str) -> None:
    """Both places are told, however deep the inner one lies, and whatever the outer one is."""
    deep = Group(Const("g"), (If(Truth(Template("#{x}")), BODY, (inner,)),))
    for block in (*outer((inner,)), *outer((deep,))):
        (problem,) = counter_problems((block,))
        assert problem.startswith(f"{IN}: {call} would overwrite 'i', which ")
        assert problem.endswith(f"around it at {OUT} uses; give it a name of its own")


def test_one_after_another() -> None:
    """Loops that do not lie in each other may share a name."""
    one, two = Repeat(ONE, "i", BODY, OUT), Repeat(ONE, "i", BODY, IN)
    assert [] == list(counter_problems((one, two, Group(Const("g"), (one, two)))))
    assert [] == list(counter_problems(tuple(outer((Repeat(ONE, "j", BODY, IN),)))))


def test_each_pair_is_told_once() -> None:
    """Of three loops in each other the two inner ones are told."""
    three = Repeat(ONE, "i", (Repeat(ONE, "i", (Repeat(ONE, "i", BODY, "c"),), "b"),), "a")
    assert ["b: repeat(...)", "c: repeat(...)"] == [
        " ".join(problem.split()[:2]) for problem in counter_problems((three,))
    ]


def test_an_item_that_is_the_counter() -> None:
    """A foreach needs two names."""
    (problem,) = counter_problems((Foreach(Template("#{all}"), "i", "i", BODY, OUT),))
    assert (
        f"{OUT}: foreach(...) uses 'i' for the item and for its counter; give each a name of its own"
        == problem
    )
