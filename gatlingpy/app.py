"""The composition root: the only file that names concrete writers, stores and protocols.

``run`` is the whole of an embedded run: no ``sys.exit``, no signal handler, and no state but the
lock that allows one run at a time in a process.
"""

import resource
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from gatlingpy.clock import SystemClock
from gatlingpy.dsl.duration import Duration, to_ns
from gatlingpy.dsl.setup import Compiled, Simulation, compile_simulation
from gatlingpy.dsl.user_code import told_at, user_code
from gatlingpy.engine.processes import Processes
from gatlingpy.engine.run import Run, RunIdentity
from gatlingpy.engine.stop import COMPLETED, StopKind, StopLatch, StopReason
from gatlingpy.errors import (
    ExitCode,
    LogError,
    LogLost,
    PlanError,
    ResultsError,
    RunRefused,
    UsageError,
)
from gatlingpy.feeds.source import check_feeder, open_feeder
from gatlingpy.load.segment import Segment
from gatlingpy.plan.validate import validate
from gatlingpy.protocols.kafka.runtime import kafka_runtime
from gatlingpy.spi import ProtocolFactory, ProtocolRuntime, Services
from gatlingpy.stats.closing import closing_records, count_problems
from gatlingpy.stats.log_writer import LogWriter
from gatlingpy.stats.opening import opening_records
from gatlingpy.stats.pipeline import EventWriter, Pipeline
from gatlingpy.stats.run_folder import RunFolder, new_run_folder

if TYPE_CHECKING:
    from gatlingpy.report.build import ReportResult

_FACTORIES: Final[Mapping[str, ProtocolFactory]] = {"kafka": kafka_runtime}
_one_run = threading.Lock()


class Onlooker(Protocol):
    """Whoever watches a run from outside, such as the command line."""

    def starting(self, compiled: Compiled, folder: Path, notes: Sequence[str]) -> None:
        """Hear that everything is ready."""

    def writers(self, in_flight: Callable[[], int], clock: SystemClock) -> Sequence[EventWriter]:
        """Return writers that are to hear every event as well."""


class NoOnlooker:
    """Nobody watches."""

    def starting(self, compiled: Compiled, folder: Path, notes: Sequence[str]) -> None:
        """Hear nothing."""

    def writers(self, in_flight: Callable[[], int], clock: SystemClock) -> Sequence[EventWriter]:  # noqa: ARG002
        """Return nobody."""
        return ()


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings say how to run, not what: where results go, and whether pages are written."""

    results: Path | str = Path("results")
    description: str = ""
    reports: bool = True


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


@dataclass
class RunHandle:
    """The run as ``before`` and ``after`` see it (``dsl.setup.Run``)."""

    folder: Path
    run_id: str
    _runtimes: Sequence[ProtocolRuntime]
    _processes: Processes

    @property
    def bootstrap_servers(self) -> str:
        """The brokers of the first Kafka protocol, the embedded broker's included."""
        for runtime in self._runtimes:
            if "bootstrap_servers" in runtime.addresses:
                return runtime.addresses["bootstrap_servers"]
        raise UsageError("run.bootstrap_servers: this simulation has no Kafka protocol")

    def start_process(
        self, argv: list[str], *, ready: str | None = None, timeout: Duration = 30
    ) -> object:
        """Start a process that lives as long as the run."""
        seconds = to_ns(timeout, "start_process(timeout=...)") / 1e9
        return self._processes.start(argv, ready, seconds)


def compile_plan(simulation: type[Simulation]) -> Compiled:
    """Compile and validate a simulation; raises PlanError with every problem found."""
    compiled = compile_simulation(simulation)
    folders = _folders(compiled)
    problems = [
        *validate(compiled.plan),
        *(text for feeder in compiled.plan.feeders for text in check_feeder(feeder, folders)),
    ]
    if problems:
        raise PlanError(problems)
    return compiled


def _folders(compiled: Compiled) -> list[Path]:
    return [compiled.folder, Path.cwd()]


def run(
    simulation: "type[Simulation] | Compiled",
    settings: Settings | None = None,
    onlooker: Onlooker | None = None,
) -> Outcome:
    """Run a simulation to its end, write its report and judge its assertions.

    Raises UsageError for the user's mistakes, found before anything is sent, and RunRefused while
    another run lives in this process.  Ctrl-C (KeyboardInterrupt, in the calling thread) stops
    the run gently the first time, at once the second.
    """
    if not _one_run.acquire(blocking=False):
        raise RunRefused("a run lives in this process already; wait for its end, or use another")
    try:
        compiled = simulation if isinstance(simulation, Compiled) else compile_plan(simulation)
        return _Execution(compiled, settings or Settings(), onlooker or NoOnlooker()).run()
    finally:
        _one_run.release()


def write_report(folder: Path, *, logs: Sequence[Path] | None = None) -> "ReportResult":
    """Write the report of a run into its folder, over one that is there.

    ``logs`` are the files of its segments; by default those found in ``folder``.  Raises LogError,
    or ResultsError if the folder cannot be written.
    """
    from gatlingpy.report.build import build_report  # reads with pyarrow: a run needs it last

    return build_report(Path(folder), logs=logs)


class _Execution:
    """One call of ``run``."""

    def __init__(self, compiled: Compiled, settings: Settings, onlooker: Onlooker) -> None:
        self._compiled = compiled
        self._settings = settings
        self._onlooker = onlooker
        self._clock = SystemClock()
        self._segment = Segment(1, 1)
        self._runtimes: dict[str, ProtocolRuntime] = {}
        self._log: LogWriter | None = None
        self._health: Mapping[str, float] = {}

    def run(self) -> Outcome:
        plan, settings = self._compiled.plan, self._settings
        folder = new_run_folder(Path(settings.results), plan.name, time.time_ns() // 1_000_000)
        try:
            with ExitStack() as stack:
                reason, problems = self._execute(stack, folder)
        except BaseException:
            if self._log is None:
                folder.discard()
            raise
        return self._judge(folder, reason, problems)

    def _execute(self, stack: ExitStack, folder: RunFolder) -> tuple[StopReason, tuple[str, ...]]:
        plan, clock = self._compiled.plan, self._clock
        pipeline = Pipeline(clock)
        identity = RunIdentity(folder.run_id, self._segment, str(self._compiled.folder))
        execution = Run(plan, self._compiled.code, clock, pipeline.record, identity)
        engine = execution.engine
        processes = Processes(folder.path)
        self._prepare(stack, engine)
        stack.callback(processes.close)
        handle = RunHandle(folder.path, folder.run_id, tuple(self._runtimes.values()), processes)
        with user_code(f"{plan.name}.before(run)"):
            self._compiled.simulation.before(handle)
        feeders = {
            feeder.id: open_feeder(feeder, self._compiled.code, _folders(self._compiled), plan.seed)
            for feeder in plan.feeders
        }
        stack.callback(pipeline.close)
        effort = _Effort()

        def ready() -> None:
            writers = self._open_log(folder, stack)
            pipeline.start(writers, engine.fatal)
            effort.begin()

        try:
            execution.execute(self._runtimes, feeders, ready)
        except KeyboardInterrupt:
            if self._log is None:
                raise
            # It hit the closing of threads, which was finished all the same.
            self._end_all(engine.latch)
        pipeline.close()
        # The last records may have been lost: that outranks how the run ended.
        reason = engine.latch.reason or COMPLETED
        self._health = effort.spent()
        reason, remarks = self._after(handle, reason, engine.latch.remarks)
        return self._close_log(reason, remarks)

    def _prepare(self, stack: ExitStack, services: Services) -> None:
        for protocol in self._compiled.plan.protocols:
            runtime = _FACTORIES[protocol.kind](protocol, services)
            self._runtimes[protocol.id] = runtime
            stack.callback(runtime.release)
            with told_at(protocol.where):
                runtime.prepare()

    def _end_all(self, latch: StopLatch) -> None:
        latch.trip(StopReason(StopKind.INTERRUPTED, "interrupted by Ctrl-C"))
        for runtime in self._runtimes.values():
            runtime.end_all()

    def _after(
        self, handle: RunHandle, reason: StopReason, remarks: tuple[str, ...]
    ) -> tuple[StopReason, tuple[str, ...]]:
        """Call the user's hook; what it raises is a crash, and what was measured is still kept."""
        try:
            with user_code(f"{self._compiled.plan.name}.after(run)"):
                self._compiled.simulation.after(handle)
        except UsageError as error:
            if reason.kind is StopKind.INVALID:
                return reason, (*remarks, str(error))
            return StopReason(StopKind.CRASHED, str(error), error), (*remarks, reason.message)
        return reason, remarks

    def _open_log(self, folder: RunFolder, stack: ExitStack) -> list[EventWriter]:
        """Everything is ready: only now is there a run to keep a log of."""
        log = LogWriter(folder.log, self._clock.epoch_offset_ns)
        stack.callback(log.close)
        notes = [note for runtime in self._runtimes.values() for note in runtime.notes]
        log.write_records(
            opening_records(
                self._compiled.plan,
                run_id=folder.run_id,
                start_us=(self._clock.now_ns() + self._clock.epoch_offset_ns) // 1000,
                description=self._settings.description,
                segment=(self._segment.index, self._segment.of),
                notes=notes,
            )
        )
        self._log = log
        self._onlooker.starting(self._compiled, folder.path, notes)
        in_flight = [runtime.in_flight for runtime in self._runtimes.values()]
        others = self._onlooker.writers(lambda: sum(count() for count in in_flight), self._clock)
        for writer in others:
            stack.callback(writer.close)
        return [log, *others]

    def _close_log(
        self, reason: StopReason, remarks: Sequence[str]
    ) -> tuple[StopReason, tuple[str, ...]]:
        counters = self.counters()
        problems = tuple(count_problems(counters))
        if reason.kind is StopKind.INVALID:
            problems = (reason.message, *problems)
        elif problems:
            reason = StopReason(StopKind.INVALID, problems[0])
        if self._log is not None and not isinstance(reason.error, LogLost):
            now_us = (self._clock.now_ns() + self._clock.epoch_offset_ns) // 1000
            records = closing_records(
                reason.kind, reason.message, now_us, counters, self._health, remarks, problems
            )
            try:
                self._log.write_records(records)
            except LogLost as lost:
                return StopReason(StopKind.INVALID, str(lost), lost), (*problems, str(lost))
        return reason, problems

    def counters(self) -> dict[str, int]:
        totals: dict[str, int] = {}
        for runtime in self._runtimes.values():
            for name, value in runtime.counters().items():
                totals[name] = totals.get(name, 0) + value
        return totals

    def _judge(self, folder: RunFolder, reason: StopReason, problems: tuple[str, ...]) -> Outcome:
        from gatlingpy.report.build import build_report, judge_run

        report: ReportResult | None = None
        counters = self.counters()
        if counters.get("registered"):
            try:
                report = (build_report if self._settings.reports else judge_run)(folder.path)
            except (LogError, ResultsError) as error:
                problems = (*problems, str(error))
        demanded = bool(self._compiled.plan.assertions)
        return Outcome(
            _exit_code(reason, report, problems, demanded=demanded),
            folder.path,
            reason.message,
            report,
            counters,
            self._health,
            problems,
        )


def _exit_code(
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


class _Effort:
    """What a run costs this process, from its first user to its last record."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self._cpu_s, self._start_s = _cpu_seconds(), time.monotonic()

    def spent(self) -> Mapping[str, float]:
        return {
            "cpu_s": round(_cpu_seconds() - self._cpu_s, 3),
            "elapsed_s": round(time.monotonic() - self._start_s, 3),
        }


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
