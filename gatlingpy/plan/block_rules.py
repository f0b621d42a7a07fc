"""What each block of a plan must keep to: steps for every way, counts, conditions, shares."""

import math
from collections.abc import Iterator
from typing import Final

from gatlingpy.plan import constant_rules as constants
from gatlingpy.plan.blocks import Block
from gatlingpy.plan.branches import (
    Branch,
    If,
    RandomSwitch,
    RoundRobinSwitch,
    Switch,
    UniformRandomSwitch,
)
from gatlingpy.plan.calls import call_of
from gatlingpy.plan.code import Const, Expr
from gatlingpy.plan.conditions import Condition, Truth
from gatlingpy.plan.exits import ExitHere, ExitHereIfFailed, StopLoadGenerator, TryMax
from gatlingpy.plan.loops import AsLongAs, DoWhile, During, Foreach, Forever, Loop, Repeat
from gatlingpy.plan.steps import Group, Step, show_expression, walk_steps

MOST_PERCENT: Final = 100.000001
"""As in Gatling: percents that are rounded may add up to a little more than 100."""


def block_problems(block: Block, *, ends: bool) -> Iterator[str]:
    """Yield what is wrong with a block itself; ``ends`` tells whether the run is sure to end."""
    match block:
        case Group():
            yield from constants.text(block.name, "the name of group(...)")
            yield from _empty(block.body, "group(...)")
        case TryMax():
            yield from constants.whole_number(block.times, "try_max(...)", 1)
            yield from _empty(block.body, "try_max(...)")
        case Repeat() | Foreach() | During() | AsLongAs() | DoWhile() | Forever():
            yield from _loop(block)
            yield from _empty(block.body, call_of(block))
            if not ends:
                yield from _endless(block)
        case If() | Switch() | RandomSwitch() | UniformRandomSwitch() | RoundRobinSwitch():
            yield from _branch(block)


def condition_problems(condition: Condition | None, call: str) -> Iterator[str]:
    """Yield what is wrong with a condition, if there is one; any two values can be compared."""
    if isinstance(condition, Truth):
        yield from constants.truth(condition.value, call)


def _empty(body: tuple[Step, ...], what: str) -> Iterator[str]:
    if not body:
        yield f"{what} has no steps; give it some"


def _loop(loop: Loop) -> Iterator[str]:
    call = call_of(loop)
    match loop:
        case Repeat():
            yield from constants.whole_number(loop.times, call, 0)
        case Foreach():
            yield from constants.items(loop.items, call)
        case During():
            yield from constants.seconds(loop.duration, call)
        case AsLongAs() | DoWhile():
            yield from condition_problems(loop.condition, call)
            if loop.duration is not None:
                yield from constants.seconds(loop.duration, call)


def _endless(loop: Loop) -> Iterator[str]:
    """Yield a problem for a loop that only the end of the run ends, and no step inside it."""
    match loop:
        case Forever():
            pass
        case AsLongAs(Truth(Const(True)), None) | DoWhile(Truth(Const(True)), None):
            pass
        case _:
            return
    ways_out = ExitHere | ExitHereIfFailed | StopLoadGenerator
    if not any(isinstance(step, ways_out) for step in walk_steps(loop.body)):
        call = call_of(loop).replace("...", "True")
        yield (
            f"{call} would never end; add .max_duration(seconds) to set_up(...), or use repeat(n)"
        )


def _branch(branch: Branch) -> Iterator[str]:
    call = call_of(branch)
    match branch:
        case If():
            yield from condition_problems(branch.condition, call)
            yield from _empty(branch.then, f"the way of {call} for when it holds")
        case Switch():
            yield from _cases(branch, call)
        case RandomSwitch():
            yield from _choices(branch, call)
        case UniformRandomSwitch() | RoundRobinSwitch():
            if len(branch.ways) < 2:
                yield f"{call} needs at least 2 ways, got {len(branch.ways)}"
            for number, way in enumerate(branch.ways, 1):
                yield from _empty(way, f"way {number} of {call}")


def _cases(switch: Switch, call: str) -> Iterator[str]:
    if len(switch.cases) < 2:
        yield f"{call} needs at least 2 cases, got {len(switch.cases)}"
    keys = []
    for case in switch.cases:
        shown = f"on_case({_key(case.key)})"
        yield from _empty(case.body, f"{shown} of {call}")
        if isinstance(case.key, Const):
            if case.key in keys:
                yield f"{call} has {shown} twice: the second would never be taken"
            keys.append(case.key)


def _key(expr: Expr) -> str:
    return repr(expr.value) if isinstance(expr, Const) else repr(show_expression(expr))


def _choices(switch: RandomSwitch, call: str) -> Iterator[str]:
    if not switch.choices:
        yield f"{call} needs at least 1 choice"
    for choice in switch.choices:
        shown = f"percent({choice.percent:g})"
        yield from _empty(choice.body, f"{shown} of {call}")
        if not 0 <= choice.percent < math.inf:
            yield f"{shown} of {call} must be 0 or more"
    total = math.fsum(choice.percent for choice in switch.choices)
    if total > MOST_PERCENT:
        yield f"the percents of {call} add up to {total:.9g}; they must not exceed 100"
