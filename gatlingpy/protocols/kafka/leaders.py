"""Who leads each partition, as several clients tell it."""

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from gatlingpy.protocols.kafka.client_statistics import ClientStatistics, PartitionStatistics

_NAMED: Final = 3
"""How many partitions one mark names."""

Partition: TypeAlias = tuple[str, int]
Move: TypeAlias = tuple[int, int]
"""From which broker to which; -1 is none."""


class Leaders:
    """Finds changes of leaders in reports, each once.  Thread: one."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._told: dict[tuple[str, Partition], int] = {}
        self._now: dict[Partition, int] = {}
        self._last: dict[Partition, int] = {}
        self._epochs: dict[Partition, int] = {}

    def changes(self, report: ClientStatistics) -> Iterator[tuple[str, str]]:
        """Yield, in words and as a key, what this report tells that no other has told before."""
        moves: dict[Move, list[Partition]] = {}
        for partition in report.partitions:
            move = self._move(report.client, partition)
            if move is not None:
                moves.setdefault(move, []).append((partition.topic, partition.number))
        for (old, new), partitions in moves.items():
            yield _sentence(_list(partitions), old, new), f"{partitions} {old} {new}"

    def _move(self, client: str, partition: PartitionStatistics) -> Move | None:
        place, leader = (partition.topic, partition.number), partition.leader
        before = self._told.get((client, place))
        self._told[client, place] = leader
        known = self._now.setdefault(place, leader)
        # A client that has not changed its mind tells nothing, though others may know better.
        stale = leader >= 0 and 0 <= partition.epoch < self._epochs.get(place, -1)
        if before in {None, leader} or leader == known or stale:
            return None
        self._now[place] = leader
        self._epochs[place] = max(partition.epoch, self._epochs.get(place, -1))
        old = self._last.get(place, known)
        self._last[place] = leader if leader >= 0 else old
        # One that had no leader so far has its first: that is no move.
        return (old, leader) if old >= 0 else None

    def led_by(self, broker: int) -> str:
        """Name the partitions that a broker leads, the first ones; empty if there are none."""
        return _list([place for place, leader in self._now.items() if leader == broker >= 0])


def _list(partitions: Sequence[Partition]) -> str:
    named = ", ".join(f"{topic}[{number}]" for topic, number in partitions[:_NAMED])
    more = len(partitions) - _NAMED
    return f"{named} and {more} more" if more > 0 else named


def _sentence(partitions: str, old: int, new: int) -> str:
    if new < 0:
        return f"{partitions}: no leader, it was broker {old}"
    if old == new:
        return f"{partitions}: broker {new} leads again"
    return f"{partitions}: leader moved from broker {old} to broker {new}"
