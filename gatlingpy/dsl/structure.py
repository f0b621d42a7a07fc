"""What chains and scenarios have in common, and what may become a part of one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Self, TypeAlias, TypeVar, cast

from gatlingpy.dsl.compiler import ActionBuilder, Compiler, ProtocolBuilder, StepBuilder
from gatlingpy.dsl.problems import Problems
from gatlingpy.dsl.session_function import refuse_unless_takes_session
from gatlingpy.dsl.stages import Block, Unfinished
from gatlingpy.dsl.step_builders import ActionStep, FunctionStep, SessionFunction
from gatlingpy.dsl.user_code import told_at
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.glimpse import glimpse
from gatlingpy.plan.steps import Step

C = TypeVar("C")

Executable: TypeAlias = (
    "ActionBuilder | Steps | SessionFunction | list[Executable] | tuple[Executable, ...]"
)
"""What ``exec`` takes: requests, chains, session functions, or several of them in a list."""
CounterOrStep: TypeAlias = "str | Executable"
"""What a loop takes behind its own arguments: the name of its counter, then its steps."""


@dataclass(frozen=True, slots=True)
class Structure:
    """Steps one after another, with a name or without."""

    parts: tuple[StepBuilder, ...] = ()

    def _plus(self, *parts: StepBuilder) -> Self:
        return replace(self, parts=(*self.parts, *parts))

    def compile(self, compiler: Compiler, path: str) -> tuple[Step, ...]:
        """Return the steps; each has its number in ``path``.

        Raises UsageError, or PlanError if several steps are wrong.
        """
        steps: list[Step] = []
        problems = Problems()
        with compiler.one_deeper():
            for number, part in enumerate(self.parts):
                with problems.collected():
                    steps.append(_compiled(part, compiler, f"{path}/{number}"))
        problems.tell()
        return tuple(steps)


@dataclass(frozen=True, slots=True)
class Steps(Structure):
    """Steps without a name: they may become part of others."""


def _compiled(part: StepBuilder, compiler: Compiler, path: str) -> Step:
    with told_at(part.where):
        return part.compile(compiler, path)


def steps_of(what: Iterable[Executable], where: str) -> Steps:
    """Join what was given to a block; raises UsageError for what is no step."""
    return Steps(parts_of(what, where))


def block(
    what: str, where: str, build: Callable[[Steps], C], body: tuple[Executable, ...]
) -> Block[C] | C:
    """Build a block from the steps that it was given, or return the stage that wants some."""

    def built(steps: tuple[Executable, ...]) -> C:
        return build(steps_of(steps, user_line()))

    return built(body) if body else Block(what, where, built)


def parts_of(
    what: Iterable[object], where: str, *, blocking: bool = False
) -> tuple[StepBuilder, ...]:
    """Return the steps that these are, in order; raises UsageError for what is no step.

    ``where`` is the user's line that names them; ``blocking`` is for the functions among them.
    """
    parts: list[StepBuilder] = []
    for item in what:
        match item:
            case Steps():
                parts.extend(item.parts)
            case list() | tuple():
                parts.extend(parts_of(item, where, blocking=blocking))
            case Unfinished():
                raise UsageError(f"{where}: {item.told}")
            case _ if isinstance(item, ActionBuilder):
                parts.append(ActionStep(item))
            case _ if callable(item) and not isinstance(item, type):
                with told_at(where):
                    refuse_unless_takes_session(item)
                parts.append(FunctionStep(cast("SessionFunction", item), blocking, where))
            case _:
                raise UsageError(f"{where}: {_refusal(item)}")
    return tuple(parts)


def _refusal(item: object) -> str:
    if isinstance(item, Structure):
        return "a scenario is no step; begin what scenarios share with exec(...) or chain(...)"
    what = "steps are requests, chains and session functions, got"
    if hasattr(item, "request_reply"):
        remedy = '; say what kafka("name") is to do: .request_reply() or .send()'
        return f"{what} {type(item).__name__}{remedy}"
    if isinstance(item, ProtocolBuilder):
        remedy = "; a protocol belongs into set_up(...).protocols(...)"
        return f"{what} {type(item).__name__}{remedy}"
    if isinstance(item, bool):
        return f"{what} {item!r}; options are given by name, such as exit_asap={item!r}"
    return f"{what} {glimpse(item)}"
