"""What a terminal shows while a run lives: redrawn in place, at most four times a second."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from gatlingpy.clock import Clock
from gatlingpy.stats.events import Event
from gatlingpy.stats.histogram import Histogram
from gatlingpy.stats.live import LiveCounts, ScenarioRow

REFRESH_NS: Final = 250_000_000
"""The least time between two drawings."""
RATE_WINDOW_NS: Final = 3_000_000_000
"""Over how long a time the rate "now" is taken."""

_MOST_ERRORS: Final = 5
_ROWS_ELSEWHERE: Final = 9
"""Lines of the screen that are neither a request, an error nor a scenario."""
_ALL: Final = "All requests"


class Rates:
    """How many requests end a second, over the last few seconds.  Thread: the stats thread."""

    def __init__(self) -> None:
        """Nothing is known."""
        self._seen: deque[tuple[int, Mapping[str | None, int]]] = deque()

    def note(self, now_ns: int, totals: Mapping[str | None, int]) -> None:
        """Take note of how many requests of each path have ended; ``None`` is all of them."""
        self._seen.append((now_ns, totals))
        while len(self._seen) > 2 and now_ns - self._seen[1][0] >= RATE_WINDOW_NS:
            self._seen.popleft()

    def per_second(self, path: str | None) -> float:
        """Return the rate of a path, or of all, between the oldest and the newest note."""
        if len(self._seen) < 2:
            return 0.0
        (then_ns, before), (now_ns, after) = self._seen[0], self._seen[-1]
        return (after.get(path, 0) - before.get(path, 0)) * 1e9 / max(1, now_ns - then_ns)


class LiveTable:
    """Draws a run on a terminal (a ``pipeline.EventWriter``).  Thread: the stats thread.

    A terminal that cannot be written any more ends the drawing and nothing else.
    """

    def __init__(
        self,
        console: Console,
        scenarios: Mapping[str, int | None],
        clock: Clock,
        start_ns: int,
        in_flight: Callable[[], int],
    ) -> None:
        """``scenarios`` maps each scenario to its users, or to ``None`` if they are not known."""
        self._console = console
        self._counts = LiveCounts(scenarios, timings=True)
        self._clock = clock
        self._start_ns = start_ns
        self._in_flight = in_flight
        self._rates = Rates()
        self._due_ns = start_ns
        self._live: Live | None = Live(
            console=console, auto_refresh=False, vertical_overflow="ellipsis"
        )

    def write(self, events: Sequence[Event]) -> None:
        """Count a batch."""
        self._counts.add(events)

    def tick(self, now_ns: int) -> None:
        """Draw if it is time."""
        if now_ns >= self._due_ns:
            self._due_ns = now_ns + REFRESH_NS
            self._draw(now_ns)

    def close(self) -> None:
        """Draw the last state and leave it on the screen.  Idempotent."""
        self._draw(self._clock.now_ns())
        self._stop()

    def _draw(self, now_ns: int) -> None:
        if self._live is None:
            return
        rows = self._counts.requests.items()
        totals: dict[str | None, int] = {path: row.ok + row.ko for path, row in rows}
        totals[None] = sum(totals.values())
        self._rates.note(now_ns, totals)
        try:
            if not self._live.is_started:
                self._live.start()
            self._live.update(self._render(now_ns), refresh=True)
        except (OSError, ValueError):
            self._stop()

    def _stop(self) -> None:
        if self._live is not None:
            with suppress(OSError, ValueError):
                self._live.stop()
            self._live = None

    def _render(self, now_ns: int) -> RenderableType:
        return render(
            self._counts,
            self._rates,
            Frame(
                elapsed_s=(now_ns - self._start_ns) // 1_000_000_000,
                in_flight=self._in_flight(),
                width=self._console.width,
                height=self._console.height,
            ),
        )


class Frame(NamedTuple):
    """What a drawing shows beside the counts, and the space it has."""

    elapsed_s: int
    in_flight: int
    width: int
    height: int


def render(counts: LiveCounts, rates: Rates, frame: Frame) -> RenderableType:
    """Return the whole drawing."""
    errors = min(len(counts.errors), _MOST_ERRORS + 1)
    taken = _ROWS_ELSEWHERE + errors + 2 * len(counts.scenarios)
    return Group(
        _headline(counts, frame),
        *[_scenario(name, row, frame.width) for name, row in counts.scenarios.items()],
        Text(),
        *_requests(counts, rates, frame.width, max(1, frame.height - taken)),
        *_errors(counts),
        *_replies(counts),
    )


def _headline(counts: LiveCounts, frame: Frame) -> Text:
    minutes, seconds = divmod(frame.elapsed_s, 60)
    lag = f"{milliseconds(counts.lag.percentiles_ns(99)[0])} ms"
    parts = [
        ("elapsed", f"{minutes}:{seconds:02}"),
        ("in flight", f"{frame.in_flight:,}"),
        ("arrival lag p99", lag),
    ]
    text = Text(no_wrap=True, overflow="ellipsis")
    for name, value in parts:
        text.append(f"{'   ' if text else ''}{name} ", style="dim")
        text.append(value, style="bold")
    return text


# --- scenarios -----------------------------------------------------------------------------------


def _scenario(name: str, row: ScenarioRow, width: int) -> Text:
    known = row.total is not None and row.total >= max(1, row.started)
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append("\n")
    text.append(plain(name), style="bold")
    if known:
        text.append(f"   waiting {row.waiting:,}", style="dim")
    text.append(f"   active {row.active:,}", style="cyan")
    text.append(f"   done {row.ended:,}", style="green")
    if known and row.total:
        text.append(f"   {100 * row.ended // row.total}%", style="bold")
        text.append("\n")
        text.append_text(bar(row.ended, row.active, row.total, width))
    return text


def bar(done: int, active: int, total: int, width: int) -> Text:
    """Return a bar of ``width`` cells: those done, those active, those that wait."""
    n_done = width * done // total
    n_active = min(width - n_done, -(-width * active // total))
    return Text.assemble(
        ("━" * n_done, "green"),
        ("╍" * n_active, "cyan"),
        ("─" * (width - n_done - n_active), "dim"),
        no_wrap=True,
    )


# --- requests ------------------------------------------------------------------------------------


def _requests(counts: LiveCounts, rates: Rates, width: int, most: int) -> list[Text]:
    # rich's own Table measures every cell several times: three quarters of a drawing's time.
    ranks = _ranks_shown(width)
    unit = " ms" if width >= 90 else ""
    rows = list(counts.requests.items())
    shown = rows if len(rows) <= most else rows[: max(0, most - 1)]
    cells = [
        ("requests", "OK", "KO", "/s", *[f"p{rank}{unit}" for rank in ranks], "max ms"),
        _cells(_ALL, counts.ok, counts.ko, rates.per_second(None), counts.durations(), ranks),
        *[
            _cells(path, row.ok, row.ko, rates.per_second(path), row.durations, ranks)
            for path, row in shown
        ],
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    name_width = max(1, width - sum(widths[1:]) - 2 * len(widths[1:]))
    lines = [_line(row, name_width, widths) for row in cells]
    lines[0].stylize("dim")
    lines[1].stylize("bold", 0, name_width)
    if len(shown) < len(rows):
        lines.append(Text(f"… and {len(rows) - len(shown):,} more", style="dim"))
    return lines


def _ranks_shown(width: int) -> tuple[int, ...]:
    if width >= 76:
        return 50, 95, 99
    return (50, 99) if width >= 66 else (99,)


def _cells(
    path: str, ok: int, ko: int, rate: float, durations: Histogram, ranks: tuple[int, ...]
) -> tuple[str, ...]:
    times = [*durations.percentiles_ns(*ranks), durations.max_ns]
    return (
        plain(path),
        f"{ok:,}",
        f"{ko:,}",
        f"{rate:,.0f}",
        *[milliseconds(time_ns) if ok + ko else "-" for time_ns in times],
    )


def _line(cells: tuple[str, ...], name_width: int, widths: list[int]) -> Text:
    name, ok, ko, *others = cells
    if cell_len(name) > name_width:
        name = f"{set_cell_size(name, name_width - 1)}…"
    return Text.assemble(
        set_cell_size(name, name_width),
        (f"  {ok:>{widths[1]}}", "dim" if ok == "0" else "green"),
        (f"  {ko:>{widths[2]}}", "dim" if ko == "0" else "bold red"),
        *[f"  {cell:>{width}}" for cell, width in zip(others, widths[3:], strict=True)],
        no_wrap=True,
        overflow="ellipsis",
    )


def milliseconds(duration_ns: int) -> str:
    """Return a duration in milliseconds, with three digits that mean something."""
    ms = duration_ns / 1e6
    if ms < 9.995:
        return f"{ms:.2f}"
    return f"{ms:.1f}" if ms < 99.95 else f"{ms:,.0f}"


# --- what went wrong -----------------------------------------------------------------------------


def _errors(counts: LiveCounts) -> list[Text]:
    if not counts.errors:
        return []
    shown = counts.errors.most_common(_MOST_ERRORS)
    width = len(f"{shown[0][1]:,}")
    lines = [Text(f"\nerrors {counts.errors.total():,}", style="bold red")]
    for message, count in shown:
        line = Text(no_wrap=True, overflow="ellipsis")
        line.append(f"{count:>{width},}  ", style="red")
        line.append(plain(message))
        lines.append(line)
    if len(counts.errors) > len(shown):
        more = len(counts.errors) - len(shown)
        lines.append(Text(f"… and {more:,} other messages", style="dim"))
    return lines


def _replies(counts: LiveCounts) -> list[Text]:
    if not counts.replies:
        return []
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in counts.replies.most_common())
    return [Text(f"\nreplies that ended no request: {kinds}", style="yellow", overflow="fold")]


def plain(text: str) -> str:
    """Return a text without the characters that would move a terminal's cursor."""
    return "".join([char if char.isprintable() else " " for char in text])
