"""What all messages that are sent have in common while they are being written."""

from dataclasses import dataclass, field, replace
from typing import Self

from gatlingpy.dsl.compiler import Compiler, Expression
from gatlingpy.plan.code import Expr
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.protocols.kafka.action_builder import (
    ActionBuilder,
    ActionParts,
    Headers,
    optional,
)
from gatlingpy.protocols.kafka.arguments import mapping, text


class MessageParts(ActionParts):
    """The compiled parts that every message has."""

    key: Expr | None
    value: Expr
    headers: FrozenMap[Expr]
    partition: Expr | None
    timestamp: Expr | None


@dataclass(frozen=True, slots=True)
class MessageBuilder(ActionBuilder):
    """A message while it is being written; each method returns a new builder."""

    _key: Expression | None = None
    _value: Expression = None
    _headers: Headers = field(default_factory=FrozenMap)
    _partition: Expression | None = None
    _timestamp: Expression | None = None

    def key(self, key: Expression) -> Self:
        """Give the message this key; without one the broker's partitions are taken in turn."""
        return replace(self, _key=key)

    def value(self, value: Expression) -> Self:
        """Give the message this value: text, bytes, what JSON can hold, or what a codec writes."""
        return replace(self, _value=value)

    def tombstone(self) -> Self:
        """Give the message no value, which in a compacted topic deletes its key."""
        return replace(self, _value=None)

    def header(self, name: str, value: Expression) -> Self:
        """Add a header; a value of ``None`` leaves it out, a list writes one for each of its items.

        One with the name of the correlation header supplies a request-reply's id itself.
        """
        return replace(self, _headers={**self._headers, text(name, "header(name, ...)"): value})

    def headers(self, headers: Headers) -> Self:
        """Add these headers."""
        given = mapping(headers, "headers(...)", '{"source": "#{id}"}')
        return replace(self, _headers={**self._headers, **given})

    def partition(self, partition: Expression) -> Self:
        """Write to this partition, whatever the key is."""
        return replace(self, _partition=partition)

    def timestamp(self, timestamp: Expression) -> Self:
        """Give the record this timestamp, epoch seconds as of ``time.time()``."""
        return replace(self, _timestamp=timestamp)

    def _message(self, compiler: Compiler, path: str) -> MessageParts:
        headers = {
            name: compiler.expression(v, f"{path}/headers/{name}")
            for name, v in self._headers.items()
        }
        return MessageParts(
            **self._action(compiler, path),
            key=optional(compiler, self._key, f"{path}/key"),
            value=compiler.expression(self._value, f"{path}/value"),
            headers=FrozenMap(headers),
            partition=optional(compiler, self._partition, f"{path}/partition"),
            timestamp=optional(compiler, self._timestamp, f"{path}/timestamp"),
        )
