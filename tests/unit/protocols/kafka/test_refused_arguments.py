"""What the calls of Kafka refuse with the user's line, and what constants in a plan can never be."""

import re
from collections.abc import Callable

import pytest

from gatlingpy import (
    InMemoryRequestStore,
    PlanError,
    SerializationType,
    Simulation,
    UsageError,
    at_once_users,
    compile_plan,
    consume,
    embedded_broker,
    env,
    json_path,
    kafka,
    kafka_request_reply,
    scenario,
)
from gatlingpy.plan.steps import RequestPlan, walk_steps

ASK = kafka("Ask").request_reply().topics("a", "b").value("x")
TELL = kafka("Tell").send().topic("a").value("x")
TAKE = consume("Take", "a")
JSON = SerializationType.JSON


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (lambda: kafka().acks([1]), 'acks(...) takes "all", 1 or 0, got [1]'),
        (lambda: kafka().idempotence("no"), "idempotence(...) takes True or False, got 'no'"),
        (lambda: kafka().sync_commit("no"), "sync_commit(...) takes True or False, got 'no'"),
        (lambda: kafka().request_store(None), "takes InMemoryRequestStore(), got None"),
        (
            lambda: kafka().request_store(InMemoryRequestStore),
            "request_store(...) takes InMemoryRequestStore(), got <function InMemoryRequestStore",
        ),
        (lambda: TELL.wait_for_ack("no"), "wait_for_ack(...) takes True or False, got 'no'"),
        (
            lambda: kafka("a", "key", "value", wait_for_ack="no"),
            "wait_for_ack(...) takes True or False, got 'no'",
        ),
        (
            lambda: kafka_request_reply("a", "b", "key", "value", wait_for_ack="no"),
            "kafka_request_reply(wait_for_ack=...) takes True or False, got 'no'",
        ),
        (
            lambda: kafka_request_reply("a", "b", "key", "value", JSON, None),
            "check(...) takes checks, got None",
        ),
        (lambda: env(None), "env(...) takes text, got None"),
        (lambda: env(" "), "env(...) takes the name of a variable, got ' '"),
        (lambda: ASK.store_session(5), "store_session(5) must be given a text that is not empty"),
        (lambda: TAKE.save_as(""), "save_as('') must be given a text that is not empty"),
        (lambda: TAKE.save_as("#{x}"), "name one attribute, without placeholders"),
        (lambda: TAKE.save_as("x", 5), "save_as(5) must be given a function of the record"),
        (lambda: TAKE.save_as("x", lambda: 1), "must be given a function of the record, but"),
    ],
)
def test_a_wrong_argument_is_refused_where_it_is_written(
    written: Callable[[], object], told: str
) -> None:
    """With the user's line, what was got, and what is wanted."""
    with pytest.raises(UsageError, match=re.escape(told)) as refused:
        written()
    assert re.match(r"\S*test_refused_arguments\.py:\d+: ", str(refused.value))


def problems(*steps: object) -> str:
    """Return what is said of a plan with these steps."""

    class Wrong(Simulation):
        def __init__(self) -> None:
            cluster = kafka().bootstrap_servers(embedded_broker({"a": 1, "b": 1}))
            users = scenario("Users").exec(*steps)
            self.set_up(users.inject_open(at_once_users(1))).protocols(cluster)

    with pytest.raises(PlanError) as refused:
        compile_plan(Wrong)
    return str(refused.value)


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (TELL.topic(None), "'Tell': the topic must be text, got None"),
        (TELL.topic(5), "'Tell': the topic must be text, got 5"),
        (TELL.topic(["a"]), "'Tell': the topic must be text, got ['a']"),
        (consume("Take", None), "'Take': the topic must be text, got None"),
        (ASK.request_topic(7), "'Ask': the request topic must be text, got 7"),
        (ASK.response_topic(7), "'Ask': the response topic must be text, got 7"),
        (TELL.key({"a": 1}), "'Tell': the key must be text, bytes or a number, got dict"),
        (TELL.header("h", {"a": 1}), "the header 'h' must be text, bytes or a number, got dict"),
        (TELL.header("h", ["#{a}", [1]]), "the header 'h' must be text, bytes or a number, got "),
        (TELL.partition(-1), "'Tell': the partition must be a whole number from 0, got -1"),
        (TELL.partition("one"), "the partition must be a whole number from 0, got 'one'"),
        (TELL.timestamp("now"), "the timestamp must be epoch seconds as of time.time()"),
        (TAKE.start_time(1_700_000_000_000), "'Take': start_time(...) must be epoch seconds"),
    ],
)
def test_a_constant_that_no_user_could_send_is_a_problem_of_the_plan(
    step: object, told: str
) -> None:
    """Not of each user: the run does not begin."""
    assert told in problems(step)


def test_what_depends_on_the_user_and_what_is_right_is_none() -> None:
    """Nor are a list of headers, an empty key, or no header."""

    class Right(Simulation):
        def __init__(self) -> None:
            cluster = kafka().bootstrap_servers(embedded_broker({"a": 1, "b": 1}))
            told = TELL.headers({"one": ["#{a}", 2, None], "none": None, "map": "#{map}"}).key("")
            told = told.partition("1").timestamp("#{when}").topic("#{topic}")
            users = scenario("Users").exec(told)
            self.set_up(users.inject_open(at_once_users(1))).protocols(cluster)

    assert compile_plan(Right).plan.scenarios


def test_all_problems_of_a_request_are_told_at_once() -> None:
    """Each with the line of the request."""
    told = problems(ASK.partition(-1).timestamp("now").header("h", {"a": 1}).topics(5, None))
    assert told.startswith("5 problems")


def test_a_builder_that_is_none_of_what_is_wanted_is_not_shown_whole() -> None:
    """Its type is enough to find it."""
    expected = json_path("$.id").is_(1)
    with pytest.raises(UsageError, match="function of the message, got an object of ExpectedCheck"):
        ASK.correlate(expected, expected)
    with pytest.raises(UsageError, match="function of the record, got an object of ExpectedCheck"):
        TAKE.match(expected, 1)
    with pytest.raises(UsageError, match="takes checks, got an object of KafkaProtocolBuilder"):
        ASK.check(kafka())


def test_requests_that_give_up_before_their_delivery_are_one_warning() -> None:
    """It names the first five, so that other warnings are seen."""

    class Early(Simulation):
        def __init__(self) -> None:
            cluster = kafka().bootstrap_servers("localhost:9092")
            asked = [
                kafka(f"Ask {i}").request_reply().topics("a", "b").value("x").timeout(i + 1)
                for i in range(7)
            ]
            users = scenario("Users").exec(*asked, TELL.timeout(30), TAKE.timeout(1))
            self.set_up(users.inject_open(at_once_users(1))).protocols(cluster)

    plan = compile_plan(Early).plan
    requests = [s for s in walk_steps(plan.scenarios[0].steps) if isinstance(s, RequestPlan)]
    (cluster,) = plan.protocols
    (warning,) = cluster.warnings(requests)
    assert "'Ask 0' after 1 s" in warning
    assert "'Ask 4' after 5 s and 2 more; a message may be delivered until 30 s" in warning
    assert "Tell" not in warning
    assert "Take" not in warning
