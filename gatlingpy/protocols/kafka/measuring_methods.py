"""The part of ``kafka()`` that says what is measured."""

from gatlingpy.protocols.kafka.protocol_base import ProtocolBase


class MeasuringMethods(ProtocolBase):
    """Client metrics, legs and timestamps."""

    __slots__ = ()
