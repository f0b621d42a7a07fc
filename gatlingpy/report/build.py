"""From the folder of a run to its report."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gatlingpy.errors import LogError, ResultsError
from gatlingpy.report.card import card_of
from gatlingpy.report.demands import assertions_of
from gatlingpy.report.evidence import Evidence
from gatlingpy.report.facts import RunLog
from gatlingpy.report.files import write_files
from gatlingpy.report.judge import judge
from gatlingpy.report.lag import lag_of
from gatlingpy.report.metrics import metrics_of
from gatlingpy.report.options import DEFAULT, Options
from gatlingpy.report.pages import Pages
from gatlingpy.report.read import read_logs
from gatlingpy.report.rows import Rows, arrange
from gatlingpy.report.statistics import compute
from gatlingpy.report.summary import Summary
from gatlingpy.report.tree import tree_of
from gatlingpy.report.verdict import Verdict
from gatlingpy.report.warm_up import measured_window, warm_up_of, without
from gatlingpy.report.window import window_of


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


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """The whole run, for what is drawn along it; and what was measured of it, for all numbers."""

    log: RunLog
    rows: Rows
    measured: RunLog
    measured_rows: Rows


def _summarise(logs: Sequence[Path], options: Options) -> tuple[_Read, Summary]:
    log, rows = arrange(read_logs(logs))
    window = window_of(log)
    warm_up = warm_up_of(log, window)
    if warm_up is None:
        read, measured = _Read(log, rows, log, rows), window
    else:
        read = _Read(log, rows, *arrange(without(log, warm_up)))
        measured = measured_window(window, warm_up)
    statistics = compute(read.measured, read.measured_rows, options, measured)
    assertions, unreadable = assertions_of(log)
    evidence = Evidence(statistics, read.measured, read.measured_rows, log, warm_up)
    summary = Summary(
        card_of(log, window),
        statistics,
        lag_of(read.measured, measured, options),
        log.facts.replies,
        (*judge(evidence, assertions), *unreadable),
        log.problems.sentences(),
        window,
        warm_up,
        metrics_of(read.measured.facts.gauges),
    )
    return read, summary


def summarise(
    folder: Path, *, logs: Sequence[Path] | None = None, options: Options = DEFAULT
) -> Summary:
    """Compute the statistics and verdicts of a run, and write nothing.

    ``logs`` are the files of its segments; by default those found in ``folder``.
    Raises LogError.
    """
    return _summarise(logs or find_logs(folder), options)[1]


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
    read, summary = _summarise(logs or find_logs(folder), options)
    into = folder.parent if folder.is_file() else folder
    tree = tree_of(summary.statistics)
    try:
        into.mkdir(parents=True, exist_ok=True)
        write_files(into, read.log, read.measured, summary, tree)
        pages = Pages(into, read.log, read.rows, read.measured, read.measured_rows, summary, tree)
        index = pages.write()
    except OSError as exc:
        raise ResultsError(
            f"the report cannot be written into {into}: {exc.strerror or exc}; "
            "free the disk or choose another results folder"
        ) from exc
    return ReportResult(index, summary)
