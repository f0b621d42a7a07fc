"""``FunctionCodec`` and ``PrimitiveCodec``: codecs without a schema, as users write them."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from gatlingpy.dsl.check_arguments import takes
from gatlingpy.dsl.where import function_line, user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.code import CodeRef, CodeTable
from gatlingpy.protocols.kafka.codecs.function_plans import (
    FunctionCodecPlan,
    Primitive,
    PrimitiveCodecPlan,
)

Serializer: TypeAlias = Callable[..., object]
"""A function of the value, or of the value and the topic, that gives bytes or text.

Or an object, or a class, with a method ``serialize(topic, value)`` as in Java.
"""

Deserializer: TypeAlias = Callable[..., object]
"""A function of the bytes, or of the bytes and the topic; or ``deserialize(topic, data)``."""


@dataclass(frozen=True, slots=True, init=False)
class FunctionCodec:
    """Writes values with a function of yours, and reads them with another.

    ``encode`` is given the value, and the topic if it takes two arguments, and returns bytes or
    text; ``decode`` is given the bytes in the same way.  Leave out what is not needed.
    """

    encode: Serializer | None
    decode: Deserializer | None
    where: str

    def __init__(
        self, encode: Serializer | None = None, decode: Deserializer | None = None
    ) -> None:
        """Raises UsageError, with the user's line, for what cannot be called."""
        where = user_line()
        if encode is None and decode is None:
            raise UsageError(
                f"{where}: FunctionCodec() has no function; give encode=..., decode=... or both"
            )
        for name, value in (
            ("encode", callable_of(encode, "serialize", f"{where}: FunctionCodec(encode=...)")),
            ("decode", callable_of(decode, "deserialize", f"{where}: FunctionCodec(decode=...)")),
            ("where", where),
        ):
            object.__setattr__(self, name, value)

    def compile(self, path: str, code: CodeTable) -> FunctionCodecPlan:
        """Return the codec for the plan; its functions go into ``code``."""
        return FunctionCodecPlan(
            where=self.where,
            encode=_filed(self.encode, f"{path}/encode", code),
            decode=_filed(self.decode, f"{path}/decode", code),
            encode_takes_topic=_takes_topic(self.encode),
            decode_takes_topic=_takes_topic(self.decode),
        )


@dataclass(frozen=True, slots=True, init=False)
class PrimitiveCodec:
    """Writes and reads single values as the Java client's serializers of these names do.

    ``"short"``, ``"integer"``, ``"long"``, ``"float"`` and ``"double"`` are 2, 4, 8, 4 and 8
    bytes, the highest first; ``"uuid"`` and ``"string"`` text; ``"bytes"`` as they are.
    """

    primitive: Primitive
    where: str

    def __init__(
        self,
        primitive: Literal[
            "string", "bytes", "short", "integer", "long", "float", "double", "uuid"
        ],
    ) -> None:
        """Raises UsageError, with the user's line, for a type that there is not."""
        where = user_line()
        if primitive not in list(Primitive):
            raise UsageError(
                f"{where}: PrimitiveCodec(...) takes one of {', '.join(Primitive)}, got "
                f"{primitive!r}"
            )
        object.__setattr__(self, "primitive", Primitive(primitive))
        object.__setattr__(self, "where", where)

    def compile(self, path: str, code: CodeTable) -> PrimitiveCodecPlan:  # noqa: ARG002
        """Return the codec for the plan."""
        return PrimitiveCodecPlan(where=self.where, primitive=self.primitive)


def callable_of(given: object, method: str, what: str) -> Callable[..., object] | None:
    """Return a function as it is; of an object or a class with Java's method, that method."""
    if given is None:
        return None
    if inspect.iscoroutinefunction(given):
        raise UsageError(f"{what}: the function is async, and nobody would await it")
    if callable(getattr(given, method, None)):
        made = given() if isinstance(given, type) else given
        return _topic_last(getattr(made, method))
    if callable(given):
        if not takes(given, 2 if _takes_topic(given) else 1):
            raise UsageError(
                f"{what} takes a function of the value, or of the value and the topic, but the "
                f"one at {function_line(given)} cannot be called so"
            )
        return given
    raise UsageError(f"{what} takes a function, or an object with .{method}(...), got {given!r}")


def _topic_last(method: Callable[..., object]) -> Callable[..., object]:
    """Return Java's ``serialize(topic, value)`` as a function of the value and the topic."""

    def call(value: object, topic: str) -> object:
        return method(topic, value)

    return call


def _filed(function: Callable[..., object] | None, path: str, code: CodeTable) -> CodeRef | None:
    return None if function is None else code.add(path, function, function_line(function))


def _takes_topic(function: Callable[..., object] | None) -> bool:
    """Tell whether a second argument is asked for: needed, or called ``topic``.

    The second argument of ``orjson.dumps`` and ``pickle.dumps`` is something else.
    """
    if function is None:
        return False
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (ValueError, TypeError):
        return False
    places = [p for p in parameters if p.kind in {p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD}]
    return len(places) > 1 and (places[1].default is places[1].empty or places[1].name == "topic")
