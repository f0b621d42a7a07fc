"""When a request began that began before it was sent, as the user says."""

from collections.abc import Callable
from typing import Final, TypeAlias

from gatlingpy.clock import Clock
from gatlingpy.errors import ExpressionError
from gatlingpy.plan.code import CodeTable, Expr
from gatlingpy.plan.expression import resolver
from gatlingpy.protocols.kafka.message_values import epoch_seconds
from gatlingpy.session import Session

BeganAt: TypeAlias = Callable[[Session], int]
"""Tells for one user when its request began (ns), now at the latest; raises ExpressionError."""

_AHEAD_NS: Final = 1_000_000_000
"""How far the wall clock may have run ahead of the run's own clock since the run began."""


def began_at(expr: Expr | None, code: CodeTable, clock: Clock) -> BeganAt | None:
    """Compile ``start_time(...)``; ``None`` for requests that begin when they are sent."""
    if expr is None:
        return None
    resolve, now_ns, offset_ns = resolver(expr, code), clock.now_ns, clock.epoch_offset_ns

    def began(session: Session) -> int:
        seconds = epoch_seconds(resolve(session), "start_time(...)")
        began_ns, now = round(seconds * 1e9) - offset_ns, now_ns()
        if began_ns > now + _AHEAD_NS:
            raise ExpressionError(
                f"start_time(...) is {(began_ns - now) / 1e9:.3g} s from now; give it a moment "
                "that has passed, as time.time() told it then"
            )
        return min(began_ns, now)

    return began
