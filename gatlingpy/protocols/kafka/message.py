"""A request's parts resolved for one user: topic, key, value, headers."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from gatlingpy.errors import ExpressionError
from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.code import CodeTable, Const, Expr
from gatlingpy.plan.expression import Resolver, resolver
from gatlingpy.plan.frozen import thaw
from gatlingpy.protocols.kafka.serialization import serialize, text_or_bytes
from gatlingpy.session import Session


class Outgoing(NamedTuple):
    """What is to be sent; the correlation header is not in it."""

    name: str
    topic: str
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes | str | None]]


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
        self._name = _text(name, code, "the request's name")
        self._topic = _text(topic, code, "the topic")
        self._key = _key(key, code)
        self._value = _value(value, serialization, code)
        self._headers = [(header, resolver(expr, code)) for header, expr in headers.items()]

    def make(self, session: Session) -> Outgoing:
        """Resolve everything for one user; raises ExpressionError."""
        headers: list[tuple[str, bytes | str | None]] = []
        for name, resolve in self._headers:
            value = resolve(session)
            if value is not None:
                headers.append((name, text_or_bytes(value, f"the header {name!r}")))
        return Outgoing(
            self._name(session),
            self._topic(session),
            self._key(session),
            self._value(session),
            headers,
        )


def _text(expr: Expr, code: CodeTable, what: str) -> Callable[[Session], str]:
    if isinstance(expr, Const):
        constant = str(expr.value)
        return lambda _session: constant
    resolve = resolver(expr, code)

    def text(session: Session) -> str:
        value = str(resolve(session))
        if not value:
            raise ExpressionError(f"{what} is empty")
        return value

    return text


def _key(expr: Expr | None, code: CodeTable) -> Callable[[Session], bytes | None]:
    if expr is None:
        return lambda _session: None
    if isinstance(expr, Const):
        constant = text_or_bytes(expr.value, "the key")
        return lambda _session: constant
    resolve = resolver(expr, code)
    return lambda session: text_or_bytes(resolve(session), "the key")


def _value(
    expr: Expr, serialization: SerializationType | None, code: CodeTable
) -> Callable[[Session], bytes | None]:
    if isinstance(expr, Const):
        constant = serialize(thaw(expr.value), serialization)
        return lambda _session: constant
    resolve: Resolver = resolver(expr, code)
    return lambda session: serialize(resolve(session), serialization)
