"""Why a run ends; the first reason wins, later ones are kept as remarks."""

from dataclasses import dataclass
from enum import StrEnum

from gatlingpy.errors import ExitCode


class StopKind(StrEnum):
    """The word for the end of a run, as it stands in the log."""

    COMPLETED = "completed"
    MAX_DURATION = "max-duration"
    STOPPED = "stopped"
    """``stop_load_generator``."""
    EXHAUSTED = "exhausted"
    """A feeder has no record left."""
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
    StopKind.EXHAUSTED: ExitCode.MISTAKE,
    StopKind.CRASHED: ExitCode.MISTAKE,
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


class StopLatch:
    """Keeps the first reason and lists the later ones.  Thread: any."""

    def __init__(self) -> None:
        """Nothing has stopped yet."""
        self._reasons: list[StopReason] = []

    def trip(self, reason: StopReason) -> bool:
        """Give a reason; tells whether it was the first."""
        self._reasons.append(reason)  # GIL: atomic, so exactly one caller finds itself first
        return self._reasons[0] is reason

    @property
    def reason(self) -> StopReason | None:
        """The first reason, if there is one.

        A lost measurement outranks any other, and any other outranks that all users have ended:
        what happens while the last requests drain is no remark on a run that went well.
        """
        reasons = self._reasons
        lost = [reason for reason in reasons if reason.kind is StopKind.INVALID]
        cut = [reason for reason in reasons if reason.kind is not StopKind.COMPLETED]
        return next(iter(lost or cut or reasons), None)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was said besides the first reason."""
        first = self.reason
        return tuple(reason.message for reason in self._reasons if reason is not first)
