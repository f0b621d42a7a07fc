"""Client properties: defaults, Java names translated, unknown ones refused.

``docs/kafka.md`` has the table of defaults.  Property maps may come over from a Java client
unchanged: what only Java knows is taken out here and honoured, or refused with the remedy.
"""

import difflib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from gatlingpy.errors import UsageError
from gatlingpy.plan.code import Env, SecretFile
from gatlingpy.protocols.kafka import java_security, property_names
from gatlingpy.protocols.kafka.producer_conflicts import without_idempotence
from gatlingpy.protocols.kafka.security import SECRETS

Value: TypeAlias = str | int | float | bool

PRODUCER_DEFAULTS: Final[Mapping[str, Value]] = {
    "acks": "all",
    "enable.idempotence": True,
    "max.in.flight.requests.per.connection": 5,
    "partitioner": "murmur2_random",
    "delivery.timeout.ms": 30_000,
    "linger.ms": 5,
    "queue.buffering.max.messages": 1_000_000,
}
"""What producers are given unless the user says otherwise; the placement is the Java client's."""

CONSUMER_DEFAULTS: Final[Mapping[str, Value]] = {
    "isolation.level": "read_uncommitted",
    "enable.auto.commit": False,
    "auto.offset.reset": "latest",
    # Nobody is a member of a group here; but so long does closing wait for the commit of positions
    # when no broker can be reached, and 45 s would be the default.
    "session.timeout.ms": 6_000,
}
"""What consumers are given unless the user says otherwise."""

EMBEDDED_CONSUMER_DEFAULTS: Final[Mapping[str, Value]] = {"fetch.wait.max.ms": 10}
"""On the embedded broker a fetch is not woken by new data: a reply would wait for this long."""

DEFAULT_BLOCK_MS: Final = 60_000
"""How long a send waits for room in the local queue, as the Java client's ``max.block.ms``."""

_RENAMED: Final = {
    "fetch.max.wait.ms": "fetch.wait.max.ms",
    # Two names of one property: what is given last would not win.
    "sasl.mechanisms": "sasl.mechanism",
}
_SERDES: Final = {
    "key.serializer", "value.serializer", "key.deserializer", "value.deserializer",
}  # fmt: skip
_SERDE_REMEDIES: Final[Mapping[str, str]] = {
    "value.serializer": ".value_serializer(fn), or say on requests .as_json() or .as_avro(...)",
    "value.deserializer": ".value_deserializer(fn), or say on requests .as_json() or .as_avro(...)",
    "key.serializer": ".key_codec(FunctionCodec(fn))",
    "key.deserializer": "in the checks: they are given keys as text, or as bytes by function(...)",
}
_PLAIN_SERDES: Final = ("String", "ByteArray", "Bytes")
_JAVA_ONLY: Final = {"max.block.ms", "buffer.memory", "max.poll.records"} | _SERDES
_NUMBERS: Final = {
    "linger.ms", "queue.buffering.max.ms", "request.timeout.ms", "delivery.timeout.ms",
    "message.timeout.ms", "max.block.ms", "buffer.memory", "max.poll.records",
}  # fmt: skip
"""Those that gatlingpy itself counts with."""
_ALIASES: Final = {"acks", "delivery.timeout.ms", "compression.type", "retries", "linger.ms"}


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """What a client is made with, and what gatlingpy does itself in place of Java's client."""

    properties: Mapping[str, Value]
    block_ms: int = DEFAULT_BLOCK_MS
    most_records: int = 500


def producer_problems(properties: Mapping[str, object]) -> Iterator[str]:
    """Yield what is wrong with a producer's properties."""
    yield from _problems("producer_properties", properties, property_names.PRODUCER)


def consumer_problems(properties: Mapping[str, object]) -> Iterator[str]:
    """Yield what is wrong with a consumer's properties."""
    yield from _problems("consumer_properties", properties, property_names.CONSUMER)
    if properties.get("group.id") == "":
        yield "consumer_properties: group.id is empty; leave it out, and each run gets its own"


def _problems(where: str, properties: Mapping[str, object], known: frozenset[str]) -> Iterator[str]:
    for name, value in properties.items():
        if name in java_security.NAMES:
            yield f"{where}: {java_security.java_problem(name, value)}"
        elif name in _SERDES:
            yield from _serde_problem(where, name, value)
        elif name not in known and name not in _JAVA_ONLY | _RENAMED.keys() | _ALIASES:
            near = difflib.get_close_matches(name, sorted(known | _ALIASES), n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            yield f"{where}: no property is called {name!r}{hint}"
        elif name in SECRETS and not _is_hidden(value):
            yield (
                f"{where}: {name} is a secret, and what stands in a simulation is printed and "
                f'logged; give it as env("{name.upper().replace(".", "_")}"), without a default, '
                'or as secret_file("path")'
            )
        elif _wanted(name, value):
            yield f"{where}: {name} must be {_wanted(name, value)}, got {value!r}"
        elif name == "ssl.keystore.location" and java_security.keystore_problem(value):
            yield f"{where}: {java_security.keystore_problem(value)}"


def _wanted(name: str, value: object) -> str:
    """Return what a property must be that is something else; empty if it may be so."""
    if isinstance(value, Env | SecretFile):
        return ""
    if not isinstance(value, str | int | float):
        return "text, a number or true or false"
    return "a number, 0 or more" if name in _NUMBERS and _number(value) is None else ""


def _is_hidden(value: object) -> bool:
    return isinstance(value, SecretFile) or (isinstance(value, Env) and value.default is None)


def _serde_problem(where: str, name: str, value: object) -> Iterator[str]:
    short = str(value).rpartition(".")[2]
    if not short.startswith(_PLAIN_SERDES):
        yield (
            f"{where}: {name} {value!r} is a Java class that is not known here; give a function of "
            f"yours, {_SERDE_REMEDIES[name]}"
        )


def producer_config(
    properties: Mapping[str, object], bootstrap_servers: str, client_id: str
) -> ClientConfig:
    """Return what a producer is made with; raises UsageError for an environment variable unset."""
    given = _translated(properties)
    defaults = dict(PRODUCER_DEFAULTS)
    if without_idempotence(given):
        # Whoever asks for what idempotence forbids does not want it, says Java's client as well.
        defaults["enable.idempotence"] = False
    merged = {"client.id": client_id, **defaults, **given}
    _raise_delivery_timeout(merged, given)
    merged.setdefault("bootstrap.servers", bootstrap_servers)
    return ClientConfig(merged, block_ms=_whole(properties, "max.block.ms", 60_000))


def _raise_delivery_timeout(merged: dict[str, Value], given: Mapping[str, Value]) -> None:
    if "delivery.timeout.ms" in given or "message.timeout.ms" in given:
        return
    least = _whole(merged, "linger.ms", 0) + _whole(merged, "request.timeout.ms", 0)
    merged["delivery.timeout.ms"] = max(_whole(merged, "delivery.timeout.ms", 0), least + 1)


def consumer_config(
    properties: Mapping[str, object],
    bootstrap_servers: str,
    client_id: str,
    group_id: str,
    *,
    embedded: bool,
) -> ClientConfig:
    """Return what a consumer is made with; raises UsageError for an environment variable unset."""
    given = _translated(properties)
    defaults = {**CONSUMER_DEFAULTS, **(EMBEDDED_CONSUMER_DEFAULTS if embedded else {})}
    merged = {"client.id": client_id, "group.id": group_id, **defaults, **given}
    if not merged["group.id"]:
        # From an environment variable with an empty default; librdkafka would abort the process.
        raise UsageError("consumer_properties: group.id is empty; leave it out, or give it a name")
    merged.setdefault("bootstrap.servers", bootstrap_servers)
    return ClientConfig(merged, most_records=_whole(properties, "max.poll.records", 1000))


def _translated(properties: Mapping[str, object]) -> dict[str, Value]:
    given: dict[str, Value] = {}
    for name in properties:
        if name in _JAVA_ONLY:
            continue
        value = _value(properties, name, "")
        if name == "ssl.endpoint.identification.algorithm" and value == "":
            value = "none"
        given[_RENAMED.get(name, name)] = value
    if "buffer.memory" in properties:
        kbytes = max(1, _whole(properties, "buffer.memory", 0) // 1024)
        given.setdefault("queue.buffering.max.kbytes", kbytes)
    return given


def _whole(properties: Mapping[str, object], name: str, default: int) -> int:
    """Return a number as a whole one; raises UsageError for what a variable holds beside them."""
    number = _number(_value(properties, name, default))
    if number is None:
        # What it holds is not shown: it may be a secret, given to the wrong property.
        raise UsageError(f"{name} must be a number, 0 or more; look at what it is read from")
    return int(number)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if 0 <= number < math.inf else None


def _value(properties: Mapping[str, object], name: str, default: Value) -> Value:
    value = properties.get(name, default)
    if isinstance(value, Env | SecretFile):
        value = value.resolve()
    return value if isinstance(value, str | int | float) else str(value)
