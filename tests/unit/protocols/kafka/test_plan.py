"""The Kafka part of a plan: what is wrong with it, and how it is shown."""

from dataclasses import replace

import pytest

from gatlingpy.dsl.checks import json_path, response_equals
from gatlingpy.dsl.compiler import ActionBuilder, Compiler
from gatlingpy.plan.code import Const
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.plan.steps import RequestPlan
from gatlingpy.protocols.kafka.correlation import Correlation
from gatlingpy.protocols.kafka.dsl import embedded_broker, env, kafka
from gatlingpy.protocols.kafka.plan import KafkaProtocol
from gatlingpy.protocols.kafka.request_reply_builder import KafkaRequestReplyBuilder
from gatlingpy.protocols.kafka.requests import ResumeOn


def compiled(action: ActionBuilder) -> RequestPlan:
    return action.compile(Compiler(), "Shop/0")


def ask() -> KafkaRequestReplyBuilder:
    return kafka("Pay").request_reply().topics("requests", "replies").value("x")


PROTOCOL = KafkaProtocol(id="kafka", bootstrap_servers="host:9092")


def test_a_sound_plan_has_no_problems() -> None:
    """Neither the protocol nor its requests."""
    assert list(PROTOCOL.problems()) == []
    assert list(compiled(ask()).problems()) == []
    assert list(compiled(kafka("Log").send().topic("events").value("x")).problems()) == []
    assert list(PROTOCOL.request_problems(compiled(ask()))) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"bootstrap_servers": ""}, "bootstrap_servers"),
        ({"group_id": " "}, "group_id(...) is empty"),
        ({"num_producers": 0}, "num_producers must be at least 1, got 0"),
        ({"num_consumers": -1}, "num_consumers must be at least 1, got -1"),
        ({"correlation": Correlation(header="")}, "correlation_header_name(...) is empty"),
        ({"create_topics": FrozenMap({"t": 0})}, "'t'"),
        ({"producer_properties": FrozenMap({"acsk": 1})}, "did you mean acks?"),
        ({"consumer_properties": FrozenMap({"group.id": ""})}, "group.id is empty"),
    ],
)
def test_what_keeps_a_cluster_from_being_reached_is_a_problem(
    change: dict[str, object], said: str
) -> None:
    """One sentence each."""
    problems = list(replace(PROTOCOL, **change).problems())  # type: ignore[arg-type]
    assert len(problems) == 1
    assert said in problems[0]


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (kafka("Pay").request_reply().response_topic("r").value("x"), "has no request topic"),
        (kafka("Pay").request_reply().request_topic("r").value("x"), "has no response topic"),
        (ask().topics("same", "same"), "would read its own requests as replies"),
        (ask().resume_on("ack").check(json_path("$.id").save_as("id")), "saves from the reply"),
        (kafka("Log").send().value("x"), "has no topic"),
    ],
)
def test_what_keeps_a_request_from_being_sent_is_a_problem(
    request_: ActionBuilder, said: str
) -> None:
    """With the request's name."""
    (problem,) = compiled(request_).problems()
    assert said in problem
    assert problem.startswith(("'Pay'", "'Log'"))


def test_a_loopback_that_is_meant_is_none() -> None:
    """It says so."""
    assert list(compiled(ask().topics("same", "same").loopback()).problems()) == []


def test_a_detached_user_may_check_what_it_does_not_save() -> None:
    """Checks count for the request all the same."""
    assert list(compiled(ask().resume_on("send").check(response_equals())).problems()) == []


@pytest.mark.parametrize("empty", ["", None, b""])
def test_an_id_that_is_always_empty_is_a_problem_of_the_request(empty: object) -> None:
    """In the header that this protocol matches by, and in no other."""
    request = compiled(ask().header("correlationId", empty))
    (problem,) = PROTOCOL.request_problems(request)
    assert "carries the correlation id, is empty" in problem
    other = replace(PROTOCOL, correlation=Correlation(header="x-id"))
    assert list(other.request_problems(request)) == []


def test_a_plan_is_shown_without_secrets() -> None:
    """Brokers by their variable's name, requests with all they do."""
    shown = replace(
        PROTOCOL, bootstrap_servers=env("SERVERS", embedded_broker({"t": 1}))
    ).describe()  # fmt: skip
    assert "${SERVERS}, else an embedded broker" in shown
    request = compiled(
        ask().key("#{id}").header("kind", "x").check(json_path("$.id").save_as("id")).timeout(2.5)
    )
    text = "\n".join(request.describe())
    for part in ("Pay", "requests → replies", "timeout 2.5 s", "resumes on reply", "#{id}",
                 "header kind: x", "$.id exists → id"):  # fmt: skip
        assert part in text
    assert "does not wait" in compiled(kafka("Log").send().topic("e").no_ack()).describe()[0]


def test_a_plan_is_a_value() -> None:
    """The same calls give the same plan, wherever they are written."""
    assert compiled(ask()) == compiled(ask())
    assert hash(compiled(ask())) == hash(compiled(ask()))
    assert compiled(ask()) != compiled(ask().resume_on(ResumeOn.ACK.value))  # type: ignore[arg-type]
    assert compiled(ask()).name == Const("Pay")
