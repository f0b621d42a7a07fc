"""The one timer that notices requests past their deadline."""

import sys
from collections.abc import Callable
from typing import Final

from gatlingpy.spi import Services
from gatlingpy.tracking.deadlines import Deadlines

GRACE_NS: Final = 5_000_000
"""How long after its deadline a request waits for word of a reply that was received before it."""

NOTHING_UNREAD: Final = sys.maxsize
"""No reply waits to be read."""
_NEVER: Final = sys.maxsize
_AGAIN_NS: Final = 10_000_000
"""How soon the alarm looks again at requests whose replies may be among those not read yet."""


class Alarm:
    """Rings when a request has been due for the grace, the earliest first.  Thread: user."""

    __slots__ = ("_deadlines", "_expire", "_services", "_unread_since_ns", "armed_ns")

    def __init__(
        self,
        services: Services,
        deadlines: Deadlines,
        expire: Callable[[int], None],
        unread_since_ns: Callable[[], int],
    ) -> None:
        """``expire`` is told up to which deadline (ns) requests have waited long enough.

        ``unread_since_ns`` is as for ``Tracker``.
        """
        self._services = services
        self._deadlines = deadlines
        self._expire = expire
        self._unread_since_ns = unread_since_ns
        self.armed_ns = _NEVER
        """The deadline that the timer is set for; whoever has an earlier one must ``arm`` it."""

    def arm(self, due_ns: int, earliest_ns: int = 0) -> None:
        """Set the timer for this deadline, but not before ``earliest_ns``."""
        self.armed_ns = due_ns
        self._services.at(max(due_ns + GRACE_NS, earliest_ns), self._ring, due_ns)

    def _ring(self, armed_ns: int) -> None:
        if armed_ns != self.armed_ns:
            return  # a request with an earlier deadline has set the timer since
        self.armed_ns = _NEVER
        now = self._services.clock.now_ns()
        # What was received, but cannot be read yet, may be the reply to any that was due later.
        self._expire(min(now - GRACE_NS, self._unread_since_ns() - 1))
        due_ns = self._deadlines.next_due_ns()
        if due_ns is not None and due_ns < self.armed_ns:
            self.arm(due_ns, now + _AGAIN_NS if due_ns <= now - GRACE_NS else 0)
