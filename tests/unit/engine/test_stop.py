"""Reasons to stop: the worst wins, the first among equals, and the others are remarks."""

import pytest

from gatlingpy.engine.stop import COMPLETED, StopKind, StopLatch, StopReason
from gatlingpy.errors import ExitCode


def reason(kind: StopKind) -> StopReason:
    return StopReason(kind, f"because of {kind}")


def test_nothing_has_stopped_at_first() -> None:
    """No reason, no remark."""
    assert StopLatch().reason is None
    assert StopLatch().remarks == ()


def test_the_first_of_equal_reasons_wins_and_the_others_are_remarks() -> None:
    """In the order they were given."""
    latch = StopLatch()
    first = reason(StopKind.MAX_DURATION)
    assert latch.trip(first) is True
    assert latch.trip(reason(StopKind.STOPPED)) is False
    assert latch.trip(COMPLETED) is False
    assert latch.reason is first
    assert latch.remarks == ("because of stopped", "all users have ended")


def test_a_worse_reason_outranks_those_before() -> None:
    """What happens while the last requests drain is no remark on a run that went well."""
    latch = StopLatch()
    said = []
    for kind in (
        StopKind.COMPLETED, StopKind.MAX_DURATION, StopKind.INTERRUPTED, StopKind.CRASHED,
        StopKind.INVALID,
    ):  # fmt: skip
        worse = reason(kind)
        latch.trip(worse)
        assert latch.reason is worse
        assert latch.remarks == tuple(said)
        said.append(worse.message)
    latch.trip(reason(StopKind.INTERRUPTED))
    assert latch.reason is worse


@pytest.mark.parametrize(
    ("kind", "code", "at_once"),
    [
        (StopKind.COMPLETED, ExitCode.OK, False),
        (StopKind.MAX_DURATION, ExitCode.OK, False),
        (StopKind.STOPPED, ExitCode.OK, False),
        (StopKind.EXHAUSTED, ExitCode.MISTAKE, False),
        (StopKind.FAILED, ExitCode.MISTAKE, False),
        (StopKind.STUCK, ExitCode.MISTAKE, False),
        (StopKind.CRASHED, ExitCode.MISTAKE, True),
        (StopKind.INVALID, ExitCode.INVALID, True),
        (StopKind.INTERRUPTED, ExitCode.INTERRUPTED, False),
    ],
)
def test_each_kind_has_its_exit_code(kind: StopKind, code: ExitCode, at_once: bool) -> None:
    """And only a crash or a lost measurement waits for nothing."""
    assert kind.exit_code is code
    assert kind.at_once is at_once
