"""Every spelling of every block: must pass ``mypy --strict`` and is never run."""

from datetime import timedelta
from typing import assert_type

from gatlingpy import (
    Session,
    as_long_as,
    as_long_as_during,
    at_once_users,
    chain,
    constant_pauses,
    crash_load_generator,
    crash_load_generator_if,
    custom_pauses,
    disabled_pauses,
    do_if,
    do_if_equals,
    do_if_equals_or_else,
    do_if_or_else,
    do_switch,
    do_switch_or_else,
    do_while,
    do_while_during,
    during,
    exec,  # noqa: A004
    exit_block_on_fail,
    exit_here,
    exit_here_if,
    exit_here_if_failed,
    exponential_pauses,
    foreach,
    forever,
    group,
    kafka,
    normal_pauses_with_percentage_duration,
    normal_pauses_with_std_dev_duration,
    on_case,
    pace,
    pause,
    percent,
    random_switch,
    random_switch_or_else,
    rendez_vous,
    repeat,
    round_robin_switch,
    scenario,
    stop_load_generator,
    stop_load_generator_if,
    try_max,
    uniform_pauses_plus_or_minus_duration,
    uniform_pauses_plus_or_minus_percentage,
    uniform_random_switch,
)
from gatlingpy.dsl.branch_steps import CaseBuilder, ChoiceBuilder
from gatlingpy.dsl.chain import Chain
from gatlingpy.dsl.population import Population
from gatlingpy.dsl.scenario import Scenario
from gatlingpy.dsl.stages import Block, OrElse, Then
from gatlingpy.dsl.switches import Cases, Choices, Ways

ask = kafka("Ask").request_reply().topics("requests", "replies")


def paid(session: Session) -> bool:
    """Hold or not."""
    return session.get_boolean("paid")


def orders(session: Session) -> list[object]:
    """Return a list."""
    return [session["order"]]


# --- waiting -------------------------------------------------------------------------------------

waits = (
    pause(1)
    .pause(0.5, 1.5)
    .pause("100ms", until="2s")
    .pause(timedelta(seconds=1), "#{longest}")
    .pause(lambda session: session.get_float("think"))
    .pause(lambda session: "5s", lambda session: timedelta(seconds=5))
    .pause(1, exponential_pauses)
    .pause(1, 2, exponential_pauses)
    .pause(1, pause_type=constant_pauses)
    .pause("#{x}", disabled_pauses)
    .pause(1, custom_pauses(lambda session: 1))
    .pause(1, custom_pauses("#{x}"))
    .pause(1, uniform_pauses_plus_or_minus_percentage(10))
    .pause(1, uniform_pauses_plus_or_minus_duration("1s"))
    .pause(1, normal_pauses_with_percentage_duration(12.5))
    .pause(1, normal_pauses_with_std_dev_duration(timedelta(seconds=1)))
    .pace(5)
    .pace("500ms", "1s")
    .pace(5, "browse")
    .pace(5, 10, "browse")
    .pace("#{x}", counter="browse")
    .pace(lambda session: 5, until=lambda session: 6)
    .rendez_vous(100)
)
assert_type(waits, Chain)
assert_type(pace(5).rendez_vous(2), Chain)
assert_type(rendez_vous(2), Chain)

# --- loops ---------------------------------------------------------------------------------------

loops = (
    repeat(5).on(ask)
    .repeat(5, "i").on(ask, pause(1))
    .repeat(5, counter="i").on([ask])
    .repeat(5, ask, pause(1))
    .repeat(5, "i", ask)
    .repeat(5, ask, counter="i")
    .repeat("#{n}", ask)
    .repeat(lambda session: session.get_int("n"), ask)
    .foreach([1, "a"], "x").on(ask)
    .foreach(range(5), "x", ask)
    .foreach("#{orders}", "x", "i").on(ask)
    .foreach(orders, "x", "i", ask)
    .foreach([1], "x", ask, counter="i")
    .during(5).on(ask)
    .during("5s", "i", ask)
    .during("#{d}", exit_asap=False).on(ask)
    .during(lambda session: 5, "i", exit_asap=False).on(ask)
    .during(timedelta(seconds=5), ask, counter="i", exit_asap=False)
    .as_long_as("#{more}").on(ask)
    .as_long_as(paid, "i", ask)
    .as_long_as(lambda session: "x" in session, exit_asap=False).on(ask)
    .as_long_as(True, ask, exit_asap=False)
    .do_while("#{more}").on(ask)
    .do_while(paid, "i", ask)
    .as_long_as_during(paid, 5).on(ask)
    .as_long_as_during("#{more}", "5s", "i", ask, exit_asap=False)
    .do_while_during(paid, 5, "i").on(ask)
    .do_while_during("#{more}", "#{d}", ask, exit_asap=False)
    .forever().on(ask)
    .forever("i").on(ask)
    .forever(ask, pause(1))
    .forever("i", ask)
)  # fmt: skip
assert_type(loops, Chain)
assert_type(repeat(5), Block[Chain])
assert_type(repeat(5, "i"), Block[Chain])
assert_type(repeat(5, ask), Chain)
assert_type(foreach([1], "x"), Block[Chain])
assert_type(foreach([1], "x", "i"), Block[Chain])
assert_type(foreach([1], "x", "i", ask), Chain)
assert_type(during(5, exit_asap=False), Block[Chain])
assert_type(as_long_as(paid, ask), Chain)
assert_type(do_while(paid, "i"), Block[Chain])
assert_type(as_long_as_during(paid, 5), Block[Chain])
assert_type(do_while_during(paid, 5, ask), Chain)
assert_type(forever("i"), Block[Chain])
assert_type(scenario("A").repeat(5), Block[Scenario])
assert_type(scenario("A").during(5, "i", ask), Scenario)

# --- conditions ----------------------------------------------------------------------------------

branches = (
    do_if("#{paid}").then(ask)
    .do_if(paid, ask, pause(1))
    .do_if(True).then(ask)
    .do_if(lambda session: session["n"] == 1).then(ask)
    .do_if_or_else("#{paid}").then(ask).or_else(pause(1), ask)
    .do_if_or_else(paid, ask, [pause(1), ask])
    .do_if_equals("#{a}", "b").then(ask)
    .do_if_equals(lambda session: session["a"], None, ask)
    .do_if_equals_or_else("#{a}", 5).then(ask).or_else(ask)
    .do_if_equals_or_else("#{a}", "#{b}", ask, ask)
)  # fmt: skip
assert_type(branches, Chain)
assert_type(do_if(paid), Then[Chain])
assert_type(do_if_or_else(paid), Then[OrElse[Chain]])
assert_type(do_if_or_else(paid).then(ask), OrElse[Chain])
assert_type(do_if_equals("#{a}", 1), Then[Chain])
assert_type(do_if_equals_or_else("#{a}", 1, ask, ask), Chain)
assert_type(scenario("A").do_if_or_else(paid).then(ask).or_else(ask), Scenario)

# --- switches ------------------------------------------------------------------------------------

switches = (
    do_switch("#{kind}").on(on_case("a").then(ask), on_case(2).then(ask, pause(1)))
    .do_switch(lambda session: session["kind"], on_case("a", ask), on_case(None, ask))
    .do_switch_or_else("#{kind}").on(on_case("#{a}", ask), on_case(paid, ask)).or_else(ask)
    .random_switch().on(percent(60.0).then(ask), percent(30).then(ask))
    .random_switch(percent(60.0, ask), percent(30, ask, pause(1)))
    .random_switch_or_else().on(percent(60.0, ask)).or_else(ask)
    .uniform_random_switch().on(ask, [ask, pause(1)], chain(ask))
    .uniform_random_switch(ask, ask)
    .round_robin_switch().on(ask, pause(1))
    .round_robin_switch(ask, ask, ask)
)  # fmt: skip
assert_type(switches, Chain)
assert_type(on_case(1), Then[CaseBuilder])
assert_type(on_case(1, ask), CaseBuilder)
assert_type(percent(5), Then[ChoiceBuilder])
assert_type(percent(5).then(ask), ChoiceBuilder)
assert_type(do_switch("#{kind}"), Cases[Chain])
assert_type(do_switch_or_else("#{kind}"), Cases[OrElse[Chain]])
assert_type(random_switch(), Choices[Chain])
assert_type(random_switch_or_else().on(percent(5, ask)), OrElse[Chain])
assert_type(uniform_random_switch(), Ways[Chain])
assert_type(round_robin_switch(ask, ask), Chain)
assert_type(scenario("A").do_switch("#{k}").on(on_case(1, ask), on_case(2, ask)), Scenario)

# --- groups, failures and exits -------------------------------------------------------------------

ways_out = (
    group("g").on(ask)
    .group(lambda session: session["name"], ask, group("inner", ask))
    .try_max(3).on(ask)
    .try_max(3, "i").on(ask)
    .try_max("#{n}", "i", ask)
    .try_max(lambda session: 3, ask, counter="i")
    .exit_block_on_fail().on(ask)
    .exit_block_on_fail(ask, ask)
    .exit_here()
    .exit_here_if("#{paid}")
    .exit_here_if(paid)
    .exit_here_if_failed()
    .stop_load_generator("enough")
    .stop_load_generator(lambda session: session["why"])
    .stop_load_generator_if("#{why}", paid)
    .crash_load_generator("enough")
    .crash_load_generator_if("enough", "#{paid}")
)  # fmt: skip
assert_type(ways_out, Chain)
assert_type(try_max(3), Block[Chain])
assert_type(exit_block_on_fail(), Block[Chain])
assert_type(exit_block_on_fail(ask), Chain)
assert_type(exit_here(), Chain)
assert_type(exit_here_if(paid), Chain)
assert_type(exit_here_if_failed(), Chain)
assert_type(stop_load_generator("x"), Chain)
assert_type(stop_load_generator_if("x", paid), Chain)
assert_type(crash_load_generator("x"), Chain)
assert_type(crash_load_generator_if("x", paid), Chain)

everything = scenario("A").exec(waits, loops, branches, switches, [ways_out, exec(ask)])
assert_type(everything, Scenario)
assert_type(everything.inject_open(at_once_users(1)), Population)
