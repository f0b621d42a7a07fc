"""Opens the codecs of one protocol, each once, and its registry with the first that needs it."""

from gatlingpy.errors import ProtocolError
from gatlingpy.protocols.kafka.codecs.avro import AvroCodecAtWork
from gatlingpy.protocols.kafka.codecs.codec import Codec
from gatlingpy.protocols.kafka.codecs.confluent_registry import ConfluentRegistryClient
from gatlingpy.protocols.kafka.codecs.function_plans import FunctionCodecPlan, PrimitiveCodecPlan
from gatlingpy.protocols.kafka.codecs.functions import FunctionCodecAtWork, PrimitiveCodecAtWork
from gatlingpy.protocols.kafka.codecs.json_schema import JsonSchemaCodecAtWork
from gatlingpy.protocols.kafka.codecs.plan import CodecPlan, SchemaRegistryPlan
from gatlingpy.protocols.kafka.codecs.protobuf import ProtobufCodecAtWork
from gatlingpy.protocols.kafka.codecs.registry import Connect, Registry
from gatlingpy.protocols.kafka.codecs.schema_plans import (
    AvroCodecPlan,
    JsonSchemaCodecPlan,
    ProtobufCodecPlan,
)
from gatlingpy.spi import Services


class CodecOpener:
    """Holds the codecs that were opened, and the registry."""

    def __init__(
        self, plan: SchemaRegistryPlan | None, services: Services, connect: Connect | None
    ) -> None:
        """Nothing is opened yet."""
        self._plan = plan
        self._services = services
        self._connect: Connect = connect or ConfluentRegistryClient
        self._registry: Registry | None = None
        self._codecs: dict[CodecPlan, Codec] = {}

    @property
    def opened(self) -> bool:
        """Whether there is any codec."""
        return bool(self._codecs)

    def codec(self, plan: CodecPlan) -> Codec:
        """Return a codec at work; raises ProtocolError if it cannot be opened."""
        known = self._codecs.get(plan)
        if known is None:
            known = self._codecs[plan] = self._opened(plan)
        return known

    def close(self) -> None:
        """Close the registry's connection.  Idempotent."""
        if self._registry is not None:
            self._registry.close()

    def _opened(self, plan: CodecPlan) -> Codec:
        code, clock = self._services.code, self._services.clock
        match plan:
            case AvroCodecPlan():
                return AvroCodecAtWork(plan, self._registry_of(plan), code, clock)
            case ProtobufCodecPlan():
                return ProtobufCodecAtWork(plan, self._registry_of(plan), code, clock)
            case JsonSchemaCodecPlan():
                return JsonSchemaCodecAtWork(plan, self._registry_of(plan), code, clock)
            case FunctionCodecPlan():
                return FunctionCodecAtWork(plan, code)
            case PrimitiveCodecPlan():
                return PrimitiveCodecAtWork(plan)
        raise ProtocolError(f"{type(plan).__name__} is no codec that this version knows")

    def _registry_of(self, plan: CodecPlan) -> Registry | None:
        if self._plan is None or not plan.uses_registry(self._plan):
            return None
        if self._registry is None:
            self._registry = Registry(self._plan, self._connect)
        return self._registry
