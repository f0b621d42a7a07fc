"""Keeps as many users going as their population's closed profile says.

Once a second the profile tells how many there shall be at the end of the coming second; those who
are missing start in the course of it.  In between, whoever ends is replaced at once, unless there
are enough; a user that took no time at all is replaced a millisecond later.  Nobody is stopped when
there are too many.
"""

from collections import deque
from collections.abc import Callable, Iterator

from gatlingpy.engine.crowd import Crowd
from gatlingpy.engine.injector import MOST_AT_ONCE
from gatlingpy.engine.user_thread import TICK_NS, UserThread
from gatlingpy.load.arrivals import arrivals
from gatlingpy.plan.injection import SECOND_NS, OpenInjection, RampUsers


class ClosedInjector:
    """The users of one closed population (``Injector``)."""

    def __init__(
        self,
        crowd: Crowd,
        target: Callable[[int], int | None],
        length_ns: int,
        user_ids: Iterator[int],
        loop: UserThread,
        now_ns: Callable[[], int],
    ) -> None:
        """``target`` tells how many users there shall be after each tick, from 0.

        After ``length_ns`` nobody starts any more.
        """
        self._crowd = crowd
        self._target_at = target
        self._length_ns = length_ns
        self._user_ids = user_ids
        self._loop = loop
        self._now_ns = now_ns
        self._start_ns = self._end_ns = 0
        self._over: Callable[[int], None] | None = None
        self._target = 0
        self._planned: deque[int] = deque()
        """When those who are missing shall start, in order."""
        self._replacing = 0
        """Those who have ended and whose successor starts in this turn of the loop."""
        self._began_ns: dict[int, int] = {}
        self._stopped = False
        self.active = False
        crowd.on_end = self._ended

    def start(self, start_ns: int, over: Callable[[int], None]) -> None:
        """Begin at ``start_ns``."""
        if self._stopped:
            return
        self.active = True
        self._start_ns = start_ns
        self._end_ns = start_ns + self._length_ns
        self._over = over
        self._loop.at(self._end_ns, self._close)
        self._tick(0)

    def _missing(self) -> int:
        return self._target - self._crowd.alive - len(self._planned) - self._replacing

    def _tick(self, tick: int) -> None:
        target = self._target_at(tick) if self.active else None
        if target is None:
            return
        self._target = target
        missing = self._missing()
        tick_ns = self._start_ns + tick * SECOND_NS
        if missing > 0:
            self._plan(missing, tick_ns)
        for _ in range(min(-missing, len(self._planned))):
            self._planned.pop()
        self._loop.at(tick_ns + SECOND_NS, self._tick, tick + 1)

    def _plan(self, missing: int, tick_ns: int) -> None:
        """Spread the start of users over the second that begins, or what is left of the profile."""
        length_ns = min(SECOND_NS, self._end_ns - tick_ns)
        armed = bool(self._planned)
        within = arrivals(OpenInjection((RampUsers(missing, length_ns),)))
        self._planned.extend(tick_ns + offset_ns for offset_ns in within)
        if not armed:
            self._loop.at(self._planned[0], self._fire)

    def _fire(self) -> None:
        now = self._now_ns()
        planned = self._planned
        for _ in range(MOST_AT_ONCE):
            if not planned or planned[0] > now:
                break
            self._let_in(planned.popleft())
        if planned:
            self._loop.at(planned[0], self._fire)

    def _let_in(self, intended_ns: int) -> None:
        user_id = next(self._user_ids)
        self._began_ns[user_id] = intended_ns
        self._crowd.let_in(user_id, intended_ns)

    def _ended(self, user_id: int, due_ns: int) -> None:
        took_time = self._began_ns.pop(user_id) != due_ns
        if self._missing() <= 0:
            return
        self._replacing += 1
        if took_time:
            self._loop.soon(self._replace, due_ns)
        else:
            # Users that wait for nothing would follow each other without end at one moment.
            self._loop.at(self._now_ns() + TICK_NS, self._replace_now)

    def _replace_now(self) -> None:
        self._replace(self._now_ns())

    def _replace(self, due_ns: int) -> None:
        self._replacing -= 1
        if self._missing() > 0:
            self._let_in(due_ns)

    def _close(self) -> None:
        if self._over is not None and self.active:
            self._want_nobody()
            self._crowd.close(self._end_ns, self._over)

    def stop(self) -> None:
        """Start no further user, and tell nobody of the end."""
        self._stopped = True
        self._want_nobody()

    def _want_nobody(self) -> None:
        self.active = False
        self._target = 0
        self._planned.clear()
