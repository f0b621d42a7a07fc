"""What codecs with a schema do alike: frames, subjects, and schemas that are read ahead."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from gatlingpy.clock import Clock
from gatlingpy.errors import ProtocolError, UsageError
from gatlingpy.plan.code import CodeTable
from gatlingpy.protocols.kafka.codecs.codec import Encode, Reader
from gatlingpy.protocols.kafka.codecs.frame import BareReader, FramedReader, prefix
from gatlingpy.protocols.kafka.codecs.plan import NamedSchema
from gatlingpy.protocols.kafka.codecs.registry import Registered, Registry, RegistrySchema
from gatlingpy.protocols.kafka.codecs.schema_plans import SchemaCodecPlan
from gatlingpy.protocols.kafka.codecs.subjects import (
    fetched,
    referred,
    settled_references,
    subject_of,
)
from gatlingpy.protocols.kafka.codecs.values import Convert, typed
from gatlingpy.tracking.decoding import Decode

P = TypeVar("P", bound=SchemaCodecPlan)
S = TypeVar("S")


class FramedCodec(ABC, Generic[P]):
    """A codec whose values stand in frames where a registry is used."""

    KIND: ClassVar[str]
    """What the registry calls the format."""
    WORDS: ClassVar[str]
    """What messages call values of it."""

    def __init__(self, plan: P, registry: Registry | None, clock: Clock) -> None:
        """``registry`` is ``None`` for values that stand in no frame."""
        self._plan = plan
        self._registry = registry
        self._clock = clock
        self._convert: Convert | None = None
        self._plain: Convert | None = None
        self._framed_reader: FramedReader | None = None

    @abstractmethod
    def _made(self, registry: Registry, found: RegistrySchema) -> Decode:
        """Return what reads frames whose writer had this schema, which is of our kind."""

    def _framed(self, registry: Registry) -> FramedReader:
        """Return the one reader: whatever the topic, an id names the same schema."""
        if self._framed_reader is None:
            self._framed_reader = FramedReader(
                registry,
                self._clock,
                lambda found: self._of_our_kind(registry, found),
                self._convert,
                self._plain,
            )
        return self._framed_reader

    def _of_our_kind(self, registry: Registry, found: RegistrySchema) -> Decode:
        if found.kind != self.KIND:
            raise ValueError(f"not {self.WORDS}: its schema is of the kind {found.kind}")
        return self._made(registry, found)

    def _framed_of(
        self, registry: Registry, topic: str, record: str, *, ahead: bool
    ) -> FramedReader:
        """Return the reader, which knows the schemas of a topic if it may ask for them ahead."""
        framed = self._framed(registry)
        subject = subject_of(self._plan.registry, topic, record, key=False)
        if subject and ahead:
            for found in registry.known(subject):
                framed.add(found.schema_id, found.schema)
        return framed


class TextSchemaCodec(FramedCodec[P], Generic[P, S]):
    """A codec whose schema is a text of its own, given or the latest of its subject."""

    NO_SUBJECT: ClassVar[str]
    """What is told where no subject follows from what is known."""

    def __init__(self, plan: P, registry: Registry | None, code: CodeTable, clock: Clock) -> None:
        """Parse the schema."""
        super().__init__(plan, registry, clock)
        self._schema: S | None = self._parsed() if plan.schema else None
        if plan.as_type is not None:
            self._convert = typed(code[plan.as_type])

    @abstractmethod
    def _parse(self, text: str, named: Sequence[NamedSchema]) -> S:
        """Return a schema at work; raises UsageError."""

    @abstractmethod
    def _refers(self, text: str, name: str) -> bool:
        """Tell whether a schema uses a name."""

    @abstractmethod
    def _record(self, schema: S) -> str:
        """Return the name that subjects may be made of."""

    @abstractmethod
    def _encoder(self, schema: S, start: bytes) -> Encode:
        """Return what writes values that fit a schema behind ``start``."""

    @abstractmethod
    def _bare(self) -> Decode:
        """Return what reads values that stand in no frame."""

    def encode_for(self, topic: str, *, key: bool) -> Encode:
        """Return what writes the values, or keys, of a topic."""
        if self._registry is None:
            return self._encoder(self._own(), b"")
        schema, found = self._settled(self._registry, topic, key=key)
        if not key:
            self._framed(self._registry).add(found.schema_id, found.schema)
        return self._encoder(schema, prefix(found.schema_id))

    def reader(self, topic: str, *, ahead: bool) -> Reader:
        """Return what reads a topic's values."""
        if self._registry is None:
            return BareReader(self._bare(), self._convert, self._plain)
        return self._framed_of(self._registry, topic, self._own_record(), ahead=ahead)

    def _own(self) -> S:
        if self._schema is None:
            raise ProtocolError(f"{self._plan.place}: no schema is given")
        return self._schema

    def _own_record(self) -> str:
        return "" if self._schema is None else self._record(self._schema)

    def _parsed(self) -> S:
        plan = self._plan
        try:
            return self._parse(plan.schema, (*referred(self._registry, plan.registry), *plan.named))
        except UsageError as error:
            raise ProtocolError(f"{plan.place}: {error}") from error

    def _writer(self, registry: Registry, found: RegistrySchema) -> S:
        """Return the schema of whoever wrote a frame; raises ValueError for one of no use."""
        try:
            return self._parse(found.text, fetched(registry, found))
        except UsageError as error:
            raise ValueError(f"the writer's schema cannot be used: {error}") from error

    def _settled(self, registry: Registry, topic: str, *, key: bool) -> tuple[S, Registered]:
        plan = self._plan
        use = plan.registry
        subject = subject_of(use, topic, self._own_record(), key=key)
        if not subject:
            raise ProtocolError(f"{plan.place}: {self.NO_SUBJECT}")
        if self._schema is None or use.use_latest_version:
            found = registry.latest(subject, self.KIND)
            return self._parse(found.schema.text, fetched(registry, found.schema)), found
        references = settled_references(registry, use, self.KIND, plan.named, self._refers)
        text = RegistrySchema(self.KIND, plan.schema, references)
        return self._schema, registry.settle(subject, text, use)
