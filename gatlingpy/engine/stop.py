"""Why a run ends: the worst reason, and of equally bad ones the first; the rest are remarks."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gatlingpy.errors import ExitCode


class StopKind(StrEnum):
    """The word for the end of a run, as it stands in the log."""

    COMPLETED = "completed"
    MAX_DURATION = "max-duration"
    STOPPED = "stopped"
    """``stop_load_generator``."""
    FAILED = "failed"
    """``crash_load_generator``."""
    STUCK = "stuck"
    """All users wait for each other, and nobody else will come."""
    EXHAUSTED = "exhausted"
    """A feeder has no record left."""
    NOTHING_SENT = "nothing-sent"
    """Every user failed before its first request."""
    INTERRUPTED = "interrupted"
    CRASHED = "crashed"
    INVALID = "invalid"

    @property
    def exit_code(self) -> ExitCode:
        """What this end means for the process, assertions aside."""
        return _CODES.get(self, ExitCode.OK)

    @property
    def at_once(self) -> bool:
        """Whether waiting for the replies still due makes no sense."""
        return self in {StopKind.CRASHED, StopKind.INVALID}


_CODES = {
    StopKind.FAILED: ExitCode.MISTAKE,
    StopKind.STUCK: ExitCode.MISTAKE,
    StopKind.EXHAUSTED: ExitCode.MISTAKE,
    StopKind.CRASHED: ExitCode.MISTAKE,
    StopKind.NOTHING_SENT: ExitCode.MISTAKE,
    StopKind.INVALID: ExitCode.INVALID,
    StopKind.INTERRUPTED: ExitCode.INTERRUPTED,
}


@dataclass(frozen=True, slots=True)
class StopReason:
    """One reason to stop, in a word and a sentence."""

    kind: StopKind
    message: str
    error: BaseException | None = None


COMPLETED = StopReason(StopKind.COMPLETED, "all users have ended")
NOTHING_SENT = StopReason(
    StopKind.NOTHING_SENT,
    "not one request was sent: every user failed before; the errors above, and the ERROR records "
    "of the log, say why",
)


_OUTRANKS: Final = (
    {StopKind.INVALID},
    {StopKind.CRASHED, StopKind.EXHAUSTED, StopKind.FAILED, StopKind.STUCK},
    {StopKind.INTERRUPTED},
    {StopKind.MAX_DURATION, StopKind.STOPPED},
    {StopKind.COMPLETED},
)
"""What happens while the last requests drain is no remark on a run that went well."""


class StopLatch:
    """Keeps every reason; the worst is the one, and the first among equals.  Thread: any."""

    def __init__(self) -> None:
        """Nothing has stopped yet."""
        self._reasons: list[StopReason] = []

    def trip(self, reason: StopReason) -> bool:
        """Give a reason; tells whether it was the first."""
        self._reasons.append(reason)  # GIL: atomic, so exactly one caller finds itself first
        return self._reasons[0] is reason

    @property
    def reason(self) -> StopReason | None:
        """The worst reason so far, if there is one."""
        for kinds in _OUTRANKS:
            for reason in list(self._reasons):
                if reason.kind in kinds:
                    return reason
        return None

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was said besides it."""
        worst = self.reason
        return tuple(reason.message for reason in self._reasons if reason is not worst)
