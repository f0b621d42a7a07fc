"""Checks that know what they expect, and the words for it that an extractor offers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, Self

from gatlingpy.dsl.check_arguments import (
    Expected,
    Held,
    filed,
    held,
    held_choice,
    must_be_constant,
    must_be_text,
    must_take,
)
from gatlingpy.dsl.message_check import Judgement
from gatlingpy.plan.checks import NOTHING, Expectation, ExtractCheck
from gatlingpy.plan.code import CodeTable


class LookBuilder(Protocol):
    """What compiles to all of a check that comes before its expectation."""

    def look_plan(self, path: str, code: CodeTable) -> ExtractCheck:
        """Return the check, expecting nothing in particular."""


@dataclass(frozen=True, slots=True)
class ExpectedCheck:
    """A check that knows what it expects; it may still be named, and its value saved."""

    _look: LookBuilder
    _expectation: Expectation
    _expected: Held = NOTHING
    _operation: str = ""
    _name: str = ""
    _save_as: str = ""

    def name(self, name: str) -> Self:
        """Return the check under a name, which failures show in place of the made-up one."""
        must_be_text("name", name)
        return replace(self, _name=name)

    def save_as(self, key: str) -> Self:
        """Return the check so that the value goes into the session once it has passed."""
        must_be_text("save_as", key)
        must_be_constant("save_as", key, "name one attribute, without placeholders")
        return replace(self, _save_as=key)

    def compile(self, path: str, code: CodeTable) -> ExtractCheck:
        """Return the check for the plan."""
        return replace(
            self._look.look_plan(path, code),
            expectation=self._expectation,
            expected=filed(self._expected, f"{path}/{self._expectation}", code),
            operation=self._operation,
            name=self._name,
            save_as=self._save_as,
        )


class Expectations:
    """What may be expected of the value that an extractor looks at.

    An expected value may be a template or a function of the session.
    """

    __slots__ = ()

    def look_plan(self, path: str, code: CodeTable) -> ExtractCheck:
        """Return what is looked at, as a check that the value exists."""
        raise NotImplementedError

    def is_(self, expected: Expected) -> ExpectedCheck:
        """Expect this value; numbers are no text, and ``true`` is not 1."""
        return self._held(Expectation.IS, expected)

    def not_(self, expected: Expected) -> ExpectedCheck:
        """Expect any other value, or none."""
        return self._held(Expectation.NOT, expected)

    def in_(self, *expected: Expected) -> ExpectedCheck:
        """Expect one of these values; one list, or a template or function of one, does as well."""
        return ExpectedCheck(self, Expectation.IN, held_choice(expected))

    def exists(self) -> ExpectedCheck:
        """Expect that something is found, be it JSON's null."""
        return ExpectedCheck(self, Expectation.EXISTS)

    def not_exists(self) -> ExpectedCheck:
        """Expect that nothing is found, in a reply that can be read."""
        return ExpectedCheck(self, Expectation.NOT_EXISTS)

    def optional(self) -> ExpectedCheck:
        """Expect nothing: the value is saved if there is one."""
        return ExpectedCheck(self, Expectation.OPTIONAL)

    def is_null(self) -> ExpectedCheck:
        """Expect JSON's null."""
        return ExpectedCheck(self, Expectation.IS_NULL)

    def not_null(self) -> ExpectedCheck:
        """Expect any value but JSON's null."""
        return ExpectedCheck(self, Expectation.NOT_NULL)

    def lt(self, expected: Expected) -> ExpectedCheck:
        """Expect a value below this one."""
        return self._held(Expectation.LT, expected)

    def lte(self, expected: Expected) -> ExpectedCheck:
        """Expect a value below this one, or this one."""
        return self._held(Expectation.LTE, expected)

    def gt(self, expected: Expected) -> ExpectedCheck:
        """Expect a value above this one."""
        return self._held(Expectation.GT, expected)

    def gte(self, expected: Expected) -> ExpectedCheck:
        """Expect a value above this one, or this one."""
        return self._held(Expectation.GTE, expected)

    def satisfies(self, function: Callable[..., Judgement]) -> ExpectedCheck:
        """Expect what a function of the value says: ``None`` or ``True`` passes.

        A text, or a raised CheckFailed, fails with that message; ``False`` fails.
        """
        must_take("satisfies", function, "the value")
        return ExpectedCheck(self, Expectation.SATISFIES, function)

    def validate(self, name: str, function: Callable[..., Judgement]) -> ExpectedCheck:
        """Expect what a function of the value and the session says, as ``satisfies`` does.

        The function is called whatever was found: with ``None`` if nothing was.  ``name`` stands
        in messages where another check has ``is`` or ``exists``.
        """
        must_be_text("validate", name)
        must_take("validate", function, "the value", "the session")
        return ExpectedCheck(self, Expectation.VALIDATE, function, name)

    def name(self, name: str) -> ExpectedCheck:
        """Expect that the value exists, under a name."""
        return self.exists().name(name)

    def save_as(self, key: str) -> ExpectedCheck:
        """Expect that the value exists, and put it into the session."""
        return self.exists().save_as(key)

    def compile(self, path: str, code: CodeTable) -> ExtractCheck:
        """Return the check for the plan: that the value exists."""
        return self.exists().compile(path, code)

    def _held(self, expectation: Expectation, expected: object) -> ExpectedCheck:
        return ExpectedCheck(self, expectation, held(expected))
