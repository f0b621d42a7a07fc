"""``plan --arrivals``: one line a user, in order, and notes beside them."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy import (
    Simulation,
    at_once_users,
    constant_concurrent_users,
    dummy,
    nothing_for,
    ramp_users,
    scenario,
)
from gatlingpy.cli.arrivals import milliseconds, print_arrivals
from gatlingpy.dsl.setup import compile_simulation


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (0, "0"), (1, "0.000001"), (250_000, "0.25"), (1_000_000, "1"), (1_500_000, "1.5"),
        (10_000_000, "10"), (100_000_000_000, "100000"), (1_000_000_000_001, "1000000.000001"),
    ],
)  # fmt: skip
def test_milliseconds_are_plain_numbers(ns: int, text: str) -> None:
    """Whole where they are whole; at most six places, and none of them needless."""
    assert milliseconds(ns) == text


@given(st.integers(0, 10**17))
def test_milliseconds_lose_nothing(ns: int) -> None:
    """They are the nanoseconds again, without an exponent."""
    whole, _, rest = milliseconds(ns).partition(".")
    assert int(whole) * 1_000_000 + int(rest.ljust(6, "0") or "0") == ns
    assert not rest.endswith("0")


class Mixed(Simulation):
    """Open populations, a closed one and one that follows."""

    def __init__(self) -> None:
        step = dummy("x", 0)
        first = scenario("First").exec(step).inject_open(ramp_users(3).during(3))
        second = scenario("Second").exec(step).inject_open(nothing_for("1500ms"), at_once_users(1))
        closed = scenario("Closed").exec(step).inject_closed(constant_concurrent_users(2).during(1))
        after = scenario("After").exec(step).inject_open(at_once_users(1))
        self.set_up(first, second.and_then(after), closed)


def test_lines_of_all_populations_are_merged_and_what_cannot_be_told_is_named() -> None:
    """The notes stand on the error stream."""
    out, err = io.StringIO(), io.StringIO()
    print_arrivals(compile_simulation(Mixed).plan, out, err)
    assert out.getvalue() == "0\tFirst\n1000\tFirst\n1500\tSecond\n2000\tFirst\n"
    assert err.getvalue().splitlines() == [
        "Note: After is not listed: starts when others have ended",
        "Note: Closed is not listed: closed: users start when others end",
    ]
