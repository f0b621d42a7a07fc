"""What a producer's threads have learnt, on its way to the user thread."""

from collections import deque
from collections.abc import Callable
from typing import TypeAlias

from gatlingpy.spi import Services

_Call: TypeAlias = tuple[Callable[..., None], tuple[object, ...]]


class Outcomes:
    """Gathers calls, and has those of one poll made in one turn of the user thread."""

    def __init__(self, services: Services) -> None:
        """There are none yet."""
        self._post = services.post
        self._calls: deque[_Call] = deque()

    def tell(self, call: Callable[..., None], *args: object) -> None:
        """Have ``call(*args)`` run on the user thread, with others of the same poll.

        Thread: the one that a delivery report is served on.
        """
        self._calls.append((call, args))

    def pass_on(self) -> None:
        """Send the calls on their way.  Thread: as ``tell``."""
        calls = self._calls
        if calls:
            batch = [calls.popleft() for _ in range(len(calls))]
            self._post(_call_all, batch)


def _call_all(calls: list[_Call]) -> None:
    for call, args in calls:
        call(*args)
