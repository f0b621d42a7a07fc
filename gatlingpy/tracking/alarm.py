"""The one timer that notices requests past their deadline."""

import sys
from collections.abc import Callable
from typing import Final

from gatlingpy.spi import Services
from gatlingpy.tracking.deadlines import Deadlines

GRACE_NS: Final = 5_000_000
"""How long after its deadline a request waits for word of a reply that was received before it."""

_NEVER: Final = sys.maxsize


class Alarm:
    """Rings when a request has been due for the grace, the earliest first.  Thread: user."""

    __slots__ = ("_deadlines", "_expire", "_services", "armed_ns")

    def __init__(
        self, services: Services, deadlines: Deadlines, expire: Callable[[int], None]
    ) -> None:
        """``expire`` is told up to which deadline (ns) requests have waited long enough."""
        self._services = services
        self._deadlines = deadlines
        self._expire = expire
        self.armed_ns = _NEVER
        """The deadline that the timer is set for; whoever has an earlier one must ``arm`` it."""

    def arm(self, due_ns: int) -> None:
        """Set the timer for this deadline."""
        self.armed_ns = due_ns
        self._services.at(due_ns + GRACE_NS, self._ring, due_ns)

    def _ring(self, armed_ns: int) -> None:
        if armed_ns != self.armed_ns:
            return  # a request with an earlier deadline has set the timer since
        self.armed_ns = _NEVER
        self._expire(self._services.clock.now_ns() - GRACE_NS)
        due_ns = self._deadlines.next_due_ns()
        if due_ns is not None and due_ns < self.armed_ns:
            self.arm(due_ns)
