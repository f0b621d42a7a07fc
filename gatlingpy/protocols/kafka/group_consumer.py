"""The consumer whose partitions its group assigns, as the original does it.

The position of a partition is resolved when the group first assigns it to anybody, and committed
at once; whoever is assigned it later goes on from what was committed.  So nothing is skipped when
members come and go: neither a reply that was produced between assignment and position, nor one
that came while partitions changed hands.
"""

from collections.abc import Callable, Mapping, Sequence

from gatlingpy.protocols.kafka.clients import ConsumerClient, Place
from gatlingpy.protocols.kafka.consumer import ConsumerPolicy, KafkaConsumerActor, OnRecords
from gatlingpy.spi import Services


class GroupConsumerActor(KafkaConsumerActor):
    """One member of the group."""

    def __init__(
        self,
        client: ConsumerClient,
        services: Services,
        name: str,
        policy: ConsumerPolicy,
        on_records: OnRecords,
        on_dead: Callable[[str], None],
        *,
        from_start: bool,
    ) -> None:
        """``from_start`` begins partitions without a committed position at their start."""
        super().__init__(client, services, name, policy, on_records, on_dead)
        self._from_start = from_start
        self._known: dict[Place, int] = {}
        self.is_assigned = False
        """Whether the group has told what is this member's, be it nothing."""

    def subscribe(self, topics: Sequence[str]) -> None:
        """Join the group, and begin to read what it assigns."""
        self._client.subscribe(topics, self._assigned, self._revoked)
        self.spawn()

    def _assigned(self, places: Sequence[Place]) -> Mapping[Place, int]:
        positions = {**self._known, **self._client.committed(places)}
        fresh = {place: self._beginning(place) for place in places if place not in positions}
        if fresh:
            self._client.commit(wait=True, positions=fresh)
            self._note_failed_commits()
            self._known |= fresh  # should the commit have failed
        self._mark(f"{self._name} was assigned {_shown(places)}")
        self.is_assigned = True
        return {place: {**positions, **fresh}[place] for place in places}

    def _beginning(self, place: Place) -> int:
        first, end = self._client.watermarks(place)
        return first if self._from_start else end

    def _revoked(self, places: Sequence[Place]) -> None:
        """Commit how far these were read, so that their next owner goes on from there."""
        self._client.commit(wait=True)
        self._note_failed_commits()
        self._mark(f"{self._name} gave up {_shown(places)}")


def _shown(places: Sequence[Place]) -> str:
    return ", ".join(f"{topic}[{partition}]" for topic, partition in sorted(places)) or "nothing"
