"""The part of ``kafka()`` that says how values become bytes and bytes become values."""

from gatlingpy.protocols.kafka.protocol_base import ProtocolBase


class CodecMethods(ProtocolBase):
    """Codecs and the schema registry."""

    __slots__ = ()
