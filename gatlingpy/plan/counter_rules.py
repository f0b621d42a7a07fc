"""Attributes that loops set for themselves: one inside another must not take the same."""

from collections.abc import Iterator, Mapping

from gatlingpy.plan.blocks import Block
from gatlingpy.plan.calls import call_of
from gatlingpy.plan.exits import TryMax
from gatlingpy.plan.loops import Foreach, Loop
from gatlingpy.plan.pauses import Pace
from gatlingpy.plan.steps import Step


def counter_problems(
    steps: tuple[Step, ...], taken: Mapping[str, Loop | TryMax] | None = None
) -> Iterator[str]:
    """Yield each place where a block would overwrite what a block around it counts by.

    ``taken`` holds the attributes of the blocks around, and who sets them.
    """
    around = taken or {}
    for step in steps:
        names = _names(step)
        for name in names:
            if name in around:
                yield _overwritten(step, name, around[name])
        if len(set(names)) < len(names):
            yield (
                f"{step.where}: {call_of(step)} uses {names[0]!r} for the item and for its "
                "counter; give each a name of its own"
            )
        if isinstance(step, Block):
            inside = (
                {**around, **dict.fromkeys(names, step)}
                if isinstance(step, Loop | TryMax)
                else around
            )
            for body in step.bodies:
                yield from counter_problems(body, inside)


def _names(step: Step) -> tuple[str, ...]:
    match step:
        case Foreach(_, attribute, counter):
            return attribute, counter
        case Pace():
            return (step.counter,)
        case _ if isinstance(step, Loop | TryMax):
            return (step.counter,)
    return ()


def _overwritten(step: Step, name: str, outer: Loop | TryMax) -> str:
    return (
        f"{step.where}: {call_of(step)} would overwrite {name!r}, which {call_of(outer)} around it "
        f"at {outer.where} uses; give it a name of its own"
    )
