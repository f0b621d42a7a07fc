"""What a run shows on the terminal: a live table, or plain lines when piped."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from gatlingpy.app import Outcome
from gatlingpy.cli.printing import say
from gatlingpy.clock import SystemClock
from gatlingpy.dsl.setup import Compiled
from gatlingpy.errors import ExitCode
from gatlingpy.plan.profile import known_users
from gatlingpy.plan.simulation import walk_populations
from gatlingpy.report.console import end_of_run_text
from gatlingpy.stats.console import console_writer
from gatlingpy.stats.pipeline import EventWriter


class Screen:
    """Watches one run (``app.Onlooker``)."""

    def __init__(self, stream: TextIO) -> None:
        """``stream`` is the terminal, a pipe or a file."""
        self._stream = stream
        self._scenarios: dict[str, int | None] = {}
        self._name = ""
        self._running = False

    def _say(self, text: str) -> None:
        # If nobody reads any more, as after `| head`, the run and its report go on.
        say(text, self._stream)

    def starting(self, compiled: Compiled, folder: Path, notes: Sequence[str]) -> None:
        """Say what starts, and what must be known of its numbers."""
        plan = compiled.plan
        self._name = plan.name
        self._scenarios = {
            p.scenario: known_users(p.injection) for p in walk_populations(plan.populations)
        }
        for warning in plan.warnings():
            self._say(f"Warning: {warning}")
        for note in notes:
            self._say(f"Note: {note}")
        self._say(f"Simulation {plan.name} started, results in {folder}")
        self._running = True

    def writers(self, in_flight: Callable[[], int], clock: SystemClock) -> Sequence[EventWriter]:
        """Return the live table on a terminal, Gatling's summary on anything else."""
        start_ns = clock.now_ns()
        return (console_writer(self._stream, self._scenarios, clock, start_ns, in_flight),)

    def interrupted(self) -> None:
        """Say what the first Ctrl-C does, and what a second one would."""
        if self._running:
            self._running = False
            self._say(
                "Stopping: nothing further is begun, replies to what is in flight are waited for; "
                "Ctrl-C again ends the run at once."
            )

    def ended(self, outcome: Outcome) -> None:
        """Print Gatling's end-of-run block; the path of the report is the last line."""
        self._running = False
        self._say(f"Simulation {self._name} ended: {outcome.reason}")
        for problem in outcome.problems:
            self._say(f"NOT TO BE TRUSTED: {problem}")
        if outcome.report is not None:
            self._say(end_of_run_text(outcome.report))
        elif not outcome.counters.get("registered"):
            asserted = outcome.exit_code is ExitCode.ASSERTION
            held = ", and no assertion holds" if asserted else ""
            sent = (
                "Only silent requests were" if outcome.counters.get("silent") else "No request was"
            )
            self._say(f"{sent} sent, so there is nothing to report on{held}.")
        last = outcome.report.index if outcome.report is not None else None
        self._say(str(last or outcome.folder))
