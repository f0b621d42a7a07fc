"""The loads of plans that tests draw: every step, throttle and population, in any order."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st

from gatlingpy.plan import concurrency, injection, throttle
from gatlingpy.plan.pauses import PauseType
from gatlingpy.plan.simulation import Population

S = 1_000_000_000
LOAD_TYPES: tuple[type, ...] = (
    injection.OpenInjection, injection.NothingFor, injection.AtOnceUsers, injection.RampUsers,
    injection.ConstantUsersPerSec, injection.RampUsersPerSec, injection.StressPeakUsers,
    injection.IncrementUsersPerSec,
    concurrency.ClosedInjection, concurrency.ConstantConcurrentUsers,
    concurrency.RampConcurrentUsers, concurrency.IncrementConcurrentUsers,
    throttle.Throttle, throttle.ReachRps, throttle.HoldFor, throttle.JumpToRps,
)  # fmt: skip

lengths = st.integers(0, 90 * S)
users = st.integers(0, 100)
levels = st.integers(0, 3)
rates = st.floats(0, 100)
seeds = st.one_of(st.none(), st.integers(-1, 2**48))
open_steps = st.one_of(
    st.builds(injection.NothingFor, lengths),
    st.builds(injection.AtOnceUsers, users),
    st.builds(injection.RampUsers, users, lengths),
    st.builds(injection.StressPeakUsers, users, lengths),
    st.builds(injection.ConstantUsersPerSec, rates, lengths, seeds),
    st.builds(injection.RampUsersPerSec, st.floats(0, 9), st.floats(0, 9), lengths, seeds),
    st.builds(injection.IncrementUsersPerSec, rates, levels, lengths, lengths, rates),
)
closed_steps = st.one_of(
    st.builds(concurrency.ConstantConcurrentUsers, users, lengths),
    st.builds(concurrency.RampConcurrentUsers, users, users, lengths),
    st.builds(concurrency.IncrementConcurrentUsers, users, levels, lengths, lengths, users),
)
injections = st.one_of(
    st.builds(injection.OpenInjection, st.lists(open_steps, max_size=3).map(tuple)),
    st.builds(concurrency.ClosedInjection, st.lists(closed_steps, max_size=3).map(tuple)),
)
throttle_steps = st.one_of(
    st.builds(throttle.ReachRps, users, lengths),
    st.builds(throttle.HoldFor, lengths),
    st.builds(throttle.JumpToRps, users),
)
throttles = st.builds(
    throttle.Throttle, st.lists(throttle_steps, max_size=3).map(tuple), st.integers(0, 10)
)
maybe_throttles = st.one_of(st.none(), throttles)


def populations(pause_types: st.SearchStrategy[PauseType]) -> st.SearchStrategy[Population]:
    """Draw populations of no scenario, and those that follow them."""

    def with_followers(
        then: st.SearchStrategy[tuple[tuple[Population, ...], ...]],
    ) -> st.SearchStrategy[Population]:
        return st.builds(
            Population,
            st.just(""),
            injections,
            pauses=st.one_of(st.none(), pause_types),
            throttle=maybe_throttles,
            max_in_flight=st.one_of(st.none(), st.integers(0, 9)),
            then=then,
            where=st.just("pay.py:11"),
        )

    return st.recursive(
        with_followers(st.just(())),
        lambda inner: with_followers(
            st.lists(st.lists(inner, max_size=2).map(tuple), max_size=2).map(tuple)
        ),
        max_leaves=3,
    )


def of_scenario(name: str) -> Callable[[Population], Population]:
    """Return what gives a population, and all that follow it, this scenario."""

    def named(population: Population) -> Population:
        then = tuple(tuple(map(named, level)) for level in population.then)
        return replace(population, scenario=name, then=then)

    return named
