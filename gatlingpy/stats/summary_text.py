"""The summary that Gatling 3.9.5 prints every five seconds, for a pipe or a file."""

import math
import time
from collections.abc import Mapping, Sequence
from typing import Final, TextIO

from gatlingpy.clock import Clock
from gatlingpy.stats.events import Event
from gatlingpy.stats.live import LiveCounts, ScenarioRow

PERIOD_NS: Final = 5_000_000_000
"""How often a summary is printed."""
WIDTH: Final = 80

_BLOCK: Final = "=" * WIDTH
_NAME_WIDTH: Final = WIDTH - 24
_MESSAGE_WIDTH: Final = WIDTH - 18
_BAR_WIDTH: Final = WIDTH - 6


class SummaryText:
    """Prints summaries while a run lives (a ``pipeline.EventWriter``).  Thread: the stats thread.

    A stream that cannot be written any more, such as a closed pipe, ends the summaries and
    nothing else.
    """

    def __init__(
        self,
        stream: TextIO,
        scenarios: Mapping[str, int | None],
        clock: Clock,
        start_ns: int,
    ) -> None:
        """``scenarios`` maps each scenario to its users, or to ``None`` if they are not known."""
        self._stream: TextIO | None = stream
        self._counts = LiveCounts(scenarios, timings=False)
        self._clock = clock
        self._start_ns = start_ns
        self._due_ns = start_ns + PERIOD_NS
        self._printed = ""

    def write(self, events: Sequence[Event]) -> None:
        """Count a batch."""
        self._counts.add(events)

    def tick(self, now_ns: int) -> None:
        """Print a summary if it is time."""
        if now_ns >= self._due_ns:
            self._due_ns += (1 + (now_ns - self._due_ns) // PERIOD_NS) * PERIOD_NS
            self._print(now_ns)

    def close(self) -> None:
        """Print the last summary, unless the one before it said everything.  Idempotent."""
        if self._printed != summary_body(self._counts):
            self._print(self._clock.now_ns())
        self._stream = None

    def _print(self, now_ns: int) -> None:
        self._printed = summary_body(self._counts)
        if self._stream is None:
            return
        now_s = (now_ns + self._clock.epoch_offset_ns) / 1e9
        text = summary(self._counts, (now_ns - self._start_ns) // 1_000_000_000, now_s)
        encoding = self._stream.encoding or "utf-8"
        try:
            self._stream.write(text.encode(encoding, "replace").decode(encoding))
            self._stream.flush()
        except (OSError, ValueError):
            self._stream = None


def summary(counts: LiveCounts, elapsed_s: int, now_s: float) -> str:
    """Return one summary; ``now_s`` is Unix time, shown in the machine's own zone."""
    stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(now_s))
    elapsed = f"{elapsed_s}s elapsed".rjust(WIDTH - len(stamp) - 9)
    return f"\n{_BLOCK}\n{stamp} {elapsed}\n{summary_body(counts)}{_BLOCK}\n"


def summary_body(counts: LiveCounts) -> str:
    """Return the part of a summary that does not change unless the counts do."""
    lines = [_title("Requests"), _request("Global", counts.ok, counts.ko)]
    lines += [_request(path, row.ok, row.ko) for path, row in counts.requests.items()]
    if counts.errors:
        total = counts.errors.total()
        lines.append(_title("Errors"))
        for message, count in counts.errors.most_common():
            lines += _error(message, count, total)
    lines.append("")
    for name, row in counts.scenarios.items():
        lines += _scenario(name, row)
    return "".join([f"{line}\n" for line in lines])


def _title(title: str) -> str:
    return f"---- {title} ".ljust(WIDTH, "-")


def _request(path: str, ok: int, ko: int) -> str:
    return f"> {_cut(_one_line(path), _NAME_WIDTH - 3).ljust(_NAME_WIDTH)} (OK={ok:<6} KO={ko:<6})"


def _error(message: str, count: int, total: int) -> list[str]:
    percent = "100.0" if count == total else f"{count * 100 / total:.2f}"
    message = _one_line(message)
    first, rest = message[:_MESSAGE_WIDTH], message[_MESSAGE_WIDTH:]
    lines = [f"> {first.ljust(_MESSAGE_WIDTH)} {count:>6} ({percent:>5}%)"]
    return [*lines, _cut(rest, _MESSAGE_WIDTH)] if rest else lines


def _scenario(name: str, row: ScenarioRow) -> list[str]:
    users = f"active: {row.active:<6} / done: {row.ended:<6}"
    title = _title(_one_line(name))
    if row.total is None or row.total < row.started or row.total == 0:
        return [title, f"          {users}"]
    done = _BAR_WIDTH * row.ended // row.total
    active = math.ceil(_BAR_WIDTH * row.active / row.total)
    bar = f"{'#' * done}{'-' * active}".ljust(_BAR_WIDTH)
    percent = 100 * row.ended // row.total
    return [
        title,
        f"[{bar}]{percent:>3}%",
        f"          waiting: {row.waiting:<6} / {users}",
    ]


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[:width]}..."


def _one_line(text: str) -> str:
    return "".join([char if char.isprintable() else " " for char in text])
