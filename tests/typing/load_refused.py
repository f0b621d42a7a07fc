"""Load that must not type-check: an error that went away would leave its ignore unused."""

from gatlingpy import (
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

people = scenario("People").exec(dummy("Ask", 0.1))

# What is not finished.
people.inject_open(ramp_users(5))  # type: ignore[arg-type]
people.inject_open(stress_peak_users(5))  # type: ignore[arg-type]
people.inject_open(constant_users_per_sec(5))  # type: ignore[arg-type]
people.inject_open(ramp_users_per_sec(5))  # type: ignore[arg-type]
people.inject_open(ramp_users_per_sec(5).to(6))  # type: ignore[arg-type]
people.inject_open(increment_users_per_sec(5))  # type: ignore[arg-type]
people.inject_open(increment_users_per_sec(5).times(3))  # type: ignore[arg-type]
people.inject_closed(constant_concurrent_users(5))  # type: ignore[arg-type]
people.inject_closed(ramp_concurrent_users(5))  # type: ignore[arg-type]
people.inject_closed(ramp_concurrent_users(5).to(6))  # type: ignore[arg-type]
people.inject_closed(increment_concurrent_users(5).times(3))  # type: ignore[arg-type]

# The one kind in the other.
people.inject_open(constant_concurrent_users(5).during(1))  # type: ignore[arg-type]
people.inject_open(increment_concurrent_users(5).times(3, 1))  # type: ignore[arg-type]
people.inject_closed(at_once_users(5))  # type: ignore[arg-type]
people.inject_closed(constant_users_per_sec(5).during(1))  # type: ignore[arg-type]
people.inject_closed(increment_users_per_sec(5).times(3, 1))  # type: ignore[arg-type]

# What is no step, and numbers that are none.
people.inject_open(5)  # type: ignore[arg-type]
people.inject_open([at_once_users(5)])  # type: ignore[arg-type]
at_once_users("5")  # type: ignore[arg-type]
at_once_users(5.5)  # type: ignore[arg-type]
nothing_for([5])  # type: ignore[arg-type]
constant_concurrent_users(5.5)  # type: ignore[call-overload]
increment_concurrent_users(0.5)  # type: ignore[arg-type]
increment_users_per_sec(5).times(2.5)  # type: ignore[call-overload]

# What does not follow.
constant_users_per_sec(5).to(6)  # type: ignore[attr-defined]
ramp_users_per_sec(5).during(6)  # type: ignore[attr-defined]
ramp_users(5).during(6).randomized()  # type: ignore[attr-defined]
constant_users_per_sec(5).randomized()  # type: ignore[attr-defined]
constant_users_per_sec(5).during(1).randomized("x")  # type: ignore[arg-type]
increment_users_per_sec(5).each_level_lasting(1)  # type: ignore[attr-defined]
increment_users_per_sec(5).times(3).starting_from(1)  # type: ignore[attr-defined]

# Throttles.
population = people.inject_open(at_once_users(1))
population.throttle(reach_rps(5))  # type: ignore[arg-type]
population.throttle(at_once_users(5))  # type: ignore[arg-type]
population.throttle(hold_for(5), queue="5")  # type: ignore[arg-type]
people.throttle(hold_for(5))  # type: ignore[attr-defined]
reach_rps(0.5)  # type: ignore[call-overload]
jump_to_rps("5")  # type: ignore[arg-type]
jump_to_rps(5).in_(5)  # type: ignore[attr-defined]
