"""Every plan class that Kafka contributes, so that plans can be read back from JSON."""

from typing import Final

from gatlingpy.protocols.kafka.codecs.function_plans import (
    FunctionCodecPlan,
    Primitive,
    PrimitiveCodecPlan,
)
from gatlingpy.protocols.kafka.codecs.plan import (
    NamedSchema,
    ReferencePlan,
    RegistryUse,
    SchemaRegistryPlan,
    SubjectStrategy,
)
from gatlingpy.protocols.kafka.codecs.schema_plans import (
    AvroCodecPlan,
    JsonSchemaCodecPlan,
    ProtobufCodecPlan,
)
from gatlingpy.protocols.kafka.correlation import Correlation, IdKind
from gatlingpy.protocols.kafka.plan import (
    Commit,
    EmbeddedBrokerPlan,
    KafkaProtocol,
    MemoryStorePlan,
)
from gatlingpy.protocols.kafka.requests import (
    KafkaConsume,
    KafkaRequestReply,
    KafkaSend,
    ResumeOn,
)

PLAN_TYPES: Final[tuple[type, ...]] = (
    AvroCodecPlan,
    Commit,
    Correlation,
    EmbeddedBrokerPlan,
    FunctionCodecPlan,
    IdKind,
    JsonSchemaCodecPlan,
    KafkaConsume,
    KafkaProtocol,
    KafkaRequestReply,
    KafkaSend,
    MemoryStorePlan,
    NamedSchema,
    Primitive,
    PrimitiveCodecPlan,
    ProtobufCodecPlan,
    ReferencePlan,
    RegistryUse,
    ResumeOn,
    SchemaRegistryPlan,
    SubjectStrategy,
)
