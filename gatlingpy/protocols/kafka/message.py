"""A request's parts resolved for one user: topic, key, value, headers."""

from collections.abc import Callable
from typing import Final, TypeAlias

from gatlingpy.errors import ExpressionError
from gatlingpy.plan.code import CodeTable, Const, Expr
from gatlingpy.plan.expression import Resolver, resolver
from gatlingpy.plan.expression import text as as_text
from gatlingpy.plan.frozen import thaw
from gatlingpy.protocols.kafka.encodings import Encodings, Write
from gatlingpy.protocols.kafka.message_values import (
    epoch_seconds,
    partition_number,
    text_or_bytes,
    topic_name,
)
from gatlingpy.protocols.kafka.requests import Encoding, KafkaMessage
from gatlingpy.session import Session

Outgoing: TypeAlias = tuple[
    str, str, bytes | None, bytes | None, list[tuple[str, bytes | str | None]], int, int
]
"""What is to be sent: the request's name, topic, key, value, headers but for the id, partition
or ``ANY_PARTITION``, timestamp in epoch milliseconds or ``NOW``."""

ANY_PARTITION: Final = -1
"""The partition that the key, or its turn, chooses."""
NOW: Final = 0
"""The timestamp that the client gives."""


class MessageTemplate:
    """Makes the messages of one request.  User code may run here, and may raise."""

    def __init__(
        self,
        plan: KafkaMessage,
        topic: Expr,
        encoding: Encoding,
        encodings: Encodings,
        code: CodeTable,
    ) -> None:
        """Compile the expressions; what is the same for every user is written once."""
        self._name, self._name_of = _split(_text(plan.name, code, "the request's name"))
        self._topic, self._topic_of = _split(_topic(topic, code))
        self._key, self._key_of = _key(plan.key, self._topic, encodings.write_key(topic), code)
        write = encodings.write(encoding, topic)
        self._value, self._value_of = _value(plan.value, self._topic, write, code)
        self._headers = [(header, resolver(expr, code)) for header, expr in plan.headers.items()]
        self._partition = _place(plan.partition, code)
        self._timestamp = _moment(plan.timestamp, code)

    def make(self, session: Session) -> Outgoing:
        """Resolve everything for one user; raises ExpressionError."""
        name_of, topic_of = self._name_of, self._topic_of
        key_of, value_of = self._key_of, self._value_of
        topic = self._topic if topic_of is None else topic_of(session)
        return (
            self._name if name_of is None else name_of(session),
            topic,
            self._key if key_of is None else key_of(session, topic),  # type: ignore[arg-type]
            self._value if value_of is None else value_of(session, topic),  # type: ignore[arg-type]
            self._resolve_headers(session) if self._headers else [],
            ANY_PARTITION if self._partition is None else self._partition(session),
            NOW if self._timestamp is None else self._timestamp(session),
        )  # type: ignore[return-value]

    def _resolve_headers(self, session: Session) -> list[tuple[str, bytes | str | None]]:
        headers: list[tuple[str, bytes | str | None]] = []
        for name, resolve in self._headers:
            value = resolve(session)
            if value is None:
                continue
            if isinstance(value, list | tuple):
                headers.extend(_header(name, one) for one in value if one is not None)
            else:
                headers.append(_header(name, value))
        return headers


def _header(name: str, value: object) -> tuple[str, bytes | None]:
    return name, text_or_bytes(value, f"the header {name!r}")


def _split(
    part: str | Callable[[Session], str],
) -> tuple[str | None, Callable[[Session], str] | None]:
    """Return what is the same for every user, and what makes it where it is not."""
    return (None, part) if callable(part) else (part, None)


_Text: TypeAlias = str | Callable[[Session], str]


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


def _topic(expr: Expr, code: CodeTable) -> _Text:
    if isinstance(expr, Const):
        return str(expr.value)
    resolve = resolver(expr, code)
    return lambda session: topic_name(resolve(session), "the topic")


_ValueOf: TypeAlias = Callable[[Session, str], bytes | None]


def _key(
    expr: Expr | None, topic: str | None, write: Write | None, code: CodeTable
) -> tuple[bytes | None, _ValueOf | None]:
    """Return the key that is the same for every user, or what writes each user's."""
    if expr is None:
        return None, None
    if write is not None:
        return _value(expr, topic, write, code)
    if isinstance(expr, Const):
        return text_or_bytes(expr.value, "the key"), None
    resolve = resolver(expr, code)

    def key(session: Session, _topic: str) -> bytes | None:
        value = resolve(session)
        return value.encode() if type(value) is str else text_or_bytes(value, "the key")

    return None, key


def _value(
    expr: Expr, topic: str | None, write: Write, code: CodeTable
) -> tuple[bytes | None, _ValueOf | None]:
    """Return the bytes that are the same for every user, or what writes each user's."""
    if isinstance(expr, Const):
        value = thaw(expr.value)
        if topic is not None:
            return write(value, topic), None
        return None, lambda _session, topic: write(value, topic)
    resolve: Resolver = resolver(expr, code)
    return None, lambda session, topic: write(resolve(session), topic)


def _place(expr: Expr | None, code: CodeTable) -> Callable[[Session], int] | None:
    if expr is None:
        return None
    resolve = resolver(expr, code)

    return lambda session: partition_number(resolve(session))


def _moment(expr: Expr | None, code: CodeTable) -> Callable[[Session], int] | None:
    if expr is None:
        return None
    resolve = resolver(expr, code)

    def timestamp(session: Session) -> int:
        return round(epoch_seconds(resolve(session), "the timestamp") * 1000)

    return timestamp
