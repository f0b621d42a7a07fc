"""What happens when a service cannot be had: the next way is tried, and at last the test is ended."""

import os
from collections.abc import Callable, Sequence
from typing import NoReturn, TypeVar

import pytest

_Service = TypeVar("_Service")


class ServiceUnavailable(Exception):  # noqa: N818 - a state of this machine, not a fault
    """One way to a service is closed; the text says why."""


class ServiceBroken(Exception):  # noqa: N818 - what happened
    """A service that should run does not: an error, never a reason to skip."""


def first_offered(service: str, ways: Sequence[Callable[[], _Service]]) -> _Service:
    """Return the service by the first way that is open.

    Raises ServiceUnavailable with the reason of each way if none is.
    """
    reasons: list[str] = []
    for way in ways:
        try:
            return way()
        except ServiceUnavailable as exc:
            reasons.append(str(exc))
    raise ServiceUnavailable(f"no {service}: " + "; ".join(reasons))


def refuse(reason: str) -> NoReturn:
    """End the test: skipped, or failed where every service is required."""
    if os.environ.get("GATLINGPY_REQUIRE_SERVICES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def or_refuse(find: Callable[[], _Service]) -> _Service:
    """Return what ``find`` finds, or end the test."""
    try:
        return find()
    except ServiceUnavailable as exc:
        reason = str(exc)
    refuse(reason)
