"""Branches: how the way is chosen, and how it is taken."""

from bisect import bisect_right
from itertools import accumulate, cycle
from typing import Final

from gatlingpy.engine.conditions import Resolve, as_written, equal, tester
from gatlingpy.engine.effects import Sleep
from gatlingpy.engine.nodes import BranchNode, Choose
from gatlingpy.engine.stage import Play, Stage, Walk, failed
from gatlingpy.errors import ExpressionError
from gatlingpy.plan.branches import (
    Branch,
    If,
    RandomSwitch,
    RoundRobinSwitch,
    Switch,
    UniformRandomSwitch,
)
from gatlingpy.session import Session

_PARTS: Final = 1_000_000
"""Parts of a percent that a random switch can tell apart, as Gatling does."""
_WHOLE: Final = 100 * _PARTS


def chooser(step: Branch, resolve: Resolve) -> Choose:
    """Compile how a branch chooses among its ``bodies``; the last one is for the rest, if any."""
    match step:
        case If(condition):
            test = tester(condition, resolve, "do_if(...)")
            return lambda session, _uniform: 0 if test(session) else 1
        case Switch():
            return _switch(step, resolve)
        case RandomSwitch():
            return _random(step)
        case UniformRandomSwitch(ways):
            count = len(ways)
            return lambda session, uniform: int(uniform(session.user_id) * count)
        case RoundRobinSwitch(ways):
            turns = cycle(range(len(ways)))
            return lambda _session, _uniform: next(turns)


def _switch(step: Switch, resolve: Resolve) -> Choose:
    get = as_written(step.value, resolve)
    keys = [as_written(case.key, resolve) for case in step.cases]

    def choose(session: Session, _uniform: object) -> int:
        value = get(session)
        for place, key in enumerate(keys):
            if equal(value, key(session)):
                return place
        return len(keys)

    return choose


def _random(step: RandomSwitch) -> Choose:
    """Choose by one draw; what is missing to 100 % by rounding alone is the last choice's."""
    # Summed before they are rounded: seven times 100/7 leaves nobody over.
    sums = accumulate(choice.percent for choice in step.choices)
    bounds = [round(total * _PARTS) for total in sums]
    if bounds and abs(bounds[-1] - _WHOLE) <= 1:
        bounds[-1] = _WHOLE
    return lambda session, uniform: bisect_right(bounds, int(uniform(session.user_id) * _WHOLE))


def branch(play: Play, node: BranchNode, session: Session, due_ns: int, stage: Stage) -> Walk:
    """Take one way; a user for whom none can be chosen has failed, and goes on behind them."""
    try:
        way = node.ways[node.choose(session, stage.uniform)]
    except ExpressionError as error:
        return (yield Sleep(failed(error, node.where, session, stage), due_ns))
    return (yield from play(way, session, due_ns, stage))
