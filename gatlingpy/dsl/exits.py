"""Failures that are tried again, and ways out of the scenario and of the run."""

from dataclasses import dataclass
from typing import Self, overload

from gatlingpy.dsl.arguments import PRIVATE, Condition, Count, Text, truth
from gatlingpy.dsl.compiler import Compiler
from gatlingpy.dsl.loop_structure import LoopStructure
from gatlingpy.dsl.stages import Block
from gatlingpy.dsl.step_builders import Body
from gatlingpy.dsl.structure import CounterOrStep, Executable, block
from gatlingpy.dsl.where import user_line
from gatlingpy.plan.exits import ExitHere, ExitHereIfFailed, StopLoadGenerator, TryMax


@dataclass(frozen=True, slots=True)
class TryMaxStep:
    """Steps that are tried in a chain; an empty ``counter`` stands for a private one."""

    times: Count
    counter: str
    body: Body
    where: str

    def compile(self, compiler: Compiler, path: str) -> TryMax:
        """Return the block with its body."""
        times = compiler.expression(self.times, f"{path}/times")
        counter = self.counter or f"{PRIVATE}counter.{path}"
        return TryMax(times, counter, self.body.compile(compiler, path), self.where)


@dataclass(frozen=True, slots=True)
class ExitStep:
    """A way out of the scenario in a chain."""

    where: str

    def compile(self, compiler: Compiler, path: str) -> ExitHere:  # noqa: ARG002
        """Return the way out."""
        return ExitHere(None, self.where)


@dataclass(frozen=True, slots=True)
class ExitIfStep:
    """A way out of the scenario, in a chain, for users for whom a condition holds."""

    condition: Condition
    where: str

    def compile(self, compiler: Compiler, path: str) -> ExitHere:
        """Return the way out."""
        return ExitHere(truth(compiler, self.condition, f"{path}/condition"), self.where)


@dataclass(frozen=True, slots=True)
class ExitIfFailedStep:
    """A way out of the scenario, in a chain, for users that have failed."""

    where: str

    def compile(self, compiler: Compiler, path: str) -> ExitHereIfFailed:  # noqa: ARG002
        """Return the way out."""
        return ExitHereIfFailed(self.where)


@dataclass(frozen=True, slots=True)
class StopStep:
    """An end of the run in a chain."""

    message: Text
    crash: bool
    where: str

    def compile(self, compiler: Compiler, path: str) -> StopLoadGenerator:
        """Return the end of the run."""
        message = compiler.expression(self.message, f"{path}/message")
        return StopLoadGenerator(message, None, self.crash, self.where)


@dataclass(frozen=True, slots=True)
class StopIfStep:
    """An end of the run, in a chain, if a condition holds."""

    message: Text
    condition: Condition
    crash: bool
    where: str

    def compile(self, compiler: Compiler, path: str) -> StopLoadGenerator:
        """Return the end of the run."""
        message = compiler.expression(self.message, f"{path}/message")
        condition = truth(compiler, self.condition, f"{path}/condition")
        return StopLoadGenerator(message, condition, self.crash, self.where)


class Exits(LoopStructure):
    """The error handling of chains and scenarios."""

    __slots__ = ()

    @overload
    def try_max(self, times: Count, *, counter: str = "") -> Block[Self]: ...
    @overload
    def try_max(self, times: Count, counter: str, /) -> Block[Self]: ...
    @overload
    def try_max(
        self, times: Count, first: Executable, /, *rest: Executable, counter: str = ""
    ) -> Self: ...
    @overload
    def try_max(
        self, times: Count, counter: str, first: Executable, /, *rest: Executable
    ) -> Self: ...
    def try_max(self, times: Count, *body: CounterOrStep, counter: str = "") -> Block[Self] | Self:
        """Begin the steps again when one of them fails, ``times`` times in all.

        The step after the failure is not done.  Before another attempt the user counts as good
        again; after the last one it stays failed, and so does whatever block is around.  All
        requests are measured, those of attempts that failed as well.  ``counter`` names the
        attribute that counts the attempts, from 0.
        """
        return self._counted(
            "try_max(...)",
            body,
            counter,
            lambda name, inner, where: TryMaxStep(times, name, inner, where),
        )

    @overload
    def exit_block_on_fail(self) -> Block[Self]: ...
    @overload
    def exit_block_on_fail(self, first: Executable, /, *rest: Executable) -> Self: ...
    def exit_block_on_fail(self, *body: Executable) -> Block[Self] | Self:
        """Leave the block at the first step after one that failed: ``try_max`` with one attempt."""
        where = user_line()
        return block(
            "exit_block_on_fail()",
            where,
            lambda inner: self._plus(TryMaxStep(1, "", inner, where)),
            body,
        )

    def exit_here(self) -> Self:
        """Let the user leave the scenario here; the groups it is inside end."""
        return self._plus(ExitStep(user_line()))

    def exit_here_if(self, condition: Condition) -> Self:
        """Let the user leave the scenario here if a condition holds."""
        return self._plus(ExitIfStep(condition, user_line()))

    def exit_here_if_failed(self) -> Self:
        """Let the user leave the scenario here if it has failed."""
        return self._plus(ExitIfFailedStep(user_line()))

    def stop_load_generator(self, message: Text) -> Self:
        """Stop the whole run, well: requests in flight may still be answered, the code is 0."""
        return self._plus(StopStep(message, False, user_line()))

    def stop_load_generator_if(self, message: Text, condition: Condition) -> Self:
        """Stop the whole run, well, if a condition holds."""
        return self._plus(StopIfStep(message, condition, False, user_line()))

    def crash_load_generator(self, message: Text) -> Self:
        """Stop the whole run as one that failed: with a report, and exit code 1."""
        return self._plus(StopStep(message, True, user_line()))

    def crash_load_generator_if(self, message: Text, condition: Condition) -> Self:
        """Stop the whole run as one that failed if a condition holds."""
        return self._plus(StopIfStep(message, condition, True, user_line()))
