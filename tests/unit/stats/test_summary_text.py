"""The text on a pipe is Gatling's, character by character, and printed when it is due."""

import io
import time

import pytest

from gatlingpy.stats import events as ev
from gatlingpy.stats.console import can_redraw, console_writer
from gatlingpy.stats.summary_text import SummaryText
from tests.unit.stats.watching import SECOND_NS, StoppedClock, answered

GOLDEN = """
================================================================================
2023-11-14 22:13:25                                           5s elapsed
---- Requests ------------------------------------------------------------------
> Global                                                   (OK=61     KO=3     )
> Pay                                                      (OK=60     KO=3     )
> Checkout / 123456789012345678901234567890123456789012... (OK=1      KO=0     )
---- Errors --------------------------------------------------------------------
> jsonPath($.status).find.is(APPROVED), but actually found REJEC      2 (66.67%)
TED with a tail that is itself longer than the line that it st...
> Reply timeout after 10000 ms                                        1 (33.33%)

---- Payments ------------------------------------------------------------------
[###############################################-                          ] 64%
          waiting: 35     / active: 1      / done: 64    
---- Refunds -------------------------------------------------------------------
          active: 1      / done: 0     
================================================================================
"""  # noqa: W291


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "localtime", time.gmtime)


def watch(stream: io.TextIOBase | None = None) -> tuple[SummaryText, io.StringIO, StoppedClock]:
    out, clock = io.StringIO(), StoppedClock()
    scenarios = {"Payments": 100, "Refunds": None}
    return SummaryText(stream or out, scenarios, clock, 0), out, clock  # type: ignore[arg-type]


def test_a_summary_is_gatlings() -> None:
    summary, out, _ = watch()
    rejected = (
        "jsonPath($.status).find.is(APPROVED), but actually found REJECTED\twith a tail that is "
        "itself longer than the line that it stands on, and is cut"
    )
    summary.write(answered(60))
    summary.write(answered(2, message=rejected))
    summary.write(answered(1, message="Reply timeout after 10000 ms"))
    summary.write(answered(1, "1234567890" * 5, ("Checkout",)))
    summary.write(
        [ev.UserEvent(ev.USER, name, "START", 0, 0, 1) for name in ("Payments", "Refunds")]
    )
    summary.tick(5 * SECOND_NS)
    assert out.getvalue() == GOLDEN
    lines = GOLDEN.splitlines()
    assert {len(line) for line in lines if line.startswith((">", "[", "-", "="))} == {80}


def test_all_of_one_error_is_a_hundred_percent() -> None:
    summary, out, _ = watch()
    summary.write(answered(2, message="no"))
    summary.tick(5 * SECOND_NS)
    assert f"> {'no':62}      2 (100.0%)\n" in out.getvalue()


def test_a_summary_comes_every_five_seconds() -> None:
    summary, out, _ = watch()
    printed = []
    for tenth in range(221):
        summary.write(answered(1))
        before = len(out.getvalue())
        summary.tick(tenth * SECOND_NS // 10 + 7)
        if len(out.getvalue()) > before:
            printed.append(tenth)
    assert printed == [50, 100, 150, 200]


def test_a_late_tick_does_not_shift_the_next_summary() -> None:
    summary, out, _ = watch()
    for second in (13, 14, 15):
        summary.tick(second * SECOND_NS)
    assert out.getvalue().count("s elapsed") == 2


def test_the_last_summary_is_printed_unless_the_one_before_said_everything() -> None:
    summary, out, clock = watch()
    summary.write(answered(100))
    summary.tick(5 * SECOND_NS)
    clock.time_ns = 6 * SECOND_NS
    summary.close()
    assert out.getvalue().count("s elapsed") == 1

    summary, out, clock = watch()
    summary.tick(5 * SECOND_NS)
    summary.write(answered(1))
    clock.time_ns = 6 * SECOND_NS
    summary.close()
    summary.close()
    assert out.getvalue().count("s elapsed") == 2
    assert "6s elapsed" in out.getvalue()


class ClosedPipe(io.StringIO):
    """A pipe whose reader has gone."""

    def write(self, _text: str) -> int:
        raise BrokenPipeError


def test_a_closed_pipe_ends_the_summaries_and_nothing_else() -> None:
    summary, _, _ = watch(ClosedPipe())
    summary.tick(5 * SECOND_NS)
    summary.write(answered(1))
    summary.tick(10 * SECOND_NS)
    summary.close()


def test_a_stream_that_knows_only_ascii_gets_question_marks() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    summary = SummaryText(stream, {"Käufe": 1}, StoppedClock(), 0)
    summary.tick(5 * SECOND_NS)
    assert b"---- K?ufe ----" in raw.getvalue()


def test_a_pipe_gets_text() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    assert not can_redraw(stream)
    writer = console_writer(stream, {}, StoppedClock(), 0, lambda: 0)
    assert isinstance(writer, SummaryText)
