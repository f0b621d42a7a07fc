"""Conditions on the session, frozen."""

from dataclasses import dataclass
from typing import TypeAlias

from gatlingpy.plan.code import Expr


@dataclass(frozen=True, slots=True)
class Truth:
    """What an expression gives must be true."""

    value: Expr


@dataclass(frozen=True, slots=True)
class Equal:
    """What two expressions give must be equal."""

    actual: Expr
    expected: Expr


Condition: TypeAlias = Truth | Equal
