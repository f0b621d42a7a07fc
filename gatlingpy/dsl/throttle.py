"""Throttles as users write them, in Gatling's words: an upper limit on requests per second.

``reach_rps(100).in_(10), hold_for(60), jump_to_rps(50), hold_for(60)``; it begins at 0.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias, overload

from gatlingpy.dsl.duration import Duration
from gatlingpy.dsl.quantities import Unfinished, duration_in_ns
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.injection import SECOND_NS
from gatlingpy.plan.throttle import (
    DEFAULT_QUEUE,
    HoldFor,
    JumpToRps,
    ReachRps,
    Throttle,
    ThrottleStep,
)

FinishedThrottleStep: TypeAlias = ThrottleStep
"""What ``throttle`` takes."""

_STEPS: Final = "steps such as reach_rps(100).in_(10), hold_for(60) or jump_to_rps(50)"


@dataclass(frozen=True, slots=True)
class ReachRpsBuilder(Unfinished):
    """A limit to go to that still wants a duration."""

    wants = "has no duration; add .in_(seconds)"
    rps: int

    def in_(self, duration: Duration) -> ReachRps:
        """Go there in a straight line in so long: whole seconds."""
        return ReachRps(self.rps, _whole_seconds(duration, f"{self}.in_(...)"))

    def during(self, duration: Duration) -> ReachRps:
        """Go there in so long: the same as ``in_``."""
        return ReachRps(self.rps, _whole_seconds(duration, f"{self}.during(...)"))

    def __str__(self) -> str:
        """Return what was written."""
        return f"reach_rps({self.rps})"


@overload
def reach_rps(rps: int) -> ReachRpsBuilder: ...
@overload
def reach_rps(rps: int, during: Duration) -> ReachRps: ...
def reach_rps(rps: int, during: Duration | None = None) -> ReachRpsBuilder | ReachRps:
    """Let the limit go in a straight line to ``rps`` requests per second."""
    builder = ReachRpsBuilder(_limit(rps, "reach_rps(...)"))
    return builder if during is None else builder.during(during)


def hold_for(duration: Duration) -> HoldFor:
    """Keep the limit where it is for so long: whole seconds."""
    return HoldFor(_whole_seconds(duration, "hold_for(...)"))


def jump_to_rps(rps: int) -> JumpToRps:
    """Let the limit be ``rps`` requests per second from here on; takes no time."""
    return JumpToRps(_limit(rps, "jump_to_rps(...)"))


def as_throttle(steps: tuple[object, ...], queue: object = DEFAULT_QUEUE) -> Throttle:
    """Return a throttle; raises UsageError, with the user's line, for what is no step of one."""
    if type(queue) is not int or queue < 1:
        raise UsageError(
            f"{user_line()}: the queue of throttle(...) must have room for a number of requests, "
            f"1 or more, got {queue!r}"
        )
    return Throttle(tuple(_as_step(step) for step in steps), queue)


def _as_step(value: object) -> ThrottleStep:
    match value:
        case ReachRps() | HoldFor() | JumpToRps():
            return value
        case Unfinished():
            raise UsageError(f"{user_line()}: {value} {value.wants}")
    raise UsageError(f"{user_line()}: throttle(...) takes {_STEPS}, got {value!r}")


def _limit(rps: object, what: str) -> int:
    if type(rps) is not int or rps < 0:
        raise UsageError(
            f"{user_line()}: {what} takes a whole number of requests per second, 0 or more, "
            f"got {rps!r}"
        )
    return rps


def _whole_seconds(duration: Duration, what: str) -> int:
    ns = duration_in_ns(duration, what)
    if ns == 0 or ns % SECOND_NS:
        raise UsageError(
            f"{user_line()}: {what} takes whole seconds, 1 or more, because a limit is one for a "
            f"second, got {duration!r}; to change the limit at once write jump_to_rps(n)"
        )
    return ns
