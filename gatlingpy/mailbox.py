"""Threads and the mailboxes they read: the only file that makes threads.

Guarantees:
  * What is put is taken once, in the order of putting as each putter saw it.
  * A reader that sleeps is woken at once; one that is busy takes whole batches, at most one batch
    a tick.  Waking a thread for each message costs more than handling it.
  * A worker is named, joined by ``close``, and never a daemon; a crash is reported, not lost.
    The one thread that may be left behind is that of ``within``, where a library never returns.

Assumes one reader for each mailbox, and the GIL for the marked lines.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


class Mailbox(Protocol[T]):
    """Many threads put, one takes."""

    def put(self, item: T) -> None:
        """Leave an item; never blocks.  Thread: any."""

    def take(self, until_ns: int | None) -> list[T]:
        """Wait for items, at most until the clock reads ``until_ns``, and take all there are.

        The list is empty if the time came first, or if ``wake`` was called.  Thread: the reader.
        """

    def take_now(self) -> list[T]:
        """Take all there are without waiting, be it none.  Thread: the reader."""

    def wake(self) -> None:
        """Have a waiting ``take`` return.  Thread: any."""

    def __len__(self) -> int:
        """Return how many items wait."""


class ThreadMailbox(Generic[T]):
    """A mailbox between real threads."""

    def __init__(self, tick_ns: int) -> None:
        """``tick_ns`` is the least time between two takes: how long a busy reader gathers."""
        self._items: deque[T] = deque()
        self._tick_ns = tick_ns
        self._earliest_ns = 0
        self._asleep = False
        self._signal = threading.Lock()
        self._signal.acquire()

    def put(self, item: T) -> None:
        """Leave an item and wake the reader if it sleeps."""
        self._items.append(item)  # GIL: atomic
        if self._asleep:
            self.wake()

    def wake(self) -> None:
        """Have a waiting ``take`` return."""
        self._asleep = False
        try:
            self._signal.release()
        except RuntimeError:
            # Another putter has released it in the same instant: the reader is awake already.
            return

    def take(self, until_ns: int | None) -> list[T]:
        """Take all items, after a tick if the last take was a moment ago."""
        now = time.monotonic_ns()
        if now < self._earliest_ns:
            time.sleep((self._earliest_ns - now) / 1e9)
        if not self._items:
            self._sleep(until_ns)
        self._earliest_ns = time.monotonic_ns() + self._tick_ns
        return self.take_now()

    def take_now(self) -> list[T]:
        """Take all there are without waiting."""
        items = self._items
        return [items.popleft() for _ in range(len(items))]

    def _sleep(self, until_ns: int | None) -> None:
        self._signal.acquire(blocking=False)  # what a late release left behind
        self._asleep = True
        # GIL: a putter appends before it reads the flag, and we read the items after raising it,
        # so an item is either seen here or its putter sees the flag.
        if not self._items:
            timeout = -1.0 if until_ns is None else (until_ns - time.monotonic_ns()) / 1e9
            if until_ns is None or timeout > 0:
                self._signal.acquire(timeout=timeout)
        self._asleep = False

    def __len__(self) -> int:
        return len(self._items)


class Worker(Protocol):
    """Something that repeats a step until it is closed."""

    def close(self) -> None:
        """Have the step end, and wait for it.  Idempotent.  Thread: not the worker's own."""


class ThreadWorker:
    """A named thread that repeats a step until it is closed."""

    def __init__(
        self,
        name: str,
        step: Callable[[], None],
        *,
        wake: Callable[[], None] | None = None,
        crashed: Callable[[BaseException], None],
    ) -> None:
        """Start the thread.

        ``step`` must return now and then, or when ``wake`` is called; ``crashed`` is told, on the
        worker's thread, what ended it if that was an exception.
        """
        self._step = step
        self._wake = wake
        self._crashed = crashed
        self._closing = False
        self._thread = threading.Thread(target=self._run, name=name)
        self._thread.start()

    def _run(self) -> None:
        try:
            while not self._closing:
                self._step()
        except BaseException as error:  # noqa: BLE001 - the top of a thread
            self._crashed(error)

    def close(self) -> None:
        """End the thread after its current step and join it."""
        self._closing = True
        while self._thread.is_alive():
            if self._wake is not None:
                self._wake()
            self._thread.join(0.05)


def within(limit_s: float, name: str, call: Callable[[], T]) -> T:
    """Have a call made that may never return, and return what it gives.

    Raises TimeoutError after so many seconds, and leaves the call to itself: on a thread of its
    own, called ``name``, which is a daemon, since nothing can end it.
    """
    given: list[T] = []
    raised: list[BaseException] = []

    def make() -> None:
        try:
            given.append(call())
        except BaseException as error:  # noqa: BLE001 - the top of a thread
            raised.append(error)

    thread = threading.Thread(target=make, name=name, daemon=True)
    thread.start()
    thread.join(limit_s)
    if raised:
        raise raised[0]
    if not given:
        raise TimeoutError(f"no answer within {limit_s:g} s")
    return given[0]


class Nap:
    """A sleep that another thread can cut short, once and for all."""

    def __init__(self) -> None:
        """Nobody sleeps yet."""
        self._cut = threading.Event()

    def take(self, length_ns: int) -> bool:
        """Sleep for so long, or until ``cut``; tells whether it was cut."""
        return self._cut.wait(length_ns / 1e9)

    def cut(self) -> None:
        """End the sleep, and every later one at once.  Thread: any."""
        self._cut.set()


class Flag(Protocol):
    """A yes that, once given, stays."""

    def set(self) -> None:
        """Give it.  Thread: any."""

    def wait(self, timeout: float) -> bool:
        """Wait for it, at most so many seconds, and tell whether it was given.  Thread: any."""


class Pool(Protocol):
    """Threads for calls that may block."""

    def submit(self, call: Callable[..., None], *args: object) -> None:
        """Have ``call(*args)`` run when a thread is free.  Thread: any."""

    def close(self) -> None:
        """Drop the calls that have not begun, and wait for those that have."""


class Threads(Protocol):
    """Where a run gets whatever waits or runs beside it; a simulation can take its place."""

    def mailbox(self, tick_ns: int) -> Mailbox[T]:
        """Return a new mailbox; a busy reader takes at most one batch a tick."""

    def spawn(
        self,
        name: str,
        step: Callable[[], None],
        wake: Callable[[], None] | None,
        crashed: Callable[[BaseException], None],
    ) -> Worker:
        """Start a worker, as ``ThreadWorker`` says."""

    def sleep(self, length_ns: int) -> None:
        """Hold the calling thread for so long."""

    def flag(self) -> Flag:
        """Return a new flag, not given yet."""

    def pool(self, most: int, name: str) -> Pool:
        """Return a new pool of at most so many threads."""


class ThreadPool:
    """A pool of real threads."""

    def __init__(self, most: int, name: str) -> None:
        """No thread is started before the first call."""
        self._executor = ThreadPoolExecutor(most, thread_name_prefix=name)

    def submit(self, call: Callable[..., None], *args: object) -> None:
        """Have ``call(*args)`` run when a thread is free."""
        self._executor.submit(call, *args)

    def close(self) -> None:
        """Drop the calls that have not begun, and wait for those that have."""
        self._executor.shutdown(cancel_futures=True)


class SystemThreads:
    """Real threads, and what goes between them (``Threads``)."""

    def mailbox(self, tick_ns: int) -> Mailbox[T]:
        """Return a new mailbox between real threads."""
        return ThreadMailbox(tick_ns)

    def spawn(
        self,
        name: str,
        step: Callable[[], None],
        wake: Callable[[], None] | None,
        crashed: Callable[[BaseException], None],
    ) -> Worker:
        """Start a named thread."""
        return ThreadWorker(name, step, wake=wake, crashed=crashed)

    def sleep(self, length_ns: int) -> None:
        """Hold the calling thread for so long."""
        time.sleep(length_ns / 1e9)

    def flag(self) -> Flag:
        """Return a new flag, not given yet."""
        return threading.Event()

    def pool(self, most: int, name: str) -> Pool:
        """Return a new pool of real threads."""
        return ThreadPool(most, name)
