"""What a simulation wants of the dummy protocol, frozen."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gatlingpy.plan.code import CodeRef, Const, Expr
from gatlingpy.plan.steps import ProtocolPlan, RequestPlan, show_expression

KIND: Final = "dummy"
AT_ONCE: Final = Const(0.0)
YES: Final = Const(True)


@dataclass(frozen=True, slots=True, kw_only=True)
class DummyProtocol(ProtocolPlan):
    """Requests that are answered without a network: nothing is to be set up."""

    @property
    def kind(self) -> str:
        """``dummy``."""
        return KIND

    def describe(self) -> str:
        """Return the line that stands for it in a printed plan."""
        return "dummy     no network"


@dataclass(frozen=True, slots=True, kw_only=True)
class DummyRequest(RequestPlan):
    """A response that comes after ``response_time`` seconds, be it good or bad.

    ``session_update`` is applied first: the two others see its session.
    """

    response_time: Expr = AT_ONCE
    success: Expr = YES
    session_update: CodeRef | None = None

    @property
    def kind(self) -> str:
        """``dummy``."""
        return KIND

    def problems(self) -> Iterator[str]:
        """Yield what would keep this request from being answered."""
        match self.response_time:
            case Const(bool()):
                yield _refusal(self.label, self.response_time.value)
            case Const(int() | float() as seconds) if 0 <= seconds < math.inf:
                return
            case Const(value):
                yield _refusal(self.label, value)

    def describe(self) -> tuple[str, ...]:
        """Return the lines for a printed plan."""
        details = []
        if self.success != YES:
            details.append(f"success  {show_expression(self.success)}")
        if self.session_update is not None:
            details.append(f"update   {show_expression(self.session_update)}")
        return (f"dummy  {self.label}   takes {_time_text(self.response_time)}", *details)


def _refusal(label: str, got: object) -> str:
    return f"{label!r}: a dummy takes seconds, 0 or more, got {got!r}"


def _time_text(expr: Expr) -> str:
    match expr:
        case Const(float() as seconds):
            return f"{seconds * 1000:g} ms"
    return show_expression(expr)


PLAN_TYPES: Final[tuple[type, ...]] = (DummyProtocol, DummyRequest)
