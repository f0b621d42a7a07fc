"""The parts of a chain: each compiles to one step of the plan."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from gatlingpy.dsl.compiler import ActionBuilder, Compiler, Expression
from gatlingpy.dsl.duration import Duration, to_ns
from gatlingpy.dsl.feeders import FeederBuilder
from gatlingpy.dsl.where import function_line
from gatlingpy.plan.code import Const, Expr
from gatlingpy.plan.loops import Forever, Repeat
from gatlingpy.plan.pauses import Pause
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
class PauseStep:
    """A pause in a chain."""

    duration: Duration | Expression
    until: Duration | Expression | None
    where: str

    def compile(self, compiler: Compiler, path: str) -> Pause:
        """Return the pause, in seconds."""
        low = _seconds(compiler, self.duration, f"{path}/duration")
        until = None if self.until is None else _seconds(compiler, self.until, f"{path}/until")
        return Pause(low, until, where=self.where)


def _seconds(compiler: Compiler, duration: object, path: str) -> Expr:
    if callable(duration) or (isinstance(duration, str) and "#{" in duration):
        return compiler.expression(duration, path)
    return Const(to_ns(duration, "pause(...)") / 1_000_000_000)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class GroupStep:
    """A group in a chain."""

    name: Expression
    body: Body
    where: str

    def compile(self, compiler: Compiler, path: str) -> Group:
        """Return the group with its body."""
        name = compiler.expression(self.name, f"{path}/name")
        return Group(name, self.body.compile(compiler, path), self.where)


@dataclass(frozen=True, slots=True)
class LoopStep:
    """A loop in a chain; ``times`` is ``None`` for one that only a stop ends."""

    times: Expression | None
    counter: str
    body: Body
    where: str

    def compile(self, compiler: Compiler, path: str) -> Repeat | Forever:
        """Return the loop with its body; a loop without a counter's name gets a private one."""
        counter = self.counter or f"gatling.counter.{path}"
        body = self.body.compile(compiler, path)
        if self.times is None:
            return Forever(counter, body, self.where)
        times = compiler.expression(self.times, f"{path}/times")
        return Repeat(times, counter, body, self.where)


@dataclass(frozen=True, slots=True)
class FeedStep:
    """A feeder in a chain."""

    feeder: FeederBuilder
    count: Expression
    where: str

    def compile(self, compiler: Compiler, path: str) -> Feed:
        """Return the step that names the feeder."""
        count = compiler.expression(self.count, f"{path}/count")
        return Feed(compiler.feeder(self.feeder), count, self.where)
