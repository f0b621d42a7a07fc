"""``consume("name", "topic")`` and ``kafka("name").consume()``, written step by step."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

from gatlingpy.dsl.check_arguments import must_be_constant, must_be_text, must_take
from gatlingpy.dsl.checks import (
    CheckArgument,
    CheckBuilder,
    Extractor,
    as_checks,
    header,
    key,
    message_function,
)
from gatlingpy.dsl.compiler import Compiler, Expression
from gatlingpy.dsl.where import function_line, user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.glimpse import brief
from gatlingpy.protocols.kafka.action_builder import (
    ActionBuilder,
    EncodingGiven,
    encoding,
    optional,
)
from gatlingpy.protocols.kafka.codec_arguments import (
    AvroGiven,
    JsonSchemaGiven,
    ProtobufGiven,
    avro,
    encoding_given,
    json_schema,
    protobuf,
)
from gatlingpy.protocols.kafka.correlation import SOURCES, Source
from gatlingpy.protocols.kafka.requests import KafkaConsume
from gatlingpy.spi import Message


@dataclass(frozen=True, slots=True)
class KafkaConsumeBuilder(ActionBuilder):
    """A consume while it is being written; each method returns a new builder."""

    _topic: Expression = ""
    _serialization: EncodingGiven = None
    _checks: tuple[CheckBuilder, ...] = ()
    _match: Extractor | None = None
    _matched: Expression | None = None
    _save_as: str = ""
    _save: Callable[[Message], object] | None = None

    def topic(self, topic: Expression) -> Self:
        """Take a record from this topic."""
        return replace(self, _topic=topic)

    def match_key(self, expected: Expression) -> Self:
        """Take the record with this key, whoever waits for the next one of the topic."""
        return self.match(key(), expected)

    def match_header(self, name: str, expected: Expression) -> Self:
        """Take the record whose header has this value."""
        return self.match(header(name), expected)

    def match_body(self, extractor: Extractor, expected: Expression) -> Self:
        """Take the record in whose body an extractor finds this value: ``json_path("$.id")``."""
        return self.match(extractor, expected)

    def match(self, found: Extractor | Callable[[Message], object], expected: Expression) -> Self:
        """Take the record in which an extractor, or a function of it, finds this value.

        Text, numbers and bytes are compared by how they are written: 7 is ``"7"``.  ``None``
        matches nothing.
        """
        given: object = found
        if not isinstance(given, Extractor):
            if not callable(given):
                raise UsageError(
                    f"{user_line()}: match(...) takes an extractor such as json_path(...) or "
                    f"header(...), or a function of the record, got {brief(found)}"
                )
            given = message_function(given)
        return replace(self, _match=given, _matched=expected)

    def as_string(self) -> Self:
        """Give checks and the session the value as text: the default."""
        return replace(self, _serialization=SerializationType.STRING)

    def as_bytes(self) -> Self:
        """Give checks and the session the value as bytes."""
        return replace(self, _serialization=SerializationType.BYTE_ARRAY)

    def as_json(self) -> Self:
        """Give checks and the session the value as parsed JSON."""
        return replace(self, _serialization=SerializationType.JSON)

    def as_avro(self, codec: AvroGiven = None) -> Self:
        """Read the value as Avro: by a codec, by a schema, or by the protocol's codec."""
        return replace(self, _serialization=avro(codec))

    def as_protobuf(self, codec: ProtobufGiven = None) -> Self:
        """Read the value as Protobuf: by a codec, by a class, or by the protocol's codec."""
        return replace(self, _serialization=protobuf(codec))

    def as_json_schema(self, codec: JsonSchemaGiven = None) -> Self:
        """Read JSON held to a schema: by a codec, by a schema, or by the protocol's codec."""
        return replace(self, _serialization=json_schema(codec))

    def serialization(self, encoding: EncodingGiven) -> Self:
        """Read the value this way."""
        given = encoding_given(encoding, "serialization(...)")
        return replace(self, _serialization=given)

    def check(self, *checks: CheckArgument) -> Self:
        """Ask these of the record; the first that fails fails the request."""
        return replace(self, _checks=(*self._checks, *as_checks(*checks)))

    checks = check

    def save_as(self, key: str, extract: Callable[[Message], object] | None = None) -> Self:
        """Put the record's value into the session, or what a function makes of the record."""
        must_be_text("save_as", key)
        must_be_constant("save_as", key, "name one attribute, without placeholders")
        if extract is not None:
            must_take("save_as", extract, "the record")
        return replace(self, _save_as=key, _save=extract)

    def compile(self, compiler: Compiler, path: str) -> KafkaConsume:
        """Return the frozen request."""
        checks, save = enumerate(self._checks), self._save
        code = compiler.code
        return KafkaConsume(
            **self._action(compiler, path),
            topic=compiler.expression(self._topic, f"{path}/topic"),
            serialization=encoding(compiler, self._serialization, f"{path}/codec"),
            checks=tuple(c.compile(f"{path}/check/{i}", code) for i, c in checks),
            match=self._source(compiler, f"{path}/match"),
            matched=optional(compiler, self._matched, f"{path}/matched"),
            save_as=self._save_as,
            save=None if save is None else code.add(f"{path}/save", save, function_line(save)),
        )

    def _source(self, compiler: Compiler, path: str) -> Source | None:
        if self._match is None:
            return None
        source = self._match.extract_plan(path, compiler.code)
        if isinstance(source, SOURCES):
            return source  # type: ignore[return-value]
        raise UsageError(
            f"{self.where}: a record is matched by its header, key or body, or by what json_path, "
            "jmes_path, x_path, regex, field or a function finds in it, not by "
            f"{type(source).__name__.removesuffix('Extract')}"
        )
