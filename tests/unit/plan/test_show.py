"""A plan prints as a tree that hides secrets and moves no cursor."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from gatlingpy.plan.assertions import (
    Assertion,
    Compare,
    Comparison,
    DetailsPath,
    ResponseTimeTarget,
    Statistic,
)
from gatlingpy.plan.code import CodeRef, Const, Env, Expr, Template
from gatlingpy.plan.codec import fingerprint
from gatlingpy.plan.concurrency import ClosedInjection, ConstantConcurrentUsers
from gatlingpy.plan.feeders import CodeSource, CsvSource, Feeder, RecordsSource, Strategy
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.plan.injection import AtOnceUsers, NothingFor, OpenInjection, RampUsersPerSec
from gatlingpy.plan.loops import Forever, Repeat
from gatlingpy.plan.pauses import DisabledPauses, ExponentialPauses, Pause
from gatlingpy.plan.show import show
from gatlingpy.plan.simulation import Population, SimulationPlan
from gatlingpy.plan.steps import Exec, Feed, Group, show_expression
from gatlingpy.plan.throttle import HoldFor, JumpToRps, ReachRps, Throttle
from tests.unit.plan.plans import S, plan_of, request, whole_plans

TREE = """\
Pay   simulations/pay.py   fingerprint {}
├─ echo      in this process
├─ Payments   open: nothing for 5 s, then 10 → 100 users/s in 60 s = 3300 users in 1 min 5 s
│  ├─ feed   users.csv, circular, by code pay.py:30
│  ├─ feed   code pay.py:3, queue, 2 at a time
│  ├─ feed   2 records, random, #{{n}} at a time
│  ├─ group  checkout
│  │  ├─ echo   Pay
│  │  │  └─ value  Const(value='')
│  │  ├─ pause  1 to 2.5 s
│  │  └─ repeat 3 times, counted by i
│  │     └─ pause  #{{think}} s
│  ├─ repeat #{{n}} times
│  │  └─ exec   code pay.py:30, blocking
│  └─ forever
│     └─ exec   code pay.py:30
├─ stop      after 10 min
├─ seed      7
└─ assert    Pay: 99th percentile of response time is less than 500.0"""


def test_a_whole_plan() -> None:
    """Every kind of step, feeder and demand has its line, in the order of the plan."""
    code = CodeRef("x", "pay.py:30")
    records = (FrozenMap({"a": 1}), FrozenMap({"a": 2}))
    plan = replace(
        plan_of(
            Feed("f1"),
            Feed("f2", Const(2)),
            Feed("f3", Template("#{n}")),
            Group(
                Const("checkout"),
                (
                    request(),
                    Pause(Const(1.0), Const(2.5)),
                    Repeat(Const(3), "i", (Pause(Template("#{think}")),)),
                ),
            ),
            Repeat(Template("#{n}"), "gatling.counter.x", (Exec(code, blocking=True),)),
            Forever("gatling.counter.y", (Exec(code),)),
            injected=(NothingFor(5 * S), RampUsersPerSec(10, 100, 60 * S)),
        ),
        feeders=(
            Feeder("f1", CsvSource("users.csv"), Strategy.CIRCULAR, transforms=(code,)),
            Feeder("f2", CodeSource(CodeRef("f2", "pay.py:3"))),
            Feeder("f3", RecordsSource(records), Strategy.RANDOM),
        ),
        assertions=(
            Assertion(
                DetailsPath(("Pay",)),
                ResponseTimeTarget(Statistic.PERCENTILE, 99.0),
                Compare(Comparison.LT, 500.0),
            ),
        ),
        max_duration_ns=600 * S,
        seed=7,
    )
    assert TREE.format(fingerprint(plan)[:12]) == show(plan)


LOAD = """\
├─ Payments   closed: 5 at a time for 10 s = 10 s
│  ├─ pauses    exponential, what is written being the mean
│  ├─ throttle  jump to 5 requests/s, then hold for 10 s = 10 s; no pauses
│  ├─ in flight 50 at most
│  ├─ echo   Pay
│  │  └─ value  Const(value='')
│  ├─ then
│  │  ├─ Payments   open: 1 at once = 1 user in 0 s
│  │  │  └─ echo   Pay
│  │  │     └─ value  Const(value='')
│  │  └─ Payments   open: 2 at once = 2 users in 0 s
│  │     └─ echo   Pay
│  │        └─ value  Const(value='')
│  └─ then
│     └─ Payments   open: 3 at once = 3 users in 0 s
│        └─ echo   Pay
│           └─ value  Const(value='')
├─ pauses    none
├─ throttle  to 10 requests/s in 10 s = 10 s; no pauses
├─ warm-up   2 s, which do not count
└─ stop      after 20 s"""


def test_the_whole_load() -> None:
    """What a population and the set-up say of pauses, throttles and followers is in the tree."""
    one, two, three = (
        Population("Payments", OpenInjection((AtOnceUsers(users),))) for users in (1, 2, 3)
    )
    population = Population(
        "Payments",
        ClosedInjection((ConstantConcurrentUsers(5, 10 * S),)),
        ExponentialPauses(),
        Throttle((JumpToRps(5), HoldFor(10 * S))),
        max_in_flight=50,
        then=((one, two), (three,)),
    )
    plan = replace(
        plan_of(),
        populations=(population,),
        pauses=DisabledPauses(),
        throttle=Throttle((ReachRps(10, 10 * S),)),
        warm_up_ns=2 * S,
        max_duration_ns=20 * S,
    )
    assert LOAD == "\n".join(show(plan).splitlines()[2:])


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (Const("a b"), "a b"),
        (Const(5), "5"),
        (Const(None), "None"),
        (Const(FrozenMap({"a": (1, "b")})), "{'a': [1, 'b']}"),
        (Const(Env("PASSWORD", "hunter2")), "${PASSWORD}"),
        (Const(FrozenMap({"a": Env("PASSWORD", "hunter2")})), "{'a': ${PASSWORD}}"),
        (Template("#{a}"), "#{a}"),
        (CodeRef("x", "pay.py:3"), "code pay.py:3"),
    ],
)
def test_expressions(expr: Expr, expected: str) -> None:
    """An expression reads as it was written, and an environment variable by its name alone."""
    assert expected == show_expression(expr)


def test_names_move_no_cursor() -> None:
    """Control characters in a name are shown, not obeyed, and a long line is cut."""
    nasty = show(plan_of(Group(Const("a\n\x1b[2J\t\ud800"), (Pause(Const("x" * 500)),))))
    assert r"group  a\n\x1b[2J\t\ud800" in nasty
    assert max(len(line) for line in nasty.splitlines()) < 220


@given(whole_plans)
@settings(deadline=None)
def test_any_plan_prints(plan: SimulationPlan) -> None:
    """Any plan prints, the same each time, one line for each branch, without a secret."""
    text = show(plan)
    assert text == show(plan)
    assert all(line.isprintable() for line in text.split("\n"))
