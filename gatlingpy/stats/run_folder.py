"""The folder of one run, and the records that open and close its log."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from gatlingpy.errors import ResultsError

LOG_NAME: Final = "simulation.log"
PROCESS_OUTPUT: Final = "process-{}.txt"
"""What the n-th process printed that ``before`` started."""


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Where one run's files go; its name is the run's id."""

    path: Path
    made: tuple[Path, ...] = ()
    """The folders around it that did not exist before, the innermost first."""

    @property
    def run_id(self) -> str:
        """What names the run: letters, digits and dashes."""
        return self.path.name

    @property
    def log(self) -> Path:
        """The run's log."""
        return self.path / LOG_NAME

    def discard(self) -> None:
        """Remove the folder of a run that never started, unless the user put something into it.

        So do the folders that were made for it.
        """
        for output in (self.log, *self.path.glob(PROCESS_OUTPUT.format("*"))):
            output.unlink(missing_ok=True)
        for folder in (self.path, *self.made):
            try:
                folder.rmdir()
            except OSError:
                return  # it holds something, or is gone


def new_run_folder(results: Path, simulation: str, epoch_ms: int) -> RunFolder:
    """Create ``<simulation>-<yyyymmddHHMMSSmmm>`` (UTC) below ``results``.

    Raises ResultsError if that cannot be done.
    """
    slug = re.sub(r"[^a-z0-9]+", "", simulation.lower()) or "simulation"
    moment = datetime.fromtimestamp(epoch_ms // 1000, tz=UTC).strftime("%Y%m%d%H%M%S")
    path = results / f"{slug}-{moment}{epoch_ms % 1000:03d}"
    made = tuple(folder for folder in (results, *results.parents) if not folder.exists())
    try:
        path.mkdir(parents=True)
    except OSError as error:
        raise ResultsError(
            f"the results folder {results} cannot be written: {error.strerror}; choose another "
            "with --results"
        ) from error
    return RunFolder(path, made)
