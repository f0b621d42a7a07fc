"""When each pending request is due: one queue for each length of timeout.

Requests of the same timeout fall due in the order they started, so a queue needs no heap.  An
answered request stays in its queue as a husk until it reaches the front or until the husks
outnumber the living, and the queue is swept: memory follows what waits, not rate x timeout.
"""

from collections import deque
from collections.abc import Callable, Iterator
from typing import Final

from gatlingpy.tracking.pending import Pending

_SWEEP_ABOVE: Final = 1_024


class Deadlines:
    """The due times of all pendings.  Thread: one."""

    def __init__(self, is_waiting: Callable[[Pending], bool]) -> None:
        """``is_waiting`` tells whether a pending has not ended."""
        self._is_waiting = is_waiting
        self._queues: dict[int, deque[Pending]] = {}
        self._sweep_at: dict[int, int] = {}

    def add(self, pending: Pending) -> None:
        """Watch a pending; its start must not be before that of an earlier one."""
        timeout_ns = pending.terms.timeout_ns
        queue = self._queues.get(timeout_ns)
        if queue is None:
            queue = self._queues[timeout_ns] = deque()
            self._sweep_at[timeout_ns] = _SWEEP_ABOVE
        queue.append(pending)
        if len(queue) > self._sweep_at[timeout_ns]:
            self._sweep(timeout_ns)

    def _sweep(self, timeout_ns: int) -> None:
        living = deque([p for p in self._queues[timeout_ns] if self._is_waiting(p)])
        self._queues[timeout_ns] = living
        self._sweep_at[timeout_ns] = max(_SWEEP_ABOVE, 2 * len(living))

    def due(self, now_ns: int) -> Iterator[Pending]:
        """Yield and forget the living pendings that are due, the oldest of each queue first."""
        for queue in self._queues.values():
            while queue:
                if self._is_waiting(queue[0]):
                    if queue[0].due_ns > now_ns:
                        break
                    yield queue.popleft()
                else:
                    queue.popleft()

    def next_due_ns(self) -> int | None:
        """Return when the next living pending is due, or ``None`` if there is none."""
        fronts = []
        for queue in self._queues.values():
            while queue and not self._is_waiting(queue[0]):
                queue.popleft()
            if queue:
                fronts.append(queue[0].due_ns)
        return min(fronts, default=None)

    def latest_due_ns(self) -> int:
        """Return when the last of those watched is due, or 0; husks count as well."""
        return max((queue[-1].due_ns for queue in self._queues.values() if queue), default=0)
