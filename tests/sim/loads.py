"""Loads of simulated runs: open and closed populations that follow each other, and throttles."""

from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

from gatlingpy.dsl.closed_injection import constant_concurrent_users, ramp_concurrent_users
from gatlingpy.dsl.open_injection import ramp_users
from gatlingpy.dsl.population import Population
from gatlingpy.dsl.scenario import Scenario, scenario
from gatlingpy.dsl.setup import Compiled, Simulation, compile_simulation
from gatlingpy.dsl.throttle import hold_for, jump_to_rps
from gatlingpy.plan.profile import length_ns
from gatlingpy.plan.simulation import Population as PopulationPlan
from gatlingpy.plan.simulation import walk_populations
from gatlingpy.protocols.kafka.dsl import kafka
from gatlingpy.testing.sim import Circumstances, SimulatedRun
from gatlingpy.testing.threads import Pace
from tests.sim.shapes import Ask, Played, Shape, steps_of


@dataclass(frozen=True, slots=True)
class Group:
    """One population: so many users in all or at a time, and what follows it."""

    kind: str
    """``open``, ``closed``, or ``ramp`` for a closed one that begins with one user."""
    users: int
    seconds: int
    rps: int | None = None
    then: "tuple[tuple[Group, ...], ...]" = ()
    most_in_flight: int | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """All populations of a run, and what holds them back together."""

    groups: tuple[Group, ...]
    rps: int | None = None
    throttle_s: int = 3


@dataclass(slots=True)
class Loaded:
    """A run that is over, with its plan."""

    load: Load
    played: Played
    compiled: Compiled

    def populations(self) -> Iterator[PopulationPlan]:
        """Yield the populations of the plan."""
        return walk_populations(self.compiled.plan.populations)

    def population(self, name: str) -> PopulationPlan:
        """Return the population of a scenario."""
        return next(p for p in self.populations() if p.scenario == name)

    def length_ns(self, name: str) -> int:
        """Return how long the profile of a scenario is."""
        return length_ns(self.population(name).injection)


class _Builder:
    """Makes populations of groups, with names that tell their places: a, a.0.1, ..."""

    def __init__(self, load: Load, played: Played) -> None:
        self.load = load
        self.played = played

    def population(self, group: Group, name: str) -> Population:
        built = scenario(name).exec(steps_of(self.played.shape, self.played))
        population = self._injected(built, group)
        if group.rps is not None:
            population = population.throttle(jump_to_rps(group.rps), hold_for(self.load.throttle_s))
        if group.most_in_flight is not None:
            population = population.max_in_flight(group.most_in_flight)
        for i, level in enumerate(group.then):
            children = [self.population(child, f"{name}.{i}{j}") for j, child in enumerate(level)]
            population = population.and_then(*children)
        return population

    def _injected(self, built: Scenario, group: Group) -> Population:
        users, seconds = group.users, group.seconds
        if group.kind == "open":
            return built.inject_open(ramp_users(users).during(seconds))
        if group.kind == "closed":
            step = constant_concurrent_users(users).during(seconds)
            return built.inject_closed(step)
        ramp = ramp_concurrent_users(1).to(users).during(seconds)
        return built.inject_closed(ramp)


def compile_load(load: Load, played: Played) -> Compiled:
    """Compile a load through the DSL, as a user's simulation would be."""

    class Loading(Simulation):
        def __init__(self) -> None:
            builder = _Builder(load, played)
            names = "abcdefgh"
            populations = [builder.population(g, names[i]) for i, g in enumerate(load.groups)]
            set_up = self.set_up(*populations)
            set_up.protocols(kafka().bootstrap_servers("fake:9092"))
            if load.rps is not None:
                set_up.throttle(jump_to_rps(load.rps), hold_for(load.throttle_s))
            if played.shape.max_duration_ms is not None:
                set_up.max_duration(played.shape.max_duration_ms / 1000)

    return compile_simulation(Loading)


def play_load(shape: Shape, load: Load, circumstances: Circumstances, seed: int) -> Loaded:
    """Run a load, whose users all do what ``shape`` says, to its end."""
    played = Played(shape, None, counted=False)  # type: ignore[arg-type]
    compiled = compile_load(load, played)
    played.outcome = SimulatedRun(compiled, circumstances, seed=seed).run()
    return Loaded(load, played, compiled)


# --- strategies ----------------------------------------------------------------------------------

_rates = st.none() | st.sampled_from([1, 3, 20])


def _group(
    then: st.SearchStrategy[tuple[tuple[Group, ...], ...]], *, limited: bool
) -> st.SearchStrategy[Group]:
    return st.builds(
        Group,
        st.sampled_from(["open", "closed", "ramp"]),
        st.integers(1, 4),
        st.integers(1, 2),
        _rates if limited else st.none(),
        then,
    )


def _levels(group: st.SearchStrategy[Group]) -> st.SearchStrategy[tuple[tuple[Group, ...], ...]]:
    level = st.lists(group, min_size=1, max_size=2).map(tuple)
    return st.lists(level, max_size=2).map(tuple)


_leaves = _group(st.just(()), limited=False)
families = st.builds(
    Load, st.lists(_group(_levels(_leaves), limited=False), min_size=1, max_size=2).map(tuple)
)
"""Populations that follow each other, unlimited."""

throttled_loads = st.builds(
    Load,
    st.lists(_group(st.just(()), limited=True), min_size=1, max_size=3).map(tuple),
    _rates,
    st.integers(1, 3),
)
"""Populations side by side, most of them with limits."""

waiting_asks = st.lists(
    st.builds(Ask, st.sampled_from(["reply", "acked"]), st.sampled_from([60, 300])),
    min_size=1,
    max_size=2,
).map(tuple)
waiting_shapes = st.builds(Shape, asks=waiting_asks)
"""Users that wait for whatever they ask, and for nothing else: they end when it has ended."""

calm = st.sampled_from([Pace(step_ns=500_000), Pace(stall_chance=0.02, stall_ns=30_000_000)])
"""Steps take time, so that no user takes none."""
