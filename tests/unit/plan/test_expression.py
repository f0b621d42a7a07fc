"""Expressions resolve against a session; what fails says which attribute or function."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.errors import CheckFailed, ExpressionError, UsageError
from gatlingpy.plan.code import CodeTable, Const, Expr, Structure, Template
from gatlingpy.plan.expression import constant, guarded, resolver
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.plan.template import escape
from gatlingpy.session import Session

SESSION = Session("Payments", 1, {"id": 7, "name": "Ann", "tags": ["a"]})


def resolved(expr: Expr) -> object:
    return resolver(expr, CodeTable())(SESSION)


@pytest.mark.parametrize(
    ("expected", "expr"),
    [
        (5, Const(5)),
        ("plain", Template("plain")),
        ("7-Ann", Template("#{id}-#{name}")),
        ("tags: ['a']", Template("tags: #{tags}")),
        ("#{id}", Template(r"\#{id}")),
    ],
)
def test_values(expected: object, expr: Expr) -> None:
    """A constant is itself, and a template is text with its attributes in place."""
    assert expected == resolved(expr)


def test_a_single_placeholder_keeps_the_type() -> None:
    """A template that is one placeholder gives the attribute itself."""
    assert SESSION["tags"] is resolved(Template("#{tags}"))
    assert 7 == resolved(Template("#{id}"))


@pytest.mark.parametrize("text", ["#{missing}", "a #{missing} b"])
def test_missing_attribute(text: str) -> None:
    """An attribute that is not there is named."""
    with pytest.raises(ExpressionError, match="No attribute named 'missing' is defined"):
        resolved(Template(text))


class Odd:
    """A value whose text cannot be had."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __str__(self) -> str:
        raise self.error


VALUES = SESSION.set_all({"pair": (1, 2), "none": None, "%s": "%d", "odd": Odd(KeyError("id"))})


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("7", "#{id}#{empty}"),
        ("<7>", "<#{id}>"),
        ("<(1, 2)>", "<#{pair}>"),
        ("None", "#{none}#{empty}"),
        ("100%s 7%", "100%s #{id}%"),
        ("%d %d", "#{%s} #{%s}"),
        ("7-7-Ann", "#{id}-#{id}-#{name}"),
        ("1 (1, 2) 7", "#{pair(0)} #{pair} #{id}"),
        ("#{id} 7", r"\#{id} #{id}"),
        ("${id} 7", "${id} #{id}"),
    ],
)
def test_text_around_placeholders(expected: str, text: str) -> None:
    """Values are written as ``str`` writes them, and all signs of the text are kept."""
    assert expected == resolver(Template(text), CodeTable())(VALUES.set("empty", ""))


@pytest.mark.parametrize("error", [KeyError("id"), ValueError("no"), SystemExit("no")])
@pytest.mark.parametrize(
    "text", ["<#{odd}>", "#{odd}#{id}", "#{odd}#{pair(0)}", "#{odd}" + "x" * 99]
)
def test_values_that_cannot_be_written(text: str, error: BaseException) -> None:
    """What ``__str__`` raises is told, with the template, and never taken for a missing attribute."""
    shown = text if len(text) < 60 else f"{text[:60]}…"
    message = f"a value of {shown!r} cannot be written as text: {type(error).__name__}: {error}"
    with pytest.raises(ExpressionError, match=f"^{re.escape(message)}$") as caught:
        resolver(Template(text), CodeTable())(VALUES.set("odd", Odd(error)))
    assert error is caught.value.__cause__


@pytest.mark.parametrize("text", ["#{id", "#{nofunction()}", "#{random_int(2,1)}"])
def test_mistakes_are_found_when_the_run_is_made(text: str) -> None:
    """Before any user meets them, also inside a structure."""
    for expr in (Template(text), Structure((Template(text),))):
        with pytest.raises(UsageError, match=re.escape(repr(text))):
            resolver(expr, CodeTable())


def test_structures() -> None:
    """The shape stays; leaves that are one placeholder keep their type."""
    value = FrozenMap({"id": Template("#{id}"), "list": (Template("<#{name}>"), 1, ()), "x": None})
    expected = {"id": 7, "list": ["<Ann>", 1, []], "x": None}
    assert expected == resolved(Structure(value))


@given(st.text().filter(lambda text: "#{" not in text))
def test_text_without_placeholders_is_itself(text: str) -> None:
    """Whatever else it holds."""
    assert text == resolved(Template(text))


@given(st.text())
def test_escaped_text_is_itself(text: str) -> None:
    """Whatever it holds."""
    assert text == resolved(Template(escape(text)))


@given(
    st.lists(st.tuples(st.text("%{}#$ä", max_size=3), st.sampled_from(["id", "name", "tags(0)"]))),
    st.text("%}$", max_size=2),
)
def test_templates_are_concatenation(pairs: list[tuple[str, str]], tail: str) -> None:
    """Of the texts and of ``str`` of the values, however many there are."""
    values = {"id": 7, "name": "Ann", "tags(0)": "a"}
    pieces = [(before.replace("#{", "").rstrip("#"), name) for before, name in pairs]
    text = "".join(f"{before}#{{{name}}}" for before, name in pieces) + tail
    expected = "".join(f"{before}{values[name]}" for before, name in pieces) + tail
    assert expected == str(resolved(Template(text)))


def test_functions() -> None:
    """A function gets the session."""
    code = CodeTable()
    ref = code.add("key", lambda session: session["id"] + 1, "pay.py:3")
    assert 8 == resolver(ref, code)(SESSION)


class Mute(Exception):  # noqa: N818
    """Has no message that could be had."""

    def __str__(self) -> str:
        raise self


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (KeyError("id"), "pay.py:3: KeyError: 'id'"),
        (ExpressionError("No attribute"), "pay.py:3: No attribute"),
        (CheckFailed("no"), "pay.py:3: no"),
        (Mute(), "pay.py:3: Mute"),
    ],
)
def test_functions_that_raise(error: Exception, message: str) -> None:
    """What a function raises names the function's line, and keeps its cause."""

    def broken(_session: object) -> object:
        raise error

    with pytest.raises(ExpressionError, match=f"^{re.escape(message)}$") as caught:
        guarded(broken, "pay.py:3")(SESSION)
    assert error is caught.value.__cause__


def test_constant() -> None:
    """Only a constant has a value without a session."""
    assert 5 == constant(Const(5))
    assert constant(Template("#{id}")) is None
