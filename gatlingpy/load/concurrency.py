"""How many users a closed population is to have, second by second.

A closed population is looked at once a second, at a tick.  The users that are missing at a tick are
started within the second that follows it, so a tick asks for what is wanted at that second's end::

    tick       0          1          2          3
    from       0 s        1 s        2 s        3 s
    target     at 1 s     at 2 s     at 3 s     none: a profile of 3 s starts nobody any more

A profile that ends within a second asks, at its last tick, for what is wanted at its very end;
Gatling would have ended a second sooner, and a profile of less than a second would start nobody.
"""

from gatlingpy.plan.concurrency import (
    ClosedInjection,
    duration_ns_of,
    level_steps,
    total_duration_ns,
    users_at,
)
from gatlingpy.plan.injection import SECOND_NS

__all__ = ["target_at_tick", "target_users", "total_duration_ns"]


def target_at_tick(injection: ClosedInjection, tick: int) -> int | None:
    """Return how many users there are to be after tick ``tick``, from 0; ``None``: start no more.

    Nobody is ever stopped: with fewer wanted than there are, who ends is not replaced.
    """
    total_ns = total_duration_ns(injection)
    if tick * SECOND_NS >= total_ns:
        return None
    return target_users(injection, min((tick + 1) * SECOND_NS, total_ns))


def target_users(injection: ClosedInjection, offset_ns: int) -> int | None:
    """Return how many users are wanted so long after the profile's start; ``None`` after its end.

    The end of a step belongs to that step, not to the next.
    """
    begin_ns = 0
    for step in level_steps(injection):
        end_ns = begin_ns + duration_ns_of(step)
        if offset_ns <= end_ns:
            return users_at(step, offset_ns - begin_ns)
        begin_ns = end_ns
    return None
