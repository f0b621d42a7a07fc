"""What every part of ``kafka()``'s builder works on."""

from dataclasses import dataclass, field, replace
from typing import Self

from gatlingpy.dsl.checks import CheckBuilder
from gatlingpy.protocols.kafka.codecs.builder import CodecBuilder
from gatlingpy.protocols.kafka.codecs.serde_properties import PropertyCodecs
from gatlingpy.protocols.kafka.correlation_builder import CorrelationBuilder
from gatlingpy.protocols.kafka.plan import KafkaProtocol
from gatlingpy.protocols.kafka.security import TokenFunction


@dataclass(frozen=True, slots=True)
class ProtocolBase:
    """A cluster while it is being described: the plan so far, and what is compiled into it."""

    plan: KafkaProtocol
    _correlation: CorrelationBuilder = field(default_factory=CorrelationBuilder)
    _checks: tuple[CheckBuilder, ...] = ()
    _value_codec: CodecBuilder | None = None
    _reply_codec: CodecBuilder | None = None
    _key_codec: CodecBuilder | None = None
    _serdes: PropertyCodecs = field(default_factory=PropertyCodecs)
    """What client properties of Java say of codecs and the registry."""
    _oauth_token: TokenFunction | None = None

    def _with(self, **changes: object) -> Self:
        """Return a builder whose plan has these changes."""
        return replace(self, plan=replace(self.plan, **changes))  # type: ignore[arg-type]
