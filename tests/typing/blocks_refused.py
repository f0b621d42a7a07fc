"""Blocks that ``mypy --strict`` must refuse: each line would be reported if it did not."""

from gatlingpy import (
    as_long_as,
    at_once_users,
    constant_pauses,
    crash_load_generator,
    custom_pauses,
    do_if,
    do_if_equals_or_else,
    do_if_or_else,
    do_switch,
    do_switch_or_else,
    do_while,
    during,
    exec,  # noqa: A004
    exit_here_if,
    exponential_pauses,
    foreach,
    forever,
    group,
    kafka,
    normal_pauses_with_std_dev_duration,
    on_case,
    pace,
    pause,
    percent,
    random_switch,
    rendez_vous,
    repeat,
    round_robin_switch,
    scenario,
    stop_load_generator,
    stop_load_generator_if,
    try_max,
    uniform_pauses_plus_or_minus_percentage,
    uniform_random_switch,
)

ask = kafka("Ask").request_reply().topics("requests", "replies")

# Blocks that are not finished.
repeat(5).on()  # type: ignore[call-arg]
do_if(True).then()  # type: ignore[call-arg]
do_if_or_else(True).then(ask).or_else()  # type: ignore[call-arg]
exec(repeat(5))  # type: ignore[arg-type]
exec(do_if_or_else(True).then(ask))  # type: ignore[arg-type]
exec(on_case(1))  # type: ignore[arg-type]
repeat(5, repeat(5))  # type: ignore[call-overload]
repeat(5).exec(ask)  # type: ignore[attr-defined]
scenario("A").repeat(5).inject_open(at_once_users(1))  # type: ignore[attr-defined]
do_if(True).inject_open(at_once_users(1))  # type: ignore[attr-defined]

# Stages that another block has.
repeat(5).then(ask)  # type: ignore[attr-defined]
do_if(True).on(ask)  # type: ignore[attr-defined]
do_if(True).or_else(ask)  # type: ignore[attr-defined]
do_if(True).then(ask).or_else(ask)  # type: ignore[attr-defined]
do_if_or_else(True).or_else(ask)  # type: ignore[attr-defined]
do_switch("#{k}").on(on_case(1, ask), on_case(2, ask)).or_else(ask)  # type: ignore[attr-defined]
do_switch_or_else("#{k}").or_else(ask)  # type: ignore[attr-defined]
on_case(1).on(ask)  # type: ignore[attr-defined]

# Too little, too much, or something else.
do_if_or_else(True, ask)  # type: ignore[call-overload]
do_if_or_else(True, ask, ask, ask)  # type: ignore[call-overload]
do_if_equals_or_else(1, 2, ask)  # type: ignore[call-overload]
do_switch("#{k}").on(on_case(1, ask))  # type: ignore[call-arg]
do_switch("#{k}").on(on_case(1), on_case(2, ask))  # type: ignore[arg-type]
do_switch("#{k}").on(ask, ask)  # type: ignore[arg-type]
do_switch("#{k}").on(percent(5, ask), percent(5, ask))  # type: ignore[arg-type]
random_switch().on()  # type: ignore[call-arg]
random_switch().on(on_case(1, ask))  # type: ignore[arg-type]
random_switch().on(percent(5))  # type: ignore[arg-type]
percent("x")  # type: ignore[call-overload]
uniform_random_switch(ask)  # type: ignore[call-overload]
round_robin_switch().on(ask)  # type: ignore[call-arg]
foreach([1])  # type: ignore[call-overload]
during(5, "i", False)  # type: ignore[call-overload]
do_while(True, exit_asap=True)  # type: ignore[call-overload]
repeat(5, "i", ask, counter="j")  # type: ignore[call-overload]
stop_load_generator_if("enough")  # type: ignore[call-arg]
exec(scenario("A"))  # type: ignore[arg-type]
exec(ask).inject_closed()  # type: ignore[attr-defined]

# Values of the wrong type.
repeat(None, ask)  # type: ignore[call-overload]
repeat(1.5, ask)  # type: ignore[call-overload]
repeat(lambda session: "many", ask)  # type: ignore[arg-type, return-value]
try_max([3], ask)  # type: ignore[call-overload]
foreach(5, "x", ask)  # type: ignore[call-overload]
foreach([1], 5, ask)  # type: ignore[call-overload]
during(None, ask)  # type: ignore[call-overload]
forever(5)  # type: ignore[call-overload]
as_long_as(5, ask)  # type: ignore[call-overload]
do_if(None, ask)  # type: ignore[call-overload]
do_if(5)  # type: ignore[call-overload]
do_if(lambda session: "yes")  # type: ignore[arg-type, return-value]
do_if(lambda: True, ask)  # type: ignore[arg-type, misc]
exit_here_if(5)  # type: ignore[arg-type]
stop_load_generator(5)  # type: ignore[arg-type]
crash_load_generator(None)  # type: ignore[arg-type]
group(5, ask)  # type: ignore[call-overload]
pause(None)  # type: ignore[call-overload]
pause([5])  # type: ignore[call-overload]
pause(lambda session: [5])  # type: ignore[arg-type, return-value]
pause(1, pause_type="exponential")  # type: ignore[call-overload]
pause(1, exponential_pauses, constant_pauses)  # type: ignore[call-overload]
pause(1, uniform_pauses_plus_or_minus_percentage)  # type: ignore[arg-type]
pace(None)  # type: ignore[arg-type]
rendez_vous("10")  # type: ignore[arg-type]
exponential_pauses()  # type: ignore[operator]
custom_pauses([5])  # type: ignore[arg-type]
normal_pauses_with_std_dev_duration(None)  # type: ignore[arg-type]
uniform_pauses_plus_or_minus_percentage("10")  # type: ignore[arg-type]
