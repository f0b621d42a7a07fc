"""The folder of one run, and the records that open and close its log."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from gatlingpy.errors import ResultsError

LOG_NAME: Final = "simulation.log"


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Where one run's files go; its name is the run's id."""

    path: Path

    @property
    def run_id(self) -> str:
        """What names the run: letters, digits and dashes."""
        return self.path.name

    @property
    def log(self) -> Path:
        """The run's log."""
        return self.path / LOG_NAME

    def discard_if_empty(self) -> None:
        """Remove the folder of a run that never started, unless something stands in it."""
        if self.path.is_dir() and not any(self.path.iterdir()):
            self.path.rmdir()


def new_run_folder(results: Path, simulation: str, epoch_ms: int) -> RunFolder:
    """Create ``<simulation>-<yyyymmddHHMMSSmmm>`` (UTC) below ``results``.

    Raises ResultsError if that cannot be done.
    """
    slug = re.sub(r"[^a-z0-9]+", "", simulation.lower()) or "simulation"
    moment = datetime.fromtimestamp(epoch_ms // 1000, tz=UTC).strftime("%Y%m%d%H%M%S")
    path = results / f"{slug}-{moment}{epoch_ms % 1000:03d}"
    try:
        path.mkdir(parents=True)
    except OSError as error:
        raise ResultsError(
            f"the results folder {results} cannot be written: {error.strerror}; choose another "
            "with --results"
        ) from error
    return RunFolder(path)
