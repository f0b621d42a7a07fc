"""``consume("name", "topic")`` and ``kafka("name").consume()``, written step by step."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

from gatlingpy.dsl.checks import CheckArgument, CheckBuilder, as_checks
from gatlingpy.dsl.compiler import Compiler, Expression
from gatlingpy.dsl.where import function_line
from gatlingpy.plan.checks import SerializationType
from gatlingpy.protocols.kafka.action_builder import ActionBuilder, EncodingGiven, encoding
from gatlingpy.protocols.kafka.arguments import text
from gatlingpy.protocols.kafka.requests import KafkaConsume
from gatlingpy.spi import Message


@dataclass(frozen=True, slots=True)
class KafkaConsumeBuilder(ActionBuilder):
    """A consume while it is being written; each method returns a new builder."""

    _topic: Expression = ""
    _serialization: EncodingGiven = None
    _checks: tuple[CheckBuilder, ...] = ()
    _save_as: str = ""
    _save: Callable[[Message], object] | None = None

    def topic(self, topic: Expression) -> Self:
        """Take a record from this topic."""
        return replace(self, _topic=topic)

    def as_string(self) -> Self:
        """Give checks and the session the value as text: the default."""
        return replace(self, _serialization=SerializationType.STRING)

    def as_bytes(self) -> Self:
        """Give checks and the session the value as bytes."""
        return replace(self, _serialization=SerializationType.BYTE_ARRAY)

    def as_json(self) -> Self:
        """Give checks and the session the value as parsed JSON."""
        return replace(self, _serialization=SerializationType.JSON)

    def check(self, *checks: CheckArgument) -> Self:
        """Ask these of the record; the first that fails fails the request."""
        return replace(self, _checks=(*self._checks, *as_checks(*checks)))

    checks = check

    def save_as(self, key: str, extract: Callable[[Message], object] | None = None) -> Self:
        """Put the record's value into the session, or what a function makes of the record."""
        return replace(self, _save_as=text(key, "save_as(...)"), _save=extract)

    def compile(self, compiler: Compiler, path: str) -> KafkaConsume:
        """Return the frozen request."""
        checks, save = enumerate(self._checks), self._save
        code = compiler.code
        return KafkaConsume(
            **self._action(compiler, path),
            topic=compiler.expression(self._topic, f"{path}/topic"),
            serialization=encoding(compiler, self._serialization, f"{path}/codec"),
            checks=tuple(c.compile(f"{path}/check/{i}", code) for i, c in checks),
            save_as=self._save_as,
            save=None if save is None else code.add(f"{path}/save", save, function_line(save)),
        )
