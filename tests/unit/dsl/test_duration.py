"""Durations are seconds, timedeltas or text with a unit, and become whole nanoseconds."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.dsl.duration import Duration, to_ns
from gatlingpy.errors import UsageError

MS = 1_000_000
S = 1_000_000_000


@pytest.mark.parametrize(
    ("expected", "duration"),
    [
        (0, 0),
        (5 * S, 5),
        (500 * MS, 0.5),
        (1, 1e-9),
        (100 * MS, 0.1),
        (90 * S, timedelta(minutes=1.5)),
        (1_000, timedelta(microseconds=1)),
        (250 * MS, "250ms"),
        (1_500 * MS, "1.5s"),
        (600 * S, "10m"),
        (7200 * S, " 2 h "),
        (500_000, "0.5ms"),
        (round(timedelta.max.total_seconds()) * S - 1_000, timedelta.max),
    ],
)
def test_durations(expected: int, duration: Duration) -> None:
    """Each way of writing a duration gives its nanoseconds."""
    assert expected == to_ns(duration, "pause(...)")


@pytest.mark.parametrize(
    "duration",
    [
        *(True, float("inf"), float("nan"), "10", "ten s", "-1s", "1d", "", "1s2s", None, [1]),
        *(b"1s", 1e305, 1e14, 10**400, "1" * 400 + "s"),
    ],
)
def test_what_is_no_duration(duration: object) -> None:
    """Anything else is refused with the call it was given to, and shown."""
    message = (
        "pause(...) must be seconds as a number, a timedelta or text such as '500ms', "
        f"got {duration!r}"
    )
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        to_ns(duration, "pause(...)")  # type: ignore[arg-type]


@pytest.mark.parametrize("duration", [-1, -0.1, timedelta(seconds=-1)])
def test_negative(duration: Duration) -> None:
    """Time that has passed cannot be waited for."""
    with pytest.raises(UsageError, match=r"^pause\(\.\.\.\) must not be negative, got "):
        to_ns(duration, "pause(...)")


@given(st.integers(0, 10**9))
def test_whole_milliseconds_are_exact(ms: int) -> None:
    """Milliseconds come out exactly, however they are written."""
    assert ms * MS == to_ns(f"{ms}ms", "d") == to_ns(timedelta(milliseconds=ms), "d")
    assert ms * MS == to_ns(ms / 1000, "d")


@given(st.timedeltas(timedelta(0), timedelta(days=1000)))
def test_timedeltas_are_exact(duration: timedelta) -> None:
    """A timedelta loses nothing."""
    assert duration == timedelta(microseconds=to_ns(duration, "d") // 1000)
