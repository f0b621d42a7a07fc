"""``Simulation``, what its ``set_up`` collects, and how that becomes a plan."""

import hashlib
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from gatlingpy.dsl.assertion_conditions import ConditionBuilder
from gatlingpy.dsl.assertion_targets import DeliveryBuilder, RequestsBuilder, TimesBuilder
from gatlingpy.dsl.assertions import PathBuilder
from gatlingpy.dsl.compiler import Compiler, ProtocolBuilder
from gatlingpy.dsl.duration import Duration, to_ns
from gatlingpy.dsl.parameter_reads import Given
from gatlingpy.dsl.parameters import NOTHING_GIVEN, Reading, reading
from gatlingpy.dsl.pause_settings import PauseSettings
from gatlingpy.dsl.pauses import PauseType, as_pause_type, compile_pause_type
from gatlingpy.dsl.population import (
    Population,
    refuse_unless_populations,
    refuse_unless_protocols,
    throttled_twice,
)
from gatlingpy.dsl.problems import Problems
from gatlingpy.dsl.throttle import FinishedThrottleStep, as_throttle
from gatlingpy.dsl.user_code import user_code
from gatlingpy.dsl.where import short_path, user_line
from gatlingpy.errors import PlanError, UsageError
from gatlingpy.plan.assertions import Assertion
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.glimpse import glimpse
from gatlingpy.plan.simulation import Population as PopulationPlan
from gatlingpy.plan.simulation import Scenario, SimulationPlan, SourceRef
from gatlingpy.plan.throttle import DEFAULT_QUEUE, Throttle


class Run(Protocol):
    """The run that ``before`` and ``after`` are given: where it is, and what it can start."""

    @property
    def bootstrap_servers(self) -> str:
        """The brokers that the first Kafka protocol talks to, the embedded broker's included."""

    @property
    def clusters(self) -> tuple[str, ...]:
        """The same of each Kafka protocol, in the order in which the simulation first uses them.

        First come those of ``set_up(...).protocols(...)``, then those of populations and requests.
        """

    @property
    def folder(self) -> Path:
        """Where this run's log and report are written."""

    @property
    def run_id(self) -> str:
        """What names this run."""

    def start_process(
        self, argv: list[str], *, ready: str | None = None, timeout: Duration = 30
    ) -> object:
        """Start a process that lives as long as the run, whatever happens.

        ``ready`` is text that it prints, on either stream, when it can be used; the call returns
        then.  Raises UsageError with the last lines it printed if it ends or the time is over.
        """


class SetUp(PauseSettings):
    """The one mutable builder: sealed when the simulation's constructor returns."""

    def __init__(self, populations: tuple[Population, ...], where: str) -> None:
        """``populations`` run side by side."""
        self._populations = populations
        self._protocols: tuple[ProtocolBuilder, ...] = ()
        self._assertions: tuple[Assertion, ...] = ()
        self._pauses: PauseType | None = None
        self._throttle: Throttle | None = None
        self._max_duration_ns: int | None = None
        self._warm_up_ns = 0
        self._seed = 0
        self._where = where
        self._sealed = False

    def _open(self, what: str) -> None:
        if self._sealed:
            raise UsageError(
                f"{user_line()}: {what} was called after the simulation's constructor returned; "
                "write it in __init__, right behind set_up(...)"
            )

    def protocols(self, *protocols: ProtocolBuilder) -> "SetUp":
        """Use these protocols for every population that has none of the same kind."""
        self._open("protocols(...)")
        refuse_unless_protocols(protocols)
        self._protocols = (*self._protocols, *protocols)
        return self

    def assertions(self, *assertions: Assertion) -> "SetUp":
        """Demand these at the end; one that fails gives exit code 2."""
        self._open("assertions(...)")
        for assertion in assertions:
            if not isinstance(assertion, Assertion):
                raise UsageError(
                    f"{user_line()}: assertions(...) takes finished assertions such as "
                    f"global_().failed_requests().count().is_(0), got {_unfinished(assertion)}"
                )
        self._assertions = (*self._assertions, *assertions)
        return self

    def pauses(self, pause_type: PauseType) -> "SetUp":
        """Use this type for all pauses that neither they nor their population have one for."""
        self._open("pauses(...)")
        self._pauses = as_pause_type(pause_type, "pauses(...)")
        return self

    def throttle(self, *steps: FinishedThrottleStep, queue: int = DEFAULT_QUEUE) -> "SetUp":
        """Let no more than so many requests start in each second of the run.

        The others wait, at most ``queue`` of them: one more, and the run is stopped as invalid.
        No pause takes any time, and when the last step is over, the run ends.
        """
        self._open("throttle(...)")
        if self._throttle is not None:
            raise throttled_twice()
        self._throttle = as_throttle(steps, queue)
        return self

    def warm_up(self, duration: Duration) -> "SetUp":
        """Leave what starts within the first so long out of statistics and assertions."""
        self._open("warm_up(...)")
        self._warm_up_ns = to_ns(duration, f"{user_line()}: warm_up(...)")
        return self

    def max_duration(self, duration: Duration) -> "SetUp":
        """Stop the run after so long; what is in flight may still be answered."""
        self._open("max_duration(...)")
        self._max_duration_ns = to_ns(duration, f"{user_line()}: max_duration(...)")
        return self

    def seed(self, seed: int) -> "SetUp":
        """Seed every dice of the run; 0 by default, so that runs can be repeated."""
        self._open("seed(...)")
        if type(seed) is not int:
            raise UsageError(f"{user_line()}: seed(...) takes a whole number, got {glimpse(seed)}")
        self._seed = seed
        return self

    def seal(self) -> None:
        """Let nothing be added any more."""
        self._sealed = True

    def compile(self, name: str, source: SourceRef, where: str) -> tuple[SimulationPlan, CodeTable]:
        """Return the plan and the functions it names."""
        compiler = Compiler()
        scenarios: list[Scenario] = []
        populations: list[PopulationPlan] = []
        problems = Problems()
        for population in self._populations:
            with problems.collected():
                compiled = population.compile(compiler, self._protocols, self._seed, scenarios)
                populations.append(compiled)
        problems.tell()
        pauses = self._pauses
        plan = SimulationPlan(
            name=name,
            source=source,
            scenarios=tuple(scenarios),
            populations=tuple(populations),
            protocols=compiler.protocols,
            feeders=compiler.feeders,
            assertions=self._assertions,
            pauses=None if pauses is None else compile_pause_type(compiler, pauses, "set_up"),
            throttle=self._throttle,
            max_duration_ns=self._max_duration_ns,
            warm_up_ns=self._warm_up_ns,
            seed=self._seed,
            where=where,
        )
        return plan, compiler.code


def _unfinished(assertion: object) -> str:
    """Say what was given in place of an assertion: most often one that lacks its last words."""
    if isinstance(assertion, ConditionBuilder):
        return "one without a condition; end it with .lt(...), .gt(...), .is_(...) or the like"
    if isinstance(assertion, PathBuilder | RequestsBuilder | TimesBuilder | DeliveryBuilder):
        return "one that is not finished; say of which number, such as .count().is_(0)"
    return repr(assertion)


class Simulation:
    """Subclass it, build the set-up in ``__init__`` and call ``self.set_up(...)`` once there."""

    def set_up(self, *populations: Population) -> SetUp:
        """Say which populations run; call it exactly once, in ``__init__``."""
        where = user_line()
        if "_set_up" in self.__dict__:
            raise UsageError(
                f"{where}: set_up(...) was called twice; give it all populations at once"
            )
        refuse_unless_populations(populations, f"{where}: set_up(...)")
        set_up = SetUp(populations, where)
        self.__dict__["_set_up"] = set_up
        return set_up

    def before(self, run: Run) -> None:
        """Prepare what the run needs; the brokers are up, no user has started."""

    def after(self, run: Run) -> None:
        """Clean up; the last request has ended, the report is not written yet."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A simulation ready to run: its plan, its functions and the object with its hooks."""

    plan: SimulationPlan
    code: CodeTable
    simulation: Simulation
    folder: Path


def compile_simulation(cls: type[Simulation], given: Given = NOTHING_GIVEN) -> Compiled:
    """Construct a simulation and compile it; raises PlanError or UsageError.

    ``given`` are values for its parameters.
    """
    with reading(given) as read:
        simulation = _constructed(cls, read)
    parameters = read.finish(cls.__module__)
    set_up = simulation.__dict__.get("_set_up")
    path = _source_file(cls)
    where = f"{short_path(str(path))}" if path else cls.__module__
    if not isinstance(set_up, SetUp):
        raise PlanError([f"{where}: {cls.__name__} never calls self.set_up(...) in __init__"])
    set_up.seal()
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest() if path else ""
    source = SourceRef(_module_name(cls, path), cls.__qualname__, sha256)
    plan, code = set_up.compile(cls.__qualname__, source, where)
    plan = replace(plan, parameters=parameters)
    return Compiled(plan, code, simulation, path.parent if path else Path.cwd())


def _constructed(cls: type[Simulation], read: Reading) -> Simulation:
    try:
        with user_code(f"{cls.__name__}()"):
            return cls()
    except UsageError as error:
        read.refuse(error)
        raise


def _source_file(cls: type) -> Path | None:
    file = getattr(sys.modules.get(cls.__module__), "__file__", None)
    return Path(file) if file else None


def _module_name(cls: type, path: Path | None) -> str:
    return path.stem if cls.__module__ == "__main__" and path else cls.__module__
