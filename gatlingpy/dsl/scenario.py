"""``scenario`` and the chain: what users do, written block by block.

Every method returns a new value, so chains can be shared between scenarios.  A block takes its
steps at once, ``repeat(5, chain)``, or afterwards as in Gatling, ``repeat(5).on(chain)``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Generic, Self, TypeAlias, TypeVar, overload

from gatlingpy.dsl.compiler import ActionBuilder, Compiler, Expression, ProtocolBuilder, StepBuilder
from gatlingpy.dsl.duration import Duration
from gatlingpy.dsl.feeders import as_feeder
from gatlingpy.dsl.injection import as_step
from gatlingpy.dsl.population import Population
from gatlingpy.dsl.step_builders import (
    ActionStep,
    FeedStep,
    FunctionStep,
    GroupStep,
    LoopStep,
    PauseStep,
    SessionFunction,
)
from gatlingpy.dsl.user_code import told_at
from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.injection import OpenInjection
from gatlingpy.plan.steps import Step

Executable: TypeAlias = (
    "ActionBuilder | Chain | SessionFunction | list[Executable] | tuple[Executable, ...]"
)
"""What ``exec`` takes: requests, chains, session functions, or several of them in a list."""

C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Block(Generic[C]):
    """A block that still wants its steps."""

    build: "Callable[[Chain], C]"

    def on(self, *what: Executable) -> C:
        """Give the block its steps and return the chain."""
        return self.build(chain(*what))


@dataclass(frozen=True, slots=True)
class Chain:
    """Steps one after another; made by ``exec``, ``pause`` and the other functions below."""

    parts: tuple[StepBuilder, ...] = ()

    def _plus(self, *parts: StepBuilder) -> Self:
        return replace(self, parts=(*self.parts, *parts))

    def exec(self, *what: Executable, blocking: bool = False) -> Self:
        """Add requests, chains or session functions.

        A session function returns the session that the user goes on with.  ``blocking=True`` runs
        it on a thread of its own, so that it may wait without holding up other users.
        """
        where = user_line()
        return self._plus(*_parts(what, where, blocking=blocking))

    def pause(
        self, duration: Duration | Expression, until: Duration | Expression | None = None
    ) -> Self:
        """Let the user wait; with ``until``, for any time between the two."""
        return self._plus(PauseStep(duration, until, user_line()))

    @overload
    def group(self, name: Expression) -> Block[Self]: ...
    @overload
    def group(self, name: Expression, first: Executable, /, *rest: Executable) -> Self: ...
    def group(self, name: Expression, *body: Executable) -> Block[Self] | Self:
        """Time the steps given, or those of ``.on(...)``, together."""
        where = user_line()
        return _block(lambda inner: self._plus(GroupStep(name, inner, where)), body)

    @overload
    def repeat(self, times: Expression, counter: str = "") -> Block[Self]: ...
    @overload
    def repeat(self, times: Expression, first: Executable, /, *rest: Executable) -> Self: ...
    @overload
    def repeat(
        self, times: Expression, counter: str, first: Executable, /, *rest: Executable
    ) -> Self: ...
    def repeat(
        self, times: Expression, counter: "str | Executable" = "", *body: Executable
    ) -> Block[Self] | Self:
        """Do the steps given, or those of ``.on(...)``, so many times.

        ``counter`` names the session attribute that counts, from 0.
        """
        where = user_line()
        name, steps = _split_counter(counter, body)
        return _block(lambda inner: self._plus(LoopStep(times, name, inner, where)), steps)

    @overload
    def forever(self, counter: str = "") -> Block[Self]: ...
    @overload
    def forever(self, first: Executable, /, *rest: Executable) -> Self: ...
    @overload
    def forever(self, counter: str, first: Executable, /, *rest: Executable) -> Self: ...
    def forever(self, counter: "str | Executable" = "", *body: Executable) -> Block[Self] | Self:
        """Do the steps given, or those of ``.on(...)``, until the run stops.

        Needs ``max_duration`` on the set-up.  A user that waits for replies slows down with the
        system it measures: for a steady rate take an open profile instead.
        """
        where = user_line()
        name, steps = _split_counter(counter, body)
        return _block(lambda inner: self._plus(LoopStep(None, name, inner, where)), steps)

    def feed(self, feeder: object, count: Expression = 1) -> Self:
        """Put the next record of a feeder into the session; with ``count``, lists of so many."""
        return self._plus(FeedStep(as_feeder(feeder), count, user_line()))

    def compile(self, compiler: Compiler, path: str) -> tuple[Step, ...]:
        """Return the steps; each has its number in ``path``."""
        return tuple(_compiled(part, compiler, f"{path}/{i}") for i, part in enumerate(self.parts))


@dataclass(frozen=True, slots=True)
class Scenario(Chain):
    """What the users of a population do, under a name."""

    name: str = ""
    where: str = ""

    def inject_open(self, *steps: object) -> Population:
        """Start users by an open profile: at the times it says, whatever the system does."""
        return Population(
            self, OpenInjection(tuple(as_step(step) for step in steps)), (), user_line()
        )


def _compiled(part: StepBuilder, compiler: Compiler, path: str) -> Step:
    with told_at(part.where):
        return part.compile(compiler, path)


def _block(build: "Callable[[Chain], C]", body: tuple[Executable, ...]) -> "Block[C] | C":
    return build(chain(*body)) if body else Block(build)


def _split_counter(
    counter: "str | Executable", body: tuple[Executable, ...]
) -> tuple[str, tuple[Executable, ...]]:
    return (counter, body) if isinstance(counter, str) else ("", (counter, *body))


def _parts(what: Iterable[Executable], where: str, *, blocking: bool) -> tuple[StepBuilder, ...]:
    parts: list[StepBuilder] = []
    for item in what:
        match item:
            case Chain():
                parts.extend(item.parts)
            case list() | tuple():
                parts.extend(_parts(item, where, blocking=blocking))
            case _ if isinstance(item, ActionBuilder):
                parts.append(ActionStep(item))
            case _ if callable(item):
                parts.append(FunctionStep(item, blocking, where))
            case _:
                raise UsageError(f"{where}: {_refusal(item)}")
    return tuple(parts)


def _refusal(item: object) -> str:
    if isinstance(item, Block):
        return "a block has no steps yet; give them with .on(...)"
    what = f"exec(...) takes requests, chains and session functions, got {type(item).__name__}"
    if hasattr(item, "request_reply"):
        return what + '; say what kafka("name") is to do: .request_reply() or .send()'
    if isinstance(item, ProtocolBuilder):
        return f"{what}; a protocol belongs into set_up(...).protocols(...)"
    return f"{what} {item!r}"


def chain(*what: Executable) -> Chain:
    """Join requests, chains and session functions into one chain."""
    return Chain(_parts(what, user_line(), blocking=False))


def scenario(name: str) -> Scenario:
    """Begin a scenario; its name must be unique in the simulation."""
    where = user_line()
    if not isinstance(name, str):
        raise UsageError(f"{where}: scenario(...) takes its name as text, got {name!r}")
    return Scenario(name=name, where=where)


_EMPTY = Chain()
exec = _EMPTY.exec  # noqa: A001 - Gatling's word
pause = _EMPTY.pause
group = _EMPTY.group
repeat = _EMPTY.repeat
forever = _EMPTY.forever
feed = _EMPTY.feed
