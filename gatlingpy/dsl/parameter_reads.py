"""A parameter as it was declared, where its value is looked for, and what was read."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from gatlingpy.dsl.parameter_kinds import KINDS, Kind
from gatlingpy.errors import UsageError
from gatlingpy.plan.parameters import Parameter, value_text

VARIABLE: Final = "GATLINGPY_PARAM_"
"""How the environment variables begin that give parameters."""

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_DEFAULT: Final = "default"


class Nothing:
    """What stands for a default that is not there."""

    def __repr__(self) -> str:
        return "..."


NOTHING: Final = Nothing()


@dataclass(frozen=True, slots=True)
class Given:
    """What parameters were given by whom: ``-p``, or ``parameters`` of a program."""

    values: Mapping[str, object] = field(default_factory=dict)
    source: str = "parameters"


@dataclass(frozen=True, slots=True)
class Declared:
    """One call of ``param``."""

    name: str
    kind: Kind
    default: object
    """Typed; ``NOTHING`` if the parameter has to be given."""
    choices: tuple[object, ...]
    help: str
    where: str

    @property
    def variable(self) -> str:
        """The environment variable that gives it."""
        return variable_of(self.name)

    def agrees(self, other: "Declared") -> bool:
        """Tell whether two calls mean the same; the help is for people."""
        mine = self.name, self.kind.name, self.default, self.choices
        return mine == (other.name, other.kind.name, other.default, other.choices)

    def read(self, given: Given) -> "Read":
        """Look for the value: given, environment, default.  Raises UsageError."""
        if self.name in given.values:
            return Read(self, self._typed(given.values[self.name], given.source), given.source)
        if text := os.environ.get(self.variable):
            return Read(self, self._typed(text, self.variable), self.variable)
        if self.default is not NOTHING:
            return Read(self, self.default, _DEFAULT)
        raise UsageError(
            f"{self.where}: parameter {self.name!r} ({self.kind.name}) was not given and has no "
            f"default; give it by -p {self.name}=VALUE on the command line, by "
            f"parameters={{{self.name!r}: ...}} in a program or by the environment variable "
            f"{self.variable}"
        )

    def stand_in(self) -> "Read":
        """Return what a constructor goes on with after a problem, until all problems are told."""
        if self.default is not NOTHING:
            return Read(self, self.default, _DEFAULT)
        return Read(self, self.choices[0] if self.choices else self.kind.nothing, _DEFAULT)

    def _typed(self, value: object, source: str) -> object:
        typed = self.kind.typed(value)
        if typed is None:
            raise UsageError(
                f"{self.where}: parameter {self.name!r} must be {self.kind.wanted}, "
                f"got {value!r} from {source}"
            )
        if self.choices and typed not in self.choices:
            words = [value_text(self.kind.freeze(choice)) for choice in self.choices]
            raise UsageError(
                f"{self.where}: parameter {self.name!r} must be one of {', '.join(words)}, "
                f"got {value!r} from {source}{nearest(str(value), words)}"
            )
        return typed


@dataclass(frozen=True, slots=True)
class Read:
    """A parameter, its value, and where that came from."""

    declared: Declared
    value: object
    source: str

    def plan(self) -> Parameter:
        """Return it as the plan holds it."""
        declared, freeze = self.declared, self.declared.kind.freeze
        return Parameter(
            declared.name,
            declared.kind.name,
            freeze(self.value),
            None if declared.default is NOTHING else freeze(declared.default),
            declared.help,
            self.source,
            declared.where,
            tuple(freeze(choice) for choice in declared.choices),
        )

    @property
    def text(self) -> str:
        """The value and where it came from, for messages."""
        return f"{value_text(self.declared.kind.freeze(self.value))} ({self.source})"


def variable_of(name: str) -> str:
    """Return the environment variable that gives a parameter."""
    return VARIABLE + name.upper().replace("-", "_").replace(".", "_")


def nearest(word: str, known: Sequence[str]) -> str:
    """Return the question whether the nearest known word was meant, or nothing."""
    close = get_close_matches(word, known, 1)
    return f"; did you mean {close[0]!r}?" if close else ""


def declare(
    name: object, kind: object, default: object, choices: object, help_text: object, where: str
) -> Declared:
    """Check what ``param`` was called with; raises UsageError."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise UsageError(
            f"{where}: param(...) takes a name of letters, digits, '-', '_' and '.' that begins "
            f"with a letter, got {name!r}"
        )
    what = f"{where}: param({name!r}, ...)"
    known = KINDS.get(kind) if isinstance(kind, type) else None
    if known is None:
        raise UsageError(f"{what} takes int, float, str, bool or timedelta, got {_shown(kind)}")
    if not isinstance(help_text, str):
        raise UsageError(f"{what} takes help as text, got {help_text!r}")
    if not isinstance(choices, list | tuple):
        raise UsageError(f"{what} takes choices as a tuple of values, got {choices!r}")
    allowed = tuple(_own(what, "choice", known, choice) for choice in choices)
    own = NOTHING if default is NOTHING else _own(what, "default", known, default)
    if allowed and own is not NOTHING and own not in allowed:
        raise UsageError(f"{what} has the default {default!r}, which is none of its choices")
    return Declared(name, known, own, allowed, help_text, where)


def _own(what: str, role: str, kind: Kind, value: object) -> object:
    typed = kind.read(value)
    if typed is None:
        hint = "; leave it out if the parameter has to be given" if value is None else ""
        raise UsageError(f"{what} has the {role} {value!r}, which is not {kind.wanted}{hint}")
    return typed


def _shown(kind: object) -> str:
    return kind.__name__ if isinstance(kind, type) else repr(kind)
