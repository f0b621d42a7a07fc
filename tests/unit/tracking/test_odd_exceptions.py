"""Exceptions that ``except Exception`` misses: users raise them as well, and lose no request."""

import asyncio
from collections.abc import Callable

import pytest

from gatlingpy.dsl.checks import (
    check_if,
    compare,
    field,
    json_path,
    message_function,
    session_check,
)
from gatlingpy.errors import CheckFailed
from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.expression import resolver
from gatlingpy.plan.glimpse import brief
from gatlingpy.tracking.decoding import Format
from gatlingpy.tracking.ids import as_id
from tests.unit.tracking.judging import SESSION, failure


def cancelled(*_: object) -> object:
    """Raise what is no ``Exception``."""
    raise asyncio.CancelledError


def stopped(*_: object) -> object:
    """Raise what is no ``Exception``, either."""
    raise GeneratorExit


def failed(*_: object) -> object:
    """Fail as pytest does, whose exception is no ``Exception`` of Python's."""
    pytest.fail("by pytest")


def interrupted(*_: object) -> object:
    """Raise what Ctrl-C raises; no signal comes to the thread that runs users."""
    raise KeyboardInterrupt


@pytest.mark.parametrize("function", [cancelled, stopped, failed, interrupted])
def test_whatever_a_function_raises_fails_the_check_alone(
    function: Callable[..., object],
) -> None:
    """Wherever the function stands."""
    one, two = (lambda _: function()), (lambda _a, _b: function())
    checks = [
        ("by name", two),
        (json_path("$.a").satisfies(one),),
        (json_path("$.a").transform(one),),
        (json_path("$.a").is_(one),),
        (json_path("$.b").with_default(one),),
        (json_path("$.a").validate("mine", two),),
        (check_if(one, json_path("$.a")),),
        (check_if(two, json_path("$.a")),),
        (compare(json_path("$.a"), json_path("$.a"), two),),
        (session_check("mine", two),),
        (field(one),),
        (message_function(one),),
    ]
    for check in checks:
        assert "crashed" in str(failure({"a": 1}, *check, request={"a": 1}))


def test_a_decoder_may_raise_anything() -> None:
    """The reply cannot be decoded then."""
    odd = Format(SerializationType.CUSTOM, cancelled, cancelled)
    check = ("any", lambda _reply: True)
    assert "cannot be decoded: CancelledError" in str(failure({}, *check, replies=odd))


def test_a_function_of_the_session_may_raise_anything() -> None:
    """It is an error of that user, with the line of the function."""
    code = CodeTable()
    ref = code.add("value", cancelled, "sim.py:9")
    with pytest.raises(Exception, match=r"sim\.py:9: CancelledError"):
        resolver(ref, code)(SESSION)


class Mute:
    """Cannot be shown."""

    def __repr__(self) -> str:
        raise ValueError


def test_a_value_that_cannot_be_shown_is_named_by_its_type() -> None:
    """As one that would be too long to read is."""
    assert brief(Mute()) == "an object of Mute"
    assert brief("x" * 101) == "an object of str"
    assert brief(7) == "7"
    with pytest.raises(CheckFailed, match="an object of Mute is no id"):
        as_id(Mute())
