"""What stands between ``#{`` and ``}``: a path from an attribute, or the call of a function.

    placeholder = path | function "(" arguments ")"
    path        = name step*
    step        = "." name | "." function "()" | "._" number | "(" whole number ")" | "(" name ")"
    name        = any characters but . # { } ( )

Spaces around names are no part of them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from gatlingpy.errors import UsageError
from gatlingpy.plan.code import Maker
from gatlingpy.plan.date_pattern import UNCLOSED
from gatlingpy.plan.free_functions import Argument, compile_call
from gatlingpy.plan.function_names import (
    FREE_FUNCTIONS,
    LAST_FUNCTIONS,
    VALUE_FUNCTIONS,
    function_named,
    no_such_function,
)
from gatlingpy.plan.path import Apply, Element, Index, IndexFrom, Key, Path, PathStep
from gatlingpy.plan.scanner import Scanner

_NAME: Final = re.compile(r"[^.#{}()]+")
_INDEX: Final = re.compile(r"\s*-?[0-9]{1,9}\s*(?=\))")
_INDEX_FROM: Final = re.compile(r"[^.#{}(),]+")
_ELEMENT: Final = re.compile(r"\._[0-9]{1,9}(?![^.#{}()])")
_EMPTY: Final = re.compile(r"\(\s*\)")
_ARGUMENT: Final = re.compile(r"[^#{}(),]*")
_CALL: Final = re.compile(r"\(\s*\)|\([^#{}()]*,")
"""What only a call is written like: no argument, or several."""
_DATE: Final = re.compile(r"(?:[^'#{}()]|'[^']*')*")


@dataclass(frozen=True, slots=True)
class Call:
    """A function that needs no attribute: its name in snake case, its arguments as written."""

    function: str
    arguments: tuple[str, ...]
    make: Maker = field(compare=False, repr=False)


Placeholder: TypeAlias = Path | Call


def read_placeholder(scanner: Scanner) -> Placeholder:
    """Read a placeholder, the ``#{`` of which has been read, up to and with its ``}``.

    Raises UsageError, with the column, for one that makes no sense.
    """
    return _Reading(scanner).placeholder()


class _Reading:
    """One placeholder being read."""

    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        self._start = scanner.at - 2

    def placeholder(self) -> Placeholder:
        at = self._scanner.at
        name = self._name(_NAME, "the placeholder names no attribute: expected its name")
        found = self._call(name, at) or Path(name, tuple(self._steps()))
        self._expect("}")
        return found

    # --- functions --------------------------------------------------------------------------------

    def _call(self, name: str, at: int) -> Call | None:
        scanner = self._scanner
        function = function_named(name, FREE_FUNCTIONS)
        if function is None or not scanner.looks_at("("):
            self._refuse_call(name, at, "a function on its own")
            return None
        arguments = self._arguments(_DATE if function == "current_date" else _ARGUMENT)
        make = compile_call(function, arguments, scanner, at)
        return Call(function, tuple(argument.text for argument in arguments), make)

    def _refuse_call(self, name: str, at: int, what: str) -> None:
        if _CALL.match(self._scanner.text, self._scanner.at):
            raise self._scanner.mistake(no_such_function(name, what), at)

    def _arguments(self, pattern: re.Pattern[str]) -> list[Argument]:
        scanner = self._scanner
        if scanner.match(_EMPTY):
            return []
        self._expect("(")
        arguments = [self._argument(pattern)]
        while scanner.take(","):
            arguments.append(self._argument(pattern))
        self._expect(")")
        return arguments

    def _argument(self, pattern: re.Pattern[str]) -> Argument:
        at = self._scanner.at
        text = self._scanner.match(pattern)
        if pattern is _DATE:
            if self._scanner.looks_at("'"):
                raise self._scanner.mistake(UNCLOSED)
            return Argument(text, at)
        return Argument(text.strip(), at + len(text) - len(text.lstrip()))

    # --- steps ------------------------------------------------------------------------------------

    def _steps(self) -> Iterator[PathStep]:
        scanner = self._scanner
        step: PathStep | None = None
        while not (isinstance(step, Apply) and step.function in LAST_FUNCTIONS):
            if element := scanner.match(_ELEMENT):
                step = self._element(int(element[2:]))
            elif scanner.take("."):
                step = self._key_or_function()
            elif scanner.take("("):
                step = self._index()
            else:
                return
            yield step

    def _element(self, number: int) -> Element:
        if number < 1:
            raise self._scanner.mistake("expected ._1 or more: elements are counted from 1")
        return Element(number)

    def _key_or_function(self) -> Key | Apply:
        at = self._scanner.at
        name = self._name(_NAME, "expected the name of a key or of a function")
        function = function_named(name, VALUE_FUNCTIONS)
        if function is not None and self._scanner.match(_EMPTY):
            return Apply(function)
        self._refuse_call(name, at, "a function of an attribute")
        return Key(name)

    def _index(self) -> Index | IndexFrom:
        if number := self._scanner.match(_INDEX):
            found: Index | IndexFrom = Index(int(number))
        else:
            expected = "expected an index, or the name of the attribute that holds one"
            found = IndexFrom(self._name(_INDEX_FROM, expected))
        self._expect(")")
        return found

    # --- words ------------------------------------------------------------------------------------

    def _name(self, pattern: re.Pattern[str], expected: str) -> str:
        name = self._scanner.match(pattern).strip()
        if not name:
            raise self._unexpected(expected)
        return name

    def _expect(self, sign: str) -> None:
        if not self._scanner.take(sign):
            raise self._unexpected(f"expected {sign!r}")

    def _unexpected(self, expected: str) -> UsageError:
        scanner = self._scanner
        if scanner.at >= len(scanner.text):
            return scanner.mistake(
                "the placeholder has no closing brace; write #{attribute}, or \\#{ for the two "
                "characters themselves",
                self._start,
            )
        if scanner.looks_at("#{"):
            return scanner.mistake("a placeholder cannot stand inside another")
        return scanner.mistake(f"{expected}, got {scanner.got()}")
