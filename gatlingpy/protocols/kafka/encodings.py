"""The codecs of one protocol at work: what writes values, and what reads them for checks."""

from collections.abc import Callable
from typing import Final, TypeAlias

from gatlingpy.errors import ProtocolError
from gatlingpy.plan.checks import SerializationType
from gatlingpy.protocols.kafka.codecs.plan import CodecPlan
from gatlingpy.protocols.kafka.plan import KafkaProtocol
from gatlingpy.protocols.kafka.requests import Encoding
from gatlingpy.protocols.kafka.serialization import serialize
from gatlingpy.spi import Services
from gatlingpy.tracking.decoding import DECODERS, Format, plain_format

Write: TypeAlias = Callable[[object, str], bytes | None]
"""Writes a value for a topic; raises ExpressionError for one that it cannot write."""

_TEXT: Final = plain_format(SerializationType.STRING)


class Encodings:
    """Opens each codec of a protocol once."""

    def __init__(self, plan: KafkaProtocol, services: Services) -> None:
        """Nothing is opened yet."""
        self._plan = plan
        self._services = services

    def write(self, encoding: Encoding) -> Write:
        """Return what writes values; raises ProtocolError if its codec cannot be used."""
        plain = self._plain(encoding or self._plan.value_codec)
        return lambda value, _topic: serialize(value, plain)

    def requests(self, encoding: Encoding) -> Format:
        """Return how checks read requests."""
        plain = self._plain(encoding or self._plan.value_codec)
        return _TEXT if plain is None else plain_format(plain)

    def replies(self, encoding: Encoding) -> Format:
        """Return how checks read replies and consumed records."""
        plain = self._plain(encoding or self._plan.reply_codec)
        return _TEXT if plain is None else plain_format(plain)

    def _plain(self, encoding: Encoding) -> SerializationType | None:
        if isinstance(encoding, CodecPlan) or (encoding is not None and encoding not in DECODERS):
            raise ProtocolError(f"{encoding} needs a codec that this version has not")
        return encoding
