"""The composition root, and the whole of an embedded run.

``run`` calls no ``sys.exit``, sets no signal handler, and keeps no state but the lock that allows
one run at a time in a process.
"""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gatlingpy.app.execution import Execution, feeder_folders
from gatlingpy.app.onlooker import NoOnlooker, Onlooker
from gatlingpy.app.outcome import Outcome, Settings
from gatlingpy.dsl.parameter_reads import Given
from gatlingpy.dsl.setup import Compiled, Simulation, compile_simulation
from gatlingpy.errors import PlanError, RunRefused, UsageError
from gatlingpy.feeds.checking import check_feeder
from gatlingpy.plan.validate import validate

if TYPE_CHECKING:
    from gatlingpy.report.build import ReportResult

__all__ = [
    "Compiled",
    "NoOnlooker",
    "Onlooker",
    "Outcome",
    "Settings",
    "compile_plan",
    "run",
    "write_report",
]

_one_run = threading.Lock()


def compile_plan(
    simulation: type[Simulation], parameters: Mapping[str, object] | None = None
) -> Compiled:
    """Compile and validate a simulation; raises PlanError with every problem found.

    ``parameters`` are values for what it reads with ``param``, typed or as text.
    """
    return compile_given(simulation, Given(parameters or {}))


def compile_given(simulation: type[Simulation], given: Given) -> Compiled:
    """Compile and validate a simulation as ``compile_plan`` does; ``given`` knows its source."""
    compiled = compile_simulation(simulation, given)
    folders = feeder_folders(compiled)
    problems = [
        *validate(compiled.plan),
        *(text for feeder in compiled.plan.feeders for text in check_feeder(feeder, folders)),
    ]
    if problems:
        raise PlanError(problems)
    return compiled


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
        settings = settings or Settings()
        compiled = _compiled(simulation, settings)
        return Execution(compiled, settings, onlooker or NoOnlooker()).run()
    finally:
        _one_run.release()


def _compiled(simulation: "type[Simulation] | Compiled", settings: Settings) -> Compiled:
    if not isinstance(simulation, Compiled):
        return compile_plan(simulation, settings.parameters)
    if settings.parameters:
        raise UsageError(
            "Settings(parameters=...) came with a simulation that is compiled already; give them "
            "to compile_plan(simulation, parameters=...)"
        )
    return simulation


def write_report(folder: Path, *, logs: Sequence[Path] | None = None) -> "ReportResult":
    """Write the report of a run into its folder, over one that is there.

    ``logs`` are the files of its segments; by default those found in ``folder``.  Raises LogError,
    or ResultsError if the folder cannot be written.
    """
    from gatlingpy.report.build import build_report  # reads with pyarrow: a run needs it last

    return build_report(Path(folder), logs=logs)
