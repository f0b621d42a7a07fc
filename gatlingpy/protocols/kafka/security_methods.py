"""The part of ``kafka()`` that says how clients prove who they are."""

from gatlingpy.protocols.kafka.protocol_base import ProtocolBase


class SecurityMethods(ProtocolBase):
    """TLS and SASL."""

    __slots__ = ()
