"""Every block of the scenario language once, each doing something that can be counted.

python -m gatlingpy run simulations.every_block

Only ``Pay`` talks to Kafka; the other requests are ``dummy`` ones, so that what a block does to a
user can be read in the report's counts: U stands for the number of users.
"""

import sys

from gatlingpy import (
    Chain,
    Run,
    Session,
    Simulation,
    at_once_users,
    constant_concurrent_users,
    constant_pauses,
    csv,
    details,
    do_if,
    dummy,
    embedded_broker,
    env,
    exec,  # noqa: A004 - Gatling's word
    exponential_pauses,
    feed,
    feeder,
    global_,
    group,
    json_path,
    kafka,
    nothing_for,
    on_case,
    param,
    pause,
    percent,
    ramp_users,
    repeat,
    scenario,
    try_max,
)

TOPICS = {"payment-requests": 2, "payment-responses": 2}


def remember(session: Session) -> Session:
    """Note what the loops and branches ask for."""
    return session.set_all({"rounds": 0, "letters": ["a", "b", "c"], "vip": True, "colour": "blue"})


def one_more(session: Session) -> Session:
    """Count a round."""
    return session.set("rounds", session.get_int("rounds") + 1)


def few_rounds(session: Session) -> bool:
    """Tell whether the user has done fewer than three rounds."""
    return session.get_int("rounds") < 3


def fails_at_first(session: Session) -> bool:
    """Succeed from the second attempt on."""
    return session.get_int("attempt") > 0


NEW_ROUND = exec(remember)


def feeds() -> Chain:
    """Records from a file, from a list and from functions."""
    return (
        feed(csv("payments.csv").circular())
        .feed(feeder([{"card": "visa"}, {"card": "amex"}]).random())
        .feed(feeder({"nonce": lambda: 7, "shop": "corner"}))
    )


def waits(users: int) -> Chain:
    """Pauses of several types, a meeting of all users, and a pace: twice U requests."""
    return (
        pause(0.01)
        .pause(0.005, 0.02)
        .pause(0.01, pause_type=exponential_pauses)
        .rendez_vous(users)
        .repeat(2, exec(dummy("Paced", 0)).pace(0.02))
    )


def loops() -> Chain:
    """Loops by number, by list, by time and by condition; the last four have three rounds each."""
    return (
        repeat(2, "i")
        .on(dummy("Repeat #{i}", 0.001))
        .foreach("#{letters}", "letter")
        .on(dummy("Foreach #{letter}", 0.001))
        .during(0.2)
        .on(exec(dummy("During", 0.01)).pause(0.02))
        .exec(NEW_ROUND)
        .as_long_as(few_rounds)
        .on(dummy("As long as", 0), one_more)
        .exec(NEW_ROUND)
        .do_while(few_rounds)
        .on(dummy("Do while", 0), one_more)
        .exec(NEW_ROUND)
        .as_long_as_during(few_rounds, 10)
        .on(dummy("As long as during", 0), one_more)
        .exec(NEW_ROUND)
        .do_while_during(few_rounds, 10)
        .on(dummy("Do while during", 0), one_more)
    )


def branches() -> Chain:
    """Conditions and switches; nobody takes a way that is called ``never``."""
    return (
        do_if("#{vip}")
        .then(dummy("If", 0))
        .do_if_or_else(lambda session: not session["vip"])
        .then(dummy("never: then", 0))
        .or_else(dummy("Or else", 0))
        .do_if_equals("#{colour}", "blue")
        .then(dummy("If equals", 0))
        .do_if_equals_or_else("#{colour}", "red")
        .then(dummy("never: equals", 0))
        .or_else(dummy("Equals or else", 0))
        .do_switch("#{colour}")
        .on(
            on_case("red").then(dummy("never: red", 0)),
            on_case("blue").then(dummy("Switch blue", 0)),
        )
        .do_switch_or_else("#{colour}")
        .on(
            on_case("red").then(dummy("never: red", 0)),
            on_case("green").then(dummy("never: green", 0)),
        )
        .or_else(dummy("Switch or else", 0))
        .random_switch()
        .on(percent(60.0).then(dummy("60 %", 0)), percent(40.0).then(dummy("40 %", 0)))
        .random_switch_or_else()
        .on(percent(30.0).then(dummy("30 %", 0)), percent(30.0).then(dummy("other 30 %", 0)))
        .or_else(dummy("the rest", 0))
        .uniform_random_switch()
        .on(dummy("Heads", 0), dummy("Tails", 0))
        .round_robin_switch()
        .on(dummy("Odd", 0), dummy("Even", 0))
    )


def failures() -> Chain:
    """A try that succeeds the second time, one that is left, and two ways out of the scenario."""
    return (
        try_max(3, "attempt")
        .on(group("Attempt").on(dummy("Try", 0).with_success(fails_at_first), dummy("Tried", 0)))
        .exit_block_on_fail()
        .on(dummy("Fails", 0).with_success(False), dummy("never: blocked", 0))
        .exec(Session.mark_as_succeeded)
        .exit_here_if(lambda session: session.user_id % 2 == 0)
        .exec(dummy("Half are left", 0))
        .exec(Session.mark_as_failed)
        .exit_here_if_failed()
        .exec(dummy("never: failed", 0))
    )


def mixed_up(session: Session) -> bool:
    """Tell whether a user has what only another can have."""
    return "accountId" in session


class EveryBlockSimulation(Simulation):
    """A tour of all blocks, a closed crowd beside it, and one user after the tour."""

    def __init__(self) -> None:
        users = param("users", int, default=10, help="users that make the tour; an even number")

        protocol = (
            kafka()
            .bootstrap_servers(env("KAFKA_BOOTSTRAP_SERVERS", embedded_broker(TOPICS)))
            .create_topics(TOPICS)
        )
        pay = (
            kafka("Pay")
            .request_reply()
            .request_topic("payment-requests")
            .response_topic("payment-responses")
            .key("#{accountId}")
            .value({"accountId": "#{accountId}", "amount": 10, "currency": "EUR"})
            .as_json()
            .check(json_path("$.status").is_("APPROVED"))
            .timeout(10)
        )

        tour = (
            scenario("Tour")
            .exec(NEW_ROUND, feeds(), pay, waits(users))
            .group("Loops", loops())
            .group("Branches", branches())
            .group("Failures", failures())
        )
        crowd = (
            scenario("Crowd").exec(dummy("Closed", 0.05)).exit_here().exec(dummy("never: exit", 0))
        )
        last = (
            scenario("Last")
            .exec(dummy("After all", 0.01))
            .crash_load_generator_if("users are mixed up", mixed_up)
            .forever("beat")
            .on(
                exec(dummy("Beat", 0.01))
                .pause(0.01)
                .stop_load_generator_if("the tour is over", lambda session: session["beat"] == 3)
            )
        )

        (
            self.set_up(
                tour.inject_open(
                    at_once_users(1), nothing_for(0.1), ramp_users(users - 1).during(0.5)
                ).and_then(last.inject_open(at_once_users(1))),
                crowd.inject_closed(constant_concurrent_users(3).during(1)).disable_pauses(),
            )
            .protocols(protocol)
            .pauses(constant_pauses)
            .max_duration(60)
            .assertions(
                details("Pay").successful_requests().percent().is_(100),
                details("Loops", "As long as").all_requests().count().is_(3 * users),
                details("Branches", "If").all_requests().count().is_(users),
                global_().all_requests().count().gt(30 * users),
            )
        )

    def before(self, run: Run) -> None:
        """Start the service that approves payments; it ends with the run."""
        run.start_process(
            [sys.executable, "-m", "simulations.payment_service", run.bootstrap_servers],
            ready="subscribed",
        )
