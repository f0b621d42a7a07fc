"""Switches: one of several ways, by a value, by chance or in turn."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Generic, Self, TypeVar, overload

from gatlingpy.dsl.branch_steps import (
    CaseBuilder,
    ChoiceBuilder,
    RandomSwitchStep,
    SwitchStep,
    WaysStep,
)
from gatlingpy.dsl.compiler import Expression, StepBuilder
from gatlingpy.dsl.stages import OrElse, Then, Unfinished, needs
from gatlingpy.dsl.structure import Executable, Steps, Structure, steps_of
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.branches import RoundRobinSwitch, UniformRandomSwitch
from gatlingpy.plan.glimpse import glimpse

C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Cases(Unfinished, Generic[C]):
    """A switch by a value that still wants its cases."""

    LACK: ClassVar[str] = "has no cases yet; give them with .on(on_case(key).then(...), ...)"
    build: Callable[[tuple[CaseBuilder, ...]], C]

    @needs(2, "case")
    def on(self, first: CaseBuilder, second: CaseBuilder, /, *more: CaseBuilder) -> C:
        """Give the cases; the one whose key equals the value is taken."""
        cases = (first, second, *more)
        for case in cases:
            if not isinstance(case, CaseBuilder):
                raise _no_way(case, self.what, "on_case(key).then(...)")
        return self.build(cases)


@dataclass(frozen=True, slots=True)
class Choices(Unfinished, Generic[C]):
    """A random switch that still wants its choices."""

    LACK: ClassVar[str] = "has no choices yet; give them with .on(percent(number).then(...), ...)"
    build: Callable[[tuple[ChoiceBuilder, ...]], C]

    @needs(1, "choice")
    def on(self, first: ChoiceBuilder, /, *rest: ChoiceBuilder) -> C:
        """Give the choices; their percents add up to 100 at most."""
        choices = (first, *rest)
        for choice in choices:
            if not isinstance(choice, ChoiceBuilder):
                raise _no_way(choice, self.what, "percent(number).then(...)")
        return self.build(choices)


@dataclass(frozen=True, slots=True)
class Ways(Unfinished, Generic[C]):
    """A switch that still wants its ways."""

    LACK: ClassVar[str] = "has no ways yet; give them with .on(way, another, ...)"
    build: Callable[[tuple[Executable, ...]], C]

    @needs(2, "way")
    def on(self, first: Executable, second: Executable, /, *more: Executable) -> C:
        """Give the ways, two at least; several steps that are one way go into a list."""
        return self.build((first, second, *more))


def _no_way(got: object, what: str, wanted: str) -> UsageError:
    told = got.told if isinstance(got, Unfinished) else f"got {glimpse(got)}"
    return UsageError(f"{user_line()}: {what}.on(...) takes {wanted}; {told}")


@overload
def on_case(key: Expression) -> Then[CaseBuilder]: ...
@overload
def on_case(key: Expression, first: Executable, /, *rest: Executable) -> CaseBuilder: ...
def on_case(key: Expression, *body: Executable) -> Then[CaseBuilder] | CaseBuilder:
    """Begin the case of a switch for one value; the steps follow, or come by ``.then(...)``."""

    def built(steps: tuple[Executable, ...]) -> CaseBuilder:
        return CaseBuilder(key, steps_of(steps, user_line()))

    return built(body) if body else Then(f"on_case({key!r})", user_line(), built)


@overload
def percent(number: float) -> Then[ChoiceBuilder]: ...
@overload
def percent(number: float, first: Executable, /, *rest: Executable) -> ChoiceBuilder: ...
def percent(number: float, *body: Executable) -> Then[ChoiceBuilder] | ChoiceBuilder:
    """Begin the steps that so many percent of the users take: ``percent(33.3)`` is 33.3 %."""
    where = user_line()
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise UsageError(f"{where}: percent(...) takes a number up to 100, got {glimpse(number)}")

    def built(steps: tuple[Executable, ...]) -> ChoiceBuilder:
        return ChoiceBuilder(float(number), steps_of(steps, user_line()))

    return built(body) if body else Then(f"percent({number!r})", where, built)


class Switches(Structure):
    """The switches of chains and scenarios."""

    __slots__ = ()

    @overload
    def do_switch(self, value: Expression) -> Cases[Self]: ...
    @overload
    def do_switch(
        self, value: Expression, first: CaseBuilder, second: CaseBuilder, /, *more: CaseBuilder
    ) -> Self: ...
    def do_switch(self, value: Expression, *cases: CaseBuilder) -> Cases[Self] | Self:
        """Do the steps of the case whose key equals a value; none if there is no such case.

        ``do_switch("#{kind}").on(on_case("a").then(...), on_case("b").then(...))``.  Keys are
        equal as Python has it: ``"1"`` and ``1`` are not.
        """
        where = user_line()
        stage: Cases[Self] = Cases(
            "do_switch(...)",
            where,
            lambda given: self._plus(SwitchStep(value, given, None, where)),
        )
        return stage.on(*cases) if cases else stage

    def do_switch_or_else(self, value: Expression) -> Cases[OrElse[Self]]:
        """Do the steps of the case whose key equals a value, or others if there is no such case.

        ``do_switch_or_else("#{kind}").on(on_case("a").then(...), ...).or_else(...)``.
        """
        where = user_line()
        return Cases(
            "do_switch_or_else(...)",
            where,
            lambda given: self._fallback(
                "do_switch_or_else(...)",
                where,
                lambda otherwise: SwitchStep(value, given, otherwise, where),
            ),
        )

    @overload
    def random_switch(self) -> Choices[Self]: ...
    @overload
    def random_switch(self, first: ChoiceBuilder, /, *rest: ChoiceBuilder) -> Self: ...
    def random_switch(self, *choices: ChoiceBuilder) -> Choices[Self] | Self:
        """Do one of several things by chance; nothing, for what is left up to 100 %."""
        where = user_line()
        stage: Choices[Self] = Choices(
            "random_switch()",
            where,
            lambda given: self._plus(RandomSwitchStep(given, None, where)),
        )
        return stage.on(*choices) if choices else stage

    def random_switch_or_else(self) -> Choices[OrElse[Self]]:
        """Do one of several things by chance, or something else for what is left up to 100 %."""
        where = user_line()
        return Choices(
            "random_switch_or_else()",
            where,
            lambda given: self._fallback(
                "random_switch_or_else()",
                where,
                lambda otherwise: RandomSwitchStep(given, otherwise, where),
            ),
        )

    @overload
    def uniform_random_switch(self) -> Ways[Self]: ...
    @overload
    def uniform_random_switch(
        self, first: Executable, second: Executable, /, *more: Executable
    ) -> Self: ...
    def uniform_random_switch(self, *ways: Executable) -> Ways[Self] | Self:
        """Do one of several things by chance, each as likely as the others.

        Each argument is one way; several steps that are one way go into a list or a chain.
        """
        return self._ways("uniform_random_switch()", UniformRandomSwitch, ways)

    @overload
    def round_robin_switch(self) -> Ways[Self]: ...
    @overload
    def round_robin_switch(
        self, first: Executable, second: Executable, /, *more: Executable
    ) -> Self: ...
    def round_robin_switch(self, *ways: Executable) -> Ways[Self] | Self:
        """Do the first thing for the first user that comes, the next for the next, and so around.

        Each argument is one way.  Users of all kinds share one turn, as many rounds as they come.
        """
        return self._ways("round_robin_switch()", RoundRobinSwitch, ways)

    def _ways(
        self,
        what: str,
        kind: type[UniformRandomSwitch] | type[RoundRobinSwitch],
        ways: tuple[Executable, ...],
    ) -> Ways[Self] | Self:
        where = user_line()
        stage: Ways[Self] = Ways(
            what, where, lambda given: self._plus(WaysStep(kind, _bodies(given), where))
        )
        return stage.on(*ways) if ways else stage

    def _fallback(
        self, what: str, where: str, step: Callable[[Steps], StepBuilder]
    ) -> OrElse[Self]:
        return OrElse(
            f"{what}.on(...)",
            where,
            lambda otherwise: self._plus(step(steps_of(otherwise, user_line()))),
        )


def _bodies(ways: tuple[Executable, ...]) -> tuple[Steps, ...]:
    where = user_line()
    return tuple(steps_of((way,), where) for way in ways)
