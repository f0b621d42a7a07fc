"""From a reply to the value that a check looks at: extract, find, type, transform."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final, TypeAlias, assert_never

import orjson

from gatlingpy.errors import CheckFailed
from gatlingpy.plan.checks import (
    BodyExtract,
    Extract,
    ExtractCheck,
    Find,
    JsonPathExtract,
    RegexExtract,
    SerializationType,
    SubstringExtract,
    ValueType,
)
from gatlingpy.plan.code import CodeTable, Const, Template
from gatlingpy.plan.expression import guarded, resolver
from gatlingpy.plan.json_path import MISSING, compile_json_path
from gatlingpy.plan.template import has_placeholder
from gatlingpy.session import Session
from gatlingpy.tracking.decoding import Exchange, Format, read_text

Look: TypeAlias = Callable[[Exchange, Session], object]
"""Gives the value a check looks at, or MISSING; raises CheckFailed or what user code raises."""

_FindAll: TypeAlias = Callable[[Exchange, Session], Iterable[object]]
"""Gives all values found, found as they are asked for."""


def compile_look(check: ExtractCheck, code: CodeTable, replies: Format) -> Look:
    """Compile all of a check that comes before its expectation."""
    look = _select(check, code, replies)
    if check.value_type is not None and check.find is not Find.COUNT:
        look = _typed(look, check.value_type, every=check.find is Find.ALL)
    if check.transform is not None:
        look = _transformed(look, guarded(code[check.transform], check.transform.where))
    return look


def reads_session(extract: Extract) -> bool:
    """Tell whether an extract needs the session as the checks before it left it."""
    return isinstance(extract, SubstringExtract) and has_placeholder(extract.text)


def criterion(extract: Extract) -> str:
    """Return an extract as failure messages name it, in Gatling's words."""
    match extract:
        case BodyExtract(serialization):
            return _BODY_NAMES[serialization]
        case JsonPathExtract(path):
            return f"jsonPath({path})"
        case RegexExtract(pattern):
            return f"regex({pattern})"
        case SubstringExtract(text):
            return f"substring({text})"
    assert_never(extract)


_BODY_NAMES: Final[dict[SerializationType | None, str]] = {
    None: "body",
    SerializationType.STRING: "bodyString",
    SerializationType.BYTE_ARRAY: "bodyBytes",
    SerializationType.JSON: "bodyJson",
}


def _select(check: ExtractCheck, code: CodeTable, replies: Format) -> Look:
    extract, n = check.extract, check.occurrence
    if check.find is Find.FIRST and n == 0 and isinstance(extract, JsonPathExtract):
        first, tree = compile_json_path(extract.path).first, replies.tree
        return lambda exchange, _session: first(exchange.reply_as(tree))
    find_all = _find_all(extract, code, replies)

    def nth(exchange: Exchange, session: Session) -> object:
        return next(islice(find_all(exchange, session), n, None), MISSING)

    def every(exchange: Exchange, session: Session) -> object:
        return list(find_all(exchange, session)) or MISSING

    def count(exchange: Exchange, session: Session) -> object:
        return sum(1 for _ in find_all(exchange, session))

    return {Find.FIRST: nth, Find.ALL: every, Find.COUNT: count}[check.find]


def _find_all(extract: Extract, code: CodeTable, replies: Format) -> _FindAll:
    match extract:
        case BodyExtract(serialization):
            decode = replies.decoder(serialization)
            return lambda exchange, _: (
                [] if exchange.reply.value is None else [exchange.reply_as(decode)]
            )
        case JsonPathExtract(path):
            find_all, tree = compile_json_path(path).find_all, replies.tree
            return lambda exchange, _: find_all(exchange.reply_as(tree))
        case RegexExtract(pattern, group):
            search = re.compile(pattern).finditer
            return lambda exchange, _: (
                match[group] for match in search(_text(exchange)) if match[group] is not None
            )
        case SubstringExtract(text):
            return _places(text, code)
    assert_never(extract)


def _text(exchange: Exchange) -> str:
    return str(exchange.reply_as(read_text))


def _places(text: str, code: CodeTable) -> _FindAll:
    wanted = resolver(Template(text) if has_placeholder(text) else Const(text), code)

    def find_all(exchange: Exchange, session: Session) -> Iterator[object]:
        body, part = _text(exchange), str(wanted(session))
        at = body.find(part)
        while at >= 0:
            yield at
            at = body.find(part, at + max(1, len(part)))

    return find_all


def _typed(look: Look, value_type: ValueType, *, every: bool) -> Look:
    convert = _CONVERSIONS[value_type]

    def typed(exchange: Exchange, session: Session) -> object:
        value = look(exchange, session)
        if value is MISSING:
            return MISSING
        return [convert(item) for item in value] if every else convert(value)  # type: ignore[attr-defined]

    return typed


def _transformed(look: Look, transform: Callable[..., object]) -> Look:
    def transformed(exchange: Exchange, session: Session) -> object:
        value = look(exchange, session)
        return MISSING if value is MISSING else transform(value)

    return transformed


def _to_text(value: object) -> object:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _to_float(value: object) -> object:
    return float(value) if type(value) is int else _exactly(float)(value)


def _exactly(kind: type) -> Callable[[object], object]:
    def same(value: object) -> object:
        if type(value) is kind:
            return value
        shown = orjson.dumps(value).decode()
        raise CheckFailed(f"{shown} is of type {type(value).__name__}, not {kind.__name__}")

    return same


_CONVERSIONS: Final[dict[ValueType, Callable[[object], object]]] = {
    ValueType.STRING: _to_text,
    ValueType.INT: _exactly(int),
    ValueType.FLOAT: _to_float,
    ValueType.BOOLEAN: _exactly(bool),
    ValueType.LIST: _exactly(list),
    ValueType.MAP: _exactly(dict),
}
