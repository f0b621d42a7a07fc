"""The whole plan of a run: frozen data that prints, compares, hashes and travels."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from gatlingpy.plan.assertion_paths import unmatched
from gatlingpy.plan.assertions import Assertion
from gatlingpy.plan.concurrency import ClosedInjection
from gatlingpy.plan.feeders import Feeder
from gatlingpy.plan.injection import OpenInjection
from gatlingpy.plan.parameters import Parameter
from gatlingpy.plan.pauses import PauseType
from gatlingpy.plan.steps import ProtocolPlan, RequestPlan, Step, walk_steps
from gatlingpy.plan.throttle import Throttle

DEFAULT_IN_FLIGHT: Final = 10_000


@dataclass(frozen=True, slots=True)
class SourceRef:
    """Which code the plan's functions live in; ``sha256`` is the file's, so that nodes agree."""

    module: str
    simulation: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """What the users of one population do."""

    name: str
    steps: tuple[Step, ...]
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Population:
    """Which scenario starts how many users, and when.

    ``then`` holds levels of further populations: those of the first level start when all users of
    this population have ended, those of the next when all of that level, and of what follows it
    in turn, have ended too.
    """

    scenario: str
    injection: OpenInjection | ClosedInjection
    pauses: PauseType | None = None
    throttle: Throttle | None = None
    max_in_flight: int | None = None
    """How many requests of a closed population may be unanswered whose users do not wait;
    ``DEFAULT_IN_FLIGHT`` if nothing is said."""
    then: "tuple[tuple[Population, ...], ...]" = ()
    where: str = field(default="", compare=False)


def walk_populations(populations: tuple[Population, ...]) -> Iterator[Population]:
    """Yield every population, those that start after others included, in the order written."""
    for population in populations:
        yield population
        for level in population.then:
            yield from walk_populations(level)


@dataclass(frozen=True, slots=True)
class SimulationPlan:
    """Everything a run needs to know, but for the user functions."""

    name: str
    source: SourceRef
    scenarios: tuple[Scenario, ...]
    populations: tuple[Population, ...]
    protocols: tuple[ProtocolPlan, ...] = ()
    feeders: tuple[Feeder, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    pauses: PauseType | None = None
    throttle: Throttle | None = None
    max_duration_ns: int | None = None
    warm_up_ns: int = 0
    """How much of the run's beginning is left out of statistics and assertions."""
    seed: int = 0
    parameters: tuple[Parameter, ...] = ()
    """What was given from outside, in the order in which it was asked for."""
    where: str = field(default="", compare=False)

    def warnings(self) -> Iterator[str]:
        """Yield what this plan can do but hardly should; it runs all the same."""
        steps = [step for scenario in self.scenarios for step in walk_steps(scenario.steps)]
        requests = [step for step in steps if isinstance(step, RequestPlan)]
        for protocol in self.protocols:
            yield from protocol.warnings([r for r in requests if r.protocol == protocol.id])
        yield from unmatched(self.assertions, [scenario.steps for scenario in self.scenarios])

    def scenario(self, name: str) -> Scenario:
        """Return the scenario of this name."""
        return next(scenario for scenario in self.scenarios if scenario.name == name)
