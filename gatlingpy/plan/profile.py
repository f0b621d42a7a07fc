"""What open and closed profiles have in common."""

from typing import TypeAlias

from gatlingpy.plan import concurrency, injection
from gatlingpy.plan.concurrency import ClosedInjection
from gatlingpy.plan.injection import OpenInjection

Injection: TypeAlias = OpenInjection | ClosedInjection


def length_ns(profile: Injection) -> int:
    """Return how long a profile takes, in nanoseconds; its last users may end later."""
    if isinstance(profile, OpenInjection):
        return injection.total_duration_ns(profile)
    return concurrency.total_duration_ns(profile)


def known_users(profile: Injection) -> int | None:
    """Return how many users a profile starts: exactly if it is open, ``None`` if it is closed.

    How many users a closed profile starts depends on how long each of them takes.
    """
    return injection.total_users(profile) if isinstance(profile, OpenInjection) else None
