"""Loops, frozen.

``counter`` names the session attribute that counts the rounds, from 0, while the user is inside.
``exit_asap`` has the loop's condition looked at again before every step inside it: the user leaves
at once when it does not hold any more.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gatlingpy.plan.blocks import Block
from gatlingpy.plan.code import Expr
from gatlingpy.plan.conditions import Condition

if TYPE_CHECKING:
    from gatlingpy.plan.steps import Step


@dataclass(frozen=True, slots=True)
class Repeat(Block):
    """Steps that are done a number of times."""

    times: Expr
    counter: str
    body: "tuple[Step, ...]"
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Foreach(Block):
    """Steps that are done once for each item; the item is the session attribute ``attribute``.

    ``items`` is resolved again in each round, as in Gatling.
    """

    items: Expr
    attribute: str
    counter: str
    body: "tuple[Step, ...]"
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class During(Block):
    """Steps that are done again while no more than ``duration`` seconds have passed."""

    duration: Expr
    counter: str
    exit_asap: bool
    body: "tuple[Step, ...]"
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class AsLongAs(Block):
    """Steps that are done while a condition holds, and, with ``duration``, for so many seconds."""

    condition: Condition
    duration: Expr | None
    counter: str
    exit_asap: bool
    body: "tuple[Step, ...]"
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class DoWhile(Block):
    """Like ``AsLongAs``, but the condition is first looked at after the first round."""

    condition: Condition
    duration: Expr | None
    counter: str
    exit_asap: bool
    body: "tuple[Step, ...]"
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Forever(Block):
    """Steps that are done until the run stops."""

    counter: str
    body: "tuple[Step, ...]"
    where: str = field(default="", compare=False)


Loop = Repeat | Foreach | During | AsLongAs | DoWhile | Forever
