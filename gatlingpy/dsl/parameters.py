"""``param``: values that are given to a simulation from outside, typed, checked and recorded.

The command line or the program goes before the environment, which goes before the default.  A
simulation's constructor runs inside a ``Reading``, which takes note of what it asks for.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Final, overload

from gatlingpy.dsl.duration import Duration
from gatlingpy.dsl.parameter_modules import caller_of, keep, kept_reads
from gatlingpy.dsl.parameter_reads import (
    NOTHING,
    Declared,
    Given,
    Read,
    declare,
    nearest,
)
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import PlanError, UsageError
from gatlingpy.plan.parameters import Parameter

NOTHING_GIVEN: Final = Given()
_reading: ContextVar["Reading | None"] = ContextVar("gatlingpy_reading", default=None)


class Reading:
    """What is read while a simulation is imported or constructed, and what is wrong with it."""

    def __init__(self, given: Given) -> None:
        """Nothing has been read."""
        self._given = given
        self._reads: dict[Declared, Read] = {}
        self._problems: dict[str, None] = {}

    def read(self, declared: Declared) -> Read:
        """Return a parameter; after a problem, something of its type to go on with."""
        try:
            read = declared.read(self._given)
        except UsageError as error:
            self._problems[str(error)] = None
            read = declared.stand_in()
        self._reads[declared] = read
        return read

    def finish(self, module: str) -> tuple[Parameter, ...]:
        """Return the parameters of a simulation of this module; raises PlanError.

        Those that its modules read when they were imported are among them.
        """
        constructed, self._reads = self._reads, {}
        met, self._problems = self._problems, {}
        places = {(declared.name, declared.where) for declared in constructed}
        for kept in kept_reads(module):
            if (kept.declared.name, kept.declared.where) not in places:
                self._again(kept)
        self._reads |= constructed
        self._problems |= met
        problems = [*self._problems, *self._disagreements(), *self._unknown()]
        if problems:
            raise PlanError(problems)
        first: dict[str, Read] = {}
        for read in self._reads.values():
            first.setdefault(read.declared.name, read)
        return tuple(read.plan() for read in first.values())

    def refuse(self, cause: BaseException) -> None:
        """Raise PlanError if something is wrong already: ``cause`` may be what came of it."""
        if self._problems:
            raise PlanError(list(self._problems)) from cause

    def _again(self, kept: Read) -> None:
        """Look whether a module that has been imported before would get the same value now."""
        declared = kept.declared
        now = self.read(declared)
        if now.value != kept.value:
            problem = (
                f"{declared.where}: parameter {declared.name!r} was read when its module was "
                f"imported, as {kept.text}, and cannot become {now.text} any more; read it in the "
                f"simulation's constructor, or set {declared.variable} before the import"
            )
            self._problems.setdefault(problem)

    def _disagreements(self) -> Iterator[str]:
        by_variable: dict[str, Declared] = {}
        for read in self._reads.values():
            declared = read.declared
            other = by_variable.setdefault(declared.variable, declared)
            if other.name != declared.name:
                yield (
                    f"{declared.where}: parameter {declared.name!r} and {other.name!r} at "
                    f"{other.where} are both given by {declared.variable}; rename one"
                )
            elif not other.agrees(declared):
                same = other.where == declared.where
                at = "when its line is run again" if same else f"at {other.where}"
                yield (
                    f"{declared.where}: parameter {declared.name!r} is declared otherwise {at}; "
                    "give both the same type, default and choices"
                )

    def _unknown(self) -> Iterator[str]:
        known = list(dict.fromkeys(declared.name for declared in self._reads))
        for name in self._given.values:
            if name not in known:
                all_known = f"; it has {', '.join(known)}" if known else "; it has none"
                hint = nearest(name, known) or all_known
                yield f"the simulation has no parameter {name!r} ({self._given.source}){hint}"


@contextmanager
def reading(given: Given) -> Iterator[Reading]:
    """Let every ``param`` called inside take what is given."""
    found = Reading(given)
    token = _reading.set(found)
    try:
        yield found
    finally:
        _reading.reset(token)


@overload
def param(
    name: str, kind: type[bool], default: bool = ..., *,  # noqa: FBT001 - a value as any other
    help: str = ..., choices: Sequence[bool] = ...,
) -> bool: ...  # fmt: skip
@overload
def param(
    name: str, kind: type[int], default: int = ..., *,
    help: str = ..., choices: Sequence[int] = ...,
) -> int: ...  # fmt: skip
@overload
def param(
    name: str, kind: type[float], default: float = ..., *,
    help: str = ..., choices: Sequence[float] = ...,
) -> float: ...  # fmt: skip
@overload
def param(
    name: str, kind: type[timedelta], default: Duration = ..., *,
    help: str = ..., choices: Sequence[Duration] = ...,
) -> timedelta: ...  # fmt: skip
@overload
def param(
    name: str, kind: type[str] = ..., default: str = ..., *,
    help: str = ..., choices: Sequence[str] = ...,
) -> str: ...  # fmt: skip
def param(
    name: str,
    kind: type = str,
    default: object = NOTHING,
    *,
    help: str = "",  # noqa: A002 - the word that says it
    choices: Sequence[object] = (),
) -> object:
    """Return a value that can be given from outside: ``-p name=value``, or the environment.

    ``kind`` is ``int``, ``float``, ``str``, ``bool`` or ``timedelta``; without a default it has to
    be given.  Call it in a simulation's constructor, or where a module is imported.  The value is
    shown in plan, log and report: for a secret take ``env``.

    A value that is missing or of another type is told with all other problems of the simulation;
    outside of a simulation's constructor, and outside of the command line, at once.
    """
    declared = declare(name, kind, default, choices, help, user_line())
    caller = caller_of(sys._getframe(1))  # noqa: SLF001 - as in user_line
    current = _reading.get()
    if current is not None:
        read = current.read(declared)
    elif caller == "gatlingpy":
        raise UsageError(
            f"{declared.where}: param({name!r}, ...) was called in a run, where no value can be "
            "given any more; call it in the simulation's constructor and keep the value"
        )
    else:
        read = declared.read(NOTHING_GIVEN)
    if isinstance(caller, dict):
        keep(caller, read)
    return read.value
