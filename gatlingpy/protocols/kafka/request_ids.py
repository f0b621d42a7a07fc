"""The id of a request that the user supplies: found in what is about to be sent."""

from collections.abc import Callable
from typing import TypeAlias

from gatlingpy.errors import CheckFailed, ExpressionError
from gatlingpy.plan.check_words import criterion
from gatlingpy.plan.checks import BodyExtract, HeaderExtract, KeyExtract
from gatlingpy.plan.code import CodeTable
from gatlingpy.protocols.kafka.correlation import Correlation, Source
from gatlingpy.protocols.kafka.message import Outgoing
from gatlingpy.spi import Message, PlainMessage
from gatlingpy.tracking.decoding import Format
from gatlingpy.tracking.extraction import compile_reader
from gatlingpy.tracking.ids import as_id

IdOf: TypeAlias = Callable[[Outgoing], bytes]
"""Finds the id of a request; raises ExpressionError, with the remedy, if it has none."""


def supplied_id(
    correlation: Correlation, headers: object, code: CodeTable, form: Format
) -> IdOf | None:
    """Return what finds the id that the user supplies, or ``None`` if gatlingpy makes one.

    ``headers`` holds the names of those that the user gives, ``form`` tells how values are read.
    """
    source = correlation.request
    if source is None and correlation.header in headers:  # type: ignore[operator]
        return _of_own_header(correlation.header)
    return None if source is None else _of_source(source, code, form)


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
