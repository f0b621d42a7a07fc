"""The plainest parts of a chain: each compiles to one step of the plan."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from gatlingpy.dsl.arguments import Count, Text
from gatlingpy.dsl.compiler import ActionBuilder, Compiler
from gatlingpy.dsl.feeders import FeederBuilder
from gatlingpy.dsl.where import function_line
from gatlingpy.plan.steps import Exec, Feed, Group, RequestPlan, Step
from gatlingpy.session import Session

SessionFunction: TypeAlias = Callable[[Session], Session]


class Body(Protocol):
    """Steps that a block holds."""

    def compile(self, compiler: Compiler, path: str) -> tuple[Step, ...]:
        """Return the steps."""


@dataclass(frozen=True, slots=True)
class ActionStep:
    """A protocol's request in a chain."""

    action: ActionBuilder

    @property
    def where(self) -> str:
        """Where the request is written."""
        return self.action.where

    def compile(self, compiler: Compiler, path: str) -> RequestPlan:
        """Return the request."""
        return self.action.compile(compiler, path)


@dataclass(frozen=True, slots=True)
class FunctionStep:
    """A session function in a chain."""

    function: SessionFunction
    blocking: bool
    where: str

    def compile(self, compiler: Compiler, path: str) -> Exec:
        """Return the step that names the function."""
        ref = compiler.code.add(path, self.function, function_line(self.function))
        return Exec(ref, self.blocking, self.where)


@dataclass(frozen=True, slots=True)
class GroupStep:
    """A group in a chain."""

    name: Text
    body: Body
    where: str

    def compile(self, compiler: Compiler, path: str) -> Group:
        """Return the group with its body."""
        name = compiler.expression(self.name, f"{path}/name")
        return Group(name, self.body.compile(compiler, path), self.where)


@dataclass(frozen=True, slots=True)
class FeedStep:
    """A feeder in a chain."""

    feeder: FeederBuilder
    count: Count
    where: str

    def compile(self, compiler: Compiler, path: str) -> Feed:
        """Return the step that names the feeder."""
        count = compiler.expression(self.count, f"{path}/count")
        return Feed(compiler.feeder(self.feeder), count, self.where)
