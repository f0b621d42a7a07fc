"""Requests that wait for their second: no more than a limit's number of them start in each.

The seconds are counted from the start of the run.  Within one, request i of n is let through at
i / n of it, in whole milliseconds, or when it comes if that is later; what is left over waits for
the next second, first come, first served::

    limit 4, six requests at 0 ms       0   250   500   750  |  1000   1250  ms
                                        1    2     3     4   |    5      6

A request of a population with a limit of its own needs the leave of both.
"""

from collections import Counter, deque
from collections.abc import Callable
from typing import Final, TypeAlias

from gatlingpy.engine.user_thread import UserThread
from gatlingpy.errors import RunInvalid
from gatlingpy.load.rates import requests_allowed
from gatlingpy.plan.injection import SECOND_NS
from gatlingpy.plan.throttle import Throttle
from gatlingpy.session import Session
from gatlingpy.spi import Perform, Resume
from gatlingpy.stats.events import GAUGE, MARK, Event

SOURCE: Final = "injector"
"""What the gauge of the queue and the mark about its end are said to come from."""
_MS_NS: Final = 1_000_000
_MOST_AT_ONCE: Final = 1_000
"""Requests let through before others have their turn."""

Share: TypeAlias = Callable[[int, int], int]
"""How many of the next so many requests are for this process, and how many came before them."""
_Held: TypeAlias = tuple[int, Perform, Session, int, Resume]
"""A request that waits: its number in the order of arrival, and how to perform it."""


class _Limit:
    """What a throttle allows in the current second, and how much of it is used."""

    def __init__(self, throttle: Throttle, share: Share) -> None:
        self._throttle = throttle
        self._share = share
        self._second = 0
        self._before = 0
        """What all segments together were allowed in the seconds before that."""
        self.queue = throttle.queue
        self.allowed = 0
        self._used = 0

    def turn(self, second: int) -> None:
        """Begin a second, no earlier than the last; after the throttle's end nothing is allowed."""
        while self._second < second:
            self._before += requests_allowed(self._throttle, self._second) or 0
            self._second += 1
        self.allowed = self._share(requests_allowed(self._throttle, second) or 0, self._before)
        self._used = 0

    def next_ns(self) -> int | None:
        """Return when in the second the next request may start, or ``None``: not in this one."""
        if self._used >= self.allowed:
            return None
        return 1_000 * self._used // self.allowed * _MS_NS

    def use(self) -> None:
        self._used += 1


class _Lane:
    """Requests that are held back by the same limits, in the order in which they came."""

    def __init__(self, name: str, limits: tuple[_Limit, ...]) -> None:
        self.name = name
        self.limits = limits
        self.held: deque[_Held] = deque()

    def next_ns(self) -> int | None:
        """Return when in this second all limits let the next one through."""
        latest_ns = 0
        for limit in self.limits:
            next_ns = limit.next_ns()
            if next_ns is None:
                return None
            latest_ns = max(latest_ns, next_ns)
        return latest_ns


class Throttler:
    """The throttles of one run, on this process (``conductor.Gate``).  Thread: the user thread."""

    def __init__(
        self,
        throttle: Throttle | None,
        share: Share,
        loop: UserThread,
        now_ns: Callable[[], int],
        record: Callable[[Event], None],
        fatal: Callable[[BaseException], None],
    ) -> None:
        """``throttle`` is the whole run's, if it has one; ``share`` gives this process's part."""
        self._share = share
        self._loop = loop
        self._now_ns = now_ns
        self._record = record
        self._fatal = fatal
        self._whole = None if throttle is None else _Limit(throttle, share)
        self._limits: list[_Limit] = [] if self._whole is None else [self._whole]
        self._rest = _Lane("throttle queue", tuple(self._limits))
        self._lanes: list[_Lane] = [] if self._whole is None else [self._rest]
        self._start_ns = 0
        self._second = -1
        self._number = 0
        self._armed_ns: int | None = None
        self._letting = False
        self._full = False
        self._stopped = False

    def throttled(self, perform: Perform, scenario: str, own: Throttle | None) -> Perform:
        """Return a way to perform a request that waits for its second.

        ``own`` is its population's throttle.  Without that and one for the whole run the request
        is performed as it was.
        """
        lane = self._rest if own is None else self._own_lane(scenario, own)
        if not lane.limits:
            return perform

        def held(session: Session, intended_ns: int, resume: Resume) -> None:
            self._hold(lane, perform, session, intended_ns, resume)

        return held

    def _own_lane(self, scenario: str, throttle: Throttle) -> _Lane:
        name = f"throttle queue of {scenario}"
        lane = next((lane for lane in self._lanes if lane.name == name), None)
        if lane is None:
            limit = _Limit(throttle, self._share)
            self._limits.append(limit)
            lane = _Lane(name, (limit,) if self._whole is None else (limit, self._whole))
            self._lanes.append(lane)
        return lane

    def waiting(self) -> int:
        """Return how many requests are held back."""
        return sum(len(lane.held) for lane in self._lanes)

    def start(self, start_ns: int) -> None:
        """Count the seconds from here."""
        self._start_ns = start_ns
        if self._lanes:
            self._note(start_ns)

    def stop(self) -> None:
        """Let nothing through any more, and wake the users of what waits: they are to end."""
        if self._stopped:
            return
        self._stopped = True
        now = self._now_ns()
        left = self.waiting()
        if left:
            text = f"{left} requests still waited for the throttle, and were never sent"
            self._record((MARK, SOURCE, text, now))  # type: ignore[arg-type]
        for lane in self._lanes:
            while lane.held:
                _, _, session, _, resume = lane.held.popleft()
                resume(session, now)

    def _hold(
        self, lane: _Lane, perform: Perform, session: Session, intended_ns: int, resume: Resume
    ) -> None:
        if self._stopped:
            resume(session, self._now_ns())
            return
        self._number += 1
        lane.held.append((self._number, perform, session, intended_ns, resume))
        if len(lane.held) == 1:
            self._let_through()
        self._refuse_too_many(lane)

    def _refuse_too_many(self, lane: _Lane) -> None:
        for limit in lane.limits:
            waiting = self.waiting() if limit is self._whole else len(lane.held)
            if waiting > limit.queue and not self._full:
                self._full = True
                self._fatal(RunInvalid(self._refusal(waiting, limit)))

    def _refusal(self, waiting: int, limit: _Limit) -> str:
        names = Counter(held[2].scenario for lane in self._lanes for held in lane.held)
        shares = ", ".join(f"{count} of {name!r}" for name, count in names.most_common())
        return (
            f"the throttle's queue is full: {waiting} requests wait ({shares}), and "
            f"{limit.allowed} may start in this second; let fewer users arrive, allow more "
            f"requests a second, or more to wait: throttle(..., queue={2 * limit.queue})"
        )

    # --- letting through -------------------------------------------------------------------------

    def _let_through(self) -> None:
        if self._letting:
            return  # a request that was let through has woken its user, who asks again
        self._letting = True
        for _ in range(_MOST_AT_ONCE):
            lane = self._next_lane()
            if lane is None:
                break
            for limit in lane.limits:
                limit.use()
            _, perform, session, intended_ns, resume = lane.held.popleft()
            perform(session, intended_ns, resume)
        self._letting = False
        self._arm()

    def _next_lane(self) -> _Lane | None:
        """Return the lane whose first request is the oldest of those that may start now."""
        within_ns = self._turn()
        best: _Lane | None = None
        for lane in self._lanes:
            if lane.held and (best is None or lane.held[0] < best.held[0]):
                next_ns = lane.next_ns()
                if next_ns is not None and next_ns <= within_ns:
                    best = lane
        return best

    def _turn(self) -> int:
        """Begin a new second if there is one, and return how far (ns) we are in it."""
        second, within_ns = divmod(self._now_ns() - self._start_ns, SECOND_NS)
        if second != self._second:
            self._second = second
            for limit in self._limits:
                limit.turn(second)
        return within_ns

    def _arm(self) -> None:
        """Set the timer for the next moment at which something may be let through."""
        moments = [self._moment(lane) for lane in self._lanes if lane.held]
        due_ns = min(moments, default=None)
        if due_ns is not None and (self._armed_ns is None or due_ns < self._armed_ns):
            self._armed_ns = due_ns
            self._loop.at(due_ns, self._on_timer, due_ns)

    def _moment(self, lane: _Lane) -> int:
        next_ns = lane.next_ns()
        within_ns = SECOND_NS if next_ns is None else next_ns
        return self._start_ns + self._second * SECOND_NS + within_ns

    def _on_timer(self, due_ns: int) -> None:
        if due_ns == self._armed_ns:
            self._armed_ns = None
            self._let_through()

    def _note(self, at_ns: int) -> None:
        """Record how many wait, once a second."""
        if self._stopped:
            return
        now = self._now_ns()
        for lane in self._lanes:
            self._record((GAUGE, SOURCE, lane.name, now, float(len(lane.held))))  # type: ignore[arg-type]
        self._loop.at(at_ns + SECOND_NS, self._note, at_ns + SECOND_NS)
