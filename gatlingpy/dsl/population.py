"""``Population``: a scenario, when its users start, and what only these users have."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gatlingpy.dsl.compiler import ActionBuilder, Compiler, ProtocolBuilder
from gatlingpy.dsl.injection import seeded
from gatlingpy.dsl.pause_settings import PauseSettings
from gatlingpy.dsl.pauses import PauseType, as_pause_type, compile_pause_type
from gatlingpy.dsl.throttle import FinishedThrottleStep, as_throttle
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.concurrency import ClosedInjection
from gatlingpy.plan.profile import Injection
from gatlingpy.plan.simulation import Population as PopulationPlan
from gatlingpy.plan.simulation import Scenario as ScenarioPlan
from gatlingpy.plan.throttle import DEFAULT_QUEUE, Throttle

if TYPE_CHECKING:
    from gatlingpy.dsl.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Population(PauseSettings):
    """A scenario and when its users start; made by ``inject_open`` and ``inject_closed``."""

    scenario: "Scenario"
    injection: Injection
    own_protocols: tuple[ProtocolBuilder, ...]
    where: str
    own_pauses: PauseType | None = None
    own_throttle: Throttle | None = None
    most_in_flight: int | None = None
    then: "tuple[tuple[Population, ...], ...]" = ()

    def protocols(self, *protocols: ProtocolBuilder) -> "Population":
        """Use these protocols here instead of those of the same kind on the set-up."""
        refuse_unless_protocols(protocols)
        return replace(self, own_protocols=(*self.own_protocols, *protocols))

    def pauses(self, pause_type: PauseType) -> "Population":
        """Use this type for the pauses of these users, instead of the set-up's."""
        return replace(self, own_pauses=as_pause_type(pause_type, "pauses(...)"))

    def throttle(self, *steps: FinishedThrottleStep, queue: int = DEFAULT_QUEUE) -> "Population":
        """Let no more than so many requests of these users start in each second of the run.

        The others wait, at most ``queue`` of them: one more, and the run is stopped as invalid.
        No pause of these users takes any time, and when the last step is over, the run ends.
        """
        if self.own_throttle is not None:
            raise throttled_twice()
        return replace(self, own_throttle=as_throttle(steps, queue))

    def max_in_flight(self, requests: int) -> "Population":
        """Let so many requests be unanswered at a time whose users do not wait for the reply.

        For closed populations, where a further request then waits until one has ended; it is
        10 000 by default.
        """
        if not isinstance(self.injection, ClosedInjection):
            raise UsageError(
                f"{user_line()}: max_in_flight(...) is for inject_closed(...): users of an open "
                "profile arrive whatever is in flight"
            )
        if type(requests) is not int or requests < 1:
            raise UsageError(
                f"{user_line()}: max_in_flight(...) takes a number of requests, 1 or more, got "
                f"{requests!r}"
            )
        return replace(self, most_in_flight=requests)

    def and_then(self, *populations: "Population") -> "Population":
        """Start these populations when all users of this one have ended.

        Another ``and_then`` on the same population adds those that start when all of these, and
        all that follows them in turn, have ended too.
        """
        where = user_line()
        refuse_unless_populations(populations, f"{where}: and_then(...)")
        if not populations:
            raise UsageError(f"{where}: and_then(...) has no population; give it at least one")
        if any(self.scenario is one.scenario for child in populations for one in child.walk()):
            raise UsageError(
                f"{where}: scenario {self.scenario.name!r} cannot follow itself; make another "
                "scenario for what comes after it"
            )
        return replace(self, then=(*self.then, populations))

    def walk(self) -> "Iterator[Population]":
        """Yield this population and all that follow it."""
        yield self
        for level in self.then:
            for child in level:
                yield from child.walk()

    def compile(
        self,
        compiler: Compiler,
        protocols: tuple[ProtocolBuilder, ...],
        seed: int,
        scenarios: list[ScenarioPlan],
    ) -> PopulationPlan:
        """Return the population, and all that follow it; their scenarios go into ``scenarios``.

        ``protocols`` and ``seed`` are those of the set-up.
        """
        compiler.bind((*protocols, *self.own_protocols))
        built, name = self.scenario, clean(self.scenario.name)
        scenarios.append(ScenarioPlan(name, built.compile(compiler, built.name), built.where))
        pauses = self.own_pauses
        return PopulationPlan(
            name,
            seeded(self.injection, seed, name),
            pauses=None if pauses is None else compile_pause_type(compiler, pauses, built.name),
            throttle=self.own_throttle,
            max_in_flight=self.most_in_flight,
            then=tuple(
                tuple(child.compile(compiler, protocols, seed, scenarios) for child in level)
                for level in self.then
            ),
            where=self.where,
        )


def clean(name: str) -> str:
    """Return a scenario's name as the plan has it: on one line, without blanks around it."""
    return name.replace("\r", " ").replace("\n", " ").replace("\t", " ").strip()


def throttled_twice() -> UsageError:
    """Return the refusal of a second ``throttle(...)``."""
    return UsageError(
        f"{user_line()}: throttle(...) was given twice; write all of its steps, one after the "
        "other, in one"
    )


def refuse_unless_populations(values: Iterable[object], what: str) -> None:
    """Raise UsageError for what is no population, such as a scenario that nobody is injected to."""
    for value in values:
        if not isinstance(value, Population):
            raise UsageError(
                f"{what} takes populations, got {type(value).__name__}; write "
                "scenario(...).inject_open(...)"
            )


def refuse_unless_protocols(values: Iterable[object]) -> None:
    """Raise UsageError, with the user's line, for what is no protocol, such as a request."""
    for value in values:
        a_request = isinstance(value, ActionBuilder)
        if a_request or not isinstance(value, ProtocolBuilder):
            what = "a request" if a_request else repr(value)
            raise UsageError(
                f"{user_line()}: protocols(...) takes protocols such as "
                f'kafka().bootstrap_servers("host:9092"), got {what}'
            )
