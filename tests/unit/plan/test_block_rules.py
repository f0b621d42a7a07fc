"""Blocks that cannot be are told at their line: counts, conditions, shares, and empty ways."""

from dataclasses import replace

import pytest

from gatlingpy.plan.branches import (
    Case,
    Choice,
    If,
    RandomSwitch,
    RoundRobinSwitch,
    Switch,
    UniformRandomSwitch,
)
from gatlingpy.plan.code import CodeRef, Const, Expr, Structure, Template
from gatlingpy.plan.conditions import Equal, Truth
from gatlingpy.plan.exits import ExitHere, ExitHereIfFailed, StopLoadGenerator, TryMax
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.plan.loops import AsLongAs, DoWhile, During, Foreach, Forever, Repeat
from gatlingpy.plan.steps import Group, Step
from gatlingpy.plan.validate import validate
from tests.unit.plan.plans import S, plan_of, request

AT = "pay.py:30"
BODY = (request(),)
X = Template("#{x}")
YES = Truth(Const(True))
TIMES = "takes seconds as a number, a timedelta or text such as '500ms', 0 or more, got"
TRUTH = "takes True, False, text that is one placeholder such as '#{paid}', or a function"
NO_TRUTH = (
    "is put together to text and never true or false: compare in a function, or with "
    "do_if_equals(...)"
)
ITEMS = "takes a list, text that is one placeholder such as '#{orders}', or a function"
FUNCTION = CodeRef("f", "pay.py:3")


def problems_of(step: Step, *, ends: bool = True) -> list[str]:
    """Return what is wrong with a plan of this step, without its line."""
    problems = validate(replace(plan_of(step), max_duration_ns=S if ends else None))
    assert all(problem.startswith(f"{AT}: ") for problem in problems), problems
    return [problem.removeprefix(f"{AT}: ") for problem in problems]


@pytest.mark.parametrize(
    "step",
    [
        Group(Const("g"), BODY, AT),
        Group(X, BODY, AT),
        Repeat(Const(0), "i", BODY, AT),
        Repeat(Const(2.0), "i", BODY, AT),
        Repeat(X, "i", BODY, AT),
        Foreach(Const(()), "x", "i", BODY, AT),
        Foreach(Const((1, "a")), "x", "i", BODY, AT),
        Foreach(Structure((X,)), "x", "i", BODY, AT),
        Foreach(FUNCTION, "x", "i", BODY, AT),
        Foreach(X, "x", "i", BODY, AT),
        During(Const(0), "i", True, BODY, AT),
        During(X, "i", True, BODY, AT),
        During(Template("#{x}ms"), "i", True, BODY, AT),
        AsLongAs(Truth(X), None, "i", True, BODY, AT),
        AsLongAs(Truth(FUNCTION), Const(1.5), "i", True, BODY, AT),
        AsLongAs(Truth(Const(False)), None, "i", True, BODY, AT),
        AsLongAs(YES, Const(1.5), "i", True, BODY, AT),
        DoWhile(Truth(X), None, "i", True, BODY, AT),
        DoWhile(YES, X, "i", True, BODY, AT),
        If(Truth(X), BODY, (), AT),
        If(Truth(Const(False)), BODY, BODY, AT),
        If(Equal(Const("a"), Const(None)), BODY, (), AT),
        Switch(X, (Case(Const("a"), BODY), Case(Const("b"), BODY)), (), AT),
        Switch(X, (Case(X, BODY), Case(X, BODY), Case(FUNCTION, BODY)), BODY, AT),
        Switch(X, (Case(Const("1"), BODY), Case(Const(1), BODY)), (), AT),
        RandomSwitch((Choice(60.0, BODY), Choice(0.0, BODY)), (), AT),
        RandomSwitch((Choice(100.0, BODY),), BODY, AT),
        RandomSwitch((Choice(50.0, BODY), Choice(50.000001, BODY)), (), AT),
        UniformRandomSwitch((BODY, BODY), AT),
        RoundRobinSwitch((BODY, BODY, BODY), AT),
        TryMax(Const(1), "i", BODY, AT),
        TryMax(X, "i", BODY, AT),
    ],
    ids=str,
)
def test_good_blocks(step: Step) -> None:
    """What may be is not told, in a run that nothing else ends."""
    assert [] == problems_of(step, ends=False)


@pytest.mark.parametrize(
    ("step", "what"),
    [
        (Group(Const("g"), (), AT), "group(...)"),
        (Repeat(Const(1), "i", (), AT), "repeat(...)"),
        (Foreach(X, "x", "i", (), AT), "foreach(...)"),
        (During(X, "i", True, (), AT), "during(...)"),
        (AsLongAs(Truth(X), None, "i", True, (), AT), "as_long_as(...)"),
        (AsLongAs(Truth(X), X, "i", True, (), AT), "as_long_as_during(...)"),
        (DoWhile(Truth(X), None, "i", False, (), AT), "do_while(...)"),
        (DoWhile(Truth(X), X, "i", True, (), AT), "do_while_during(...)"),
        (Forever("i", (), AT), "forever()"),
        (TryMax(Const(1), "i", (), AT), "try_max(...)"),
        (If(Truth(X), (), (), AT), "the way of do_if(...) for when it holds"),
        (If(Truth(X), (), BODY, AT), "the way of do_if_or_else(...) for when it holds"),
        (If(Equal(X, X), (), (), AT), "the way of do_if_equals(...) for when it holds"),
        (Switch(X, (Case(Const("a"), BODY), Case(X, ())), (), AT), "on_case('#{x}') of do_switch(...)"),
        (RandomSwitch((Choice(5.5, ()),), (), AT), "percent(5.5) of random_switch()"),
        (UniformRandomSwitch((BODY, ()), AT), "way 2 of uniform_random_switch()"),
        (RoundRobinSwitch(((), BODY), AT), "way 1 of round_robin_switch()"),
    ],
    ids=str,
)  # fmt: skip
def test_empty_ways(step: Step, what: str) -> None:
    """A block without steps, and a way without any, is told as that one."""
    assert [f"{what} has no steps; give it some"] == problems_of(step)


@pytest.mark.parametrize("times", [-1, 1.5, "many", None, True, float("inf"), float("nan"), (1,)])
def test_how_often(times: object) -> None:
    """How often, where constant, is a whole number: from 0 for repeat, from 1 for try_max."""
    got = "tuple (1,)" if isinstance(times, tuple) else repr(times)
    assert [f"repeat(...) must be a whole number from 0, got {got}"] == problems_of(
        Repeat(Const(times), "i", BODY, AT)
    )
    assert [f"try_max(...) must be a whole number from 1, got {got}"] == problems_of(
        TryMax(Const(times), "i", BODY, AT)
    )


def test_no_try() -> None:
    """Nothing is tried 0 times."""
    assert ["try_max(...) must be a whole number from 1, got 0"] == problems_of(
        TryMax(Const(0), "i", BODY, AT)
    )


@pytest.mark.parametrize(
    ("value", "ending"),
    [
        (Const("paid"), f"{TRUTH}, got the text 'paid'"),
        (Const("true"), f"{TRUTH}, got the text 'true'"),
        (Const(None), f"{TRUTH}, got None; give a function itself, not what it returns"),
        (Const(1), f"{TRUTH}, got 1; give a function itself, not what it returns"),
        (Const((1,)), f"{TRUTH}, got tuple (1,); give a function itself, not what it returns"),
        (
            Template("#{a} == #{b}"),
            f"{TRUTH}; '#{{a}} == #{{b}}' {NO_TRUTH}",
        ),
        (
            Template("\\#{a}"),
            f"{TRUTH}; '\\\\#{{a}}' {NO_TRUTH}",
        ),
    ],
)
def test_conditions(value: Expr, ending: str) -> None:
    """A condition that can never be true or false is told, whatever has it."""
    for step, call in (
        (If(Truth(value), BODY, (), AT), "do_if(...)"),
        (If(Truth(value), BODY, BODY, AT), "do_if_or_else(...)"),
        (AsLongAs(Truth(value), None, "i", True, BODY, AT), "as_long_as(...)"),
        (DoWhile(Truth(value), Const(1), "i", True, BODY, AT), "do_while_during(...)"),
        (ExitHere(Truth(value), AT), "exit_here_if(...)"),
    ):
        assert [f"the condition of {call} {ending}"] == problems_of(step)


@pytest.mark.parametrize("wrong", ["soon", -1, 1e305, None])
def test_durations(wrong: object) -> None:
    """A loop that is limited in time has a time."""
    for step, call in (
        (During(Const(wrong), "i", True, BODY, AT), "during(...)"),
        (AsLongAs(YES, Const(wrong), "i", True, BODY, AT), "as_long_as_during(...)"),
        (DoWhile(YES, Const(wrong), "i", True, BODY, AT), "do_while_during(...)"),
    ):
        assert [f"{call} {TIMES} {wrong!r}"] == problems_of(step)


@pytest.mark.parametrize(
    ("items", "ending"),
    [
        (Const("abc"), f"{ITEMS}, got 'abc'"),
        (Const(5), f"{ITEMS}, got 5"),
        (Const(FrozenMap({"a": 1})), f"{ITEMS}, got dict {{'a': 1}}"),
        (Template("#{a},#{b}"), f"{ITEMS}; '#{{a}},#{{b}}' is put together to text"),
    ],
)
def test_items(items: Expr, ending: str) -> None:
    """What has no items is told."""
    assert [f"foreach(...) {ending}"] == problems_of(Foreach(items, "x", "i", BODY, AT))


ENDLESS = [
    (Forever("i", BODY, AT), "forever()"),
    (AsLongAs(YES, None, "i", True, BODY, AT), "as_long_as(True)"),
    (DoWhile(YES, None, "i", False, BODY, AT), "do_while(True)"),
]


@pytest.mark.parametrize(("loop", "call"), ENDLESS, ids=[call for _, call in ENDLESS])
def test_loops_without_end(loop: Forever | AsLongAs | DoWhile, call: str) -> None:
    """A loop that nothing ends is told, unless the run ends or a step inside lets users out."""
    told = f"{call} would never end; add .max_duration(seconds) to set_up(...), or use repeat(n)"
    assert [told] == problems_of(loop, ends=False)
    assert [told] == problems_of(Group(Const("g"), (loop,), AT), ends=False)
    assert [] == problems_of(loop, ends=True)
    for way_out in (
        ExitHere(Truth(X), AT),
        ExitHereIfFailed(AT),
        StopLoadGenerator(Const("done"), Truth(X), where=AT),
    ):
        inside = If(Truth(X), (way_out,), (), AT)
        assert [] == problems_of(replace(loop, body=(*BODY, inside)), ends=False)


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (Group(Const(" "), BODY, AT), "the name of group(...) must be text, got ' '"),
        (Group(Const(5), BODY, AT), "the name of group(...) must be text, got 5"),
        (Switch(X, (Case(Const(1), BODY),), (), AT), "do_switch(...) needs at least 2 cases, got 1"),
        (Switch(X, (), BODY, AT), "do_switch_or_else(...) needs at least 2 cases, got 0"),
        (Switch(X, (Case(Const("a"), BODY), Case(X, BODY), Case(Const("a"), BODY)), (), AT),
         "do_switch(...) has on_case('a') twice: the second would never be taken"),
        (Switch(X, (Case(Const(1), BODY), Case(Const(1.0), BODY)), (), AT),
         "do_switch(...) has on_case(1.0) twice: the second would never be taken"),
        (UniformRandomSwitch((BODY,), AT), "uniform_random_switch() needs at least 2 ways, got 1"),
        (RoundRobinSwitch((), AT), "round_robin_switch() needs at least 2 ways, got 0"),
        (RandomSwitch((), BODY, AT), "random_switch_or_else() needs at least 1 choice"),
        (RandomSwitch((Choice(-1.0, BODY),), (), AT), "percent(-1) of random_switch() must be 0 or more"),
        (RandomSwitch((Choice(60.0, BODY), Choice(40.5, BODY)), (), AT),
         "the percents of random_switch() add up to 100.5; they must not exceed 100"),
        (RandomSwitch((Choice(50.0, BODY), Choice(50.000002, BODY)), BODY, AT),
         "the percents of random_switch_or_else() add up to 100.000002; they must not exceed 100"),
        (RandomSwitch((Choice(float("nan"), BODY),), (), AT),
         "percent(nan) of random_switch() must be 0 or more"),
    ],
    ids=str,
)  # fmt: skip
def test_names_and_ways(step: Step, message: str) -> None:
    """Groups have a name, switches ways that can be taken."""
    assert [message] == problems_of(step)
