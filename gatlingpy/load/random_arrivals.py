"""Random arrivals: so many users at independent moments, as likely at each as the rate is high.

The moments of n users are the order statistics of n uniform numbers, pushed through the inverse of
the cumulative rate.  They are drawn one by one, smallest first: of m numbers that are uniform
between x and 1, the smallest is 1 - (1 - x) V^(1/m), V being uniform between 0 and 1 (Bentley and
Saxe: Generating Sorted Lists of Random Numbers, ACM TOMS 6, 1980).  So ten million users take no
more memory than one.
"""

from collections.abc import Iterator
from math import expm1, log, sqrt
from random import Random

from gatlingpy.plan.injection import (
    SECOND_NS,
    ConstantUsersPerSec,
    RampUsersPerSec,
    counted_seconds,
    users_of,
)


def random_arrivals(step: ConstantUsersPerSec | RampUsersPerSec) -> Iterator[int]:
    """Yield the start of each user in order, in nanoseconds from the step's beginning.

    The step must have a seed; the same seed gives the same arrivals on every machine.
    """
    length_ns = int(counted_seconds(step.duration_ns) * SECOND_NS)
    last_ns = length_ns - 1
    start, end = _rates(step)
    before_ns = 0
    for u in sorted_uniforms(users_of(step), Random(step.seed)):
        before_ns = max(before_ns, min(last_ns, int(length_ns * share_of_time(u, start, end))))
        yield before_ns


def sorted_uniforms(n: int, dice: Random) -> Iterator[float]:
    """Yield n numbers from 0 to 1 as if drawn independently and sorted, holding one at a time."""
    log_of_rest = 0.0
    for m in range(n, 0, -1):
        log_of_rest += log(1.0 - dice.random()) / m
        yield -expm1(log_of_rest)


def share_of_time(u: float, start: float, end: float) -> float:
    """Return after which share of the time the share ``u`` of all users has started.

    With a rate going from a to b that is (sqrt((1 - u) a² + u b²) - a) / (b - a), here in a form
    that needs no care where a and b are close, or the same.
    """
    divisor = sqrt((1.0 - u) * start * start + u * end * end) + start
    return u * (start + end) / divisor if divisor else 0.0


def _rates(step: ConstantUsersPerSec | RampUsersPerSec) -> tuple[float, float]:
    if isinstance(step, ConstantUsersPerSec):
        return step.rate, step.rate
    return step.start_rate, step.end_rate
