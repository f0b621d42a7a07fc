"""One execution of a simulation: the only file that names concrete writers and protocols."""

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gatlingpy.app.effort import Effort
from gatlingpy.app.handle import RunHandle
from gatlingpy.app.onlooker import Onlooker
from gatlingpy.app.outcome import Outcome, Settings, exit_code
from gatlingpy.clock import SystemClock
from gatlingpy.dsl.setup import Compiled
from gatlingpy.dsl.user_code import told_at, user_code
from gatlingpy.engine.processes import Processes
from gatlingpy.engine.run import Run, RunIdentity
from gatlingpy.engine.stop import COMPLETED, NOTHING_SENT, StopKind, StopLatch, StopReason
from gatlingpy.errors import (
    LogError,
    LogLost,
    ResultsError,
    UsageError,
)
from gatlingpy.feeds.source import RecordSource, open_feeder
from gatlingpy.load.segment import Segment
from gatlingpy.plan.steps import RequestPlan, walk_steps
from gatlingpy.protocols.dummy.runtime import dummy_runtime
from gatlingpy.protocols.kafka.runtime import kafka_runtime
from gatlingpy.spi import ProtocolFactory, ProtocolRuntime, Services
from gatlingpy.stats.closing import closing_records, count_problems
from gatlingpy.stats.log_writer import LogWriter
from gatlingpy.stats.opening import opening_records
from gatlingpy.stats.pipeline import EventWriter, Pipeline
from gatlingpy.stats.run_folder import RunFolder, new_run_folder

if TYPE_CHECKING:
    from gatlingpy.report.build import ReportResult

_FACTORIES: Final[Mapping[str, ProtocolFactory]] = {
    "dummy": dummy_runtime,
    "kafka": kafka_runtime,
}


def feeder_folders(compiled: Compiled) -> list[Path]:
    """Return where a feeder's file is looked for: beside the simulation, then where we work."""
    return [compiled.folder, Path.cwd()]


class Execution:
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
        feeders = self._open_feeders(stack)
        stack.callback(pipeline.close)
        effort = Effort()

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
        if reason is COMPLETED and engine.user_errors and self._sent_nothing():
            reason = NOTHING_SENT
        self._health = effort.spent()
        reason, remarks = self._after(handle, reason, engine.latch.remarks)
        return self._close_log(reason, remarks)

    def _open_feeders(self, stack: ExitStack) -> dict[str, RecordSource]:
        plan, code = self._compiled.plan, self._compiled.code
        folders = feeder_folders(self._compiled)
        segment = (self._segment.index, self._segment.of)
        opened: dict[str, RecordSource] = {}
        for feeder in plan.feeders:
            source = open_feeder(feeder, code, folders, plan.seed, segment)
            stack.callback(source.close)
            opened[feeder.id] = source
        return opened

    def _sent_nothing(self) -> bool:
        scenarios = self._compiled.plan.scenarios
        steps = [step for scenario in scenarios for step in walk_steps(scenario.steps)]
        wanted = any(isinstance(step, RequestPlan) for step in steps)
        counters = self.counters()
        return wanted and not (counters.get("registered") or counters.get("silent"))

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
            exit_code(reason, report, problems, demanded=demanded),
            folder.path,
            reason.message,
            report,
            counters,
            self._health,
            problems,
        )
