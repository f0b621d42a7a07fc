"""Conditions: steps for those users for whom something holds, and others for the rest."""

from collections.abc import Callable
from typing import Self, overload

from gatlingpy.dsl.arguments import Condition
from gatlingpy.dsl.branch_steps import IfEqualsStep, IfStep
from gatlingpy.dsl.compiler import Expression, StepBuilder
from gatlingpy.dsl.stages import OrElse, Then
from gatlingpy.dsl.structure import Executable, Steps, Structure, steps_of
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError


class Branches(Structure):
    """The conditions of chains and scenarios.

    A condition is true or false, a template that gives one of the two, or a function of the
    session that does.  One that gives anything else, or fails, counts as an error of the user,
    who goes on behind the block, marked as failed.
    """

    __slots__ = ()

    @overload
    def do_if(self, condition: Condition) -> Then[Self]: ...
    @overload
    def do_if(self, condition: Condition, first: Executable, /, *rest: Executable) -> Self: ...
    def do_if(self, condition: Condition, *body: Executable) -> Then[Self] | Self:
        """Do the steps given, or those of ``.then(...)``, if a condition holds."""
        where = user_line()
        return self._then(
            "do_if(...)", where, lambda then: IfStep(condition, then, None, where), body
        )

    @overload
    def do_if_or_else(self, condition: Condition) -> Then[OrElse[Self]]: ...
    @overload
    def do_if_or_else(
        self, condition: Condition, then: Executable, otherwise: Executable, /
    ) -> Self: ...
    def do_if_or_else(self, condition: Condition, *ways: Executable) -> Then[OrElse[Self]] | Self:
        """Do some steps if a condition holds, and others if not.

        Write both behind the condition, several steps in a list, or
        ``do_if_or_else(condition).then(...).or_else(...)``.
        """
        where = user_line()
        return self._then_or_else(
            "do_if_or_else(...)",
            where,
            lambda then, otherwise: IfStep(condition, then, otherwise, where),
            ways,
        )

    @overload
    def do_if_equals(self, actual: Expression, expected: Expression) -> Then[Self]: ...
    @overload
    def do_if_equals(
        self, actual: Expression, expected: Expression, first: Executable, /, *rest: Executable
    ) -> Self: ...
    def do_if_equals(
        self, actual: Expression, expected: Expression, *body: Executable
    ) -> Then[Self] | Self:
        """Do the steps given, or those of ``.then(...)``, if two values are equal.

        They are equal as Python has it: ``"1"`` and ``1`` are not.
        """
        where = user_line()
        return self._then(
            "do_if_equals(...)",
            where,
            lambda then: IfEqualsStep(actual, expected, then, None, where),
            body,
        )

    @overload
    def do_if_equals_or_else(
        self, actual: Expression, expected: Expression
    ) -> Then[OrElse[Self]]: ...
    @overload
    def do_if_equals_or_else(
        self,
        actual: Expression,
        expected: Expression,
        then: Executable,
        otherwise: Executable,
        /,
    ) -> Self: ...
    def do_if_equals_or_else(
        self, actual: Expression, expected: Expression, *ways: Executable
    ) -> Then[OrElse[Self]] | Self:
        """Do some steps if two values are equal, and others if not."""
        where = user_line()
        return self._then_or_else(
            "do_if_equals_or_else(...)",
            where,
            lambda then, otherwise: IfEqualsStep(actual, expected, then, otherwise, where),
            ways,
        )

    def _then(
        self,
        what: str,
        where: str,
        step: Callable[[Steps], StepBuilder],
        body: tuple[Executable, ...],
    ) -> Then[Self] | Self:
        stage: Then[Self] = Then(
            what, where, lambda then: self._plus(step(steps_of(then, user_line())))
        )
        return stage.then(*body) if body else stage

    def _then_or_else(
        self,
        what: str,
        where: str,
        step: Callable[[Steps, Steps], StepBuilder],
        ways: tuple[Executable, ...],
    ) -> Then[OrElse[Self]] | Self:
        stage: Then[OrElse[Self]] = Then(
            what, where, lambda then: self._or_else(what, where, step, steps_of(then, user_line()))
        )
        if not ways:
            return stage
        if len(ways) != 2:
            raise UsageError(
                f"{where}: {what} takes the steps for when it holds and those for when not, both "
                f"or none, got {len(ways)}; put several steps into a list"
            )
        return stage.then(ways[0]).or_else(ways[1])

    def _or_else(
        self,
        what: str,
        where: str,
        step: Callable[[Steps, Steps], StepBuilder],
        then: Steps,
    ) -> OrElse[Self]:
        return OrElse(
            f"{what}.then(...)",
            where,
            lambda otherwise: self._plus(step(then, steps_of(otherwise, user_line()))),
        )
