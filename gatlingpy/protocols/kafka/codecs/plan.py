"""How values cross the wire, frozen: a codec, and the registry that keeps its schemas."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.code import Env
from gatlingpy.plan.frozen import FrozenMap


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaRegistryPlan:
    """How to reach a schema registry; ``properties`` are those of Confluent's client."""

    url: str | Env
    properties: FrozenMap[str | Env] = field(default_factory=FrozenMap)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodecPlan:
    """How values are written and read; one subclass for each format."""

    where: str = field(default="", compare=False)

    @property
    def serialization(self) -> SerializationType:
        """What checks call values of this format."""
        raise NotImplementedError

    @property
    def needs_registry(self) -> bool:
        """Whether a schema registry keeps its schemas."""
        return False

    def problems(self) -> Iterator[str]:
        """Yield what would keep values from being written or read, without any I/O."""
        return iter(())

    def describe(self) -> str:
        """Return a few words for a printed plan."""
        return str(self.serialization)
