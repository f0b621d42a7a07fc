"""Serializers and schema registries as client properties of Java, turned into codecs.

They never reach librdkafka: ``split`` takes them out of what ``producer_properties`` and
``consumer_properties`` are given.  Names of classes count without their packages.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias, TypeVar

from gatlingpy.dsl.where import function_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.protocols.kafka.codecs.builder import CodecBuilder
from gatlingpy.protocols.kafka.codecs.function_codecs import FunctionCodec, callable_of
from gatlingpy.protocols.kafka.codecs.function_plans import Primitive, PrimitiveCodecPlan
from gatlingpy.protocols.kafka.codecs.plan import (
    CodecPlan,
    RegistryUse,
    SchemaRegistryPlan,
    SubjectStrategy,
)
from gatlingpy.protocols.kafka.codecs.schema_plans import (
    AvroCodecPlan,
    JsonSchemaCodecPlan,
    ProtobufCodecPlan,
    SchemaCodecPlan,
)

V = TypeVar("V")

Serdes: TypeAlias = Mapping[str, object]
"""The properties that are none of the client's."""

_SCHEMAS: Final[Mapping[str, type[SchemaCodecPlan]]] = {
    "KafkaAvro": AvroCodecPlan,
    "KafkaProtobuf": ProtobufCodecPlan,
    "KafkaJsonSchema": JsonSchemaCodecPlan,
}
_PRIMITIVES: Final = {
    "Short": Primitive.SHORT,
    "Integer": Primitive.INTEGER,
    "Long": Primitive.LONG,
    "Float": Primitive.FLOAT,
    "Double": Primitive.DOUBLE,
    "UUID": Primitive.UUID,
}
_STRATEGIES: Final = {
    "TopicNameStrategy": SubjectStrategy.TOPIC,
    "RecordNameStrategy": SubjectStrategy.RECORD,
    "TopicRecordNameStrategy": SubjectStrategy.TOPIC_RECORD,
}
_SERIALIZERS: Final = {"value.serializer": "Serializer", "key.serializer": "Serializer"}
_SERDES: Final = {**_SERIALIZERS, "value.deserializer": "Deserializer"}
_TYPES: Final = {
    "specific.avro.value.type",
    "specific.protobuf.value.type",
    "json.value.type",
}
_FLAGS: Final = {
    "auto.register.schemas",
    "use.latest.version",
    "normalize.schemas",
    "specific.avro.reader",
    "json.fail.invalid.schema",
}
_NAMED: Final = {"value.subject.name.strategy", "key.subject.name.strategy"}
_URL: Final = "schema.registry.url"
_REGISTRY: Final = ("schema.registry.", "basic.auth.", "bearer.auth.")
"""How properties of the registry's client begin; those of its TLS are given there, too."""


def split(properties: Mapping[str, V]) -> tuple[dict[str, V], dict[str, object]]:
    """Return the client's own properties, and those of serializers and the registry.

    A serializer's class that is not known stays with the client's, which refuses it.
    """
    serdes = {name: value for name, value in properties.items() if _is_serde(name, value)}
    return {name: v for name, v in properties.items() if name not in serdes}, dict(serdes)


def _is_serde(name: str, value: object) -> bool:
    if name in _SERDES:
        return callable(value) or hasattr(value, _method(name)) or _known(name, value)
    return name in _TYPES | _FLAGS | _NAMED or name.startswith(_REGISTRY)


def _method(name: str) -> str:
    return _SERDES[name].lower().removesuffix("r")


def _known(name: str, value: object) -> bool:
    return isinstance(value, str) and _stem(name, value) in {**_SCHEMAS, **_PRIMITIVES}


def _stem(name: str, value: str) -> str:
    return value.rpartition(".")[2].removesuffix(_SERDES[name])


@dataclass(frozen=True, slots=True)
class PropertyCodecs:
    """The codecs and the registry that properties ask for."""

    producer: Serdes = field(default_factory=FrozenMap)
    consumer: Serdes = field(default_factory=FrozenMap)
    where: str = ""

    def with_producer(self, given: Serdes, where: str) -> "PropertyCodecs":
        """Return these with more properties of the producer laid over them."""
        if not given:
            return self
        return replace(self, producer={**self.producer, **given}, where=where)

    def with_consumer(self, given: Serdes, where: str) -> "PropertyCodecs":
        """Return these with more properties of the consumer laid over them."""
        if not given:
            return self
        return replace(self, consumer={**self.consumer, **given}, where=where)

    def value(self) -> CodecBuilder | None:
        """Return what writes values."""
        return self._codec("value.serializer", self.producer, "value")

    def key(self) -> CodecBuilder | None:
        """Return what writes keys."""
        return self._codec("key.serializer", self.producer, "key")

    def reply(self) -> CodecBuilder | None:
        """Return what reads values."""
        return self._codec("value.deserializer", self.consumer, "value")

    def _codec(self, name: str, given: Serdes, part: str) -> CodecBuilder | None:
        value = given.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            return _function(name, value, self.where)
        stem = _stem(name, value)
        if stem in _PRIMITIVES:
            return _Ready(PrimitiveCodecPlan(where=self.where, primitive=_PRIMITIVES[stem]))
        return self._schema(_SCHEMAS[stem], given, part)

    def _schema(self, kind: type[SchemaCodecPlan], given: Serdes, part: str) -> CodecBuilder:
        strategy = str(given.get(f"{part}.subject.name.strategy", "TopicNameStrategy"))
        use = RegistryUse(
            wanted=True,
            strategy=self._strategy(strategy.rpartition(".")[2]),
            auto_register=flag(given.get("auto.register.schemas", True)),
            use_latest_version=flag(given.get("use.latest.version", False)),
            normalize=flag(given.get("normalize.schemas", False)),
        )
        plan = kind(where=self.where, registry=use)
        if isinstance(plan, JsonSchemaCodecPlan):
            plan = replace(plan, validate=flag(given.get("json.fail.invalid.schema", True)))
        if isinstance(plan, AvroCodecPlan):
            plan = replace(plan, specific_reader=flag(given.get("specific.avro.reader", False)))
        return _Ready(plan, self._type(given))

    def _strategy(self, name: str) -> SubjectStrategy:
        if name in _STRATEGIES:
            return _STRATEGIES[name]
        raise UsageError(
            f"{self.where}: the subject name strategy {name!r} is not known; there are "
            f"{', '.join(_STRATEGIES)}"
        )

    def _type(self, given: Serdes) -> type[object] | None:
        for name in _TYPES:
            value = given.get(name)
            if isinstance(value, type):
                return value
            if value is not None:
                raise UsageError(
                    f"{self.where}: {name} {value!r} names a class of Java; give the class of "
                    "Python itself, without quotes"
                )
        return None

    def registry(self) -> SchemaRegistryPlan | None:
        """Return the registry, if any; raises UsageError for two of them."""
        urls = [m[_URL] for m in (self.producer, self.consumer) if _URL in m]
        if not urls:
            return None
        if urls[0] != urls[-1]:
            raise UsageError(
                f"{self.where}: producer and consumer have different schema.registry.url "
                f"({urls[0]!r}, {urls[-1]!r}); one protocol has one registry"
            )
        given = {**self.consumer, **self.producer}
        properties = {
            _registry_name(name): value
            for name, value in given.items()
            if name != _URL and name.startswith(_REGISTRY) and not name.endswith(".source")
        }
        return SchemaRegistryPlan(
            url=urls[0],  # type: ignore[arg-type]
            properties=FrozenMap(properties),  # type: ignore[arg-type]
            where=self.where,
        )


def _registry_name(name: str) -> str:
    """Return what Confluent's Python client calls a property of the registry."""
    bare = name.removeprefix("schema.registry.")
    return bare if bare.startswith(("basic.auth.", "bearer.auth.", "ssl.")) else name


def flag(value: object) -> bool:
    """Return a truth value that may be text, as in Java."""
    return value.strip().lower() == "true" if isinstance(value, str) else bool(value)


def _function(name: str, value: object, where: str) -> FunctionCodec:
    function = callable_of(value, _method(name), f"{where}: {name}")
    writes = name in _SERIALIZERS
    return FunctionCodec(function, None) if writes else FunctionCodec(None, function)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A codec that needs nothing from the code table but a class (``CodecBuilder``)."""

    plan: CodecPlan
    as_type: Callable[..., object] | None = None

    def compile(self, path: str, code: CodeTable) -> CodecPlan:
        """Return the codec; its class goes into ``code``."""
        kind = self.as_type
        if kind is None:
            return self.plan
        ref = code.add(f"{path}/type", kind, function_line(kind))
        if isinstance(self.plan, ProtobufCodecPlan):
            return replace(self.plan, message_class=ref)
        return replace(self.plan, as_type=ref)  # type: ignore[call-arg] # one with a schema
