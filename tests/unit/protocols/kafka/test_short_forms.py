"""The original's sends and request-replies in one call mean what they mean step by step."""

import pytest

from gatlingpy.dsl.checks import body_string
from gatlingpy.dsl.compiler import ActionBuilder, Compiler
from gatlingpy.errors import UsageError
from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.steps import RequestPlan
from gatlingpy.protocols.kafka.dsl import kafka, kafka_request_reply
from gatlingpy.session import Session

HEADERS = {"source": "test", "id": "#{id}"}


def key_of(session: Session) -> str:
    return str(session["id"])


def compiled(action: ActionBuilder) -> RequestPlan:
    """Return the frozen request, but for the line that it stands in."""
    compiler = Compiler()
    compiler.bind((kafka().bootstrap_servers("h:9092"),))
    plan = action.compile(compiler, "Shop/0")
    object.__setattr__(plan, "where", "")
    return plan


def long(name: str = "Kafka Request") -> ActionBuilder:
    return kafka(name).send().topic("t").key("k").value("v")


@pytest.mark.parametrize(
    ("short", "fluent"),
    [
        (kafka("t", "k", "v"), long()),
        (kafka("t", "k", "v", False, 5), long().no_ack().timeout(5)),
        (kafka("t", "k", "v", wait_for_ack=False, timeout="5s"), long().no_ack().timeout(5)),
        (kafka("N", "t", "k", "v"), long("N")),
        (kafka("N", "t", "k", "v", False), long("N").no_ack()),
        (kafka("N", "t", "k", "v", True, 5), long("N").timeout(5)),
        (kafka("N", "t", "k", "v", HEADERS), long("N").headers(HEADERS)),
        (kafka("N", "t", "k", "v", HEADERS, False), long("N").headers(HEADERS).no_ack()),
        (
            kafka("N", "t", "k", "v", HEADERS, False, 5),
            long("N").headers(HEADERS).no_ack().timeout(5),
        ),
        (kafka("N", "t", "k", "v", headers=HEADERS), long("N").headers(HEADERS)),
        (kafka("t", "k", "v").headers(HEADERS), long().headers(HEADERS)),
        (kafka("t", key_of, None), kafka("Kafka Request").send().topic("t").key(key_of)),
    ],
)  # fmt: skip
def test_a_send_in_one_call(short: ActionBuilder, fluent: ActionBuilder) -> None:
    """Named or not, with headers, the ack and the timeout by place or by name."""
    assert compiled(short) == compiled(fluent)


@pytest.mark.parametrize(
    "words", [("t", "k"), ("N", "t", "k", "v", 5), ("N", "t", "k", "v", True, 5, 6), ("a",) * 8]
)
def test_words_that_mean_nothing_are_refused(words: tuple[object, ...]) -> None:
    """With the user's line, and what would mean something."""
    with pytest.raises(UsageError, match=r"test_short_forms\.py:\d+: kafka\(\.\.\.\) takes nothi"):
        kafka(*words)  # type: ignore[call-overload]


def test_a_request_reply_in_one_call() -> None:
    """In the original's order; what its longer forms put in between is given by name."""
    check = body_string().is_("ok")
    short = kafka_request_reply("q", "r", "k", "v", SerializationType.JSON, [check], 5, "N")
    fluent = kafka("N").request_reply().topics("q", "r").key("k").value("v").as_json()
    fluent = fluent.check(check).timeout(5)
    assert compiled(short) == compiled(fluent)
    assert compiled(
        kafka_request_reply(
            "q", "r", "k", "v", SerializationType.JSON, [check], 5, "N", headers=HEADERS
        )
    ) == compiled(fluent.headers(HEADERS))


@pytest.mark.parametrize(("wait", "event"), [(None, "reply"), (True, "ack"), (False, "send")])
def test_the_original_goes_on_before_the_reply(wait: bool | None, event: str) -> None:
    """Only if it is said so; without a word the user waits for the reply."""
    short = kafka_request_reply("q", "r", "k", "v", wait_for_ack=wait)
    fluent = kafka("kafka-request-reply").request_reply().topics("q", "r").key("k").value("v")
    assert compiled(short) == compiled(fluent.as_string().resume_on(event))  # type: ignore[arg-type]


def test_a_request_reply_may_name_its_cluster() -> None:
    """And then uses none of those that are bound."""
    other = kafka().bootstrap_servers("other:9092")
    plan = compiled(kafka_request_reply("q", "r", "k", "v", protocol=other))
    assert plan.protocol == "kafka-2"
