"""From the folder of a run to its report."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gatlingpy.errors import LogError, ResultsError
from gatlingpy.report.card import card_of
from gatlingpy.report.demands import assertions_of
from gatlingpy.report.facts import RunLog
from gatlingpy.report.files import write_files
from gatlingpy.report.judge import Verdict, judge
from gatlingpy.report.lag import lag_of
from gatlingpy.report.options import DEFAULT, Options
from gatlingpy.report.pages import write_pages
from gatlingpy.report.read import read_logs
from gatlingpy.report.rows import Rows, arrange
from gatlingpy.report.statistics import compute
from gatlingpy.report.summary import Summary
from gatlingpy.report.tree import tree_of


@dataclass(frozen=True, slots=True, eq=False)
class ReportResult:
    """What the report of a run came to."""

    index: Path | None
    """The first page; ``None`` if no pages were asked for."""
    summary: Summary

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """One verdict for each assertion, and for each request of a ``for_all``."""
        return self.summary.verdicts

    @property
    def problems(self) -> tuple[str, ...]:
        """What the reader had to leave out of the log, one sentence each."""
        return self.summary.problems

    @property
    def incomplete(self) -> bool:
        """Whether a log has no end: the numbers are not to be trusted."""
        return self.summary.card.incomplete


def find_logs(folder: Path) -> tuple[Path, ...]:
    """Return the logs of a run's folder, sorted by name; raises LogError if there is none."""
    if folder.is_file():
        return (folder,)
    logs = tuple(sorted(folder.rglob("simulation*.log"))) or tuple(sorted(folder.rglob("*.log")))
    if not logs:
        what = "has no simulation.log" if folder.is_dir() else "is no folder"
        raise LogError(f"{folder} {what}; give the folder of a run, such as results/payment-2026…")
    return logs


def _summarise(logs: Sequence[Path], options: Options) -> tuple[RunLog, Summary, Rows]:
    log, rows = arrange(read_logs(logs))
    statistics = compute(log, rows, options)
    assertions = assertions_of(log)
    summary = Summary(
        card_of(log, statistics.window),
        statistics,
        lag_of(log, statistics.window, options),
        log.facts.replies,
        judge(statistics, assertions),
        log.problems.sentences(),
    )
    return log, summary, rows


def summarise(
    folder: Path, *, logs: Sequence[Path] | None = None, options: Options = DEFAULT
) -> Summary:
    """Compute the statistics and verdicts of a run, and write nothing.

    ``logs`` are the files of its segments; by default those found in ``folder``.
    Raises LogError.
    """
    _, summary, _ = _summarise(logs or find_logs(folder), options)
    return summary


def judge_run(folder: Path, *, logs: Sequence[Path] | None = None) -> ReportResult:
    """Judge the assertions of a run without writing pages.  Raises LogError."""
    return ReportResult(None, summarise(folder, logs=logs))


def build_report(
    folder: Path, *, logs: Sequence[Path] | None = None, options: Options = DEFAULT
) -> ReportResult:
    """Write the report of a run into its folder, over one that is there.

    The same logs and versions give the same bytes.  Raises LogError, or ResultsError if the folder
    cannot be written.
    """
    log, summary, rows = _summarise(logs or find_logs(folder), options)
    into = folder.parent if folder.is_file() else folder
    tree = tree_of(summary.statistics)
    try:
        into.mkdir(parents=True, exist_ok=True)
        write_files(into, log, summary, tree)
        index = write_pages(into, log, summary, rows, tree)
    except OSError as exc:
        raise ResultsError(
            f"the report cannot be written into {into}: {exc.strerror or exc}; "
            "free the disk or choose another results folder"
        ) from exc
    return ReportResult(index, summary)
