"""Each step of a plan prints as a line, each block with what it holds, each way with its label."""

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
from gatlingpy.plan.code import CodeRef, Const, Template
from gatlingpy.plan.conditions import Equal, Truth
from gatlingpy.plan.exits import ExitHere, ExitHereIfFailed, StopLoadGenerator, TryMax
from gatlingpy.plan.loops import AsLongAs, DoWhile, During, Foreach, Forever, Repeat
from gatlingpy.plan.pauses import DisabledPauses, ExponentialPauses, Pace, Pause, RendezVous
from gatlingpy.plan.show_steps import StepPrinter
from gatlingpy.plan.show_tree import tree
from gatlingpy.plan.steps import Step

X = Template("#{x}")
CODE = CodeRef("x", "pay.py:30")
LEAF = (ExitHere(),)
BLOCKS = [
    (Pause(Const(0.5)), ["pause  0.5 s"]),
    (Pause(Const(1.0), None, ExponentialPauses()),
     ["pause  1 s (pauses: exponential, what is written being the mean)"]),
    (Pause(X, CODE, DisabledPauses()), ["pause  #{x} to code pay.py:30 s (pauses: none)"]),
    (Pace(Const(1.0), None, "gatling.pace.x"), ["pace   1 s"]),
    (Pace(Const(1.0), Const(2.0), "browse"), ["pace   1 to 2 s, kept in browse"]),
    (RendezVous(10), ["meet   10 users"]),
    (Repeat(Const(1), "gatling.x", LEAF), ["repeat 1 time", "└─ exit   here"]),
    (Foreach(Const((1, "a")), "x", "i", LEAF),
     ["for    x in [1, 'a'], counted by i", "└─ exit   here"]),
    (Foreach(X, "item", "gatling.x", LEAF), ["for    item in #{x}", "└─ exit   here"]),
    (During(Const(10.0), "i", True, LEAF), ["during 10 s, counted by i", "└─ exit   here"]),
    (During(X, "gatling.x", False, LEAF),
     ["during #{x} s, each round to its end", "└─ exit   here"]),
    (AsLongAs(Truth(X), None, "gatling.x", True, LEAF), ["while  #{x}", "└─ exit   here"]),
    (AsLongAs(Truth(CODE), Const(5.0), "i", False, LEAF),
     ["while  code pay.py:30, for 5 s at most, each round to its end, counted by i",
      "└─ exit   here"]),
    (DoWhile(Truth(X), None, "gatling.x", False, LEAF), ["do     while #{x}", "└─ exit   here"]),
    (DoWhile(Truth(X), Const(5.0), "gatling.x", True, LEAF),
     ["do     while #{x}, for 5 s at most", "└─ exit   here"]),
    (DoWhile(Truth(X), Const(5.0), "gatling.x", False, LEAF),
     ["do     while #{x}, for 5 s at most, each round to its end", "└─ exit   here"]),
    (Forever("i", LEAF), ["forever, counted by i", "└─ exit   here"]),
    (If(Truth(X), LEAF), ["if     #{x}", "└─ exit   here"]),
    (If(Truth(Const(True)), LEAF, LEAF),
     ["if     True", "├─ then", "│  └─ exit   here", "└─ else", "   └─ exit   here"]),
    (If(Equal(X, Const("a")), LEAF), ["if     #{x} is 'a'", "└─ exit   here"]),
    (If(Equal(X, Const(1)), LEAF), ["if     #{x} is 1", "└─ exit   here"]),
    (Switch(X, (Case(Const("a"), LEAF), Case(Const(2), LEAF), Case(X, LEAF)), LEAF),
     ["switch #{x}", "├─ case 'a'", "│  └─ exit   here", "├─ case 2", "│  └─ exit   here",
      "├─ case #{x}", "│  └─ exit   here", "└─ else", "   └─ exit   here"]),
    (RandomSwitch((Choice(60.0, LEAF), Choice(33.333333, LEAF))),
     ["switch at random", "├─ 60 %", "│  └─ exit   here", "└─ 33.333333 %", "   └─ exit   here"]),
    (RandomSwitch((Choice(60.0, LEAF),), LEAF),
     ["switch at random", "├─ 60 %", "│  └─ exit   here", "└─ else", "   └─ exit   here"]),
    (UniformRandomSwitch((LEAF, LEAF)),
     ["switch at random, evenly", "├─ 1 of 2", "│  └─ exit   here", "└─ 2 of 2",
      "   └─ exit   here"]),
    (RoundRobinSwitch((LEAF, LEAF)),
     ["switch in turn", "├─ 1 of 2", "│  └─ exit   here", "└─ 2 of 2", "   └─ exit   here"]),
    (TryMax(Const(3), "i", LEAF), ["try    at most 3 times, counted by i", "└─ exit   here"]),
    (TryMax(Const(1), "gatling.x", LEAF), ["try    once", "└─ exit   here"]),
    (ExitHere(Truth(X)), ["exit   if #{x}"]),
    (ExitHereIfFailed(), ["exit   if failed"]),
    (StopLoadGenerator(Const("done")), ["stop   done"]),
    (StopLoadGenerator(X, Equal(X, X)), ["stop   #{x}, if #{x} is #{x}"]),
    (StopLoadGenerator(Const("bad"), None, crash=True), ["crash  bad"]),
    (StopLoadGenerator(Const("bad"), Truth(X), crash=True), ["crash  bad, if #{x}"]),
]  # fmt: skip


@pytest.mark.parametrize(("step", "lines"), BLOCKS, ids=[lines[0] for _, lines in BLOCKS])
def test_blocks(step: Step, lines: list[str]) -> None:
    """Each block has its line, what it holds below it, each way under its label."""
    shown = tree("S", StepPrinter({}).lines((step,))).split("\n")[1:]
    assert lines == [line.removeprefix("└─ ").removeprefix("   ") for line in shown]
