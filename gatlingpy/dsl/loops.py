"""Loops: steps that a user does again.

The optional counter names a session attribute that counts the rounds, from 0: it may be read
inside, and is gone after the loop.  With ``exit_asap`` the loop's condition is looked at again
before every step inside it, and the user leaves at once when it does not hold any more; without,
each round is done to its end.
"""

from typing import Self, overload

from gatlingpy.dsl.arguments import Count, Items, Time, attribute_name
from gatlingpy.dsl.loop_steps import DuringStep, ForeachStep, ForeverStep, RepeatStep
from gatlingpy.dsl.loop_structure import LoopStructure
from gatlingpy.dsl.stages import Block
from gatlingpy.dsl.structure import CounterOrStep, Executable
from gatlingpy.dsl.where import user_line


class Loops(LoopStructure):
    """The loops of chains and scenarios that count rounds or time."""

    __slots__ = ()

    @overload
    def repeat(self, times: Count, *, counter: str = "") -> Block[Self]: ...
    @overload
    def repeat(self, times: Count, counter: str, /) -> Block[Self]: ...
    @overload
    def repeat(
        self, times: Count, first: Executable, /, *rest: Executable, counter: str = ""
    ) -> Self: ...
    @overload
    def repeat(
        self, times: Count, counter: str, first: Executable, /, *rest: Executable
    ) -> Self: ...
    def repeat(self, times: Count, *body: CounterOrStep, counter: str = "") -> Block[Self] | Self:
        """Do the steps given, or those of ``.on(...)``, so many times; 0 times is not at all.

        ``times`` is resolved again before each round, as in Gatling.
        """
        return self._counted(
            "repeat(...)",
            body,
            counter,
            lambda name, inner, where: RepeatStep(name, inner, where, times),
        )

    @overload
    def foreach(self, items: Items, attribute: str, *, counter: str = "") -> Block[Self]: ...
    @overload
    def foreach(self, items: Items, attribute: str, counter: str, /) -> Block[Self]: ...
    @overload
    def foreach(
        self,
        items: Items,
        attribute: str,
        first: Executable,
        /,
        *rest: Executable,
        counter: str = "",
    ) -> Self: ...
    @overload
    def foreach(
        self, items: Items, attribute: str, counter: str, first: Executable, /, *rest: Executable
    ) -> Self: ...
    def foreach(
        self, items: Items, attribute: str, *body: CounterOrStep, counter: str = ""
    ) -> Block[Self] | Self:
        """Do the steps once for each item, which is the session attribute ``attribute`` then.

        ``items`` is a list, a template that gives one, such as ``"#{orders}"``, or a function of
        the session; it is resolved again before each round, as in Gatling.  The attribute keeps
        the last item after the loop.
        """
        name = attribute_name(attribute, "the attribute of foreach(...)", user_line())
        return self._counted(
            "foreach(...)",
            body,
            counter,
            lambda count, inner, where: ForeachStep(count, inner, where, items, name),
        )

    @overload
    def during(
        self, duration: Time, *, counter: str = "", exit_asap: bool = True
    ) -> Block[Self]: ...
    @overload
    def during(self, duration: Time, counter: str, /, *, exit_asap: bool = True) -> Block[Self]: ...
    @overload
    def during(
        self,
        duration: Time,
        first: Executable,
        /,
        *rest: Executable,
        counter: str = "",
        exit_asap: bool = True,
    ) -> Self: ...
    @overload
    def during(
        self,
        duration: Time,
        counter: str,
        first: Executable,
        /,
        *rest: Executable,
        exit_asap: bool = True,
    ) -> Self: ...
    def during(
        self, duration: Time, *body: CounterOrStep, counter: str = "", exit_asap: bool = True
    ) -> Block[Self] | Self:
        """Do the steps again while no more than this time has passed since the loop was entered."""
        return self._counted(
            "during(...)",
            body,
            counter,
            lambda name, inner, where: DuringStep(name, inner, where, duration, exit_asap),
        )

    @overload
    def forever(self, *, counter: str = "") -> Block[Self]: ...
    @overload
    def forever(self, counter: str, /) -> Block[Self]: ...
    @overload
    def forever(self, first: Executable, /, *rest: Executable, counter: str = "") -> Self: ...
    @overload
    def forever(self, counter: str, first: Executable, /, *rest: Executable) -> Self: ...
    def forever(self, *body: CounterOrStep, counter: str = "") -> Block[Self] | Self:
        """Do the steps given, or those of ``.on(...)``, until the run stops.

        Needs ``max_duration`` on the set-up, a throttle, or a step inside that lets the user leave.
        A user that waits for replies slows down with the system it measures: a slow system is
        asked less often, and its worst moments are measured least.  For a rate that does not
        depend on the system take an open profile, one user for each round.
        """
        return self._counted(
            "forever(...)",
            body,
            counter,
            ForeverStep,
        )
