"""Waiting for something to become true, with a deadline and without a fixed sleep."""

import time
from collections.abc import Callable


def await_true(
    claim: Callable[[], object], *, timeout_s: float = 10, what: str | Callable[[], str] = "it"
) -> None:
    """Return as soon as the claim holds; fail, saying what was waited for, when time is over."""
    deadline = time.monotonic() + timeout_s
    while not claim():
        if time.monotonic() >= deadline:
            said = what if isinstance(what, str) else what()
            raise AssertionError(f"{said}: not within {timeout_s:g} s")
        time.sleep(0.01)
