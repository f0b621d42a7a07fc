"""``kafka(topic, key, value)`` and its like: the original's sends in one call."""

from collections.abc import Mapping
from typing import Final

from gatlingpy.dsl.compiler import Expression
from gatlingpy.dsl.duration import Duration
from gatlingpy.errors import UsageError
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.protocols.kafka.action_builder import Headers
from gatlingpy.protocols.kafka.send_builder import KafkaSendBuilder

NO_HEADERS: Final[Headers] = FrozenMap()
_NAME: Final = "Kafka Request"


def short_send(
    words: tuple[Expression, ...],
    headers: Headers,
    wait_for_ack: bool,  # noqa: FBT001 - as the user gave it
    timeout: Duration,
    where: str,
) -> KafkaSendBuilder:
    """Return the send that these words mean; raises UsageError if they mean none."""
    match (_NAME, *words) if _is_nameless(words) else words:
        case (name, topic, key, value):
            pass
        case (name, topic, key, value, bool(wait_for_ack)):
            pass
        case (name, topic, key, value, bool(wait_for_ack), timeout):  # type: ignore[misc]
            pass
        case (name, topic, key, value, Mapping() as headers):
            pass
        case (name, topic, key, value, Mapping() as headers, bool(wait_for_ack)):
            pass
        case (
            name, topic, key, value, Mapping() as headers, bool(wait_for_ack), timeout,  # type: ignore[misc]
        ):  # fmt: skip
            pass
        case _:
            raise UsageError(
                f"{where}: kafka(...) takes nothing, a name, (topic, key, value) or (name, topic, "
                "key, value), and behind these wait_for_ack, which is True or False, and timeout; "
                f"got {len(words)} values"
            )
    builder = KafkaSendBuilder(name, where).topic(topic).key(key).value(value).headers(headers)
    return builder.wait_for_ack(wait_for_ack).timeout(timeout)


def _is_nameless(words: tuple[Expression, ...]) -> bool:
    """Tell whether the first word is the topic: with or without what may follow the value."""
    match words:
        case (_, _, _):
            return True
        case (_, _, _, bool(), last):
            return not isinstance(last, bool | Mapping)
    return False
