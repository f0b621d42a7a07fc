"""Which logs belong together: those of one run, and of each of its segments once."""

from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Final

from gatlingpy.errors import LogError

_NAMED: Final = 5
"""How many missing segments are named one by one."""


def segment_of(detail: Mapping[str, object]) -> tuple[int, int] | None:
    """Return ``(i, n)`` of a RUN record's detail; ``None`` if it tells no segment."""
    match detail.get("segment"):
        case [int(index), int(of)] if 1 <= index <= of:
            return index, of
    return None


class OneRun:
    """Takes the RUN records of one report, and refuses what would be counted wrongly."""

    def __init__(self) -> None:
        """No log has been read yet."""
        self._first: tuple[str, Path] | None = None
        self._segments: dict[tuple[int, int], Path] = {}

    def add(self, path: Path, detail: Mapping[str, object]) -> None:
        """Take the detail of a RUN record; one without a run id, such as Gatling's, is let pass.

        Raises LogError if it is of another run than those before, or repeats a segment.
        """
        run_id = detail.get("run_id")
        if not isinstance(run_id, str):
            return
        first_id, first = self._first = self._first or (run_id, path)
        if run_id != first_id:
            alone = first if first.parent == path.parent else first.parent
            raise LogError(
                f"{first} and {path} are the logs of different runs, {first_id!r} and {run_id!r}, "
                f"and a report is of one; give one of them alone, such as {alone}"
            )
        segment = segment_of(detail)
        if segment is None:
            return
        known = self._segments.setdefault(segment, path)
        if known is not path:
            raise LogError(
                f"{known} and {path} are both segment {segment[0]} of {segment[1]} of run "
                f"{run_id!r}, whose requests would be counted twice; remove one of them"
            )


def missing_segments(details: Iterable[Mapping[str, object]]) -> str:
    """Say which segments of a run have no log, from the details of those that have; or nothing."""
    told = {segment for detail in details if (segment := segment_of(detail))}
    of = max((of for _, of in told), default=0)
    found = {index for index, _ in told}
    # A log may tell any number: those that are missing must not all be counted up.
    missing = list(islice((i for i in range(1, of + 1) if i not in found), _NAMED))
    more = of - len(found) - len(missing)
    if not missing:
        return ""
    names = ", ".join(map(str, missing)) + (f" and {more} more" if more else "")
    what = f"Segment {names} of {of} is" if len(missing) == 1 else f"Segments {names} of {of} are"
    return f"{what} missing, so that the numbers are those of a part of the run."
