"""When each pending request is due: one queue for each length of timeout.

Requests of the same timeout fall due in the order they started, so a queue needs no heap.  An
answered request stays in its queue as a husk until it reaches the front or until the husks
outnumber the living, and the queue is swept: memory follows what waits, not rate x timeout.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from typing import Final

from gatlingpy.tracking.pending import Pending

SWEEP_ABOVE: Final = 1_024
"""How many entries a queue may have before anybody looks for husks among them."""


class Deadlines:
    """The due times of all pendings.  Thread: one."""

    def __init__(self, is_waiting: Callable[[Pending], bool]) -> None:
        """``is_waiting`` tells whether a pending has not ended."""
        self._is_waiting = is_waiting
        self.queues: defaultdict[int, deque[Pending]] = defaultdict(deque)
        """The pendings by length of timeout (ns), the oldest first; appended to by ``open``."""

    def sweep(self, living: int) -> None:
        """Drop the husks of every queue that holds more of them than of the living."""
        for queue in self.queues.values():
            if len(queue) > max(SWEEP_ABOVE, 2 * living):
                kept = [pending for pending in queue if self._is_waiting(pending)]
                queue.clear()
                queue.extend(kept)

    def due(self, now_ns: int) -> Iterator[Pending]:
        """Yield and forget the living pendings that are due, the oldest of each queue first."""
        for queue in self.queues.values():
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
        for queue in self.queues.values():
            while queue and not self._is_waiting(queue[0]):
                queue.popleft()
            if queue:
                fronts.append(queue[0].due_ns)
        return min(fronts, default=None)

    def latest_due_ns(self) -> int:
        """Return when the last of those watched is due, or 0; husks count as well."""
        return max((queue[-1].due_ns for queue in self.queues.values() if queue), default=0)
