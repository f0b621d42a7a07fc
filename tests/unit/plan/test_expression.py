"""Expressions resolve against a session; what fails says which attribute or function."""

import re

import pytest

from gatlingpy.errors import CheckFailed, ExpressionError
from gatlingpy.plan.code import CodeTable, Const, Expr, Template
from gatlingpy.plan.expression import constant, guarded, resolver
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


def test_functions() -> None:
    """A function gets the session."""
    code = CodeTable()
    ref = code.add("key", lambda session: session["id"] + 1, "pay.py:3")
    assert 8 == resolver(ref, code)(SESSION)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (KeyError("id"), "pay.py:3: KeyError: 'id'"),
        (ExpressionError("No attribute"), "pay.py:3: No attribute"),
        (CheckFailed("no"), "pay.py:3: no"),
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
