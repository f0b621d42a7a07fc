"""``kafka()`` and ``kafka("name")``: what is written, and the plan it becomes."""

from datetime import timedelta

import pytest

from gatlingpy.dsl.checks import SerializationType, response_equals
from gatlingpy.dsl.compiler import ActionBuilder, Compiler
from gatlingpy.errors import UsageError
from gatlingpy.plan.checks import HeaderExtract
from gatlingpy.plan.code import CodeRef, Const, Env, Template
from gatlingpy.plan.steps import ProtocolPlan
from gatlingpy.protocols.kafka.dsl import (
    InMemoryRequestStore,
    embedded_broker,
    env,
    kafka,
    kafka_request_reply,
)
from gatlingpy.protocols.kafka.plan import (
    EmbeddedBrokerPlan,
    KafkaProtocol,
    MemoryStorePlan,
)
from gatlingpy.protocols.kafka.protocol_builder import KafkaProtocolBuilder
from gatlingpy.protocols.kafka.requests import KafkaRequestReply, KafkaSend, ResumeOn

SECOND = 1_000_000_000


def protocol(builder: KafkaProtocolBuilder) -> KafkaProtocol:
    compiler = Compiler()
    compiler.bind((builder,))
    (plan,) = compiler.protocols
    assert isinstance(plan, KafkaProtocol)
    return plan


def send(action: ActionBuilder) -> KafkaSend:
    plan = action.compile(Compiler(), "Shop/0")
    assert isinstance(plan, KafkaSend)
    return plan


def ask(action: ActionBuilder) -> KafkaRequestReply:
    plan = action.compile(Compiler(), "Shop/0")
    assert isinstance(plan, KafkaRequestReply)
    return plan


# --- the protocol --------------------------------------------------------------------------------


def test_a_protocol_has_the_documented_defaults() -> None:
    """All but the brokers."""
    assert protocol(kafka().bootstrap_servers("host:9092")) == KafkaProtocol(
        id="kafka", bootstrap_servers="host:9092", group_id=None, num_producers=1, num_consumers=1,
        poll_timeout_ns=SECOND // 10,
        timeout_check_interval_ns=5 * SECOND, store=MemoryStorePlan(),
    )  # fmt: skip


def test_everything_that_is_set_is_in_the_plan() -> None:
    """Later properties lie over earlier ones."""
    plan = protocol(
        kafka()
        .bootstrap_servers(env("SERVERS", "host:9092"))
        .group_id("team")
        .num_producers(2)
        .num_consumers(3)
        .producer_properties({"acks": "all", "linger.ms": 5})
        .producer_properties({"linger.ms": 0})
        .consumer_properties({"fetch.min.bytes": 1})
        .correlation_header_name("x-id")
        .poll_timeout(0.25)
        .timeout_check_interval(timedelta(seconds=1))
        .request_store(InMemoryRequestStore())
        .create_topics({"a": 1})
        .create_topics({"b": 2})
    )
    assert plan.bootstrap_servers == Env("SERVERS", "host:9092")
    assert (plan.group_id, plan.num_producers, plan.num_consumers) == ("team", 2, 3)
    assert dict(plan.producer_properties) == {"acks": "all", "linger.ms": 0}
    assert dict(plan.consumer_properties) == {"fetch.min.bytes": 1}
    assert (plan.correlation.header, plan.correlation.reply) == ("x-id", HeaderExtract("x-id"))
    assert plan.poll_timeout_ns == SECOND // 4
    assert plan.timeout_check_interval_ns == SECOND
    assert dict(plan.create_topics) == {"a": 1, "b": 2}


def test_a_builder_is_never_changed() -> None:
    """What was built before stays as it was."""
    base = kafka().bootstrap_servers("host:9092")
    base.num_producers(5)
    assert protocol(base).num_producers == 1


def test_an_embedded_broker_has_its_topics() -> None:
    """And so many brokers."""
    assert embedded_broker({"a": 4}, brokers=3) == EmbeddedBrokerPlan(
        embedded_broker({"a": 4}).topics, 3
    )
    assert dict(embedded_broker({"a": 4}).topics) == {"a": 4}


def test_two_protocols_have_different_ids() -> None:
    """And requests belong to the one that is bound."""
    compiler = Compiler()
    first, second = (kafka().bootstrap_servers(f"{n}:9092") for n in "ab")
    compiler.bind((first,))
    one = kafka("A").send().topic("t").compile(compiler, "0")
    compiler.bind((second,))
    two = kafka("B").send().topic("t").compile(compiler, "1")
    plans: tuple[ProtocolPlan, ...] = compiler.protocols
    assert [plan.id for plan in plans] == ["kafka", "kafka-2"]
    assert (one.protocol, two.protocol) == ("kafka", "kafka-2")


# --- sends ---------------------------------------------------------------------------------------


def test_a_send_is_written_step_by_step() -> None:
    """It waits for its ack unless it is told not to."""
    plan = send(
        kafka("Log").send().topic("events").key("#{id}").value({"a": 1})
        .header("h", "1").headers({"i": "#{id}"}).as_json().timeout(2)
    )  # fmt: skip
    assert (plan.name, plan.topic, plan.key) == (Const("Log"), Const("events"), Template("#{id}"))
    assert dict(plan.headers) == {"h": Const("1"), "i": Template("#{id}")}
    assert plan.serialization is SerializationType.JSON
    assert (plan.timeout_ns, plan.wait_for_ack) == (2 * SECOND, True)
    assert send(kafka("Log").send().topic("e").no_ack()).wait_for_ack is False
    assert send(kafka("Log").send().topic("e")).timeout_ns == 30 * SECOND
    assert send(kafka("Log").send().as_string()).serialization is SerializationType.STRING
    assert send(kafka("Log").send().as_bytes()).serialization is SerializationType.BYTE_ARRAY


def test_the_short_forms_of_the_original_send() -> None:
    """Without and with a name; the last two by place or by name."""
    short = send(kafka("events", "key", "value"))
    assert (short.name, short.topic) == (Const("Kafka Request"), Const("events"))
    assert (short.key, short.value) == (Const("key"), Const("value"))
    assert (short.wait_for_ack, short.timeout_ns) == (True, 30 * SECOND)
    named = send(kafka("Log", "events", "key", "value", False, 5))
    assert (named.name, named.wait_for_ack, named.timeout_ns) == (Const("Log"), False, 5 * SECOND)
    by_name = send(kafka("Log", "events", "key", "value", wait_for_ack=False, timeout=5))
    assert by_name == named


def test_any_other_number_of_words_is_refused() -> None:
    """With the forms there are, and the line."""
    with pytest.raises(UsageError, match=r"test_dsl\.py:\d+: kafka\(\.\.\.\) takes"):
        kafka("topic", "key")  # type: ignore[call-overload]


# --- request-replies -----------------------------------------------------------------------------


def test_a_request_reply_is_written_step_by_step() -> None:
    """It waits for the reply unless it is told not to."""

    def body(session: object) -> str:
        return "x"

    plan = ask(
        kafka("Pay").request_reply().request_topic("requests").response_topic("replies")
        .key("k").value(body).header("h", "1").headers({"i": "2"}).as_json()
        .check(response_equals()).checks(response_equals()).timeout(3)
    )  # fmt: skip
    assert (plan.request_topic, plan.response_topic) == (Const("requests"), Const("replies"))
    assert isinstance(plan.value, CodeRef)
    assert list(plan.headers) == ["h", "i"]
    assert len(plan.checks) == 2
    assert plan.timeout_ns == 3 * SECOND
    assert plan.resume_on is ResumeOn.REPLY
    assert plan.request_serialization is plan.response_serialization is SerializationType.JSON
    assert not plan.loopback
    assert ask(kafka("Pay").request_reply()).timeout_ns == 10 * SECOND


@pytest.mark.parametrize("event", list(ResumeOn))
def test_a_user_may_resume_earlier(event: ResumeOn) -> None:
    """At the ack, or at the send."""
    plan = ask(kafka("Pay").request_reply().resume_on(event.value))  # type: ignore[arg-type]
    assert plan.resume_on is event


def test_another_moment_to_resume_on_is_refused() -> None:
    """With those there are."""
    with pytest.raises(UsageError, match=r'takes "reply", "ack" or "send", got \'never\''):
        kafka("Pay").request_reply().resume_on("never")  # type: ignore[arg-type]


def test_the_originals_one_call_gives_the_same_plan() -> None:
    """In its order of arguments."""
    short = kafka_request_reply(
        "requests", "replies", "key", "value", SerializationType.JSON, [response_equals()], 5, "Pay"
    )
    long = (
        kafka("Pay").request_reply().topics("requests", "replies").key("key").value("value")
        .as_json().check(response_equals()).timeout(5)
    )  # fmt: skip
    assert ask(short) == ask(long)
    bare = ask(kafka_request_reply("requests", "replies", "key", "value"))
    assert bare.name == Const("kafka-request-reply")
    assert bare.request_serialization is SerializationType.STRING
    assert bare.timeout_ns == 10 * SECOND
