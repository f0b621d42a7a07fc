"""How to run, and what became of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gatlingpy.engine.stop import StopReason
from gatlingpy.errors import ExitCode
from gatlingpy.plan.frozen import FrozenMap

if TYPE_CHECKING:
    from gatlingpy.report.build import ReportResult


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings say how to run: where results go, whether pages are written, with what values.

    ``parameters`` are values for what the simulation reads with ``param``, typed or as text.
    """

    results: Path | str = Path("results")
    description: str = ""
    reports: bool = True
    parameters: Mapping[str, object] = field(default_factory=FrozenMap)


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome is what became of a run: its exit code, why it ended, its folder, its report."""

    exit_code: ExitCode
    folder: Path
    reason: str
    report: "ReportResult | None"
    """``None`` where no request was sent, so that there is nothing to report on."""
    counters: Mapping[str, int] = field(default_factory=dict)
    """What was registered, how it ended, what came besides."""
    health: Mapping[str, float] = field(default_factory=dict)
    """What the run cost this process: ``cpu_s`` and ``elapsed_s``."""
    problems: tuple[str, ...] = ()
    """Why the numbers are not to be trusted; empty if they are."""


def exit_code(
    reason: StopReason, report: "ReportResult | None", problems: Sequence[str], *, demanded: bool
) -> ExitCode:
    """Return the first code that applies: 1, 3, 130, 2, 0.

    ``demanded`` tells that there are assertions: without a single request none of them holds.
    """
    code = reason.kind.exit_code
    if code is ExitCode.MISTAKE:
        return code
    if problems:
        return ExitCode.INVALID
    if code is ExitCode.OK and demanded:
        passed = report is not None and all(verdict.passed for verdict in report.verdicts)
        return ExitCode.OK if passed else ExitCode.ASSERTION
    return code
