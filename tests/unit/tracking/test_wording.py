"""Words for values and exceptions are short, and cost nobody a user."""

import pytest

from gatlingpy.errors import CheckFailed
from gatlingpy.tracking.wording import LONGEST_MESSAGE, LONGEST_SHOWN, cut, explain, show


class MuteError(Exception):
    """Cannot be written as text."""

    def __str__(self) -> str:
        raise SystemExit(1)


def test_a_value_is_shown_bare_and_short() -> None:
    """As ``str`` writes it."""
    assert [show(value) for value in ("a", 1, None, b"b", ["c"])] == [
        "a",
        "1",
        "None",
        "b'b'",
        "['c']",
    ]
    assert show("x" * LONGEST_SHOWN) == "x" * LONGEST_SHOWN
    assert show("x" * (LONGEST_SHOWN + 1)) == "x" * LONGEST_SHOWN + "…"


def test_a_value_that_cannot_be_written_is_shown_by_its_type() -> None:
    """Whatever it raises."""
    assert show(MuteError()) == "a MuteError that cannot be written as text (SystemExit)"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (CheckFailed("no good"), "no good"),
        (KeyError("a"), "KeyError: 'a'"),
        (SystemExit(3), "SystemExit: 3"),
        (MuteError(), "MuteError"),
    ],
)
def test_an_exception_is_told_with_its_type_unless_it_is_ours(
    error: BaseException, words: str
) -> None:
    """And never as a traceback."""
    assert explain(error) == words


def test_a_message_has_an_end() -> None:
    """However much an exception has to say."""
    assert len(explain(ValueError("x" * 9999))) == LONGEST_MESSAGE + 1
    assert cut("abc", 2) == "ab…"
