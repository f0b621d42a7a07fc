"""A bound on what a closed population has in flight, where its users do not wait for replies.

A closed population slows down with the system it measures because its users wait.  Those that go on
before the reply has come would ask ever faster than it answers; so from some number on the next
request waits until one in flight has ended.
"""

from collections import deque
from collections.abc import Callable
from typing import TypeAlias

from gatlingpy.session import Session
from gatlingpy.spi import Perform, Resume, Settled

_Held: TypeAlias = tuple[Perform, Session, int, Resume]
"""A request that waits, and how to perform it."""


class FlightBound:
    """At most so many requests of one population in flight (``conductor.Gate``).  Thread: user.

    No more wait here than the population has users.
    """

    def __init__(self, most: int, now_ns: Callable[[], int]) -> None:
        """Nothing is in flight."""
        self._most = most
        self._now_ns = now_ns
        self._in_flight = 0
        self._held: deque[_Held] = deque()
        self._letting = False
        self._stopped = False

    def bounded(self, bind: Callable[[Settled], Perform]) -> Perform:
        """Return a way to perform a request that waits for its place.

        ``bind`` is given what must be called when a request has ended.
        """
        perform = bind(self._settled)

        def held(session: Session, intended_ns: int, resume: Resume) -> None:
            if self._stopped:
                resume(session, self._now_ns())
                return
            self._held.append((perform, session, intended_ns, resume))
            self._let_through()

        return held

    def _settled(self) -> None:
        self._in_flight -= 1
        self._let_through()

    def _let_through(self) -> None:
        if self._letting:
            return  # what was let through has ended at once, or its user asks again
        self._letting = True
        while self._held and self._in_flight < self._most:
            perform, session, intended_ns, resume = self._held.popleft()
            self._in_flight += 1
            perform(session, intended_ns, resume)
        self._letting = False

    def start(self, start_ns: int) -> None:
        """Do nothing: it counts from the first request."""

    def stop(self) -> None:
        """Let nothing through any more, and wake the users of what waits: they are to end."""
        self._stopped = True
        now = self._now_ns()
        while self._held:
            _, session, _, resume = self._held.popleft()
            resume(session, now)
