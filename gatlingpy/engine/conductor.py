"""The course of a run on the user thread: inject, wait, drain, end.

    INJECTING ──populations over─▶ DRAINING ──nothing in flight, or all due times passed──▶ OVER
        │  a reason to stop            │  second Ctrl-C, crash, lost measurement               ▲
        └──────────────────────────────┴───────────────────────────────────────────────────────┘

After a stop no step begins; requests in flight may still be answered until the latest is due.
"""

from collections.abc import Sequence
from enum import Enum, auto
from typing import Final, Protocol

from gatlingpy.engine.engine import Engine
from gatlingpy.engine.populations import Populations
from gatlingpy.engine.stop import COMPLETED, StopKind, StopReason
from gatlingpy.engine.time_limit import TimeLimit
from gatlingpy.engine.user_thread import UserThread
from gatlingpy.engine.users import Users
from gatlingpy.mailbox import Flag
from gatlingpy.spi import ProtocolRuntime

_PERIOD_NS: Final = 20_000_000
_LATE_NS: Final = 100_000_000
"""How long after the last due time the timeouts have surely fired."""


class Phase(Enum):
    """Where a run is."""

    INJECTING = auto()
    DRAINING = auto()
    OVER = auto()


class Gate(Protocol):
    """Something that can hold requests back.  Thread: the user thread."""

    def start(self, start_ns: int) -> None:
        """Hear when the run began; no request comes before."""

    def stop(self) -> None:
        """Perform nothing any more: wake the users of requests that are held back."""


class Conductor:
    """Leads a run from its first arrival to its last ending.  Thread: user, but for ``over``."""

    def __init__(
        self,
        engine: Engine,
        loop: UserThread,
        users: Users,
        runtimes: Sequence[ProtocolRuntime],
        limit: TimeLimit | None,
        over: Flag,
        gates: Sequence[Gate] = (),
    ) -> None:
        """Nothing happens before ``begin``; ``over`` is given when every request has ended."""
        self._engine = engine
        self._loop = loop
        self._users = users
        self._runtimes = runtimes
        self._limit = limit
        self._gates = gates
        self._populations = Populations(())
        self._phase = Phase.INJECTING
        self.over = over
        engine.on_stop = self._on_stop

    def begin(self, populations: Populations) -> None:
        """Start these populations now."""
        start_ns = self._engine.now_ns()
        self._populations = populations
        if self._limit is not None:
            self._loop.at(start_ns + self._limit.length_ns, self._reached, self._limit)
        for gate in self._gates:
            gate.start(start_ns)
        populations.start(start_ns)
        self._supervise()

    def _reached(self, limit: TimeLimit) -> None:
        if self._phase is Phase.INJECTING:
            self._engine.stop(limit.reason)

    def _supervise(self) -> None:
        if self._phase is Phase.INJECTING and self._all_users_ended():
            self._engine.latch.trip(COMPLETED)
            self._phase = Phase.DRAINING
        elif self._phase is Phase.INJECTING and self._nobody_can_go_on():
            missing = "; ".join(self._users.shortages())
            message = f"all users wait for others, and nobody else will come: {missing}"
            self._engine.stop(StopReason(StopKind.STUCK, message))
        if self._phase is Phase.DRAINING and self._all_requests_ended():
            self._finish()
        if self._phase is not Phase.OVER:
            self._loop.at(self._engine.now_ns() + _PERIOD_NS, self._supervise)

    def _all_users_ended(self) -> bool:
        return self._users.alive == 0 and self._populations.over

    def _nobody_can_go_on(self) -> bool:
        waiting = self._users.waiting
        return 0 < waiting == self._users.alive and not self._populations.active

    def _all_requests_ended(self) -> bool:
        if sum(runtime.in_flight() for runtime in self._runtimes) == 0:
            return self._users.alive == 0
        due_ns = max((runtime.latest_due_ns() for runtime in self._runtimes), default=0)
        return self._engine.now_ns() > due_ns + _LATE_NS

    def _on_stop(self) -> None:
        reason = self._engine.latch.reason
        if self._phase is Phase.INJECTING:
            self._phase = Phase.DRAINING
            self._populations.stop()
            self._users.stop()
            self._hold_back()
        if reason is not None and reason.kind.at_once:
            self._finish()

    def abandon(self) -> None:
        """End the run without waiting for the replies still due."""
        self._on_stop()
        self._finish()

    def _finish(self) -> None:
        if self._phase is not Phase.OVER:
            self._phase = Phase.OVER
            for runtime in self._runtimes:
                runtime.end_all()
            self._users.stop()
            self._hold_back()
            self.over.set()

    def _hold_back(self) -> None:
        """Let no request begin that waits to begin, be it at a gate or in its protocol."""
        for gate in self._gates:
            gate.stop()
        for runtime in self._runtimes:
            runtime.stop()
