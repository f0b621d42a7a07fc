"""The type of the fixture that starts embedded brokers."""

from collections.abc import Mapping
from typing import Protocol

from gatlingpy.protocols.kafka.embedded import EmbeddedBroker


class StartEmbeddedBroker(Protocol):
    """Starts an embedded broker that ends with the test; may be called more than once."""

    def __call__(
        self, topics: Mapping[str, int], *, brokers: int = 1, control: bool = False
    ) -> EmbeddedBroker:
        """Return a started broker with these topics and their numbers of partitions."""
