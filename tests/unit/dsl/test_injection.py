"""Open and closed steps as users write them: finished, unfinished and refused."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from gatlingpy.dsl.closed_injection import constant_concurrent_users, ramp_concurrent_users
from gatlingpy.dsl.injection import as_closed_step, as_open_step, open_injection, seeded
from gatlingpy.dsl.open_injection import (
    at_once_users,
    constant_users_per_sec,
    nothing_for,
    ramp_users,
    ramp_users_per_sec,
    stress_peak_users,
)
from gatlingpy.dsl.stairs import increment_concurrent_users, increment_users_per_sec
from gatlingpy.errors import UsageError
from gatlingpy.plan.concurrency import (
    ClosedInjection,
    ClosedStep,
    ConstantConcurrentUsers,
    IncrementConcurrentUsers,
    RampConcurrentUsers,
)
from gatlingpy.plan.injection import (
    AtOnceUsers,
    ConstantUsersPerSec,
    IncrementUsersPerSec,
    NothingFor,
    OpenInjection,
    OpenStep,
    RampUsers,
    RampUsersPerSec,
    StressPeakUsers,
)

S = 1_000_000_000
HERE = r"^\S*test_injection\.py:\d+: "


@pytest.mark.parametrize(
    ("expected", "written"),
    [
        (NothingFor(5 * S), nothing_for(5)),
        (NothingFor(S // 2), nothing_for("500ms")),
        (AtOnceUsers(10), at_once_users(10)),
        (RampUsers(10, 60 * S), ramp_users(10).during(60)),
        (RampUsers(10, 60 * S), ramp_users(10, during="1m")),
        (RampUsers(0, 0), ramp_users(0, 0)),
        (ConstantUsersPerSec(2.5, 10 * S), constant_users_per_sec(2.5).during(10)),
        (ConstantUsersPerSec(3.0, 10 * S), constant_users_per_sec(3, during=timedelta(seconds=10))),
        (ConstantUsersPerSec(0.0, 0), constant_users_per_sec(0).during(0)),
        (ConstantUsersPerSec(2.0, S, seed=7), constant_users_per_sec(2).during(1).randomized(7)),
        (RampUsersPerSec(1.0, 5.0, 4 * S), ramp_users_per_sec(1).to(5).during(4)),
        (RampUsersPerSec(1.0, 5.0, 4 * S), ramp_users_per_sec(1).to(5, during=4)),
        (
            RampUsersPerSec(1.0, 5.0, 4 * S, seed=0),
            ramp_users_per_sec(1).to(5, during=4).randomized(seed=0),
        ),
        (StressPeakUsers(1000, 20 * S), stress_peak_users(1000).during(20)),
        (StressPeakUsers(1000, 20 * S), stress_peak_users(1000, during="20s")),
        (
            IncrementUsersPerSec(5.0, 3, 10 * S),
            increment_users_per_sec(5).times(3).each_level_lasting(10),
        ),
        (
            IncrementUsersPerSec(0.5, 3, 10 * S, 2 * S, 1.5),
            increment_users_per_sec(0.5)
            .times(3, each_level_lasting="10s")
            .separated_by_ramps_lasting(2)
            .starting_from(1.5),
        ),
        (
            IncrementUsersPerSec(5.0, 3, 10 * S, 2 * S, 1.0),
            increment_users_per_sec(5)
            .times(3)
            .each_level_lasting(10)
            .starting_from(1)
            .separated_by_ramps_lasting("2s"),
        ),
    ],
    ids=str,
)
def test_open_steps(expected: OpenStep, written: object) -> None:
    """Each way of writing an open step gives that step of the plan."""
    assert expected == as_open_step(written)


@pytest.mark.parametrize(
    ("expected", "written"),
    [
        (ConstantConcurrentUsers(10, 60 * S), constant_concurrent_users(10).during(60)),
        (ConstantConcurrentUsers(10, 60 * S), constant_concurrent_users(10, during="1m")),
        (ConstantConcurrentUsers(0, S // 2), constant_concurrent_users(0, 0.5)),
        (RampConcurrentUsers(1, 5, 4 * S), ramp_concurrent_users(1).to(5).during(4)),
        (RampConcurrentUsers(5, 0, 4 * S), ramp_concurrent_users(5).to(0, during=4)),
        (
            IncrementConcurrentUsers(5, 3, 10 * S),
            increment_concurrent_users(5).times(3).each_level_lasting(10),
        ),
        (
            IncrementConcurrentUsers(5, 3, 10 * S, 2 * S, 1),
            increment_concurrent_users(5)
            .times(3, each_level_lasting=10)
            .separated_by_ramps_lasting(2)
            .starting_from(1),
        ),
    ],
    ids=str,
)
def test_closed_steps(expected: ClosedStep, written: object) -> None:
    """Each way of writing a closed step gives that step of the plan."""
    assert expected == as_closed_step(written)


@pytest.mark.parametrize("door", [as_open_step, as_closed_step])
@pytest.mark.parametrize(
    ("unfinished", "message"),
    [
        (ramp_users(5), "ramp_users(5) has no duration; add .during(seconds)"),
        (stress_peak_users(5), "stress_peak_users(5) has no duration; add .during(seconds)"),
        (
            constant_users_per_sec(0.5),
            "constant_users_per_sec(0.5) has no duration; add .during(seconds)",
        ),
        (
            ramp_users_per_sec(1),
            "ramp_users_per_sec(1) has no end; add .to(users_per_sec).during(seconds)",
        ),
        (
            ramp_users_per_sec(1).to(2),
            "ramp_users_per_sec(1).to(2) has no duration; add .during(seconds)",
        ),
        (
            increment_users_per_sec(2.5),
            "increment_users_per_sec(2.5) has no levels; add .times(n).each_level_lasting(seconds)",
        ),
        (
            increment_users_per_sec(5).times(3),
            "increment_users_per_sec(5).times(3) has no duration; add .each_level_lasting(seconds)",
        ),
        (
            constant_concurrent_users(5),
            "constant_concurrent_users(5) has no duration; add .during(seconds)",
        ),
        (
            ramp_concurrent_users(5),
            "ramp_concurrent_users(5) has no end; add .to(users).during(seconds)",
        ),
        (
            ramp_concurrent_users(5).to(6),
            "ramp_concurrent_users(5).to(6) has no duration; add .during(seconds)",
        ),
        (
            increment_concurrent_users(2),
            (
                "increment_concurrent_users(2) has no levels; "
                "add .times(n).each_level_lasting(seconds)"
            ),
        ),
        (
            increment_concurrent_users(5).times(3),
            (
                "increment_concurrent_users(5).times(3) has no duration; "
                "add .each_level_lasting(seconds)"
            ),
        ),
    ],
    ids=str,
)
def test_unfinished_steps(
    door: Callable[[object], object], unfinished: object, message: str
) -> None:
    """An unfinished step is refused with the user's line and what to add, wherever it is put."""
    with pytest.raises(UsageError, match=rf"{HERE}{re.escape(message)}$"):
        door(unfinished)


@pytest.mark.parametrize("door", [as_open_step, as_closed_step])
@pytest.mark.parametrize("value", [None, 10, "10 users", at_once_users, [at_once_users(1)]])
def test_what_is_no_step(door: Callable[[object], object], value: object) -> None:
    """Anything else is refused, and shown."""
    with pytest.raises(UsageError, match=rf"{HERE}inject_.*{re.escape(f'got {value!r}')}"):
        door(value)


@pytest.mark.parametrize(
    "step",
    [
        constant_concurrent_users(1).during(1),
        ramp_concurrent_users(1).to(2).during(1),
        increment_concurrent_users(1).times(2).each_level_lasting(1),
    ],
    ids=str,
)
def test_closed_in_open(step: object) -> None:
    """A closed step in an open profile is refused, and the way to have both is told."""
    with pytest.raises(UsageError, match=rf"{HERE}inject_open\(...\) takes open steps") as error:
        as_open_step(step)
    assert "give inject_closed(...) a scenario of its own" in str(error.value)


@pytest.mark.parametrize(
    "step",
    [
        nothing_for(1),
        at_once_users(1),
        ramp_users(1).during(1),
        stress_peak_users(1).during(1),
        constant_users_per_sec(1).during(1),
        ramp_users_per_sec(1).to(2).during(1).randomized(),
        increment_users_per_sec(1).times(2).each_level_lasting(1),
    ],
    ids=str,
)
def test_open_in_closed(step: object) -> None:
    """An open step in a closed profile is refused, and the way to have both is told."""
    with pytest.raises(UsageError, match=rf"{HERE}inject_closed\(...\) takes closed") as error:
        as_closed_step(step)
    assert "give inject_open(...) a scenario of its own" in str(error.value)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda: at_once_users(-1), "at_once_users(...) takes a number of users, 0 or more"),
        (lambda: at_once_users(1.5), "got 1.5"),
        (lambda: at_once_users(True), "got True"),
        (lambda: ramp_users("10"), "ramp_users(...) takes a number of users"),
        (lambda: ramp_users(1).during(-1), "ramp_users(1).during(...) must not be negative"),
        (lambda: ramp_users(1).during("soon"), "got 'soon'"),
        (lambda: stress_peak_users(-1), "stress_peak_users(...) takes a number of users"),
        (lambda: stress_peak_users(1, -1), "stress_peak_users(1).during(...) must not be"),
        (lambda: nothing_for(float("inf")), "nothing_for(...) must be seconds"),
        (lambda: constant_users_per_sec(-0.1), "takes users per second, 0 or more, got -0.1"),
        (lambda: constant_users_per_sec(float("nan")), "got nan"),
        (lambda: constant_users_per_sec(1).during(0), "needs a duration above 0"),
        (lambda: constant_users_per_sec(1).during(1).randomized(-1), "0 or more, got -1"),
        (lambda: constant_users_per_sec(1).during(1).randomized(True), "got True"),
        (lambda: constant_users_per_sec(1).during(1).randomized("x"), "takes a seed"),
        (lambda: ramp_users_per_sec(1).to(float("inf")), "got inf"),
        (lambda: ramp_users_per_sec(0).to(1).during(0), "needs a duration above 0"),
        (lambda: increment_users_per_sec(-1), "increment_users_per_sec(...) takes users per"),
        (lambda: increment_users_per_sec(1).times(0), "takes a number of levels, 1 or more, got 0"),
        (lambda: increment_users_per_sec(1).times(2.0), "got 2.0"),
        (
            lambda: increment_users_per_sec(1).times(2).each_level_lasting(0),
            "increment_users_per_sec(1).times(2).each_level_lasting(...) needs a duration above 0",
        ),
        (
            lambda: increment_users_per_sec(1).times(2, 1).separated_by_ramps_lasting(-1),
            "separated_by_ramps_lasting(...) must not be negative",
        ),
        (lambda: increment_users_per_sec(1).times(2, 1).starting_from("x"), "got 'x'"),
        (lambda: constant_concurrent_users(0.5), "takes a number of users, 0 or more, got 0.5"),
        (lambda: constant_concurrent_users(1, 0), "needs a duration above 0, got 0"),
        (lambda: ramp_concurrent_users(-1), "ramp_concurrent_users(...) takes a number of users"),
        (lambda: ramp_concurrent_users(1).to(-1), "ramp_concurrent_users(1).to(...) takes"),
        (lambda: ramp_concurrent_users(1).to(2).during(0), "needs a duration above 0"),
        (lambda: increment_concurrent_users(0.5), "increment_concurrent_users(...) takes"),
        (lambda: increment_concurrent_users(1).times(-1), "takes a number of levels"),
        (lambda: increment_concurrent_users(1).times(2, 0), "needs a duration above 0"),
        (lambda: increment_concurrent_users(1).times(2, 1).starting_from(0.5), "got 0.5"),
        (
            lambda: increment_concurrent_users(1).times(2, 1).separated_by_ramps_lasting(-1),
            "must not be negative",
        ),
    ],
)
def test_refused(write: Callable[[], object], message: str) -> None:
    """A number that cannot be is refused with the user's line, what was wrong and what it was."""
    with pytest.raises(UsageError, match=rf"{HERE}.*{re.escape(message)}"):
        write()


# --- seeds ---------------------------------------------------------------------------------------


def seeds_of(seed: int, scenario: str, *steps: object) -> list[int | None]:
    profile = seeded(open_injection(steps), seed, scenario)
    assert isinstance(profile, OpenInjection)
    return [getattr(step, "seed", None) for step in profile.steps]


RANDOM = constant_users_per_sec(5).during(10).randomized()


def test_each_random_step_has_a_seed_of_its_own() -> None:
    """Seeds differ by the place of the step, the scenario and the seed of the set-up."""
    seeds = [
        seed
        for of_the_run, scenario in [(0, "a"), (0, "b"), (1, "a"), (1, "b")]
        for seed in seeds_of(of_the_run, scenario, RANDOM, RANDOM)
    ]
    assert 8 == len(set(seeds))
    assert all(seed is not None and 0 <= seed < 2**53 for seed in seeds)


def test_seeds_stay_the_same() -> None:
    """A simulation compiled again, in another process too, has the same seeds."""
    assert [217685098276096, 125357438793838] == seeds_of(7, "Payments", RANDOM, RANDOM)


def test_given_seeds_are_kept() -> None:
    """A seed that was given stays, and steps without chance have none."""
    steps = constant_users_per_sec(1).during(1).randomized(7), at_once_users(1), nothing_for(1)
    assert [7, None, None] == seeds_of(0, "a", *steps)
    assert [None] == seeds_of(0, "a", constant_users_per_sec(1).during(1))


def test_closed_profiles_have_no_chance() -> None:
    """A closed profile stays as it is."""
    profile = ClosedInjection((ConstantConcurrentUsers(1, S),))
    assert profile is seeded(profile, 7, "a")
