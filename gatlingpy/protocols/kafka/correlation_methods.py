"""The part of ``kafka()`` that says how a reply is matched to its request."""

from dataclasses import replace
from typing import Self

from gatlingpy.protocols.kafka.protocol_base import ProtocolBase


class CorrelationMethods(ProtocolBase):
    """Where the id stands in requests and in replies."""

    __slots__ = ()

    def correlation_header_name(self, name: str) -> Self:
        """Carry the correlation id in this header, both ways; ``correlationId`` by default."""
        return replace(self, _correlation=self._correlation.header_name(name))
