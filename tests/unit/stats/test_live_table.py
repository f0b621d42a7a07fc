"""What a terminal shows: the numbers, in the space there is, not more often than it should."""

import io
import itertools

import pytest
from rich.console import Console

from gatlingpy.stats import events as ev
from gatlingpy.stats.console import can_redraw, console_writer
from gatlingpy.stats.live_table import LiveTable, Rates, bar, milliseconds
from tests.unit.stats.watching import SECOND_NS, StoppedClock, answered


class Screen:
    """A terminal of a given size, and a table on it."""

    def __init__(self, width: int = 100, height: int = 40, stream: io.StringIO | None = None):
        self.out = stream or io.StringIO()
        self.clock = StoppedClock()
        self.console = Console(
            file=self.out, width=width, height=height, force_terminal=True, color_system=None
        )
        scenarios = {"Payments": 100, "Refunds": None}
        self.table = LiveTable(self.console, scenarios, self.clock, 0, lambda: 1_234)

    def drawn_at(self, second: float) -> list[str]:
        """Return the lines of what is drawn at a time, if anything is."""
        self.out.seek(0)
        self.out.truncate()
        self.table.tick(int(second * SECOND_NS))
        return [line.rstrip() for line in self.out.getvalue().splitlines()]

    def text_at(self, second: float) -> str:
        return "\n".join(self.drawn_at(second))


@pytest.fixture
def screen() -> Screen:
    return Screen()


def test_the_numbers_are_shown(screen: Screen) -> None:
    screen.table.write(answered(40))
    screen.table.write(answered(2, "Ship", ("G",), message="no stock"))
    screen.table.write(
        [ev.UserEvent(ev.USER, name, "START", 0, 0, 1) for name in ("Payments", "Refunds")]
    )
    screen.table.write([ev.ReplyEvent(ev.REPLY, "Pay", 1, -1, -1, "late", "")])
    lines = screen.drawn_at(65)
    text = "\n".join(lines)
    assert "elapsed 1:05   in flight 1,234   arrival lag p99 0.50 ms" in text
    assert "Payments   waiting 57   active 1   done 42   42%" in text
    assert "Refunds   active 1   done 0" in text
    rows = {line.split()[0]: line.split()[1:] for line in lines if "12.3" in line}
    assert rows["All"] == ["requests", "40", "2", "0", "12.3", "12.3", "12.3", "12.3"]
    assert rows["Pay"] == ["40", "0", "0", "12.3", "12.3", "12.3", "12.3"]
    assert rows["G"] == ["/", "Ship", "0", "2", "0", "12.3", "12.3", "12.3", "12.3"]
    assert "errors 2\n2  no stock" in text
    assert "replies that ended no request: 1 late" in text


def test_it_draws_at_most_four_times_a_second(screen: Screen) -> None:
    drawn = [tick for tick in range(100) if screen.text_at(tick / 50)]
    assert len(drawn) <= 8
    assert all(later - earlier >= 12 for earlier, later in itertools.pairwise(drawn))


def test_the_rate_is_that_of_the_last_seconds(screen: Screen) -> None:
    for second in range(10):
        screen.table.write(answered(100 if second < 5 else 20))
        text = screen.text_at(second)
    row = next(line for line in text.splitlines() if line.startswith("Pay "))
    assert row.split()[:4] == ["Pay", "600", "0", "20"]


def test_rates_need_two_notes() -> None:
    rates = Rates()
    assert rates.per_second("Pay") == 0
    rates.note(0, {"Pay": 10})
    assert rates.per_second("Pay") == 0
    rates.note(2 * SECOND_NS, {"Pay": 20, "Ship": 4})
    assert (rates.per_second("Pay"), rates.per_second("Ship")) == (5, 2)


@pytest.mark.parametrize("width", [20, 45, 60, 70, 80, 120])
def test_nothing_is_wider_than_the_terminal(width: int) -> None:
    screen = Screen(width)
    screen.table.write(answered(1, "a name that is long " * 5, message="a long message " * 20))
    lines = [line.replace("\x1b[?25l", "") for line in screen.drawn_at(1)]
    assert max(map(len, lines)) <= width


def test_many_requests_and_errors_fit_on_the_screen() -> None:
    screen = Screen(height=30)
    for i in range(60):
        screen.table.write(answered(1, f"request {i}", message=f"message {i}"))
    lines = screen.drawn_at(1)
    assert len(lines) <= 30
    assert "… and 50 more" in "\n".join(lines)
    assert "… and 55 other messages" in "\n".join(lines)


def test_names_and_messages_cannot_dress_up_or_move_the_cursor(screen: Screen) -> None:
    screen.table.write(answered(1, "[bold]Pay[/]\x1b[2J", message="a\nb\tc\x07[red]"))
    text = screen.text_at(1)
    assert "[bold]Pay[/] [2J" in text
    assert "a b c [red]" in text
    assert "\x1b[2J" not in text


def test_closing_draws_the_last_state_once(screen: Screen) -> None:
    screen.drawn_at(1)
    screen.table.write(answered(7))
    screen.clock.time_ns = SECOND_NS + 1
    screen.table.close()
    assert "done 7" in screen.out.getvalue()
    after = len(screen.out.getvalue())
    screen.table.close()
    screen.table.tick(9 * SECOND_NS)
    assert len(screen.out.getvalue()) == after


class GoneTerminal(io.StringIO):
    """A terminal that has been closed."""

    def write(self, _text: str) -> int:
        raise OSError(5, "Input/output error")


def test_a_terminal_that_is_gone_ends_the_drawing_and_nothing_else() -> None:
    screen = Screen(stream=GoneTerminal())
    screen.table.tick(SECOND_NS)
    screen.table.write(answered(1))
    screen.table.tick(2 * SECOND_NS)
    screen.table.close()


@pytest.mark.parametrize(
    ("done", "active", "total", "cells"),
    [(0, 0, 10, (0, 0)), (5, 1, 10, (10, 2)), (10, 0, 10, (20, 0)), (999, 1, 1000, (19, 1))],
)
def test_a_bar_is_as_long_as_it_should_be(
    done: int, active: int, total: int, cells: tuple[int, int]
) -> None:
    text = bar(done, active, total, 20)
    assert len(text.plain) == 20
    lengths = {str(span.style): span.end - span.start for span in text.spans}
    assert (lengths.get("green", 0), lengths.get("cyan", 0)) == cells


@pytest.mark.parametrize(
    ("duration_ns", "shown"),
    [
        (0, "0.00"),
        (1_234_000, "1.23"),
        (9_994_999, "9.99"),
        (9_996_000, "10.0"),
        (12_340_000, "12.3"),
        (99_960_000, "100"),
        (12_345_678_900, "12,346"),
    ],
)
def test_milliseconds_have_three_digits(duration_ns: int, shown: str) -> None:
    assert milliseconds(duration_ns) == shown


class Terminal(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal(io.BytesIO(), encoding="utf-8")
    assert isinstance(console_writer(terminal, {}, StoppedClock(), 0, lambda: 0), LiveTable)
    assert not can_redraw(Terminal(io.BytesIO(), encoding="ascii"))
    monkeypatch.setenv("TERM", "dumb")
    assert not can_redraw(terminal)
