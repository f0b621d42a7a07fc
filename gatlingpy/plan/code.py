"""How a plan speaks of values that are known only while a user runs, and of user functions.

The plan holds names of functions; the code table, rebuilt by importing the simulation, holds the
functions themselves.  So a plan prints, compares, hashes and travels.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from gatlingpy.clock import Clock, SystemClock
from gatlingpy.errors import UsageError
from gatlingpy.plan.dice import Dice
from gatlingpy.session import Session

PlainData: TypeAlias = object
"""Anything that is frozen all the way down (``plan/frozen.py``)."""


@dataclass(frozen=True, slots=True)
class Const:
    """A value that is the same for every user; frozen data."""

    value: PlainData


@dataclass(frozen=True, slots=True)
class Template:
    """Text with ``#{attribute}`` placeholders, resolved against each user's session."""

    text: str


@dataclass(frozen=True, slots=True)
class Structure:
    """Plain data with ``Template`` leaves, resolved leaf by leaf against each user's session."""

    value: PlainData


@dataclass(frozen=True, slots=True)
class CodeRef:
    """The name of a user function; ``id`` is its path in the plan, ``where`` its ``file:line``."""

    id: str
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Env:
    """An environment variable, read when the run starts; it is never printed nor logged.

    ``default`` is frozen data that takes its place when the variable is not set; it is part of
    the plan, so it must be no secret.
    """

    name: str
    default: PlainData = None

    def resolve(self) -> PlainData:
        """Return the variable's value or the default; raises UsageError if there is neither."""
        value = os.environ.get(self.name)
        if value:
            return value
        if self.default is None:
            raise UsageError(
                f"the environment variable {self.name} is not set and has no default; "
                f'set it, or write env("{self.name}", default)'
            )
        return self.default


@dataclass(frozen=True, slots=True)
class SecretFile:
    """A file that holds one secret, read when the run starts; what is in it is never shown.

    A relative path is looked for where the run is started.
    """

    path: str

    def resolve(self) -> str:
        """Return the text without the newline at its end; raises UsageError if there is none."""
        told = f"secret_file({self.path!r})"
        try:
            text = Path(self.path).expanduser().read_text(encoding="utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            raise UsageError(f"{told}: the file is no text in UTF-8") from None
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise UsageError(
                f"{told}: the file cannot be read: {reason}; a relative path is looked for in the "
                "folder that the run is started in"
            ) from None
        if not text:
            raise UsageError(f"{told}: the file is empty")
        return text


Expr: TypeAlias = Const | Template | Structure | CodeRef


class CodeTable:
    """The user functions of one simulation, by the id that the plan knows them by.

    Beside them it holds what expressions need of a run: its dice, its clock and its id.
    """

    def __init__(
        self,
        functions: Mapping[str, Callable[..., object]] | None = None,
        dice: Dice | None = None,
        clock: Clock | None = None,
        run_id: str = "",
    ) -> None:
        """``functions`` is copied; without a run the dice are those of seed 0."""
        self._functions = dict(functions or {})
        self._clock = clock or SystemClock()
        self.dice = dice or Dice(0)
        """What random functions of expressions draw from.  Thread: the user thread."""
        self.run_id = run_id
        """Names the run; empty without one."""

    def of_run(self, dice: Dice, clock: Clock, run_id: str) -> "CodeTable":
        """Return a table of the same functions, with the dice, the clock and the id of a run."""
        return CodeTable(self._functions, dice, clock, run_id)

    def epoch_ns(self) -> int:
        """Read the clock: nanoseconds since 1970-01-01 UTC."""
        return self._clock.now_ns() + self._clock.epoch_offset_ns

    def __getitem__(self, ref: CodeRef) -> Callable[..., object]:
        return self._functions[ref.id]

    def __len__(self) -> int:
        return len(self._functions)

    def add(self, path: str, function: Callable[..., object], where: str) -> CodeRef:
        """File a function under ``path``, made unique by a number, and return its name."""
        unique, n = path, 1
        while unique in self._functions and self._functions[unique] is not function:
            n += 1
            unique = f"{path}~{n}"
        self._functions[unique] = function
        return CodeRef(unique, where)


Reader: TypeAlias = Callable[[Session], object]
"""Gives what a placeholder stands for, for one user; raises ExpressionError."""

Maker: TypeAlias = Callable[[CodeTable], Reader]
"""Gives the reader of a placeholder for one run."""
