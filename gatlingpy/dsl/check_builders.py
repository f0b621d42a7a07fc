"""The builders behind checks: each method returns a new one, and the last compiles to a plan."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Final, Protocol, Self, TypeAlias

from gatlingpy.dsl.message_check import Judgement
from gatlingpy.dsl.where import function_line, user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.checks import (
    BodyExtract,
    Check,
    Expectation,
    Extract,
    ExtractCheck,
    Find,
    ResponseEqualsCheck,
    Transform,
    ValueType,
)
from gatlingpy.plan.code import CodeTable, Const, Expr, Template
from gatlingpy.plan.frozen import freeze
from gatlingpy.plan.template import has_placeholder, parse
from gatlingpy.session import Session

Expected: TypeAlias = object | Callable[[Session], object]
"""A value, text with ``#{attribute}`` placeholders, or a function of the session."""

Held: TypeAlias = Const | Template | Callable[..., object]
"""What a check expects, as the builder keeps it."""


class CheckBuilder(Protocol):
    """A check while it is being written."""

    def compile(self, path: str, code: CodeTable) -> Check:
        """Return the check; its functions go into ``code`` under ``path``."""


def refused(message: str) -> UsageError:
    """Return the error for something that the user wrote wrongly, with the user's line."""
    return UsageError(f"{user_line()}: {message}")


def must_be_text(what: str, value: object) -> None:
    """Raise UsageError unless a value is a text that is not empty."""
    if not isinstance(value, str) or not value:
        raise refused(f"{what}({value!r}) must be given a text that is not empty")


def check_template(text: str) -> None:
    """Raise UsageError if a text holds a placeholder that is malformed."""
    try:
        parse(text)
    except UsageError as error:
        raise refused(str(error)) from None


# --- extract → find → transform → expect → name → save -------------------------------------------


@dataclass(frozen=True, slots=True)
class ExpectedCheck:
    """A check that knows what it expects; it may still be named, and its value saved."""

    _plan: ExtractCheck
    _expected: Held
    _transform: Callable[..., object] | None = None

    def name(self, name: str) -> Self:
        """Return the check under a name, which failures show in place of the made-up one."""
        return replace(self, _plan=replace(self._plan, name=name))

    def save_as(self, key: str) -> Self:
        """Return the check so that the value goes into the session once it has passed."""
        must_be_text("save_as", key)
        if has_placeholder(key):
            raise refused(f"save_as({key!r}) must name one attribute, without placeholders")
        return replace(self, _plan=replace(self._plan, save_as=key))

    def compile(self, path: str, code: CodeTable) -> ExtractCheck:
        """Return the check for the plan."""
        held, transform = self._expected, self._transform
        if not isinstance(held, Const | Template):
            place = f"{path}/{self._plan.expectation}"
            expected: Expr = code.add(place, held, function_line(held))
        else:
            expected = held
        if transform is None:
            return replace(self._plan, expected=expected)
        ref = code.add(f"{path}/transform", transform, function_line(transform))
        return replace(self._plan, expected=expected, changes=(Transform(ref),))


_ANY: Final = BodyExtract()


@dataclass(frozen=True, slots=True)
class Extractor:
    """A place in the reply: say which value there is meant, and what it must be.

    As a check by itself it expects that the first value exists.
    """

    _plan: ExtractCheck
    _transform: Callable[..., object] | None = None

    def extract_plan(self, path: str, code: CodeTable) -> Extract:  # noqa: ARG002
        """Return the place alone, for other uses than checks: the first value found there.

        Its functions go into ``code`` under ``path``.  Raises UsageError, with the user's line,
        if another value than the first was asked for, or something made of it.
        """
        if replace(self._plan, extract=_ANY, where="") != ExtractCheck(_ANY) or self._transform:
            raise refused(
                "an extractor that is no check gives the first value as it is; take away what "
                "follows it, or write message_function(lambda message: ...)"
            )
        return self._plan.extract

    def find(self, occurrence: int = 0) -> Self:
        """Look at one of the values found, counted from 0."""
        if type(occurrence) is not int or occurrence < 0:
            raise refused(f"find({occurrence!r}) must be given a whole number from 0")
        return replace(self, _plan=replace(self._plan, find=Find.FIRST, occurrence=occurrence))

    def find_all(self) -> Self:
        """Look at all values found, as a list."""
        return replace(self, _plan=replace(self._plan, find=Find.ALL, occurrence=0))

    def count(self) -> Self:
        """Look at how many values there are; 0 if there is none."""
        return replace(self, _plan=replace(self._plan, find=Find.COUNT, occurrence=0))

    def transform(self, function: Callable[..., object]) -> Self:
        """Look at what a function makes of the value; it is not called if nothing was found."""
        if not callable(function):
            raise refused(f"transform({function!r}) must be given a function of the value")
        return replace(self, _transform=function)

    def is_(self, expected: Expected) -> ExpectedCheck:
        """Expect this value; numbers are no text, and ``true`` is not 1."""
        return self._held(Expectation.IS, expected)

    def not_(self, expected: Expected) -> ExpectedCheck:
        """Expect any other value, or none."""
        return self._held(Expectation.NOT, expected)

    def in_(self, *expected: Expected) -> ExpectedCheck:
        """Expect one of these values; one list, or a template or function of one, does as well."""
        if not expected:
            raise refused("in_() must be given the values that are allowed")
        only = expected[0] if len(expected) == 1 else expected
        if isinstance(only, list | tuple | set | frozenset):
            _refuse_templates(only)
            return self._held(Expectation.IN, list(only))
        if callable(only) or (isinstance(only, str) and has_placeholder(only)):
            return self._held(Expectation.IN, only)
        return self._held(Expectation.IN, [only])

    def exists(self) -> ExpectedCheck:
        """Expect that something is found, be it JSON's null."""
        return self._held(Expectation.EXISTS)

    def not_exists(self) -> ExpectedCheck:
        """Expect that nothing is found, in a reply that can be read."""
        return self._held(Expectation.NOT_EXISTS)

    def optional(self) -> ExpectedCheck:
        """Expect nothing: the value is saved if there is one."""
        return self._held(Expectation.OPTIONAL)

    def is_null(self) -> ExpectedCheck:
        """Expect JSON's null."""
        return self._held(Expectation.IS_NULL)

    def not_null(self) -> ExpectedCheck:
        """Expect any value but JSON's null."""
        return self._held(Expectation.NOT_NULL)

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
        if not callable(function):
            raise refused(f"satisfies({function!r}) must be given a function of the value")
        plan = replace(self._plan, expectation=Expectation.SATISFIES)
        return ExpectedCheck(plan, function, self._transform)

    def name(self, name: str) -> ExpectedCheck:
        """Expect that the value exists, under a name."""
        return self.exists().name(name)

    def save_as(self, key: str) -> ExpectedCheck:
        """Expect that the value exists, and put it into the session."""
        return self.exists().save_as(key)

    def compile(self, path: str, code: CodeTable) -> ExtractCheck:
        """Return the check for the plan: that the value exists."""
        return self.exists().compile(path, code)

    def _held(self, expectation: Expectation, expected: object = None) -> ExpectedCheck:
        plan = replace(self._plan, expectation=expectation)
        return ExpectedCheck(plan, _expression(expected), self._transform)


def _expression(expected: object) -> Held:
    if callable(expected) and not isinstance(expected, type):
        return expected
    if isinstance(expected, str) and has_placeholder(expected):
        check_template(expected)
        return Template(expected)
    try:
        return Const(freeze(expected))
    except UsageError as error:
        raise refused(str(error)) from None


def _refuse_templates(values: Collection[object]) -> None:
    for value in values:
        if callable(value) or (isinstance(value, str) and has_placeholder(value)):
            raise refused(
                f"in_(...) cannot mix {value!r} with other values; "
                "give it one function of the session that returns them all"
            )


@dataclass(frozen=True, slots=True)
class JsonExtractor(Extractor):
    """A place in a JSON reply: its values have JSON's types, unless another is asked for."""

    def of_string(self) -> Self:
        """Take text as it is, and anything else as its JSON text, as Gatling does by default."""
        return self._of(ValueType.STRING)

    def of_int(self) -> Self:
        """Take whole numbers only; another value fails the check."""
        return self._of(ValueType.INT)

    def of_float(self) -> Self:
        """Take numbers only, as ``float``; another value fails the check."""
        return self._of(ValueType.FLOAT)

    def of_boolean(self) -> Self:
        """Take ``true`` and ``false`` only; another value fails the check."""
        return self._of(ValueType.BOOLEAN)

    def of_list(self) -> Self:
        """Take lists only; another value fails the check."""
        return self._of(ValueType.LIST)

    def of_map(self) -> Self:
        """Take objects only, as ``dict``; another value fails the check."""
        return self._of(ValueType.MAP)

    def _of(self, value_type: ValueType) -> Self:
        return replace(self, _plan=replace(self._plan, value_type=value_type))


@dataclass(frozen=True, slots=True)
class ResponseEquals:
    """Expects that the reply's value equals the request's, byte for byte."""

    _plan: ResponseEqualsCheck

    def name(self, name: str) -> Self:
        """Return the check under a name, which failures show in place of the made-up one."""
        return replace(self, _plan=replace(self._plan, name=name))

    def compile(self, path: str, code: CodeTable) -> ResponseEqualsCheck:  # noqa: ARG002
        """Return the check for the plan; it has no functions to file."""
        return self._plan
