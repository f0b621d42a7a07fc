"""Loops that a condition ends."""

from typing import Self, overload

from gatlingpy.dsl.arguments import Condition, Time
from gatlingpy.dsl.loop_steps import TimedWhileStep, WhileStep
from gatlingpy.dsl.loop_structure import LoopStructure
from gatlingpy.dsl.stages import Block
from gatlingpy.dsl.structure import CounterOrStep, Executable


class WhileLoops(LoopStructure):
    """The loops of chains and scenarios that a condition ends."""

    __slots__ = ()

    @overload
    def as_long_as(
        self, condition: Condition, *, counter: str = "", exit_asap: bool = True
    ) -> Block[Self]: ...
    @overload
    def as_long_as(
        self, condition: Condition, counter: str, /, *, exit_asap: bool = True
    ) -> Block[Self]: ...
    @overload
    def as_long_as(
        self,
        condition: Condition,
        first: Executable,
        /,
        *rest: Executable,
        counter: str = "",
        exit_asap: bool = True,
    ) -> Self: ...
    @overload
    def as_long_as(
        self,
        condition: Condition,
        counter: str,
        first: Executable,
        /,
        *rest: Executable,
        exit_asap: bool = True,
    ) -> Self: ...
    def as_long_as(
        self,
        condition: Condition,
        *body: CounterOrStep,
        counter: str = "",
        exit_asap: bool = True,
    ) -> Block[Self] | Self:
        """Do the steps again while a condition holds; it is looked at before each round.

        ``exit_asap`` is on unless it is turned off, as Gatling's documentation has it; its code
        has it off.
        """
        return self._counted(
            "as_long_as(...)",
            body,
            counter,
            lambda name, inner, where: WhileStep(
                name, inner, where, condition, exit_asap, first_round=False
            ),
        )

    @overload
    def do_while(self, condition: Condition, *, counter: str = "") -> Block[Self]: ...
    @overload
    def do_while(self, condition: Condition, counter: str, /) -> Block[Self]: ...
    @overload
    def do_while(
        self, condition: Condition, first: Executable, /, *rest: Executable, counter: str = ""
    ) -> Self: ...
    @overload
    def do_while(
        self, condition: Condition, counter: str, first: Executable, /, *rest: Executable
    ) -> Self: ...
    def do_while(
        self, condition: Condition, *body: CounterOrStep, counter: str = ""
    ) -> Block[Self] | Self:
        """Do the steps once, and again while a condition holds, looked at after each round."""
        return self._counted(
            "do_while(...)",
            body,
            counter,
            lambda name, inner, where: WhileStep(
                name, inner, where, condition, exit_asap=False, first_round=True
            ),
        )

    @overload
    def as_long_as_during(
        self, condition: Condition, duration: Time, *, counter: str = "", exit_asap: bool = True
    ) -> Block[Self]: ...
    @overload
    def as_long_as_during(
        self, condition: Condition, duration: Time, counter: str, /, *, exit_asap: bool = True
    ) -> Block[Self]: ...
    @overload
    def as_long_as_during(
        self,
        condition: Condition,
        duration: Time,
        first: Executable,
        /,
        *rest: Executable,
        counter: str = "",
        exit_asap: bool = True,
    ) -> Self: ...
    @overload
    def as_long_as_during(
        self,
        condition: Condition,
        duration: Time,
        counter: str,
        first: Executable,
        /,
        *rest: Executable,
        exit_asap: bool = True,
    ) -> Self: ...
    def as_long_as_during(
        self,
        condition: Condition,
        duration: Time,
        *body: CounterOrStep,
        counter: str = "",
        exit_asap: bool = True,
    ) -> Block[Self] | Self:
        """Do the steps again while a condition holds and no more than this time has passed.

        ``exit_asap`` is on unless it is turned off, as Gatling's documentation has it; its Java
        calls have it off.
        """
        return self._counted(
            "as_long_as_during(...)",
            body,
            counter,
            lambda name, inner, where: TimedWhileStep(
                name, inner, where, condition, exit_asap, False, duration
            ),
        )

    @overload
    def do_while_during(
        self, condition: Condition, duration: Time, *, counter: str = "", exit_asap: bool = True
    ) -> Block[Self]: ...
    @overload
    def do_while_during(
        self, condition: Condition, duration: Time, counter: str, /, *, exit_asap: bool = True
    ) -> Block[Self]: ...
    @overload
    def do_while_during(
        self,
        condition: Condition,
        duration: Time,
        first: Executable,
        /,
        *rest: Executable,
        counter: str = "",
        exit_asap: bool = True,
    ) -> Self: ...
    @overload
    def do_while_during(
        self,
        condition: Condition,
        duration: Time,
        counter: str,
        first: Executable,
        /,
        *rest: Executable,
        exit_asap: bool = True,
    ) -> Self: ...
    def do_while_during(
        self,
        condition: Condition,
        duration: Time,
        *body: CounterOrStep,
        counter: str = "",
        exit_asap: bool = True,
    ) -> Block[Self] | Self:
        """Do the steps once, and again while a condition holds and this time has not passed.

        ``exit_asap`` is on unless it is turned off, as in ``as_long_as_during``, which Gatling's
        documentation likens it to; its Java calls have it off.
        """
        return self._counted(
            "do_while_during(...)",
            body,
            counter,
            lambda name, inner, where: TimedWhileStep(
                name, inner, where, condition, exit_asap, True, duration
            ),
        )
