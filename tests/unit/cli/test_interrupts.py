"""Ctrl-C on the command line: gently, at once, and by force only when patience is over."""

import os
import signal
from collections.abc import Iterator

import pytest

from gatlingpy.cli.interrupts import Interrupts


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """Put the handlers of the tests' own process back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def exits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Codes that the process would have ended with at once."""
    codes: list[int] = []
    monkeypatch.setattr(os, "_exit", codes.append)
    return codes


def test_two_interrupts_are_passed_on_and_no_more(exits: list[int]) -> None:
    """Each is announced first; SIGTERM counts as one."""
    told: list[str] = []
    with Interrupts(lambda: told.append("told")):
        for number in (signal.SIGTERM, signal.SIGINT):
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(number)
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
    assert told == ["told", "told"]
    assert exits == []


def test_a_run_that_does_not_end_is_given_up(
    exits: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten seconds after the second one, a third ends the process."""
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    with Interrupts(lambda: None):
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
        now = 109.0
        signal.raise_signal(signal.SIGINT)
        assert exits == []
        now = 111.0
        signal.raise_signal(signal.SIGINT)
    assert exits == [130]


def test_a_late_interrupt_changes_nothing(exits: list[int]) -> None:
    """Once an interrupted run has ended its signals are ignored; otherwise they are as before."""
    with Interrupts(lambda: None), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    signal.raise_signal(signal.SIGINT)
    with Interrupts(lambda: None):
        pass
    assert signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
