"""``kafka()``: a cluster and how to talk to it, written step by step."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from gatlingpy.dsl.compiler import Compiler
from gatlingpy.dsl.duration import Duration, to_ns
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.code import Env
from gatlingpy.protocols.kafka import arguments
from gatlingpy.protocols.kafka.plan import (
    EmbeddedBrokerPlan,
    KafkaProtocol,
    MemoryStorePlan,
    Property,
)

KIND: Final = "kafka"
_PROPERTIES: Final = '{"acks": "all"}'


@dataclass(frozen=True, slots=True)
class KafkaProtocolBuilder:
    """A cluster and how to talk to it; each method returns a new builder."""

    plan: KafkaProtocol

    @property
    def kind(self) -> str:
        """``kafka``."""
        return KIND

    def _with(self, **changes: object) -> "KafkaProtocolBuilder":
        return KafkaProtocolBuilder(replace(self.plan, **changes))  # type: ignore[arg-type]

    def bootstrap_servers(self, servers: str | Env | EmbeddedBrokerPlan) -> "KafkaProtocolBuilder":
        """Reach the cluster through ``host:port[,host:port]``."""
        if not isinstance(servers, str | Env | EmbeddedBrokerPlan):
            raise UsageError(
                f"{user_line()}: bootstrap_servers(...) takes text such as "
                f'"host:9092,other:9092", env(...) or embedded_broker(...), got {servers!r}'
            )
        return self._with(bootstrap_servers=servers)

    def group_id(self, group_id: str) -> "KafkaProtocolBuilder":
        """Commit reply offsets under this group; by default each run has a group of its own."""
        return self._with(group_id=arguments.text(group_id, "group_id(...)"))

    def num_producers(self, count: int) -> "KafkaProtocolBuilder":
        """Send through so many producers in turn; one is enough in nearly every case."""
        return self._with(num_producers=arguments.count(count, "num_producers(...)"))

    def num_consumers(self, count: int) -> "KafkaProtocolBuilder":
        """Read each reply topic with so many consumers, which share its partitions."""
        return self._with(num_consumers=arguments.count(count, "num_consumers(...)"))

    def producer_properties(self, properties: Mapping[str, Property]) -> "KafkaProtocolBuilder":
        """Lay these client properties over those given before; Java's names are understood."""
        given = arguments.mapping(properties, "producer_properties(...)", _PROPERTIES)
        return self._with(producer_properties=self.plan.producer_properties.merged(given))

    def consumer_properties(self, properties: Mapping[str, Property]) -> "KafkaProtocolBuilder":
        """Lay these client properties over those given before; Java's names are understood."""
        given = arguments.mapping(properties, "consumer_properties(...)", _PROPERTIES)
        return self._with(consumer_properties=self.plan.consumer_properties.merged(given))

    def correlation_header_name(self, name: str) -> "KafkaProtocolBuilder":
        """Carry the correlation id in this header, both ways; ``correlationId`` by default."""
        return self._with(correlation_header=arguments.text(name, "correlation_header_name(...)"))

    def poll_timeout(self, timeout: Duration) -> "KafkaProtocolBuilder":
        """Let consumers wait so long in one poll; it never delays a reply, 0.1 s by default."""
        return self._with(poll_timeout_ns=to_ns(timeout, f"{user_line()}: poll_timeout(...)"))

    def timeout_check_interval(self, interval: Duration) -> "KafkaProtocolBuilder":
        """Look so often for requests that another injector left in a shared store.

        Timeouts of this injector's own requests are noticed by a timer and stamped at their
        deadline, whatever this is.
        """
        what = f"{user_line()}: timeout_check_interval(...)"
        return self._with(timeout_check_interval_ns=to_ns(interval, what))

    def request_store(self, store: MemoryStorePlan) -> "KafkaProtocolBuilder":
        """Keep a journal of what is in flight; in memory by default."""
        return self._with(store=store)

    def create_topics(self, topics: Mapping[str, int]) -> "KafkaProtocolBuilder":
        """Create those of these topics that do not exist, with so many partitions each."""
        wanted = arguments.partitions(topics, "create_topics(...)")
        return self._with(create_topics=self.plan.create_topics.merged(wanted))

    def compile(self, compiler: Compiler, identity: str) -> KafkaProtocol:  # noqa: ARG002
        """Return the frozen protocol."""
        return replace(self.plan, id=identity)
