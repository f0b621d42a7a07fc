"""What a user does, step by step, frozen.

A protocol adds its own requests as subclasses of ``RequestPlan``; the other steps are closed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from gatlingpy.plan.blocks import Block
from gatlingpy.plan.branches import Branch
from gatlingpy.plan.code import CodeRef, Const, Env, Expr, SecretFile, Structure, Template
from gatlingpy.plan.exits import ExitHere, ExitHereIfFailed, StopLoadGenerator, TryMax
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.plan.loops import Loop
from gatlingpy.plan.pauses import Pace, Pause, RendezVous

ONE: Final = Const(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolPlan:
    """How a protocol is set up; ``id`` is unique in the plan."""

    id: str
    where: str = field(default="", compare=False)

    @property
    def kind(self) -> str:
        """The protocol's own name, such as ``kafka``: the key of its factory."""
        raise NotImplementedError

    def problems(self) -> Iterator[str]:
        """Yield what would keep this set-up from running, without any I/O."""
        return iter(())

    def request_problems(self, request: "RequestPlan") -> Iterator[str]:  # noqa: ARG002
        """Yield what would keep one of its requests from running with this set-up."""
        return iter(())

    def warnings(self, requests: "Sequence[RequestPlan]") -> Iterator[str]:  # noqa: ARG002
        """Yield what these requests of the protocol can do but hardly should."""
        return iter(())

    def describe(self) -> str:
        """Return the line that stands for this protocol in a printed plan."""
        return self.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPlan:
    """A step that crosses the wire through the protocol that ``protocol`` names."""

    name: Expr
    protocol: str
    where: str = field(default="", compare=False)

    @property
    def kind(self) -> str:
        """The protocol's own name, such as ``kafka``."""
        raise NotImplementedError

    def problems(self) -> Iterator[str]:
        """Yield what would keep this request from running, without any I/O."""
        return iter(())

    def describe(self) -> tuple[str, ...]:
        """Return the lines that stand for this request in a printed plan; details follow."""
        return (self.kind,)

    @property
    def detached(self) -> bool:
        """Whether users go on before a request has ended, so that nothing bounds how many wait."""
        return False

    @property
    def label(self) -> str:
        """The name as the user wrote it."""
        return show_expression(self.name)

    @property
    def place(self) -> str:
        """How a message about this request begins: the user's ``file:line`` and the name."""
        return f"{self.where}: request {self.label!r}"


def show_expression(expr: Expr) -> str:
    """Return an expression as a reader of the plan should see it; never what ``Env`` stands for."""
    match expr:
        case CodeRef():
            return f"code {expr.where}"
        case Const(str() as text):
            return text
        case Const(value) | Structure(value):
            return _show_value(value)
        case Template(text):
            return text


def _show_value(value: object) -> str:
    match value:
        case Env(name):
            return f"${{{name}}}"
        case SecretFile(path):
            return f"${{file:{path}}}"
        case Template(text):
            return repr(text)
        case tuple():
            return f"[{', '.join(_show_value(item) for item in value)}]"
        case FrozenMap():
            inside = ", ".join(f"{key!r}: {_show_value(item)}" for key, item in value.items())
            return f"{{{inside}}}"
    return repr(value)


@dataclass(frozen=True, slots=True)
class Exec:
    """A session function; ``blocking`` gives it a thread of its own while the user waits."""

    code: CodeRef
    blocking: bool = False
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Group(Block):
    """Steps that are timed together."""

    name: Expr
    body: "tuple[Step, ...]"
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Feed:
    """The next record, or ``count`` records as lists, go into the session."""

    feeder: str
    count: Expr = ONE
    where: str = field(default="", compare=False)


Step: TypeAlias = (
    RequestPlan
    | Pause
    | Pace
    | RendezVous
    | Exec
    | Feed
    | Group
    | Loop
    | Branch
    | TryMax
    | ExitHere
    | ExitHereIfFailed
    | StopLoadGenerator
)


def walk_steps(steps: tuple[Step, ...]) -> Iterator[Step]:
    """Yield every step, those inside blocks included, in the order they are written."""
    for step in steps:
        yield step
        if isinstance(step, Block):
            for body in step.bodies:
                yield from walk_steps(body)
