"""A fake consumer group: partitions dealt out anew whenever a member comes or goes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gatlingpy.protocols.kafka.clients import Place


@dataclass(slots=True, eq=False)
class Member:
    """A consumer that has subscribed, and what it must be told at its next poll."""

    topics: Mapping[str, int]
    """What it has subscribed to, with the numbers of partitions."""
    assigned: Callable[[Sequence[Place]], Mapping[Place, int]]
    revoked: Callable[[Sequence[Place]], None]
    moves: list[Place] | None = None
    """What is its own from now on; ``None`` once it has been told."""


class FakeGroup:
    """The members of the one group of a fake cluster, and what they have committed."""

    def __init__(self) -> None:
        """Nobody has joined."""
        self.committed: dict[Place, int] = {}
        self.members: list[Member] = []

    def join(self, member: Member) -> None:
        """Deal the partitions out to one more."""
        self.members.append(member)
        self._deal()

    def leave(self, member: Member) -> None:
        """Deal the partitions out to one fewer."""
        self.members.remove(member)
        self._deal()

    def _deal(self) -> None:
        shares: list[list[Place]] = [[] for _ in self.members]
        topics = {topic: count for m in self.members for topic, count in m.topics.items()}
        places = [(topic, p) for topic in sorted(topics) for p in range(topics[topic])]
        for number, place in enumerate(places):
            shares[number % len(shares)].append(place)
        for member, share in zip(self.members, shares, strict=True):
            member.moves = share
