"""Starts users when their population's open profile says so: one timer a population."""

from collections.abc import Callable, Iterator
from typing import Final, Protocol

from gatlingpy.engine.crowd import Crowd
from gatlingpy.engine.user_thread import UserThread

MOST_AT_ONCE: Final = 1_000
"""Users started before others have their turn; the rest start in the next turn of the loop."""


class Injector(Protocol):
    """Starts the users of one population.  Thread: the user thread."""

    active: bool
    """Whether it may still start users by itself: from its start to the end of its profile."""

    def start(self, start_ns: int, over: Callable[[int], None]) -> None:
        """Begin at ``start_ns``.

        ``over`` is told the moment (ns) when the profile was over and all of its users had ended.
        """

    def stop(self) -> None:
        """Start no further user, and tell nobody of the end."""


class OpenInjector:
    """The arrivals of one open population (``Injector``)."""

    def __init__(
        self,
        crowd: Crowd,
        arrivals: Iterator[tuple[int, int]],
        length_ns: int,
        loop: UserThread,
        now_ns: Callable[[], int],
    ) -> None:
        """``arrivals`` gives, in order, the offset (ns) and the id of each user.

        The population is over no earlier than ``length_ns`` after its start.
        """
        self._crowd = crowd
        self._arrivals = arrivals
        self._length_ns = length_ns
        self._loop = loop
        self._now_ns = now_ns
        self._start_ns = 0
        self._over: Callable[[int], None] | None = None
        self._stopped = False
        self.active = False

    def start(self, start_ns: int, over: Callable[[int], None]) -> None:
        """Begin at ``start_ns``."""
        if self._stopped:
            return
        self.active = True
        self._start_ns = start_ns
        self._over = over
        self._arm(next(self._arrivals, None))

    def _arm(self, arrival: tuple[int, int] | None) -> None:
        if arrival is None:
            self._loop.at(self._start_ns + self._length_ns, self._close)
        else:
            self._loop.at(self._start_ns + arrival[0], self._fire, *arrival)

    def _fire(self, offset_ns: int, user_id: int) -> None:
        elapsed_ns = self._now_ns() - self._start_ns
        arrival: tuple[int, int] | None = (offset_ns, user_id)
        for _ in range(MOST_AT_ONCE):
            if self._stopped:
                return
            if arrival is None or arrival[0] > elapsed_ns:
                break
            offset_ns, user_id = arrival
            self._crowd.let_in(user_id, self._start_ns + offset_ns)
            arrival = next(self._arrivals, None)
        self._arm(arrival)

    def _close(self) -> None:
        if self._over is not None and not self._stopped:
            self.active = False
            self._crowd.close(self._start_ns + self._length_ns, self._over)

    def stop(self) -> None:
        """Start no further user, and tell nobody of the end."""
        self._stopped = True
        self.active = False
