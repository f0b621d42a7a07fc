"""Branches as parts of a chain: each compiles to one branch of the plan."""

import math
from dataclasses import dataclass
from typing import Final

from gatlingpy.dsl.arguments import Condition, truth
from gatlingpy.dsl.compiler import Compiler, Expression
from gatlingpy.dsl.step_builders import Body
from gatlingpy.plan.branches import (
    Case,
    Choice,
    If,
    RandomSwitch,
    RoundRobinSwitch,
    Switch,
    UniformRandomSwitch,
)
from gatlingpy.plan.conditions import Equal
from gatlingpy.plan.steps import Step

_NEARLY: Final = 1e-6
"""Percents whose sum is this near to 100 are meant to be 100, as in Gatling."""


def _way(compiler: Compiler, body: Body | None, path: str) -> tuple[Step, ...]:
    return () if body is None else body.compile(compiler, path)


@dataclass(frozen=True, slots=True)
class IfStep:
    """``do_if`` and ``do_if_or_else`` in a chain."""

    condition: Condition
    then: Body
    otherwise: Body | None
    where: str

    def compile(self, compiler: Compiler, path: str) -> If:
        """Return the branch with its ways."""
        return If(
            truth(compiler, self.condition, f"{path}/condition"),
            _way(compiler, self.then, f"{path}/then"),
            _way(compiler, self.otherwise, f"{path}/else"),
            self.where,
        )


@dataclass(frozen=True, slots=True)
class IfEqualsStep:
    """``do_if_equals`` and ``do_if_equals_or_else`` in a chain."""

    actual: Expression
    expected: Expression
    then: Body
    otherwise: Body | None
    where: str

    def compile(self, compiler: Compiler, path: str) -> If:
        """Return the branch with its ways."""
        actual = compiler.expression(self.actual, f"{path}/actual")
        expected = compiler.expression(self.expected, f"{path}/expected")
        return If(
            Equal(actual, expected),
            _way(compiler, self.then, f"{path}/then"),
            _way(compiler, self.otherwise, f"{path}/else"),
            self.where,
        )


@dataclass(frozen=True, slots=True)
class CaseBuilder:
    """The steps of a switch for one value; made by ``on_case(key).then(...)``."""

    key: Expression
    body: Body

    def compile(self, compiler: Compiler, path: str) -> Case:
        """Return the case with its body."""
        key = compiler.expression(self.key, f"{path}/key")
        return Case(key, self.body.compile(compiler, path))


@dataclass(frozen=True, slots=True)
class SwitchStep:
    """``do_switch`` and ``do_switch_or_else`` in a chain."""

    value: Expression
    cases: tuple[CaseBuilder, ...]
    otherwise: Body | None
    where: str

    def compile(self, compiler: Compiler, path: str) -> Switch:
        """Return the switch with its cases."""
        return Switch(
            compiler.expression(self.value, f"{path}/value"),
            tuple(case.compile(compiler, f"{path}/case-{n}") for n, case in enumerate(self.cases)),
            _way(compiler, self.otherwise, f"{path}/else"),
            self.where,
        )


@dataclass(frozen=True, slots=True)
class ChoiceBuilder:
    """The steps that some percent take; made by ``percent(number).then(...)``."""

    percent: float
    body: Body


@dataclass(frozen=True, slots=True)
class RandomSwitchStep:
    """``random_switch`` and ``random_switch_or_else`` in a chain."""

    choices: tuple[ChoiceBuilder, ...]
    otherwise: Body | None
    where: str

    def compile(self, compiler: Compiler, path: str) -> RandomSwitch:
        """Return the switch with its choices, whose percents are exactly 100 if nearly so."""
        percents = whole([choice.percent for choice in self.choices])
        return RandomSwitch(
            tuple(
                Choice(percent, choice.body.compile(compiler, f"{path}/choice-{n}"))
                for n, (percent, choice) in enumerate(zip(percents, self.choices, strict=True))
            ),
            _way(compiler, self.otherwise, f"{path}/else"),
            self.where,
        )


def whole(percents: list[float]) -> list[float]:
    """Return percents that add up to 100, if they nearly do; the largest is changed.

    ``math.fsum`` of the result is 100 exactly: three times 33.333333 leaves nobody over.
    """
    total = math.fsum(percents)
    if not percents or not abs(total - 100) <= _NEARLY:
        return percents
    largest = percents.index(max(percents))
    before, after = percents[:largest], percents[largest + 1 :]
    rest = math.fsum([100, *(-percent for percent in before), *(-percent for percent in after)])
    return [*before, rest, *after]


@dataclass(frozen=True, slots=True)
class WaysStep:
    """``uniform_random_switch`` and ``round_robin_switch`` in a chain."""

    kind: type[UniformRandomSwitch] | type[RoundRobinSwitch]
    ways: tuple[Body, ...]
    where: str

    def compile(self, compiler: Compiler, path: str) -> UniformRandomSwitch | RoundRobinSwitch:
        """Return the switch with its ways."""
        ways = [way.compile(compiler, f"{path}/way-{n}") for n, way in enumerate(self.ways)]
        return self.kind(tuple(ways), self.where)
