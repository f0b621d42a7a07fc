"""From a payload to the value that a check looks at: extract, find, type, transform."""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Final, TypeAlias

import orjson

from gatlingpy.errors import CheckFailed
from gatlingpy.plan.checks import (
    Extract,
    ExtractCheck,
    Find,
    Transform,
    ValueType,
    WithDefault,
)
from gatlingpy.plan.code import CodeTable, Const
from gatlingpy.plan.dice import Dice
from gatlingpy.plan.expression import guarded, resolver
from gatlingpy.plan.frozen import thaw
from gatlingpy.plan.json_path import MISSING
from gatlingpy.session import Session
from gatlingpy.spi import Message
from gatlingpy.tracking.decoding import Format, Payload, Unreadable
from gatlingpy.tracking.finders import FindAll, compile_find_all, compile_first
from gatlingpy.tracking.wording import explain, show

__all__ = ["MISSING", "Look", "compile_look", "compile_reader"]

Look: TypeAlias = Callable[[Payload, Session], object]
"""Gives the value a check looks at, or MISSING; raises CheckFailed or what user code raises."""

_NOBODY: Final = Session("", 0)


def compile_reader(
    extract: Extract, code: CodeTable, form: Format, side: str = "message"
) -> Callable[[Message], object]:
    """Compile what gives the first value that an extract finds in a message, or MISSING.

    MISSING tells that the message can be read and holds no such value: no such header, no key, a
    path without a match, a function that returned ``None``, no field of that name, and for the
    whole body a tombstone.  Else what it gives raises CheckFailed, and nothing else, with a short
    reason: a tombstone or bytes that cannot be decoded where a value was to be looked for in them,
    a header or key that is not UTF-8, an exception of the user's own function.  ``side`` names
    the message in reasons.  ``compile_reader`` itself raises UsageError for an extract that the
    format cannot serve.  Thread: one at a time.
    """
    first = compile_first(extract, code, form)

    def read(message: Message) -> object:
        try:
            return first(Payload(message.value, message, side), _NOBODY)
        except CheckFailed:
            raise
        except Unreadable as error:
            raise CheckFailed(str(error)) from None
        except BaseException as error:
            raise CheckFailed(explain(error)) from error

    return read


def compile_look(check: ExtractCheck, code: CodeTable, form: Format) -> Look:
    """Compile all of a check that comes before its expectation."""
    look = _select(check, code, form)
    if check.value_type is not None and check.find is not Find.COUNT:
        several = check.find in {Find.ALL, Find.SAMPLE}
        look = _typed(look, check.value_type, several=several)
    for change in check.changes:
        look = _changed(look, change, code)
    return look


def _select(check: ExtractCheck, code: CodeTable, form: Format) -> Look:
    if check.find is Find.FIRST and check.occurrence == 0:
        return compile_first(check.extract, code, form)
    find_all, n = compile_find_all(check.extract, code, form), check.occurrence
    match check.find:
        case Find.FIRST:
            return lambda payload, session: next(
                islice(find_all(payload, session), n, None), MISSING
            )
        case Find.ALL:
            return lambda payload, session: list(find_all(payload, session)) or MISSING
        case Find.COUNT:
            return lambda payload, session: sum(1 for _ in find_all(payload, session))
        case Find.RANDOM:
            return _drawn(find_all, code.dice)
        case Find.SAMPLE:
            return _sample(find_all, n, check.fail_if_less, code.dice)


def _drawn(find_all: FindAll, dice: Dice) -> Look:
    def drawn(payload: Payload, session: Session) -> object:
        values = list(find_all(payload, session))
        return values[dice.below(session.user_id, len(values))] if values else MISSING

    return drawn


def _sample(find_all: FindAll, n: int, fail_if_less: bool, dice: Dice) -> Look:  # noqa: FBT001
    def sample(payload: Payload, session: Session) -> object:
        values = list(find_all(payload, session))
        if fail_if_less and len(values) < n:
            raise CheckFailed(f"Failed to collect {n} matches")
        if len(values) <= n:
            return values or MISSING
        for i in range(n):  # Fisher and Yates, as far as it is needed
            j = i + dice.below(session.user_id, len(values) - i)
            values[i], values[j] = values[j], values[i]
        return values[:n]

    return sample


def _changed(look: Look, change: Transform | WithDefault, code: CodeTable) -> Look:
    match change:
        case Transform(ref, with_session):
            function = guarded(code[ref], ref.where)
            return _transformed(look, function, with_session=with_session)
        case WithDefault(Const(value)):
            default = thaw(value)
            return _defaulted(look, lambda _session: default)
        case WithDefault(expression):
            return _defaulted(look, resolver(expression, code))


def _transformed(look: Look, function: Callable[..., object], *, with_session: bool) -> Look:
    def transformed(payload: Payload, session: Session) -> object:
        value = look(payload, session)
        if value is MISSING:
            return MISSING
        try:
            return function(value, session) if with_session else function(value)
        except Exception as error:
            raise CheckFailed(f"transform crashed: {explain(error)}") from error

    return transformed


def _defaulted(look: Look, default: Callable[[Session], object]) -> Look:
    def defaulted(payload: Payload, session: Session) -> object:
        value = look(payload, session)
        return default(session) if value is MISSING else value

    return defaulted


def _typed(look: Look, value_type: ValueType, *, several: bool) -> Look:
    convert = _CONVERSIONS[value_type]

    def typed(payload: Payload, session: Session) -> object:
        value = look(payload, session)
        if value is MISSING:
            return MISSING
        if several and isinstance(value, Sequence):
            return [convert(item) for item in value]
        return convert(value)

    return typed


def _as_json(value: object) -> str:
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return show(value)


def _to_text(value: object) -> object:
    return value if isinstance(value, str) else _as_json(value)


def _to_float(value: object) -> object:
    return float(value) if type(value) is int else _exactly(float)(value)


def _exactly(kind: type) -> Callable[[object], object]:
    def same(value: object) -> object:
        if type(value) is kind:
            return value
        shown = show(_as_json(value))
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
