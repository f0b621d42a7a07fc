"""The part of ``kafka()`` that says how messages are written."""

from gatlingpy.protocols.kafka.protocol_base import ProtocolBase


class ProducerMethods(ProtocolBase):
    """Transactions and idempotence."""

    __slots__ = ()
