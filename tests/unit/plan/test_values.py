"""Values of a wanted type: numbers, whole numbers, truth and seconds, or what was got instead."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.errors import ExpressionError
from gatlingpy.plan.expression import number, seconds, text, truth, whole_number

SECONDS = "seconds as a number, a timedelta or text such as '500ms'"


@pytest.mark.parametrize(
    ("expected", "convert", "value"),
    [
        (1.5, number, 1.5),
        (2.0, number, 2),
        (2.5, number, " 2.5 "),
        (-1000.0, number, "-1e3"),
        (0.1, number, Decimal("0.1")),
        (0.25, number, Fraction(1, 4)),
        (3, whole_number, 3),
        (3, whole_number, 3.0),
        (-3, whole_number, "-3"),
        (3, whole_number, "3.0"),
        (4, whole_number, Decimal(4)),
        (2**63 + 1, whole_number, 2**63 + 1),
        (2**63 + 1, whole_number, str(2**63 + 1)),
        (1.5, seconds, 1.5),
        (2.0, seconds, "2"),
        (0.5, seconds, "500ms"),
        (90.0, seconds, "1.5m"),
        (90.0, seconds, timedelta(minutes=1.5)),
        (-1.0, seconds, timedelta(seconds=-1)),
        (-1.0, seconds, "-1"),
    ],
)
def test_values(expected: object, convert: Callable[[object, str], object], value: object) -> None:
    """What is given is turned into the wanted type, and into nothing but it."""
    got = convert(value, "it")
    assert (type(expected), expected) == (type(got), got)


@pytest.mark.parametrize("text", ["true", "True", " TRUE ", True])
def test_true(text: object) -> None:
    """Text says true in any case."""
    assert truth(text, "it") is True


@pytest.mark.parametrize("text", ["false", "False", " FALSE ", False])
def test_false(text: object) -> None:
    """Text says false in any case."""
    assert truth(text, "it") is False


@pytest.mark.parametrize(
    ("convert", "value", "message"),
    [
        (number, True, "the limit must be a number, got bool True"),
        (number, "ten", "the limit must be a number, got str 'ten'"),
        (number, "nan", "the limit must be a number, got str 'nan'"),
        (number, float("inf"), "the limit must be a number, got float inf"),
        (number, 10**400, f"the limit must be a number, got int 1{'0' * 99}…"),
        (number, None, "the limit must be a number, got NoneType None"),
        (number, b"1", "the limit must be a number, got bytes b'1'"),
        (whole_number, 1.5, "the limit must be a whole number, got float 1.5"),
        (whole_number, "1.5", "the limit must be a whole number, got str '1.5'"),
        (whole_number, False, "the limit must be a whole number, got bool False"),
        (whole_number, [1], "the limit must be a whole number, got list [1]"),
        (truth, 1, "the limit must be true or false, got int 1"),
        (truth, "yes", "the limit must be true or false, got str 'yes'"),
        (truth, "", "the limit must be true or false, got str ''"),
        (truth, None, "the limit must be true or false, got NoneType None"),
        (
            seconds,
            "1 day",
            f"the limit must be {SECONDS}, got str '1 day'",
        ),
        (
            seconds,
            True,
            f"the limit must be {SECONDS}, got bool True",
        ),
        (seconds, 1e305, f"the limit must be {SECONDS}, got float 1e+305"),
        (seconds, "-1e14", f"the limit must be {SECONDS}, got str '-1e14'"),
    ],
)
def test_refused(convert: Callable[[object, str], object], value: object, message: str) -> None:
    """Anything else is refused with what it is for, and shown with its type."""
    with pytest.raises(ExpressionError, match=f"^{re.escape(message)}$"):
        convert(value, "the limit")


class Unprintable:
    """Cannot be shown."""

    def __repr__(self) -> str:
        raise KeyError("secret")


class Mute(Exception):  # noqa: N818
    """Has no message that could be had."""

    def __str__(self) -> str:
        raise self


@pytest.mark.parametrize(
    ("error", "told"),
    [(KeyError("x"), "KeyError: 'x'"), (SystemExit(3), "SystemExit: 3"), (Mute(), "Mute")],
)
def test_what_cannot_be_written_is_refused(error: BaseException, told: str) -> None:
    """Whatever its ``__str__`` raises."""

    class Odd:
        def __str__(self) -> str:
            raise error

    assert text(5, "the name") == "5"
    with pytest.raises(ExpressionError, match=f"^the name cannot be written as text: {told}$"):
        text(Odd(), "the name")


def test_what_cannot_be_shown_is_named() -> None:
    """A value whose text cannot be had is shown by its type alone."""
    for value in (10**9_999, Unprintable()):
        with pytest.raises(ExpressionError, match=f"got {type(value).__name__}$"):
            number(value, "the limit")


@given(st.one_of(st.none(), st.text(), st.floats(), st.integers(), st.binary(), st.booleans()))
def test_nothing_but_an_expression_error(value: object) -> None:
    """Whatever a user's data holds is either turned or refused, and never fails otherwise."""
    for convert in (number, whole_number, truth, seconds):
        with suppress(ExpressionError):
            assert convert(value, "it") is not None
