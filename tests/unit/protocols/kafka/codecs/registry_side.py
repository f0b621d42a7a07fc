"""A registry in memory, and a protocol's codecs on it."""

from collections import Counter
from collections.abc import Mapping, Sequence

from gatlingpy.dsl.compiler import Compiler
from gatlingpy.plan.code import Const, Expr
from gatlingpy.protocols.kafka.codecs.builder import CodecBuilder
from gatlingpy.protocols.kafka.codecs.registry import (
    Registered,
    RegistryFailure,
    RegistrySchema,
)
from gatlingpy.protocols.kafka.dsl import kafka
from gatlingpy.protocols.kafka.encodings import Encodings, Write
from gatlingpy.protocols.kafka.plan import KafkaProtocol
from gatlingpy.protocols.kafka.protocol_builder import KafkaProtocolBuilder
from gatlingpy.protocols.kafka.requests import Encoding
from gatlingpy.testing.services import ManualServices
from gatlingpy.tracking.decoding import Format, Payload

REGISTRY = "http://registry:8081"


class MemoryRegistry:
    """Schemas and subjects in dicts (``RegistryClient``); it counts what it is asked."""

    def __init__(self) -> None:
        self.schemas: list[RegistrySchema] = []
        self.subjects: dict[str, list[int]] = {}
        self.asked: Counter[str] = Counter()
        self.failure: RegistryFailure | None = None
        """What everything is answered with, if not ``None``."""
        self.properties: Mapping[str, object] = {}
        self.closed = False

    def _asked(self, what: str) -> None:
        self.asked[what] += 1
        if self.failure is not None:
            raise self.failure

    def register(self, subject: str, schema: RegistrySchema, *, normalize: bool) -> int:
        self._asked("register")
        if schema not in self.schemas:
            self.schemas.append(schema)
        schema_id = self.schemas.index(schema) + 1
        versions = self.subjects.setdefault(subject, [])
        if schema_id not in versions:
            versions.append(schema_id)
        return schema_id

    def look_up(self, subject: str, schema: RegistrySchema, *, normalize: bool) -> Registered:
        self._asked("look_up")
        for version, schema_id in enumerate(self.subjects.get(subject, []), 1):
            if self.schemas[schema_id - 1] == schema:
                return Registered(schema_id, version, schema)
        raise RegistryFailure(404, 40403, "Schema not found")

    def version(self, subject: str, version: int) -> Registered:
        self._asked("version")
        versions = self.subjects.get(subject, [])
        if not versions or version > len(versions):
            raise RegistryFailure(404, 40401, f"Subject '{subject}' not found.")
        number = version or len(versions)
        schema_id = versions[number - 1]
        return Registered(schema_id, number, self.schemas[schema_id - 1])

    def versions(self, subject: str) -> Sequence[int]:
        self._asked("versions")
        if subject not in self.subjects:
            raise RegistryFailure(404, 40401, f"Subject '{subject}' not found.")
        return range(1, len(self.subjects[subject]) + 1)

    def schema(self, schema_id: int) -> RegistrySchema:
        self._asked("schema")
        if not 0 < schema_id <= len(self.schemas):
            raise RegistryFailure(404, 40403, "Schema not found")
        return self.schemas[schema_id - 1]

    def close(self) -> None:
        self.closed = True


class Stage:
    """The codecs of one protocol, opened with a registry in memory."""

    def __init__(
        self, protocol: KafkaProtocolBuilder | None = None, registry: MemoryRegistry | None = None
    ) -> None:
        self.registry = registry or MemoryRegistry()
        self.services, self.compiler = ManualServices(), Compiler()
        self.compiler.bind((protocol or kafka().bootstrap_servers("fake:9092"),))
        (plan,) = self.compiler.protocols
        assert isinstance(plan, KafkaProtocol)
        self.plan = plan
        self.services.code = self.compiler.code
        self.encodings = Encodings(plan, self.services, self._connect)

    def _connect(self, properties: Mapping[str, object]) -> MemoryRegistry:
        self.registry.properties = properties
        return self.registry

    def encoding(self, given: CodecBuilder | Encoding) -> Encoding:
        if isinstance(given, CodecBuilder):
            return given.compile("test", self.compiler.code)
        return given

    def write(self, given: CodecBuilder | Encoding = None, topic: str | None = "orders") -> Write:
        return self.encodings.write(self.encoding(given), expression(topic))

    def replies(self, given: CodecBuilder | Encoding = None, topic: str | None = "done") -> Format:
        return self.encodings.replies(self.encoding(given), expression(topic))

    def requests(self, given: CodecBuilder | Encoding = None) -> Format:
        return self.encodings.requests(self.encoding(given), expression("orders"))


def expression(topic: str | None) -> Expr | None:
    return None if topic is None else Const(topic)


def with_registry() -> KafkaProtocolBuilder:
    return kafka().bootstrap_servers("fake:9092").schema_registry(REGISTRY)


def read(form: Format, data: bytes | None) -> object:
    """Read as a check does; raises what it would say."""
    return Payload(data, None, "reply").read(form.decode)


def tree(form: Format, data: bytes | None) -> object:
    """Read for a path as a check does."""
    return Payload(data, None, "reply").read(form.tree)
