"""A request's parts resolved for one user: topic, key, value, headers."""

from collections.abc import Callable, Mapping
from typing import TypeAlias, TypeVar

from gatlingpy.errors import ExpressionError
from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.code import CodeTable, Const, Expr
from gatlingpy.plan.expression import Resolver, resolver
from gatlingpy.plan.expression import text as as_text
from gatlingpy.plan.frozen import thaw
from gatlingpy.protocols.kafka.serialization import serialize, text_or_bytes
from gatlingpy.session import Session

Outgoing: TypeAlias = tuple[
    str, str, bytes | None, bytes | None, list[tuple[str, bytes | str | None]]
]
"""What is to be sent: the request's name, topic, key, value, and headers but for the id."""


class MessageTemplate:
    """Makes the messages of one request.  User code may run here, and may raise."""

    def __init__(
        self,
        name: Expr,
        topic: Expr,
        key: Expr | None,
        value: Expr,
        headers: Mapping[str, Expr],
        serialization: SerializationType | None,
        code: CodeTable,
    ) -> None:
        """Compile the expressions; what is the same for every user is written once."""
        self._name, self._name_of = _split(_text(name, code, "the request's name"))
        self._topic, self._topic_of = _split(_text(topic, code, "the topic"))
        self._key, self._key_of = _split(_key(key, code))
        self._value, self._value_of = _split(_value(value, serialization, code))
        self._headers = [(header, resolver(expr, code)) for header, expr in headers.items()]

    def make(self, session: Session) -> Outgoing:
        """Resolve everything for one user; raises ExpressionError."""
        name_of, topic_of = self._name_of, self._topic_of
        key_of, value_of = self._key_of, self._value_of
        return (
            self._name if name_of is None else name_of(session),
            self._topic if topic_of is None else topic_of(session),
            self._key if key_of is None else key_of(session),
            self._value if value_of is None else value_of(session),
            self._resolve_headers(session) if self._headers else [],
        )  # type: ignore[return-value]

    def _resolve_headers(self, session: Session) -> list[tuple[str, bytes | str | None]]:
        headers: list[tuple[str, bytes | str | None]] = []
        for name, resolve in self._headers:
            value = resolve(session)
            if value is not None:
                headers.append((name, text_or_bytes(value, f"the header {name!r}")))
        return headers


V = TypeVar("V", str, bytes | None)


def _split(
    part: V | Callable[[Session], V],
) -> tuple[V | None, Callable[[Session], V] | None]:
    """Return what is the same for every user, and what makes it where it is not."""
    return (None, part) if callable(part) else (part, None)


_Text: TypeAlias = str | Callable[[Session], str]
_Bytes: TypeAlias = bytes | Callable[[Session], bytes | None] | None


def _text(expr: Expr, code: CodeTable, what: str) -> _Text:
    if isinstance(expr, Const):
        return str(expr.value)
    resolve = resolver(expr, code)

    def text(session: Session) -> str:
        value = as_text(resolve(session), what)
        if not value:
            raise ExpressionError(f"{what} is empty")
        return value

    return text


def _key(expr: Expr | None, code: CodeTable) -> _Bytes:
    if expr is None:
        return None
    if isinstance(expr, Const):
        return text_or_bytes(expr.value, "the key")
    resolve = resolver(expr, code)

    def key(session: Session) -> bytes | None:
        value = resolve(session)
        return value.encode() if type(value) is str else text_or_bytes(value, "the key")

    return key


def _value(expr: Expr, serialization: SerializationType | None, code: CodeTable) -> _Bytes:
    if isinstance(expr, Const):
        return serialize(thaw(expr.value), serialization)
    resolve: Resolver = resolver(expr, code)
    return lambda session: serialize(resolve(session), serialization)
