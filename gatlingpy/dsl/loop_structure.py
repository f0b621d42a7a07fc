"""What all loops have in common: a counter, and steps given at once or afterwards."""

from collections.abc import Callable
from typing import Self, cast

from gatlingpy.dsl.arguments import attribute_name
from gatlingpy.dsl.compiler import StepBuilder
from gatlingpy.dsl.stages import Block
from gatlingpy.dsl.structure import CounterOrStep, Executable, Steps, Structure, block
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError


class LoopStructure(Structure):
    """Something that loops can be added to."""

    __slots__ = ()

    def _counted(
        self,
        what: str,
        body: tuple[CounterOrStep, ...],
        counter: str,
        step: Callable[[str, Steps, str], StepBuilder],
    ) -> Block[Self] | Self:
        where = user_line()
        name, steps = _split_counter(what, body, counter, where)
        return block(what, where, lambda inner: self._plus(step(name, inner, where)), steps)


def _split_counter(
    what: str, body: tuple[CounterOrStep, ...], counter: str, where: str
) -> tuple[str, tuple[Executable, ...]]:
    """Part the name of a loop's counter, by position or by keyword, from the loop's steps.

    The name is empty if there is none; raises UsageError for one that cannot be.
    """
    steps = body
    if body and isinstance(body[0], str):
        if counter:
            raise UsageError(f"{where}: {what} was given two names for its counter")
        counter, steps = body[0], body[1:]
    name = counter and attribute_name(counter, f"the counter of {what}", where)
    return name, cast("tuple[Executable, ...]", steps)
