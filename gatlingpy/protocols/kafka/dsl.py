"""``kafka()`` and ``kafka("name")``: the fluent face of the Kafka protocol."""

import os
from collections.abc import Mapping
from typing import overload

from gatlingpy.dsl.checks import CheckBuilder
from gatlingpy.dsl.compiler import Expression
from gatlingpy.dsl.duration import Duration
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.code import Env, SecretFile
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.protocols.kafka.action_builder import Headers
from gatlingpy.protocols.kafka.arguments import count, flag, partitions, text
from gatlingpy.protocols.kafka.consume_builder import KafkaConsumeBuilder
from gatlingpy.protocols.kafka.plan import EmbeddedBrokerPlan, KafkaProtocol, MemoryStorePlan
from gatlingpy.protocols.kafka.protocol_builder import KafkaProtocolBuilder
from gatlingpy.protocols.kafka.request_builders import KafkaRequest
from gatlingpy.protocols.kafka.request_reply_builder import KafkaRequestReplyBuilder
from gatlingpy.protocols.kafka.send_builder import KafkaSendBuilder
from gatlingpy.protocols.kafka.short_forms import NO_HEADERS, short_send


def env(name: str, default: "str | EmbeddedBrokerPlan | None" = None) -> Env:
    """Read an environment variable when the run starts; its value is never printed nor logged.

    ``default`` takes its place when it is not set, and is part of the plan.
    """
    if not text(name, "env(...)").strip():
        raise UsageError(f"{user_line()}: env(...) takes the name of a variable, got {name!r}")
    return Env(name, default)


def secret_file(path: str | os.PathLike[str]) -> SecretFile:
    """Read a secret from a file when the run starts; it is never printed nor logged.

    The newline at its end does not count.  A relative path is looked for where the run is started.
    """
    given: object = path
    if not isinstance(given, str | os.PathLike) or not str(given):
        raise UsageError(f"{user_line()}: secret_file(...) takes the path of a file, got {path!r}")
    return SecretFile(str(os.fspath(path)))


def embedded_broker(topics: Mapping[str, int], brokers: int = 1) -> EmbeddedBrokerPlan:
    """Take a broker inside gatlingpy, with these topics and their numbers of partitions.

    For demonstrations and tests where no Kafka is at hand: latencies are the embedded broker's,
    and transactions, isolation, TLS, retention and rebalancing are not those of Kafka.
    """
    wanted = partitions(topics, "embedded_broker(...)")
    return EmbeddedBrokerPlan(FrozenMap(wanted), count(brokers, "embedded_broker(brokers=...)"))


def InMemoryRequestStore() -> MemoryStorePlan:  # noqa: N802 - the original's name
    """Keep what is in flight in memory alone: the default, and the fastest."""
    return MemoryStorePlan()


@overload
def kafka() -> KafkaProtocolBuilder: ...
@overload
def kafka(name: Expression, /) -> KafkaRequest: ...
@overload
def kafka(
    topic: Expression, key: Expression, value: Expression, /,
    *, headers: Headers = NO_HEADERS, wait_for_ack: bool = True, timeout: Duration = 30,
) -> KafkaSendBuilder: ...  # fmt: skip
@overload
def kafka(
    topic: Expression, key: Expression, value: Expression,
    wait_for_ack: bool, timeout: Duration, /,  # noqa: FBT001 - the original's
    *, headers: Headers = NO_HEADERS,
) -> KafkaSendBuilder: ...  # fmt: skip
@overload
def kafka(
    name: Expression, topic: Expression, key: Expression, value: Expression, /,
    wait_for_ack: bool = True, timeout: Duration = 30,  # noqa: FBT001, FBT002 - the original's
    *, headers: Headers = NO_HEADERS,
) -> KafkaSendBuilder: ...  # fmt: skip
@overload
def kafka(
    name: Expression, topic: Expression, key: Expression, value: Expression, headers: Headers,
    wait_for_ack: bool = True, timeout: Duration = 30, /,  # noqa: FBT001, FBT002 - as above
) -> KafkaSendBuilder: ...  # fmt: skip
def kafka(
    *words: Expression,
    headers: Headers = NO_HEADERS,
    wait_for_ack: bool = True,
    timeout: Duration = 30,
) -> KafkaProtocolBuilder | KafkaRequest | KafkaSendBuilder:
    """Begin a protocol, ``kafka()``, or a request, ``kafka("name")``.

    The original's short forms send: ``kafka(topic, key, value)`` under the name ``Kafka Request``
    and ``kafka(name, topic, key, value)``, both with ``wait_for_ack, timeout`` behind if need be,
    the second with ``headers`` before these.
    """
    where = user_line()
    match words:
        case ():
            return KafkaProtocolBuilder(KafkaProtocol(id="", where=where))
        case (name,):
            return KafkaRequest(name, where)
    return short_send(words, headers, wait_for_ack, timeout, where)


def consume(*words: Expression) -> KafkaConsumeBuilder:
    """Take a record from a topic: ``consume("name", "topic")``, or ``consume("topic")``.

    It is the next record that no other user takes, unless ``match_key``, ``match_header``,
    ``match_body`` or ``match`` says how a user knows its own.  The short form is called
    ``kafka-consume`` in the report.
    """
    where = user_line()
    match words:
        case (topic,):
            name: Expression = "kafka-consume"
        case (name, topic):
            pass
        case _:
            raise UsageError(
                f"{where}: consume(...) takes a topic, or a name and a topic, got {len(words)} "
                "values"
            )
    return KafkaConsumeBuilder(name, where).topic(topic)


def kafka_request_reply(
    request_topic: Expression,
    response_topic: Expression,
    key: Expression,
    value: Expression,
    serialization: SerializationType = SerializationType.STRING,
    checks: "list[CheckBuilder] | tuple[CheckBuilder, ...]" = (),
    timeout: Duration = 10,
    name: Expression = "kafka-request-reply",
    *,
    headers: Headers = NO_HEADERS,
    wait_for_ack: bool | None = None,
    protocol: KafkaProtocolBuilder | None = None,
) -> KafkaRequestReplyBuilder:
    """Write a request-reply in one call, in the original's order of arguments.

    The user waits for the reply; with ``wait_for_ack`` given it goes on before that, as in the
    original: at the ack, or for ``False`` as soon as the request is sent.
    """
    builder = KafkaRequestReplyBuilder(name, user_line()).topics(request_topic, response_topic)
    builder = builder.key(key).value(value).headers(headers).checks(checks).timeout(timeout)
    if wait_for_ack is not None:
        waits = flag(wait_for_ack, "kafka_request_reply(wait_for_ack=...)")
        builder = builder.resume_on("ack" if waits else "send")
    if protocol is not None:
        builder = builder.protocol(protocol)
    return builder.serialization(serialization)
