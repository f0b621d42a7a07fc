"""The parts of ``kafka()``, and of request-replies, that say how a reply is matched."""

from abc import abstractmethod
from dataclasses import replace
from typing import Literal, Self

from gatlingpy.protocols.kafka.correlation_builder import CorrelationBuilder, Place
from gatlingpy.protocols.kafka.protocol_base import ProtocolBase


class Correlating:
    """Where the id stands in requests and in replies; each method returns a new builder."""

    __slots__ = ()

    @abstractmethod
    def _correlated(self, how: CorrelationBuilder) -> Self:
        """Return a builder that matches replies in this way."""

    @property
    @abstractmethod
    def _how(self) -> CorrelationBuilder:
        """How it matches replies so far."""

    def correlation_header_name(self, name: str) -> Self:
        """Carry the correlation id in this header, both ways; ``correlationId`` by default."""
        return self._correlated(self._how.header_name(name))

    def correlate_by_key(self) -> Self:
        """Match a reply by its key, which must be the request's; a request needs a key then."""
        return self._correlated(self._how.by_key())

    def correlation_extractor(self, reply: Place) -> Self:
        """Look for the id in this place of a reply if its header does not tell.

        The id is in the request's header; the system under test has to copy it to that place.
        Give an extractor, such as ``json_path("$.meta.correlationId")``, or a function of the
        message (``spi.Message``) that returns the id, or ``None``.
        """
        return self._correlated(self._how.extractor(reply))

    def correlate(self, request: Place, reply: Place) -> Self:
        """Take the id from this place of each request, and expect it in that place of the reply.

        Places are extractors, or functions of the message (``spi.Message``).  The request's is
        looked at when it is written; one without an id is not sent.
        """
        return self._correlated(self._how.places(request, reply))

    def correlation_ids(self, kind: Literal["counter", "uuid"]) -> Self:
        """Make ids of a prefix and a counter (default), or as random UUIDs.

        Replies to the former are told apart for the whole run, to the latter as long as those of
        ids that users supply.
        """
        return self._correlated(self._how.id_kind(kind))

    def spring_correlation(self) -> Self:
        """Match as Spring Kafka does: headers ``kafka_correlationId`` and ``kafka_replyTopic``."""
        return self._correlated(self._how.spring())


class CorrelationMethods(ProtocolBase, Correlating):
    """Where the id stands in requests and in replies."""

    __slots__ = ()

    def _correlated(self, how: CorrelationBuilder) -> Self:
        return replace(self, _correlation=how)

    @property
    def _how(self) -> CorrelationBuilder:
        return self._correlation
