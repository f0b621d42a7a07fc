"""The plan's steps made ready to run: expressions compiled, requests bound, feeders opened."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from gatlingpy.feeds.source import RecordSource
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.expression import Resolver, guarded, resolver
from gatlingpy.plan.loops import Forever, Repeat
from gatlingpy.plan.pauses import Pause
from gatlingpy.plan.steps import ONE, Exec, Feed, Group, RequestPlan, Step
from gatlingpy.session import Session
from gatlingpy.spi import Perform


class RequestNode(NamedTuple):
    """A bound request."""

    perform: Perform


class PauseNode(NamedTuple):
    """A wait of ``duration`` seconds, or of any length between it and ``until``."""

    duration: Resolver
    until: Resolver | None
    where: str


class ExecNode(NamedTuple):
    """A session function."""

    function: Callable[[Session], object]
    blocking: bool
    where: str


class GroupNode(NamedTuple):
    """Steps that are timed together."""

    name: Resolver
    body: "tuple[Node, ...]"
    where: str


class LoopNode(NamedTuple):
    """Steps that are repeated; ``times`` is ``None`` for a loop that only a stop ends."""

    times: Resolver | None
    counter: str
    body: "tuple[Node, ...]"
    where: str


class FeedNode(NamedTuple):
    """Records for the session."""

    source: RecordSource
    how_many: Resolver
    single: bool
    where: str


Node: TypeAlias = RequestNode | PauseNode | ExecNode | GroupNode | LoopNode | FeedNode


class Linker:
    """Turns steps into nodes for one run."""

    def __init__(
        self,
        code: CodeTable,
        bind: Callable[[RequestPlan], Perform],
        feeders: Mapping[str, RecordSource],
    ) -> None:
        """``bind`` asks a request's protocol for the way to perform it."""
        self._code = code
        self._bind = bind
        self._feeders = feeders

    def link(self, steps: tuple[Step, ...]) -> tuple[Node, ...]:
        """Return the nodes of these steps, blocks included."""
        return tuple(self._node(step) for step in steps)

    def _node(self, step: Step) -> Node:
        code = self._code
        match step:
            case Pause(duration, until, _, where):
                end = resolver(until, code) if until is not None else None
                return PauseNode(resolver(duration, code), end, where)
            case Exec(ref, blocking, where):
                return ExecNode(guarded(code[ref], ref.where), blocking, where)
            case Group(name, body, where):
                return GroupNode(resolver(name, code), self.link(body), where)
            case Repeat(times, counter, body, where):
                return LoopNode(resolver(times, code), counter, self.link(body), where)
            case Forever(counter, body, where):
                return LoopNode(None, counter, self.link(body), where)
            case Feed(feeder, count, where):
                return FeedNode(self._feeders[feeder], resolver(count, code), count == ONE, where)
            case RequestPlan():
                return RequestNode(self._bind(step))


def waits(nodes: tuple[Node, ...]) -> bool:
    """Tell whether a user that does these steps is sure to let others have their turn."""
    for node in nodes:
        match node:
            case RequestNode() | PauseNode() | ExecNode(_, True, _):
                return True
            case GroupNode(_, body, _) if waits(body):
                return True
    return False
