"""Blocks that are not finished: they still want steps.

Each stage has one method that takes the steps.  Nothing else may be done with it: a chain that is
given one refuses it, and says what is missing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, ClassVar, Generic, ParamSpec, TypeVar

from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError

if TYPE_CHECKING:
    from gatlingpy.dsl.structure import Executable

C = TypeVar("C")
R = TypeVar("R")
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What is no step yet."""

    LACK: ClassVar[str]
    what: str
    """How it was begun, such as ``repeat(...)``."""
    where: str

    @property
    def told(self) -> str:
        """What it is, where it was begun, and what is missing."""
        return f"{self.what} at {self.where} {self.LACK}"

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Say what is missing to a user who goes on as if nothing were."""
            raise AttributeError(name if name.startswith("_") else self.told, name=name, obj=self)


def needs(least: int, of: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a method refuse, in our own words, a call with fewer arguments than it needs.

    The type checker sees such a call by itself; ``.on(*steps)`` with an empty list is seen by
    nobody else.
    """

    def decorated(method: Callable[P, R]) -> Callable[P, R]:
        @wraps(method)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            stage, *given = args
            if len(given) < least:
                what = stage.what if isinstance(stage, Unfinished) else "..."
                got = f"{len(given) or 'no'} {of}{'' if len(given) == 1 else 's'}"
                raise UsageError(
                    f"{user_line()}: {what}.{method.__name__}(...) was given {got}; it needs "
                    f"{least} at least"
                )
            return method(*args, **kwargs)

        return call

    return decorated


@dataclass(frozen=True, slots=True)
class Block(Unfinished, Generic[C]):
    """A block that still wants its steps."""

    LACK: ClassVar[str] = "has no steps yet; give them with .on(...)"
    build: "Callable[[tuple[Executable, ...]], C]"

    @needs(1, "step")
    def on(self, first: "Executable", /, *rest: "Executable") -> C:
        """Give the block its steps."""
        return self.build((first, *rest))


@dataclass(frozen=True, slots=True)
class Then(Unfinished, Generic[C]):
    """A condition that still wants the steps for when it holds."""

    LACK: ClassVar[str] = "has no steps yet; give them with .then(...)"
    build: "Callable[[tuple[Executable, ...]], C]"

    @needs(1, "step")
    def then(self, first: "Executable", /, *rest: "Executable") -> C:
        """Give the steps for when it holds."""
        return self.build((first, *rest))


@dataclass(frozen=True, slots=True)
class OrElse(Unfinished, Generic[C]):
    """A block that still wants the steps for everybody else."""

    LACK: ClassVar[str] = "has no steps for everybody else; give them with .or_else(...)"
    build: "Callable[[tuple[Executable, ...]], C]"

    @needs(1, "step")
    def or_else(self, first: "Executable", /, *rest: "Executable") -> C:
        """Give the steps for everybody else."""
        return self.build((first, *rest))
