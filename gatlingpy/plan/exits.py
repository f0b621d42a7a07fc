"""Failures that are tried again, and ways out, frozen."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gatlingpy.plan.blocks import Block
from gatlingpy.plan.code import Expr
from gatlingpy.plan.conditions import Condition

if TYPE_CHECKING:
    from gatlingpy.plan.steps import Step


@dataclass(frozen=True, slots=True)
class TryMax(Block):
    """Steps that are begun again when one of them fails, ``times`` times in all.

    ``counter`` names the attribute that counts the attempts, from 0.  ``exit_block_on_fail`` is
    this with one attempt.
    """

    times: Expr
    counter: str
    body: "tuple[Step, ...]"
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ExitHere:
    """The user leaves the scenario, if there is a condition and it holds, or if there is none."""

    condition: Condition | None = None
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ExitHereIfFailed:
    """The user leaves the scenario if it has failed."""

    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class StopLoadGenerator:
    """The run stops, well, or as one that ``crash``es, if there is no condition or it holds."""

    message: Expr
    condition: Condition | None = None
    crash: bool = False
    where: str = field(default="", compare=False)
