"""From a payload to the values that an extract finds in it."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

from gatlingpy.errors import CheckFailed
from gatlingpy.plan.checks import (
    BodyExtract,
    BodyLengthExtract,
    ChecksumExtract,
    Extract,
    FieldExtract,
    FunctionExtract,
    HeaderExtract,
    JmesPathExtract,
    JsonPathExtract,
    KeyExtract,
    OffsetExtract,
    PartitionExtract,
    RegexExtract,
    SerializationType,
    SubstringExtract,
    TimestampExtract,
    XPathExtract,
)
from gatlingpy.plan.code import CodeTable, Const, Template
from gatlingpy.plan.expression import guarded, resolver
from gatlingpy.plan.jmes_path import compile_jmes_path
from gatlingpy.plan.json_path import MISSING, compile_json_path
from gatlingpy.plan.template import has_placeholder
from gatlingpy.plan.x_path import compile_x_path
from gatlingpy.session import Session
from gatlingpy.spi import Message
from gatlingpy.tracking.decoding import Format, Payload, read_text
from gatlingpy.tracking.fields import compile_field
from gatlingpy.tracking.xml_body import read_xml

First: TypeAlias = Callable[[Payload, Session], object]
"""Gives the first value found, or MISSING; raises CheckFailed or what user code raises."""

FindAll: TypeAlias = Callable[[Payload, Session], Iterable[object]]
"""Gives all values found, found as they are asked for; raises as ``First`` does."""


def compile_first(extract: Extract, code: CodeTable, form: Format) -> First:
    """Compile what gives the first value alone."""
    if isinstance(extract, JsonPathExtract):
        first, tree = compile_json_path(extract.path).first, form.tree
        return lambda payload, _session: first(payload.read(tree))
    one = _one(extract, code, form)
    if one is not None:
        return lambda payload, _session: one(payload)
    find_all = compile_find_all(extract, code, form)
    return lambda payload, session: next(iter(find_all(payload, session)), MISSING)


def compile_find_all(extract: Extract, code: CodeTable, form: Format) -> FindAll:
    """Compile what gives all values, in their order."""
    match extract:
        case JsonPathExtract(path):
            find_json, tree = compile_json_path(path).find_all, form.tree
            return lambda payload, _: find_json(payload.read(tree))
        case JmesPathExtract(path, items=True):
            return _jmes_items(path, form)
        case XPathExtract(path, namespaces):
            find_nodes = compile_x_path(path, namespaces)
            return lambda payload, _: find_nodes(payload.read(read_xml))
        case RegexExtract():
            return _matches(extract)
        case SubstringExtract(text):
            return _places(text, code)
        case HeaderExtract(name):
            return lambda payload, _: _header_values(_message(payload), name)
    one = _one(extract, code, form)
    assert one is not None  # noqa: S101 - every extract gives one value or several

    def at_most_one(payload: Payload, _session: Session) -> list[object]:
        value = one(payload)
        return [] if value is MISSING else [value]

    return at_most_one


_One: TypeAlias = Callable[[Payload], object]


def _one(extract: Extract, code: CodeTable, form: Format) -> _One | None:
    """Compile an extract that gives one value or MISSING; ``None`` for any other extract."""
    match extract:
        case BodyExtract(serialization):
            decode = form.decoder(serialization)
            return lambda payload: MISSING if payload.data is None else payload.read(decode)
        case BodyLengthExtract():
            return lambda payload: len(payload.data or b"")
        case ChecksumExtract(algorithm):
            return lambda payload: _digest(payload.data, algorithm)
        case FieldExtract():
            return _field(extract, code, form)
        case FunctionExtract(ref):
            function = guarded(code[ref], ref.where)
            return lambda payload: _or_missing(function(_message(payload)))
        case JmesPathExtract(path, items=False):
            search, tree = compile_jmes_path(path), form.tree
            return lambda payload: _or_missing(search(payload.read(tree)))
        case KeyExtract() | PartitionExtract() | TimestampExtract() | OffsetExtract():
            read = _OF_MESSAGE[type(extract)]
            return lambda payload: read(_message(payload))
    return None


def _or_missing(value: object) -> object:
    return MISSING if value is None else value


def _message(payload: Payload) -> Message:
    if payload.message is None:
        raise CheckFailed(f"of the {payload.side} nothing but its value is kept")
    return payload.message


def _key(message: Message) -> object:
    return MISSING if message.key is None else _as_text(message.key, "the key")


def _timestamp(message: Message) -> object:
    """Kafka's -1 stands for a record without a timestamp."""
    return MISSING if message.timestamp_ms < 0 else message.timestamp_ms


_OF_MESSAGE: Final[dict[type, Callable[[Message], object]]] = {
    KeyExtract: _key,
    PartitionExtract: lambda message: message.partition,
    TimestampExtract: _timestamp,
    OffsetExtract: lambda message: message.offset,
}


def _header_values(message: Message, wanted: str) -> Iterator[object]:
    for name, value in message.headers:
        if name == wanted:
            yield None if value is None else _as_text(value, f"the header {wanted!r}")


def _as_text(data: bytes, what: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise CheckFailed(f"{what} is not UTF-8 text: {error.reason}") from None


def _digest(data: bytes | None, algorithm: str) -> object:
    if data is None:
        return MISSING
    return hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()


_WITHOUT_FIELDS: Final = frozenset({SerializationType.STRING, SerializationType.BYTE_ARRAY})
"""What is declared as such has fields only if it is JSON."""


def _field(extract: FieldExtract, code: CodeTable, form: Format) -> _One:
    ref, decode = extract.code, form.decode
    read = compile_field(extract.path) if ref is None else guarded(code[ref], ref.where)
    if ref is None and extract.kind is None and form.serialization in _WITHOUT_FIELDS:
        decode = form.tree
    kind = object if extract.kind is None else code[extract.kind]

    def field(payload: Payload) -> object:
        value = payload.read(decode)
        if isinstance(kind, type) and not isinstance(value, kind):
            got = type(value).__name__
            raise CheckFailed(f"the {payload.side} is of type {got}, not {kind.__name__}")
        return read(value)

    return field


def _jmes_items(path: str, form: Format) -> FindAll:
    search, tree = compile_jmes_path(path), form.tree

    def items(payload: Payload, _session: Session) -> list[object]:
        found = search(payload.read(tree))
        if isinstance(found, list):
            return found
        return [] if found is None else [found]

    return items


def _matches(extract: RegexExtract) -> FindAll:
    search, group = re.compile(extract.pattern).finditer, extract.group
    if extract.capture_groups:
        last = extract.capture_groups
        return lambda payload, _: (found.groups()[:last] for found in search(_text(payload)))
    return lambda payload, _: (
        found[group] for found in search(_text(payload)) if found[group] is not None
    )


def _text(payload: Payload) -> str:
    return str(payload.read(read_text))


def _places(text: str, code: CodeTable) -> FindAll:
    wanted = resolver(Template(text) if has_placeholder(text) else Const(text), code)

    def find_all(payload: Payload, session: Session) -> Iterator[object]:
        body, part = _text(payload), str(wanted(session))
        at = body.find(part)
        while at >= 0:
            yield at
            at = body.find(part, at + max(1, len(part)))

    return find_all
