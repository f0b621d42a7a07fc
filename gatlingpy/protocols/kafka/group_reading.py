"""Reply topics whose partitions the consumer group assigns, shared with other injectors."""

from collections.abc import Callable, Sequence
from typing import Final

from gatlingpy.errors import ProtocolError
from gatlingpy.protocols.kafka.clients import Cluster
from gatlingpy.protocols.kafka.consumer import ConsumerPolicy, OnRecords
from gatlingpy.protocols.kafka.group_consumer import GroupConsumerActor
from gatlingpy.spi import Services

READY_NS: Final = 60_000_000_000
"""How long the group may take to assign partitions before the run gives up."""
_LOOK_NS: Final = 20_000_000


class GroupReading:
    """The members that this injector has in the group."""

    def __init__(
        self,
        cluster: Cluster,
        services: Services,
        members: int,
        policy: ConsumerPolicy,
        *,
        from_start: bool,
    ) -> None:
        """Nobody has joined yet."""
        self._cluster = cluster
        self._services = services
        self._members = members
        self._policy = policy
        self._from_start = from_start
        self.actors: list[GroupConsumerActor] = []

    def start(
        self, topics: Sequence[str], on_records: OnRecords, on_dead: Callable[[str, str], None]
    ) -> None:
        """Join, and return when each member has been assigned its share at known positions.

        Raises ProtocolError if that takes longer than a minute, or a member dies.
        """
        causes: list[str] = []

        def died(cause: str) -> None:
            causes.append(cause)
            for topic in topics:
                on_dead(topic, cause)

        for number in range(self._members):
            client = self._cluster.consumer("group", number)
            actor = GroupConsumerActor(
                client, self._services, f"group-{number}", self._policy, on_records, died,
                from_start=self._from_start,
            )  # fmt: skip
            self.actors.append(actor)
            actor.subscribe(topics)
        self._await(causes)

    def _await(self, causes: list[str]) -> None:
        give_up_ns = self._services.clock.now_ns() + READY_NS
        while waiting := [actor for actor in self.actors if not actor.is_assigned]:
            if causes or self._services.clock.now_ns() > give_up_ns:
                cause = causes[0] if causes else f"nothing was assigned in {READY_NS / 1e9:g} s"
                raise ProtocolError(
                    f"{len(waiting)} of {len(self.actors)} consumers have no part in the consumer "
                    f"group: {cause}; is another member of the group stuck?"
                )
            self._services.sleep(_LOOK_NS)
