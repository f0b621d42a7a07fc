"""The part of ``kafka()`` that says which cluster, and with which clients."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Self

from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.code import Env
from gatlingpy.protocols.kafka import arguments
from gatlingpy.protocols.kafka.codecs.serde_properties import split
from gatlingpy.protocols.kafka.plan import EmbeddedBrokerPlan, MemoryStorePlan, Property
from gatlingpy.protocols.kafka.protocol_base import ProtocolBase

_PROPERTIES: Final = '{"acks": "all"}'


class ConnectionMethods(ProtocolBase):
    """Brokers, clients, their properties, the store, topics to be created."""

    __slots__ = ()

    def bootstrap_servers(self, servers: str | Env | EmbeddedBrokerPlan) -> Self:
        """Reach the cluster through ``host:port[,host:port]``."""
        if not isinstance(servers, str | Env | EmbeddedBrokerPlan):
            raise UsageError(
                f"{user_line()}: bootstrap_servers(...) takes text such as "
                f'"host:9092,other:9092", env(...) or embedded_broker(...), got {servers!r}'
            )
        return self._with(bootstrap_servers=servers)

    def num_producers(self, count: int) -> Self:
        """Send through so many producers in turn; one is enough in nearly every case."""
        return self._with(num_producers=arguments.count(count, "num_producers(...)"))

    def num_consumers(self, count: int) -> Self:
        """Read each reply topic with so many consumers, which share its partitions."""
        return self._with(num_consumers=arguments.count(count, "num_consumers(...)"))

    def producer_properties(self, properties: Mapping[str, Property]) -> Self:
        """Lay these client properties over those given before; Java's names are understood."""
        given = arguments.mapping(properties, "producer_properties(...)", _PROPERTIES)
        client, serdes = split(given)
        return replace(
            self._with(producer_properties=self.plan.producer_properties.merged(client)),
            _serdes=self._serdes.with_producer(serdes, user_line()),
        )

    def consumer_properties(self, properties: Mapping[str, Property]) -> Self:
        """Lay these client properties over those given before; Java's names are understood."""
        given = arguments.mapping(properties, "consumer_properties(...)", _PROPERTIES)
        client, serdes = split(given)
        return replace(
            self._with(consumer_properties=self.plan.consumer_properties.merged(client)),
            _serdes=self._serdes.with_consumer(serdes, user_line()),
        )

    def request_store(self, store: MemoryStorePlan) -> Self:
        """Keep a journal of what is in flight; in memory by default."""
        given: object = store
        if not isinstance(given, MemoryStorePlan):
            raise UsageError(
                f"{user_line()}: request_store(...) takes InMemoryRequestStore(), got {store!r}"
            )
        return self._with(store=store)

    def create_topics(self, topics: Mapping[str, int]) -> Self:
        """Create those of these topics that do not exist, with so many partitions each."""
        wanted = arguments.partitions(topics, "create_topics(...)")
        return self._with(create_topics=self.plan.create_topics.merged(wanted))
