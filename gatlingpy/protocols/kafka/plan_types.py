"""Every plan class that Kafka contributes, so that plans can be read back from JSON."""

from typing import Final

from gatlingpy.protocols.kafka.codecs.plan import SchemaRegistryPlan
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
    Commit,
    Correlation,
    EmbeddedBrokerPlan,
    IdKind,
    KafkaConsume,
    KafkaProtocol,
    KafkaRequestReply,
    KafkaSend,
    MemoryStorePlan,
    ResumeOn,
    SchemaRegistryPlan,
)
