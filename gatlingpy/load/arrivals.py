"""When users start: open steps to offsets from the population's start, Gatling 3.9.5's to the ms.

Symbols: N users go into B buckets; S(i) = ceil(N / B · (i + 1)) of them are in buckets 0 to i, and
all N in the last.  A step is cut into windows of one second; N users of a step go into its seconds
that way, and the users of a window into its milliseconds.  Three users over ten seconds::

    bucket   0  1  2  3  4  5  6  7  8  9
    S(i)     1  1  1  2  2  2  3  3  3  3     so they start at 0, 3 and 6 s

The sums are done in floating point, as Gatling does them: N / B · (i + 1) can come out a hair above
a whole number, and that user then starts one millisecond early, here as there.

Only one thing differs: a step that takes less than a second is one short window, where Gatling
would start nobody.  A longer step that has a fraction of a second leaves it empty, as in Gatling.
"""

import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, repeat, starmap
from typing import Final, NamedTuple

from gatlingpy.load.random_arrivals import random_arrivals
from gatlingpy.load.stress_peak import stress_peak_arrivals
from gatlingpy.plan.injection import (
    SECOND_NS,
    ConstantUsersPerSec,
    IncrementUsersPerSec,
    OpenInjection,
    OpenStep,
    RampUsersPerSec,
    StressPeakUsers,
    duration_ns_of,
    ramp_users_by,
    steps_of_stairs,
    total_duration_ns,
    total_users,
    users_of,
)

__all__ = ["arrivals", "total_duration_ns", "total_users"]

_MS_NS: Final = 1_000_000


class _Window(NamedTuple):
    """So many users, spread over so many milliseconds."""

    start_ns: int
    users: int
    length_ms: int


def arrivals(injection: OpenInjection) -> Iterator[int]:
    """Yield the start of each user in order, in nanoseconds from the population's start.

    Takes the same memory for ten users and ten million.
    """
    return chain.from_iterable(starmap(_arrivals_of, _placed(injection)))


def _placed(injection: OpenInjection) -> Iterator[tuple[int, OpenStep]]:
    """Yield each step, stairs laid out, with its beginning in nanoseconds."""
    begin_ns = 0
    for step in injection.steps:
        flat = steps_of_stairs(step) if isinstance(step, IncrementUsersPerSec) else (step,)
        for part in flat:
            yield begin_ns, part
            begin_ns += duration_ns_of(part)


def _arrivals_of(begin_ns: int, step: OpenStep) -> Iterator[int]:
    match step:
        case StressPeakUsers(_, duration_ns) if duration_ns:
            return map(begin_ns.__add__, stress_peak_arrivals(step))
        case ConstantUsersPerSec(seed=int()) | RampUsersPerSec(seed=int()):
            return map(begin_ns.__add__, random_arrivals(step))
    return chain.from_iterable(starmap(_starts, _windows(begin_ns, step)))


def _starts(start_ns: int, users: int, length_ms: int) -> Iterator[int]:
    buckets = _buckets(users, length_ms)
    return chain.from_iterable(repeat(start_ns + offset, n) for offset, n in buckets)


@lru_cache(maxsize=32)
def _buckets(users: int, length_ms: int) -> tuple[tuple[int, int], ...]:
    """Return the milliseconds in which users start: offset (ns), and how many."""
    per_bucket = users / length_ms
    before, buckets = 0, []
    for i in range(length_ms):
        by_now = users if i == length_ms - 1 else math.ceil(per_bucket * (i + 1))
        if by_now > before:
            buckets.append((i * _MS_NS, by_now - before))
            before = by_now
    return tuple(buckets)


def _windows(begin_ns: int, step: OpenStep) -> Iterator[_Window]:
    for start_ns, users, length_ms in _windows_of(step):
        if users:
            yield _Window(begin_ns + start_ns, users, length_ms)


def _windows_of(step: OpenStep) -> Iterator[_Window]:
    length_ns = duration_ns_of(step)
    if length_ns < SECOND_NS:
        yield _Window(0, users_of(step), max(1, length_ns // _MS_NS))
    elif isinstance(step, RampUsersPerSec):
        yield from _ramp_windows(step, length_ns // SECOND_NS)
    else:
        yield from _even_windows(users_of(step), length_ns // SECOND_NS)


def _even_windows(users: int, seconds: int) -> Iterator[_Window]:
    per_second = users / seconds
    before = 0
    for i in range(seconds):
        by_now = users if i == seconds - 1 else math.ceil(per_second * (i + 1))
        yield _Window(i * SECOND_NS, by_now - before, 1000)
        before = by_now


def _ramp_windows(step: RampUsersPerSec, seconds: int) -> Iterator[_Window]:
    before = 0
    for i in range(seconds):
        by_now = ramp_users_by(step, i + 1)
        yield _Window(i * SECOND_NS, by_now - before, 1000)
        before = by_now
