r"""Templates are parsed into text and attributes; ``\#{`` escapes; mistakes have a position."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.errors import UsageError
from gatlingpy.plan.template import Attribute, Part, has_placeholder, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("",)),
        ("plain", ("plain",)),
        ("#{a}", (Attribute("a"),)),
        ("#{ a }", (Attribute("a"),)),
        ("order-#{a}!", ("order-", Attribute("a"), "!")),
        ("#{a}#{b}", (Attribute("a"), Attribute("b"))),
        (r"\#{a}", ("#{a}",)),
        (r"\#{#{a}}", ("#{", Attribute("a"), "}")),
        ("# {a} #a }", ("# {a} #a }",)),
        ("##{a}", ("#", Attribute("a"))),
        ("#{a\nb}", (Attribute("a\nb"),)),
        ("ü#{ключ}", ("ü", Attribute("ключ"))),
    ],
)
def test_parse(text: str, expected: tuple[Part, ...]) -> None:
    """A template is its text and its attributes, in order."""
    assert expected == parse(text)


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ("#{", 0, "has no closing brace"),
        ("ab #{a", 3, "has no closing brace"),
        ("ab #{}", 3, "names no attribute"),
        ("#{ }", 0, "names no attribute"),
        ("#{a#{b}}", 0, "names no attribute"),
    ],
)
def test_mistakes(text: str, position: int, message: str) -> None:
    """A placeholder that cannot be read is refused with its position."""
    with pytest.raises(
        UsageError, match=rf"at position {position} of {re.escape(repr(text))} {message}"
    ):
        parse(text)


# A backslash right before a placeholder would escape it.
plain = st.text(st.characters(exclude_characters="\\"), max_size=8).map(
    lambda text: text.replace("#{", "").rstrip("#")
)
names = st.text(min_size=1, max_size=8).filter(
    lambda name: name.strip() and "}" not in name and "#{" not in name
)


@given(st.lists(st.tuples(plain, names), max_size=4), plain)
def test_what_is_written_is_found(pairs: list[tuple[str, str]], tail: str) -> None:
    """Text and attributes put together are taken apart into the same parts."""
    text = "".join(f"{before}#{{{name}}}" for before, name in pairs) + tail
    expected: list[Part] = []
    for before, name in pairs:
        expected += [before] if before else []
        expected.append(Attribute(name.strip()))
    if tail or not expected:
        expected.append(tail)
    assert tuple(expected) == parse(text)


@given(st.text(max_size=20).filter(lambda text: "\\" not in text))
def test_escaped_text_is_itself(text: str) -> None:
    r"""Text whose ``#{`` are all written ``\#{`` has no attribute and reads as it was."""
    assert (text,) == parse(text.replace("#{", r"\#{"))


@given(st.text("\\#{}a ", max_size=12))
def test_never_anything_but_a_usage_error(text: str) -> None:
    """Any text is either parsed or refused; without a placeholder it is itself."""
    parts: tuple[Part, ...] = (text,)
    with suppress(UsageError):
        parts = parse(text)
    assert has_placeholder(text) or (text,) == parts
