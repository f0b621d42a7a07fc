"""Starts users when their population's profile says so: one timer a population."""

from collections.abc import Callable, Iterator
from typing import Final

from gatlingpy.engine.nodes import Node
from gatlingpy.engine.user_thread import UserThread
from gatlingpy.engine.users import Users

_MOST_AT_ONCE: Final = 1_000
"""Users started before others have their turn; the rest start in the next turn of the loop."""


class Injector:
    """The arrivals of one population.  Thread: the user thread."""

    def __init__(
        self,
        scenario: str,
        nodes: tuple[Node, ...],
        arrivals: Iterator[tuple[int, int]],
        loop: UserThread,
        users: Users,
        now_ns: Callable[[], int],
    ) -> None:
        """``arrivals`` gives, in order, the offset (ns) and the number of each user."""
        self._scenario = scenario
        self._nodes = nodes
        self._arrivals = arrivals
        self._loop = loop
        self._users = users
        self._now_ns = now_ns
        self._start_ns = 0
        self.done = False

    def start(self, start_ns: int, length_ns: int) -> None:
        """Begin at ``start_ns``; the population is done no earlier than ``length_ns`` after it."""
        self._start_ns = start_ns
        self._end_ns = start_ns + length_ns
        self._arm(next(self._arrivals, None))

    def _arm(self, arrival: tuple[int, int] | None) -> None:
        if self.done:
            return
        if arrival is None:
            self._loop.at(self._end_ns, self.stop)
        else:
            self._loop.at(self._start_ns + arrival[0], self._fire, *arrival)

    def _fire(self, offset_ns: int, number: int) -> None:
        if self.done:
            return
        elapsed_ns = self._now_ns() - self._start_ns
        arrival: tuple[int, int] | None = (offset_ns, number)
        for _ in range(_MOST_AT_ONCE):
            if arrival is None or arrival[0] > elapsed_ns:
                break
            offset_ns, number = arrival
            self._users.start(self._nodes, self._scenario, number, self._start_ns + offset_ns)
            arrival = next(self._arrivals, None)
        self._arm(arrival)

    def stop(self) -> None:
        """Start no further user."""
        self.done = True
