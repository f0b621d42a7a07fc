"""Mailboxes and flags between simulated threads."""

from collections import deque
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from gatlingpy.testing.clock import ManualClock

T = TypeVar("T")


class Waiting(Protocol):
    """The simulated threads, as far as something that waits needs them."""

    @property
    def clock(self) -> ManualClock:
        """The simulated clock."""

    @property
    def interrupts_ns(self) -> deque[int]:
        """When Ctrl-C comes, in order."""

    def wait_for(
        self, ready: Callable[[], bool], until_ns: int | None, not_before_ns: int = 0
    ) -> None:
        """Let others go on until this is ready or the time has come."""


class SimulatedMailbox(Generic[T]):
    """A mailbox between simulated threads."""

    def __init__(self, threads: Waiting, tick_ns: int) -> None:
        """``tick_ns`` is the least time between two takes."""
        self._threads = threads
        self._tick_ns = tick_ns
        self._earliest_ns = 0
        self._items: deque[T] = deque()
        self._woken = False

    def put(self, item: T) -> None:
        """Leave an item."""
        self._items.append(item)

    def wake(self) -> None:
        """Have a waiting ``take`` return."""
        self._woken = True

    def take(self, until_ns: int | None) -> list[T]:
        """Wait for items, at most until the clock reads ``until_ns``, and take all there are."""
        self._threads.wait_for(self._is_ready, until_ns, self._earliest_ns)
        self._woken = False
        self._earliest_ns = self._threads.clock.now_ns() + self._tick_ns
        return self.take_now()

    def take_now(self) -> list[T]:
        """Take all there are without waiting."""
        items = list(self._items)
        self._items.clear()
        return items

    def _is_ready(self) -> bool:
        return bool(self._items) or self._woken

    def __len__(self) -> int:
        return len(self._items)


class SimulatedFlag:
    """A flag whose waiter lets the workers play, and may be interrupted."""

    def __init__(self, threads: Waiting) -> None:
        """It is not set."""
        self._threads = threads
        self._given = False

    def set(self) -> None:
        """Let whoever waits go on."""
        self._given = True

    def wait(self, timeout: float) -> bool:
        """Wait so many seconds at most; tells whether it is set.  Raises KeyboardInterrupt."""
        threads = self._threads
        until_ns = threads.clock.now_ns() + round(timeout * 1e9)
        interrupts = threads.interrupts_ns
        if interrupts:
            until_ns = min(until_ns, max(interrupts[0], threads.clock.now_ns()))
        threads.wait_for(lambda: self._given, until_ns)
        if interrupts and interrupts[0] <= threads.clock.now_ns() and not self._given:
            interrupts.popleft()
            raise KeyboardInterrupt
        return self._given
