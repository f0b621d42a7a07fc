"""Makes steps of the plan ready to run: compiled nodes, and the places to jump from."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from gatlingpy.counters import is_private
from gatlingpy.engine.barrier import Barrier
from gatlingpy.engine.branches import chooser
from gatlingpy.engine.conditions import tester
from gatlingpy.engine.loops import rounds
from gatlingpy.engine.nodes import (
    BlockingNode,
    BranchNode,
    ExecNode,
    ExitNode,
    FeedNode,
    GroupNode,
    Guard,
    GuardNode,
    LoopNode,
    Node,
    PaceNode,
    PauseNode,
    RendezVousNode,
    RequestNode,
    ScenarioNode,
    StopNode,
    Test,
    TryNode,
    waits,
)
from gatlingpy.engine.waits import spread
from gatlingpy.feeds.source import RecordSource
from gatlingpy.plan.branches import Branch
from gatlingpy.plan.code import CodeTable, Expr
from gatlingpy.plan.conditions import Condition
from gatlingpy.plan.exits import ExitHere, ExitHereIfFailed, StopLoadGenerator, TryMax
from gatlingpy.plan.expression import Resolver, guarded, resolver
from gatlingpy.plan.loops import Loop
from gatlingpy.plan.pauses import (
    ConstantPauses,
    CustomPauses,
    DisabledPauses,
    Pace,
    Pause,
    PauseType,
    RendezVous,
)
from gatlingpy.plan.steps import ONE, Exec, Feed, Group, RequestPlan, Step, walk_steps
from gatlingpy.spi import Perform

_NEVER_LEFT_FROM: Final = (RendezVous, ExitHere, ExitHereIfFailed, StopLoadGenerator)
"""Steps before which Gatling does not look whether a loop or a try is to be left."""


class Scope(NamedTuple):
    """What is around steps and can be jumped out of."""

    guards: tuple[Guard, ...] = ()
    tries: bool = False

    def check(self) -> GuardNode | None:
        """Return what has to be looked at before a step, or ``None`` if it is nothing."""
        return GuardNode(self.guards, self.tries) if self.guards or self.tries else None


class Linker:
    """Turns steps into nodes for one population."""

    def __init__(
        self,
        code: CodeTable,
        bind: Callable[[RequestPlan], Perform],
        feeders: Mapping[str, RecordSource],
        pauses: PauseType | None = None,
        *,
        disabled: bool = False,
    ) -> None:
        """``bind`` asks a request's protocol for the way to perform it.

        ``pauses`` is the type of pauses that have none of their own; ``disabled`` takes out all
        pauses, those as well.
        """
        self._code = code
        self._bind = bind
        self._feeders = feeders
        self._pauses = pauses or ConstantPauses()
        self._disabled = disabled

    def link(self, steps: tuple[Step, ...]) -> tuple[Node, ...]:
        """Return the nodes of a scenario.

        Barriers and turns belong to these nodes: users of one scenario share them, and no others.
        """
        nodes = self._link(steps, Scope())
        exits = any(isinstance(step, ExitHere | ExitHereIfFailed) for step in walk_steps(steps))
        return (ScenarioNode(nodes),) if exits else nodes

    def _link(self, steps: tuple[Step, ...], scope: Scope) -> tuple[Node, ...]:
        check = scope.check()
        nodes: list[Node] = []
        for step in steps:
            node = self._node(step, scope)
            if node is not None:
                if check is not None and not isinstance(step, _NEVER_LEFT_FROM):
                    nodes.append(check)
                nodes.append(node)
        return tuple(nodes)

    def _node(self, step: Step, scope: Scope) -> Node | None:
        if isinstance(step, Loop):
            return self._loop(step, scope)
        if isinstance(step, Branch):
            ways = tuple(self._link(body, scope) for body in step.bodies)
            return BranchNode(chooser(step, self._resolve), ways, step.where)
        match step:
            case Group(name, body, where):
                return GroupNode(self._resolve(name), self._link(body, scope), where)
            case TryMax(times, counter, body, where):
                inside = self._link(body, Scope(scope.guards, tries=True))
                check = Scope(scope.guards).check()
                return TryNode(self._resolve(times), counter, check, inside, where)
            case ExitHere() | ExitHereIfFailed() | StopLoadGenerator():
                return self._exit(step)
            case Pause():
                return self._pause(step)
        return self._leaf(step)

    def _leaf(self, step: RequestPlan | Pace | RendezVous | Exec | Feed) -> Node:
        match step:
            case RequestPlan():
                return RequestNode(self._bind(step))
            case Pace(interval, until, counter, where):
                high = self._resolve(until) if until is not None else None
                return PaceNode(self._resolve(interval), high, counter, where)
            case RendezVous(users, where):
                return RendezVousNode(Barrier(users, where))
            case Exec(ref, blocking, where):
                function = guarded(self._code[ref], ref.where)
                return BlockingNode(function, where) if blocking else ExecNode(function, where)
            case Feed(feeder, count, where):
                source = self._feeders[feeder]
                return FeedNode(source, self._resolve(count), count == ONE, where)

    def _loop(self, loop: Loop, scope: Scope) -> LoopNode:
        most, begin, timed, holds = rounds(loop, self._resolve)
        guard = None if holds is None else Guard(holds, loop.where)
        inner = scope if guard is None else Scope((*scope.guards, guard), scope.tries)
        body, check = self._link(loop.body, inner), inner.check()
        sure = waits(body)
        watched = check is not None or not sure
        named = not is_private(loop.counter)
        return LoopNode(
            loop.counter, named, most, begin, timed, guard, check, sure, watched, body, loop.where
        )

    def _exit(self, step: ExitHere | ExitHereIfFailed | StopLoadGenerator) -> Node:
        match step:
            case ExitHere(condition, where):
                return ExitNode(self._test(condition, "exit_here_if(...)"), where)
            case ExitHereIfFailed(where):
                return ExitNode(lambda session: session.is_failed, where)
            case StopLoadGenerator(message, condition, crash, where):
                what = f"{'crash' if crash else 'stop'}_load_generator_if(...)"
                return StopNode(self._resolve(message), self._test(condition, what), crash, where)

    def _pause(self, step: Pause) -> PauseNode | None:
        pause_type = step.pause_type or self._pauses
        if self._disabled or isinstance(pause_type, DisabledPauses):
            return None
        if isinstance(pause_type, CustomPauses):
            return PauseNode(self._resolve(pause_type.duration), None, step.where)
        until = self._resolve(step.until) if step.until is not None else None
        return PauseNode(self._resolve(step.duration), until, step.where, spread(pause_type))

    def _test(self, condition: Condition | None, what: str) -> Test | None:
        return None if condition is None else tester(condition, self._resolve, what)

    def _resolve(self, expr: Expr) -> Resolver:
        return resolver(expr, self._code)
