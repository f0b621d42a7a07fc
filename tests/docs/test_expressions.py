"""What ``docs/expressions.md`` says of each placeholder is what it gives."""

import re
import time
from collections.abc import Iterator

import pytest

from gatlingpy.errors import ExpressionError
from gatlingpy.plan.code import CodeTable, Template
from gatlingpy.plan.date_pattern import date_writer
from gatlingpy.plan.dice import Dice
from gatlingpy.plan.expression import resolver
from gatlingpy.plan.function_names import FREE_FUNCTIONS, VALUE_FUNCTIONS
from gatlingpy.session import Session
from gatlingpy.testing.clock import ManualClock
from tests.docs.page import ROOT, read_page

PAGE = read_page(ROOT / "docs" / "expressions.md")
MOMENT_NS = 1_722_427_509_123_456_789
_ROW = re.compile(r"^\| `(#\{.+?\})` \| `(.+?)` \|", re.MULTILINE)
_LETTERS = re.compile(r"^\| ((?:`[A-Za-z]` ?)+) \| .+? \| (.+?) \|$", re.MULTILINE)
_EXAMPLE = re.compile(r"`([A-Za-z]+)` `([^`]+)`")


def section(heading: str) -> str:
    """Return the prose under a heading."""
    return PAGE.prose.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]


def rows(heading: str) -> list[tuple[str, str]]:
    """Return the placeholders of a table, and what stands beside each."""
    found = _ROW.findall(section(heading))
    assert found, heading
    return found


@pytest.fixture(scope="module")
def record() -> dict[str, object]:
    """The record that the page begins with."""
    names: dict[str, object] = {"__name__": "snippets"}
    exec(PAGE.of("python")[0].text, names)
    assert isinstance(names["record"], dict)
    return names["record"]


@pytest.fixture(autouse=True)
def _berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


def resolved(placeholder: str, record: dict[str, object]) -> object:
    """Resolve a placeholder for user 1 of a run with the seed 0, at the moment of the page."""
    code = CodeTable().of_run(Dice(0), ManualClock(epoch_offset_ns=MOMENT_NS), "")
    return resolver(Template(placeholder), code)(Session("Shopper", 1, record))


@pytest.mark.parametrize(
    ("placeholder", "expected"),
    [*rows("Values from the session"), *rows("Random values"), *rows("The time")],
)
def test_what_a_placeholder_gives(
    placeholder: str, expected: str, record: dict[str, object]
) -> None:
    """Exactly the value beside it."""
    assert expected == repr(resolved(placeholder, record))


@pytest.mark.parametrize(("placeholder", "message"), rows("When something is missing"))
def test_what_is_said_of_one_that_leads_nowhere(
    placeholder: str, message: str, record: dict[str, object]
) -> None:
    """Exactly the message beside it."""
    with pytest.raises(ExpressionError, match=f"^{re.escape(message)}$"):
        resolved(placeholder, record)


def examples() -> list[tuple[str, str]]:
    """Return the patterns of the table of letters, and what stands beside each."""
    cells = [cell for _, cell in _LETTERS.findall(section("The time"))]
    return [example for cell in cells for example in _EXAMPLE.findall(cell)]


@pytest.mark.parametrize(("pattern", "expected"), examples())
def test_what_letters_write(pattern: str, expected: str) -> None:
    """At the same moment, in Berlin."""
    assert expected == date_writer(pattern)(MOMENT_NS)


def test_every_function_is_on_the_page() -> None:
    """In snake case, in a table."""
    shown = " ".join(re.findall(r"^\| `(#\{.+?\})` \|", PAGE.prose, re.MULTILINE))
    for name in (*FREE_FUNCTIONS, *VALUE_FUNCTIONS):
        assert f"{name}(" in shown


def test_every_letter_is_on_the_page() -> None:
    """With an example of it, or of the other letter for the same."""
    shown = [
        re.findall("[A-Za-z]", letters) for letters, _ in _LETTERS.findall(section("The time"))
    ]
    assert set("yuYwQqMLdDEecaHkhKmsSnANzVZXxO") == {letter for row in shown for letter in row}
    written = {pattern[0] for pattern, _ in examples()}
    assert set("uqL") == {letter for row in shown for letter in row} - written
