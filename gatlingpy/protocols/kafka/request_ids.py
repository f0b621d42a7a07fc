"""The id of a request that the user supplies: found in what is about to be sent."""

from collections.abc import Callable, Collection
from typing import NamedTuple, TypeAlias

from gatlingpy.errors import CheckFailed, ExpressionError
from gatlingpy.plan.check_words import criterion
from gatlingpy.plan.checks import BodyExtract, HeaderExtract, KeyExtract
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.expression import constant
from gatlingpy.protocols.kafka.correlation import Correlation, IdKind, Source
from gatlingpy.protocols.kafka.message import Outgoing
from gatlingpy.protocols.kafka.plan import KafkaProtocol
from gatlingpy.protocols.kafka.requests import KafkaRequestReply
from gatlingpy.spi import Message, PlainMessage
from gatlingpy.tracking.decoding import Format
from gatlingpy.tracking.extraction import compile_reader
from gatlingpy.tracking.ids import as_id, scope_of

IdOf: TypeAlias = Callable[[Outgoing], bytes]
"""Finds the id of a request; raises ExpressionError, with the remedy, if it has none."""


class Matching(NamedTuple):
    """What a request does for its reply to be matched."""

    id_of: IdOf | None
    """Finds or makes the id; ``None``: the tracker makes it."""
    header: str
    """The header that gatlingpy sends it in; empty if the user does, or nobody."""
    scope: bytes
    """What stands before the id where requests are looked up."""
    told_topic: tuple[str, bytes] | None
    """A header that tells the system where to reply."""


def matching_of(
    plan: KafkaRequestReply,
    protocol: KafkaProtocol,
    code: CodeTable,
    form: Format,
    new_uuid: Callable[[], bytes],
) -> Matching:
    """Return how the replies to a request are matched; ``form`` tells how its values are read."""
    how = plan.correlation or protocol.correlation
    topic, headers = str(constant(plan.response_topic)), plan.headers
    id_of = _supplied(how, headers, code, form)
    if id_of is None and how.ids is IdKind.UUID:
        id_of = lambda _outgoing: new_uuid()  # noqa: E731 - one line says it
    told = how.reply_topic_header
    return Matching(
        id_of,
        "" if how.header in headers else how.header,
        scope_of(topic, how.reply) if how.scoped else b"",
        (told, topic.encode()) if told and told not in headers else None,
    )


def _supplied(
    how: Correlation, headers: Collection[str], code: CodeTable, form: Format
) -> IdOf | None:
    """Return what finds the id that the user supplies, or ``None`` if gatlingpy makes one."""
    if how.request is not None:
        return _of_source(how.request, code, form)
    return _of_own_header(how.header) if how.header in headers else None


def _of_own_header(name: str) -> IdOf:
    remedy = "give it a value, or leave the header out and gatlingpy makes an id"
    what = f"the header {name!r}, which carries the correlation id, is absent or empty; {remedy}"
    return _needed(lambda outgoing: _header(outgoing, name), what)


def _of_source(source: Source, code: CodeTable, form: Format) -> IdOf:
    match source:
        case HeaderExtract(name):
            what = f"the header {name!r}, which is the correlation id, is absent or empty"
            return _needed(lambda outgoing: _header(outgoing, name), f"{what}; give it a value")
        case KeyExtract():
            return _needed(
                lambda outgoing: outgoing[2],
                "the key, which is the correlation id, is absent or empty; give the request a key, "
                "or match by a header, for which gatlingpy makes an id",
            )
        case BodyExtract():
            return _needed(
                lambda outgoing: outgoing[3],
                "the value, which is the correlation id, is absent or empty; give it a value",
            )
    return _found(source, compile_reader(source, code, form, "request"))


def _needed(find: Callable[[Outgoing], bytes | None], missing: str) -> IdOf:
    def id_of(outgoing: Outgoing) -> bytes:
        found = find(outgoing)
        if not found:
            raise ExpressionError(missing)
        return found

    return id_of


def _found(source: Source, read: Callable[[Message], object]) -> IdOf:
    where = criterion(source)

    def id_of(outgoing: Outgoing) -> bytes:
        try:
            found = as_id(read(_as_message(outgoing)))
        except CheckFailed as reason:
            raise ExpressionError(f"{where} finds no correlation id: {reason}") from reason
        if found is None:
            raise ExpressionError(
                f"{where} finds no correlation id in the request, or an empty one; give it one "
                "there, or match by a header, for which gatlingpy makes an id"
            )
        return found

    return id_of


def _header(outgoing: Outgoing, wanted: str) -> bytes | None:
    found = None
    for name, value in outgoing[4]:
        if name == wanted:
            found = value.encode() if isinstance(value, str) else value
    return found


def _as_message(outgoing: Outgoing) -> Message:
    _, topic, key, value, headers, partition, timestamp_ms = outgoing
    written = [(name, v.encode() if isinstance(v, str) else v) for name, v in headers]
    return PlainMessage(topic, key, value, written, partition, -1, timestamp_ms)
