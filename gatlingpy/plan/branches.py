"""Ways that only some users take, frozen."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gatlingpy.plan.blocks import Block
from gatlingpy.plan.code import Expr
from gatlingpy.plan.conditions import Condition

if TYPE_CHECKING:
    from gatlingpy.plan.steps import Step


@dataclass(frozen=True, slots=True)
class If(Block):
    """Steps for users for whom a condition holds, and others for the rest."""

    condition: Condition
    then: "tuple[Step, ...]"
    otherwise: "tuple[Step, ...]" = ()
    where: str = field(default="", compare=False)

    @property
    def bodies(self) -> "tuple[tuple[Step, ...], ...]":
        """``then`` and ``otherwise``."""
        return self.then, self.otherwise


@dataclass(frozen=True, slots=True)
class Case:
    """The steps of a switch for one value; ``key`` is a constant or resolved for each user."""

    key: Expr
    body: "tuple[Step, ...]"


@dataclass(frozen=True, slots=True)
class Switch(Block):
    """The steps of the first case whose key equals ``value``; ``otherwise`` if none does."""

    value: Expr
    cases: tuple[Case, ...]
    otherwise: "tuple[Step, ...]" = ()
    where: str = field(default="", compare=False)

    @property
    def bodies(self) -> "tuple[tuple[Step, ...], ...]":
        """The cases' steps, then ``otherwise``."""
        return (*(case.body for case in self.cases), self.otherwise)


@dataclass(frozen=True, slots=True)
class Choice:
    """The steps that ``percent`` percent of the users take."""

    percent: float
    body: "tuple[Step, ...]"


@dataclass(frozen=True, slots=True)
class RandomSwitch(Block):
    """One of several ways, by the user's dice; ``otherwise`` is for what is left up to 100 %."""

    choices: tuple[Choice, ...]
    otherwise: "tuple[Step, ...]" = ()
    where: str = field(default="", compare=False)

    @property
    def bodies(self) -> "tuple[tuple[Step, ...], ...]":
        """The choices' steps, then ``otherwise``."""
        return (*(choice.body for choice in self.choices), self.otherwise)


@dataclass(frozen=True, slots=True)
class UniformRandomSwitch(Block):
    """One of several ways, each as likely as the others."""

    ways: "tuple[tuple[Step, ...], ...]"
    where: str = field(default="", compare=False)

    @property
    def bodies(self) -> "tuple[tuple[Step, ...], ...]":
        """The ways."""
        return self.ways


@dataclass(frozen=True, slots=True)
class RoundRobinSwitch(Block):
    """The first user to come takes the first way, the next the second, and so on around."""

    ways: "tuple[tuple[Step, ...], ...]"
    where: str = field(default="", compare=False)

    @property
    def bodies(self) -> "tuple[tuple[Step, ...], ...]":
        """The ways."""
        return self.ways


Branch = If | Switch | RandomSwitch | UniformRandomSwitch | RoundRobinSwitch
