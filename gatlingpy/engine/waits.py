"""Waiting: pauses of every type, paces, and meeting points."""

import math
from statistics import NormalDist
from typing import Final

from gatlingpy.engine.effects import Meet, Sleep
from gatlingpy.engine.nodes import PaceNode, PauseNode, RendezVousNode, Spread
from gatlingpy.engine.stage import Stage, Walk, failed
from gatlingpy.errors import ExpressionError
from gatlingpy.plan.duration import LONGEST_S
from gatlingpy.plan.expression import Resolver, seconds
from gatlingpy.plan.pauses import (
    ConstantPauses,
    CustomPauses,
    DisabledPauses,
    ExponentialPauses,
    NormalDurationPauses,
    NormalPercentagePauses,
    PauseType,
    UniformDurationPauses,
    UniformPercentagePauses,
)
from gatlingpy.session import Session

_NS: Final = 1_000_000_000
_SMALLEST: Final = 2.0**-54
"""Takes the place of a draw of 0, whose place in a normal distribution is minus infinity."""
_NORMAL: Final = NormalDist()


def pause(node: PauseNode, session: Session, due_ns: int, stage: Stage) -> Sleep:
    """Return the sleep; one that cannot be told how long takes no time, and the user has failed."""
    try:
        length_ns = _length_ns(node.duration, node.until, session, stage)
    except ExpressionError as error:
        return Sleep(failed(error, node.where, session, stage), due_ns)
    if node.spread is not None:
        length_ns = node.spread(length_ns, stage.uniform(session.user_id))
    return Sleep(session, due_ns + length_ns)


def _length_ns(low: Resolver, high: Resolver | None, session: Session, stage: Stage) -> int:
    length_s = _seconds(low(session))
    if high is not None:
        length_s += (_seconds(high(session)) - length_s) * stage.uniform(session.user_id)
    return round(length_s * _NS)


def _seconds(value: object) -> float:
    kind = type(value)
    if (kind is float or kind is int) and 0 <= value < LONGEST_S:  # type: ignore[operator]
        return value  # type: ignore[return-value]  # as nearly all are: the quick way
    return max(0.0, seconds(value, "the time to wait"))


def pace(node: PaceNode, session: Session, due_ns: int, stage: Stage) -> Walk:
    """Wait until the interval is over that began when the user last went through here.

    The interval is measured on the user's own time, so that a late injector adds no drift.
    """
    try:
        interval_ns = _length_ns(node.interval, node.until, session, stage)
    except ExpressionError as error:
        return failed(error, node.where, session, stage), due_ns
    not_before_ns = session.get(node.counter)
    if isinstance(not_before_ns, int) and not_before_ns > due_ns:
        session, due_ns = yield Sleep(session, not_before_ns)
    return session.set(node.counter, due_ns + interval_ns), due_ns


def meet(node: RendezVousNode, session: Session, due_ns: int, stage: Stage) -> Walk:  # noqa: ARG001
    """Wait for the other users, unless they have met already."""
    if not node.barrier.open:
        session, due_ns = yield Meet(node.barrier, session, due_ns)
    return session, due_ns


def spread(pause_type: PauseType) -> Spread | None:
    """Return how a type of pauses spreads what a pause says, or ``None`` if it does not.

    Each length is the quantile of one draw: pauses are the same again with the same dice.
    """
    match pause_type:
        case ConstantPauses() | DisabledPauses() | CustomPauses():
            return None
        case ExponentialPauses():
            return lambda mean_ns, draw: round(-math.log(1 - draw) * mean_ns)
        case UniformPercentagePauses(percentage):
            share = percentage / 100
            return lambda mean_ns, draw: _uniform_ns(mean_ns, round(mean_ns * share), draw)
        case UniformDurationPauses(half_width_ns):
            return lambda mean_ns, draw: _uniform_ns(mean_ns, half_width_ns, draw)
        case NormalDurationPauses(std_dev_ns):
            return lambda mean_ns, draw: _normal_ns(mean_ns, std_dev_ns, draw)
        case NormalPercentagePauses(percentage):
            share = percentage / 100
            return lambda mean_ns, draw: _normal_ns(mean_ns, mean_ns * share, draw)


def _uniform_ns(mean_ns: int, half_width_ns: int, draw: float) -> int:
    low_ns = max(0, mean_ns - half_width_ns)
    return low_ns + round((mean_ns + half_width_ns - low_ns) * draw)


def _normal_ns(mean_ns: int, std_dev_ns: float, draw: float) -> int:
    return max(0, mean_ns + round(_NORMAL.inv_cdf(draw or _SMALLEST) * std_dev_ns))
