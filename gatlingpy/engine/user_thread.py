"""The user thread: one loop that drains its mailbox, fires due timers and advances users.

Guarantees:
  * User code, sessions, matching and endings are on this thread alone, so they need no locks.
  * In each turn what was posted is handled before timers fire.
  * Timers set for now fire in the next turn.
"""

import heapq
from collections import deque
from collections.abc import Callable
from typing import Final, TypeAlias

from gatlingpy.clock import Clock
from gatlingpy.mailbox import Mailbox

TICK_NS: Final = 1_000_000
"""A busy loop turns at most this often: a turn for each event would cost more than the event."""
_MOST_READY: Final = 500
"""How many users are advanced before the mailbox is looked at again."""


Call: TypeAlias = tuple[Callable[..., None], tuple[object, ...]]
"""A function and what to call it with."""


class UserThread:
    """The loop, without its thread: ``step`` is one turn."""

    def __init__(self, clock: Clock, mailbox: Mailbox[Call]) -> None:
        """``mailbox`` brings calls from other threads."""
        self._now_ns = clock.now_ns
        self._mailbox = mailbox
        self._timers: list[tuple[int, int, Callable[..., None], tuple[object, ...]]] = []
        self._sequence = 0
        self._ready: deque[Call] = deque()

    def post(self, call: Callable[..., None], *args: object) -> None:
        """Have ``call(*args)`` run on this thread.  Thread: any."""
        self._mailbox.put((call, args))

    def at(self, due_ns: int, call: Callable[..., None], *args: object) -> None:
        """Have ``call(*args)`` run when the clock reaches ``due_ns``.  Thread: this one."""
        self._sequence += 1
        heapq.heappush(self._timers, (due_ns, self._sequence, call, args))

    def wake(self) -> None:
        """Have a waiting ``step`` return.  Thread: any."""
        self._mailbox.wake()

    def soon(self, call: Callable[..., None], *args: object) -> None:
        """Have ``call(*args)`` run before the loop waits again.  Thread: this one."""
        self._ready.append((call, args))

    def step(self) -> None:
        """Take one turn of the loop; waits if there is nothing to do."""
        posted = self._mailbox.take_now() if self._ready else self._mailbox.take(self.next_due_ns())
        for call, args in posted:
            call(*args)
        self._fire(self._now_ns())
        self._advance()

    def next_due_ns(self) -> int | None:
        """Return when the next timer is due, or ``None`` if there is none."""
        return self._timers[0][0] if self._timers else None

    def cancel(self, call: Callable[..., None]) -> list[tuple[object, ...]]:
        """Drop every timer that would make this call, and return what it would be given.

        Timers that are firing in this turn are not dropped any more.
        Thread: this one.
        """
        dropped = [args for _, _, timed, args in self._timers if timed == call]
        if dropped:
            self._timers = [timer for timer in self._timers if timer[2] != call]
            heapq.heapify(self._timers)
        return dropped

    def is_idle(self) -> bool:
        """Tell whether nothing but timers is left to do."""
        return not self._ready and not len(self._mailbox)

    def _fire(self, now_ns: int) -> None:
        # First those that are due, then their calls: what a call sets for now has to wait for the
        # next turn, or a user whose loop never waits would hold the thread for good.
        timers, due = self._timers, []
        while timers and timers[0][0] <= now_ns:
            due.append(heapq.heappop(timers))
        for _, _, call, args in due:
            call(*args)

    def _advance(self) -> None:
        ready = self._ready
        for _ in range(min(len(ready), _MOST_READY)):
            call, args = ready.popleft()
            call(*args)
