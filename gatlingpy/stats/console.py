"""Chooses what somebody who watches a run is shown: a table on a terminal, text anywhere else."""

import os
from collections.abc import Callable, Mapping
from typing import TextIO

from gatlingpy.clock import Clock
from gatlingpy.stats.pipeline import EventWriter
from gatlingpy.stats.summary_text import SummaryText


def console_writer(
    stream: TextIO,
    scenarios: Mapping[str, int | None],
    clock: Clock,
    start_ns: int,
    in_flight: Callable[[], int],
) -> EventWriter:
    """Return the writer that suits a stream; ``scenarios`` maps each name to its users if known."""
    if not can_redraw(stream):
        return SummaryText(stream, scenarios, clock, start_ns)
    from rich.console import Console

    from gatlingpy.stats.live_table import LiveTable

    return LiveTable(Console(file=stream), scenarios, clock, start_ns, in_flight)


def can_redraw(stream: TextIO) -> bool:
    """Tell whether a stream is a terminal whose cursor moves and that shows more than ASCII."""
    try:
        "━…".encode(stream.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return stream.isatty() and os.environ.get("TERM", "") not in {"dumb", "unknown"}
