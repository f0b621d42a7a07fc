"""Every spelling of the load of a simulation: must pass ``mypy --strict`` and is never run."""

from datetime import timedelta
from typing import assert_type

from gatlingpy import (
    Simulation,
    at_once_users,
    constant_concurrent_users,
    constant_users_per_sec,
    dummy,
    hold_for,
    increment_concurrent_users,
    increment_users_per_sec,
    jump_to_rps,
    nothing_for,
    ramp_concurrent_users,
    ramp_users,
    ramp_users_per_sec,
    reach_rps,
    scenario,
    stress_peak_users,
)
from gatlingpy.dsl.closed_injection import ConstantConcurrentUsersBuilder
from gatlingpy.dsl.open_injection import RampUsersBuilder, RateStep, StressPeakUsersBuilder
from gatlingpy.dsl.population import Population
from gatlingpy.dsl.setup import SetUp
from gatlingpy.dsl.stairs import ClosedStairs, OpenStairs
from gatlingpy.dsl.throttle import ReachRpsBuilder
from gatlingpy.plan.concurrency import ConstantConcurrentUsers, RampConcurrentUsers
from gatlingpy.plan.injection import AtOnceUsers, NothingFor, RampUsers, StressPeakUsers
from gatlingpy.plan.throttle import HoldFor, JumpToRps, ReachRps

people = scenario("People").exec(dummy("Ask", 0.1))
others = scenario("Others").exec(dummy("Ask", 0.1))

# --- open ----------------------------------------------------------------------------------------

assert_type(nothing_for("500ms"), NothingFor)
assert_type(at_once_users(5), AtOnceUsers)
assert_type(ramp_users(5), RampUsersBuilder)
assert_type(ramp_users(5).during(10), RampUsers)
assert_type(ramp_users(5, during="10s"), RampUsers)
assert_type(stress_peak_users(5), StressPeakUsersBuilder)
assert_type(stress_peak_users(5, 10), StressPeakUsers)
assert_type(constant_users_per_sec(5).during(10), RateStep)
assert_type(ramp_users_per_sec(5).to(6, during=10), RateStep)
stairs = increment_users_per_sec(5).times(3).each_level_lasting(10)
assert_type(stairs, OpenStairs)
assert_type(increment_users_per_sec(0.5).times(3, each_level_lasting="10s"), OpenStairs)
assert_type(stairs.separated_by_ramps_lasting(2).starting_from(1.5), OpenStairs)
opened = people.inject_open(
    nothing_for(timedelta(seconds=5)),
    at_once_users(10),
    ramp_users(100).during(60),
    stress_peak_users(100).during("1m"),
    constant_users_per_sec(20).during(60),
    constant_users_per_sec(20, during=60).randomized(),
    ramp_users_per_sec(10).to(100).during(60).randomized(7),
    ramp_users_per_sec(10).to(100, 60).randomized(seed=7),
    stairs,
)
assert_type(opened, Population)
assert_type(people.inject_open(), Population)

# --- closed --------------------------------------------------------------------------------------

assert_type(constant_concurrent_users(5), ConstantConcurrentUsersBuilder)
assert_type(constant_concurrent_users(5).during(10), ConstantConcurrentUsers)
assert_type(constant_concurrent_users(5, during="10s"), ConstantConcurrentUsers)
assert_type(ramp_concurrent_users(5).to(6).during(10), RampConcurrentUsers)
assert_type(ramp_concurrent_users(5).to(6, during=10), RampConcurrentUsers)
steps = increment_concurrent_users(5).times(3).each_level_lasting(10)
assert_type(steps, ClosedStairs)
assert_type(increment_concurrent_users(5).times(3, "10s").starting_from(2), ClosedStairs)
closed = people.inject_closed(
    constant_concurrent_users(5).during(10),
    ramp_concurrent_users(5).to(6).during(timedelta(minutes=1)),
    steps.separated_by_ramps_lasting("2s").starting_from(1),
)
assert_type(closed, Population)

# --- throttles, and what populations and set-ups say ---------------------------------------------

assert_type(reach_rps(5), ReachRpsBuilder)
assert_type(reach_rps(5).in_(10), ReachRps)
assert_type(reach_rps(5).during("10s"), ReachRps)
assert_type(reach_rps(5, during=10), ReachRps)
assert_type(hold_for("1m"), HoldFor)
assert_type(jump_to_rps(5), JumpToRps)


class Loaded(Simulation):
    """All that there is of load."""

    def __init__(self) -> None:
        """Write the set-up."""
        follower = others.inject_open(at_once_users(1)).throttle(jump_to_rps(5), hold_for(10))
        set_up = (
            self.set_up(opened.and_then(follower), closed.max_in_flight(5))
            .throttle(reach_rps(5).in_(10), hold_for("1m"), queue=1000)
            .warm_up("10s")
            .max_duration(timedelta(minutes=1))
        )
        assert_type(set_up, SetUp)
