"""Reasons to stop: the first wins, a lost measurement outranks it, completion is the weakest."""

import pytest

from gatlingpy.engine.stop import COMPLETED, StopKind, StopLatch, StopReason
from gatlingpy.errors import ExitCode


def reason(kind: StopKind) -> StopReason:
    return StopReason(kind, f"because of {kind}")


def test_nothing_has_stopped_at_first() -> None:
    """No reason, no remark."""
    assert StopLatch().reason is None
    assert StopLatch().remarks == ()


def test_the_first_reason_wins_and_the_others_are_remarks() -> None:
    """In the order they were given."""
    latch = StopLatch()
    first = reason(StopKind.MAX_DURATION)
    assert latch.trip(first) is True
    assert latch.trip(reason(StopKind.INTERRUPTED)) is False
    assert latch.trip(reason(StopKind.CRASHED)) is False
    assert latch.reason is first
    assert latch.remarks == ("because of interrupted", "because of crashed")


def test_a_lost_measurement_outranks_the_first_reason() -> None:
    """Whenever it comes: the numbers are not to be trusted."""
    latch = StopLatch()
    latch.trip(reason(StopKind.INTERRUPTED))
    lost = reason(StopKind.INVALID)
    latch.trip(lost)
    latch.trip(reason(StopKind.INVALID))
    assert latch.reason is lost


def test_any_reason_outranks_that_all_users_have_ended() -> None:
    """A crash or Ctrl-C while the last requests drain is no remark on a run that went well."""
    latch = StopLatch()
    latch.trip(COMPLETED)
    assert latch.reason is COMPLETED
    crash = reason(StopKind.CRASHED)
    latch.trip(crash)
    latch.trip(reason(StopKind.INTERRUPTED))
    assert latch.reason is crash
    assert latch.remarks == ("all users have ended", "because of interrupted")


@pytest.mark.parametrize(
    ("kind", "code", "at_once"),
    [
        (StopKind.COMPLETED, ExitCode.OK, False),
        (StopKind.MAX_DURATION, ExitCode.OK, False),
        (StopKind.STOPPED, ExitCode.OK, False),
        (StopKind.EXHAUSTED, ExitCode.MISTAKE, False),
        (StopKind.CRASHED, ExitCode.MISTAKE, True),
        (StopKind.INVALID, ExitCode.INVALID, True),
        (StopKind.INTERRUPTED, ExitCode.INTERRUPTED, False),
    ],
)
def test_each_kind_has_its_exit_code(kind: StopKind, code: ExitCode, at_once: bool) -> None:
    """And only a crash or a lost measurement waits for nothing."""
    assert kind.exit_code is code
    assert kind.at_once is at_once
