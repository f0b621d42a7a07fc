"""A request's parts resolved for one user: topic, key, value, headers."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from gatlingpy.errors import ExpressionError
from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.code import CodeTable, Const, Expr
from gatlingpy.plan.expression import Resolver, resolver
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
        resolvers = (
            _text(name, code, "the request's name"),
            _text(topic, code, "the topic"),
            _key(key, code),
            _value(value, serialization, code),
        )
        self._constants = tuple([None if callable(part) else part for part in resolvers])
        self._varying = [(i, part) for i, part in enumerate(resolvers) if callable(part)]
        self._headers = [(header, resolver(expr, code)) for header, expr in headers.items()]

    def make(self, session: Session) -> Outgoing:
        """Resolve everything for one user; raises ExpressionError."""
        parts = [*self._constants, self._resolve_headers(session) if self._headers else []]
        for i, resolve in self._varying:
            parts[i] = resolve(session)
        return tuple(parts)  # type: ignore[return-value]

    def _resolve_headers(self, session: Session) -> list[tuple[str, bytes | str | None]]:
        headers: list[tuple[str, bytes | str | None]] = []
        for name, resolve in self._headers:
            value = resolve(session)
            if value is not None:
                headers.append((name, text_or_bytes(value, f"the header {name!r}")))
        return headers


_Text: TypeAlias = str | Callable[[Session], str]
_Bytes: TypeAlias = bytes | None | Callable[[Session], bytes | None]


def _text(expr: Expr, code: CodeTable, what: str) -> _Text:
    if isinstance(expr, Const):
        return str(expr.value)
    resolve = resolver(expr, code)

    def text(session: Session) -> str:
        value = str(resolve(session))
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
    return lambda session: text_or_bytes(resolve(session), "the key")


def _value(expr: Expr, serialization: SerializationType | None, code: CodeTable) -> _Bytes:
    if isinstance(expr, Const):
        return serialize(thaw(expr.value), serialization)
    resolve: Resolver = resolver(expr, code)
    return lambda session: serialize(resolve(session), serialization)
