"""Events to the log file, and word of what has been handed to the operating system."""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from gatlingpy.errors import LogLost
from gatlingpy.stats.event_lines import encode_events
from gatlingpy.stats.events import USER, Event
from gatlingpy.stats.log_format import encode
from gatlingpy.stats.records import Record


class LogWriter:
    """Appends to one log file.  Thread: one at a time."""

    def __init__(
        self,
        path: Path,
        epoch_offset_ns: int,
        written: Callable[[Sequence[Event]], None] | None = None,
    ) -> None:
        """Create the file; raises OSError if that cannot be done.

        ``written`` is told of each batch once the operating system has it: only then may a store
        forget these requests.
        """
        self._path = path
        self._offset_ns = epoch_offset_ns
        self._written = written
        self._lost: LogLost | None = None
        self._first_ms = 0
        """When the first user started, epoch milliseconds; 0 while none has."""
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)

    def write_records(self, records: Iterable[Record]) -> None:
        """Write records that are no events: the run, its plan, its end.  Raises LogLost."""
        self._append("".join([encode(record) + "\n" for record in records]))

    def write(self, events: Sequence[Event]) -> None:
        """Write a batch of events; raises LogLost if the disk is full or gone."""
        if not self._first_ms:
            started = (event[3] for event in events if event[0] == USER)
            self._first_ms = (next(started, -self._offset_ns) + self._offset_ns) // 1_000_000
        self._append(encode_events(events, self._offset_ns, self._first_ms))
        if self._written is not None:
            self._written(events)

    def tick(self, now_ns: int) -> None:
        """Nothing is due: every batch is handed over whole."""

    def _append(self, text: str) -> None:
        if self._lost is not None:
            # Nothing may follow a line that was cut off: it would read as a part of it.
            raise self._lost
        data = memoryview(text.encode())
        try:
            while data:
                data = data[os.write(self._file, data) :]
        except OSError as error:
            self._lost = LogLost(
                f"the log {self._path.name} could not be written: {error.strerror}; "
                "free some space or choose another folder with --results, and run again"
            )
            raise self._lost from error

    def close(self) -> None:
        """Close the file.  Idempotent."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
