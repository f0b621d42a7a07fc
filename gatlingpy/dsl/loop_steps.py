"""Loops as parts of a chain: each compiles to one loop of the plan."""

from dataclasses import dataclass

from gatlingpy.dsl.arguments import PRIVATE, Condition, Count, Items, Time, seconds, truth
from gatlingpy.dsl.compiler import Compiler
from gatlingpy.dsl.step_builders import Body
from gatlingpy.plan.code import Expr
from gatlingpy.plan.loops import AsLongAs, DoWhile, During, Foreach, Forever, Repeat
from gatlingpy.plan.steps import Step


@dataclass(frozen=True, slots=True)
class LoopStep:
    """What every loop has: its counter's name, empty for a private one, and its steps."""

    counter: str
    body: Body
    where: str

    def _counter(self, path: str) -> str:
        return self.counter or f"{PRIVATE}counter.{path}"

    def _body(self, compiler: Compiler, path: str) -> tuple[Step, ...]:
        return self.body.compile(compiler, path)


@dataclass(frozen=True, slots=True)
class RepeatStep(LoopStep):
    """``repeat`` in a chain."""

    times: Count

    def compile(self, compiler: Compiler, path: str) -> Repeat:
        """Return the loop with its body."""
        times = compiler.expression(self.times, f"{path}/times")
        return Repeat(times, self._counter(path), self._body(compiler, path), self.where)


@dataclass(frozen=True, slots=True)
class ForeachStep(LoopStep):
    """``foreach`` in a chain."""

    items: Items
    attribute: str

    def compile(self, compiler: Compiler, path: str) -> Foreach:
        """Return the loop with its body; a range becomes the numbers in it."""
        given = tuple(self.items) if isinstance(self.items, range) else self.items
        items = compiler.expression(given, f"{path}/items")
        body = self._body(compiler, path)
        return Foreach(items, self.attribute, self._counter(path), body, self.where)


@dataclass(frozen=True, slots=True)
class DuringStep(LoopStep):
    """``during`` in a chain."""

    duration: Time
    exit_asap: bool

    def compile(self, compiler: Compiler, path: str) -> During:
        """Return the loop with its body."""
        duration = seconds(compiler, self.duration, f"{path}/duration")
        body = self._body(compiler, path)
        return During(duration, self._counter(path), self.exit_asap, body, self.where)


@dataclass(frozen=True, slots=True)
class WhileStep(LoopStep):
    """``as_long_as`` or ``do_while`` in a chain.

    ``first_round`` tells whether the first round is done whatever the condition says.
    """

    condition: Condition
    exit_asap: bool
    first_round: bool

    def _duration(self, compiler: Compiler, path: str) -> Expr | None:  # noqa: ARG002
        return None

    def compile(self, compiler: Compiler, path: str) -> AsLongAs | DoWhile:
        """Return the loop with its body."""
        condition = truth(compiler, self.condition, f"{path}/condition")
        duration = self._duration(compiler, path)
        body = self._body(compiler, path)
        loop = DoWhile if self.first_round else AsLongAs
        return loop(condition, duration, self._counter(path), self.exit_asap, body, self.where)


@dataclass(frozen=True, slots=True)
class TimedWhileStep(WhileStep):
    """``as_long_as_during`` or ``do_while_during`` in a chain."""

    duration: Time

    def _duration(self, compiler: Compiler, path: str) -> Expr:
        return seconds(compiler, self.duration, f"{path}/duration")


@dataclass(frozen=True, slots=True)
class ForeverStep(LoopStep):
    """``forever`` in a chain."""

    def compile(self, compiler: Compiler, path: str) -> Forever:
        """Return the loop with its body."""
        return Forever(self._counter(path), self._body(compiler, path), self.where)
