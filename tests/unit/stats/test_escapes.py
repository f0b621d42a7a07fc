"""Escaped text keeps to its field and comes back unchanged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.stats.escapes import (
    escape,
    escape_groups,
    escape_message,
    unescape,
    unescape_groups,
    unescape_message,
)

texts = st.text(
    st.one_of(st.sampled_from("\\tnrsceu0,\t\n "), st.characters(exclude_categories=()))
)


@given(texts)
def test_text(text: str) -> None:
    """Text comes back, and neither field nor line ends inside it."""
    written = escape(text)
    assert text == unescape(written)
    assert not set(written) & set("\t\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
    assert text != written or not set(text) & set("\\\t\n")


@given(texts)
def test_message(text: str) -> None:
    """A message comes back and is never written as nothing, which Gatling would drop."""
    assert escape_message(text)
    assert text == unescape_message(escape_message(text))


@given(st.lists(texts, max_size=4).map(tuple))
def test_groups(groups: tuple[str, ...]) -> None:
    """A path comes back name by name; Gatling splits it into as many names."""
    written = escape_groups(groups)
    assert groups == unescape_groups(written)
    assert len(groups) == (len(written.split(",")) if written else 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain é 😀", "plain é 😀"),
        ("a\tb\nc\rd\\e", r"a\tb\nc\rd\\e"),
        ("\x00\x1b\ud800", r"\u0000\u001b\ud800"),
        ("a,b", "a,b"),
    ],
)
def test_as_written(text: str, expected: str) -> None:
    """The escapes are those of ``docs/log-format.md``."""
    assert expected == escape(text)


@pytest.mark.parametrize("text", [r"\x", "\\", r"\u12", r"\uGGGG"])
def test_unknown_escapes(text: str) -> None:
    """An escape that is not known stays as it is."""
    assert text == unescape(text)
