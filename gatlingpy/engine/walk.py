"""One virtual user: a generator that yields what it waits for, and is sent what woke it.

No thread, clock wait or I/O stands here.  A walk is sent ``(session, due_ns)``: the due time is
the arrival, the end of the pause or the receipt of the reply, and so the intended start of the
next request.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from gatlingpy.engine.branches import branch
from gatlingpy.engine.effects import Block, Sleep, perform
from gatlingpy.engine.exits import leave, scenario, stop
from gatlingpy.engine.groups import group
from gatlingpy.engine.guards import check
from gatlingpy.engine.loops import loop
from gatlingpy.engine.nodes import (
    BlockingNode,
    BranchNode,
    ExecNode,
    ExitNode,
    FeedNode,
    GroupNode,
    GuardNode,
    LoopNode,
    Node,
    PaceNode,
    PauseNode,
    RendezVousNode,
    RequestNode,
    ScenarioNode,
    StopNode,
    TryNode,
)
from gatlingpy.engine.stage import Stage, Walk, failed
from gatlingpy.engine.tries import attempts
from gatlingpy.engine.waits import meet, pace, pause
from gatlingpy.errors import ExpressionError, FeederError, FeederExhausted
from gatlingpy.plan.expression import whole_number
from gatlingpy.plan.glimpse import glimpse
from gatlingpy.session import Session, merge_records


def walk(nodes: tuple[Node, ...], session: Session, due_ns: int, stage: Stage) -> Walk:
    """Play these steps for one user; returns its last session and due time."""
    for node in nodes:
        kind = type(node)
        if kind is RequestNode:
            session, due_ns = yield perform((node.perform, session, due_ns))  # type: ignore[union-attr]
        elif kind is PauseNode:
            # Here and not in a generator of its own: most users that wait, wait in a pause.
            session, due_ns = yield pause(node, session, due_ns, stage)  # type: ignore[arg-type]
        elif kind in _AT_ONCE:
            session = _AT_ONCE[kind](node, session, due_ns, stage)
        else:
            session, due_ns = yield from _WALKS[kind](node, session, due_ns, stage)
    return session, due_ns


def _execute(node: ExecNode, session: Session, due_ns: int, stage: Stage) -> Session:  # noqa: ARG001
    try:
        return as_session(node.function(session), session)
    except ExpressionError as error:
        return failed(error, node.where, session, stage)


def as_session(result: object, given: Session) -> Session:
    """Return what a session function that was given a session has made of it.

    Raises ExpressionError if that is no session, or not one of this user at this place: blocks
    around the function could not be left with it.
    """
    if not isinstance(result, Session):
        raise ExpressionError(
            f"a session function must return the session, got {glimpse(result)}; "
            "end it with `return session`"
        )
    if result.user_id != given.user_id or len(result.blocks) != len(given.blocks):
        raise ExpressionError(
            "a session function must return a session made from the one it was given, got another "
            "one; change it by session.set(...) and the like"
        )
    return result


def _block(node: BlockingNode, session: Session, due_ns: int, stage: Stage) -> Walk:  # noqa: ARG001
    return (yield Block(node.function, session, due_ns, node.where))


def _feed(node: FeedNode, session: Session, due_ns: int, stage: Stage) -> Walk:
    try:
        if node.single:
            return session.set_all(node.source.next()), due_ns
        count = _count(node.how_many(session))
        records = [node.source.next() for _ in range(count)]
        return session.set_all(merge_records(records)), due_ns
    except (ExpressionError, FeederError) as error:
        return failed(error, node.where, session, stage), due_ns
    except FeederExhausted as error:
        stage.exhausted(error)
        return (yield Sleep(session, due_ns))


def _count(value: object) -> int:
    what = "the number of records to feed"
    count = whole_number(value, what)
    if count < 1:
        raise ExpressionError(f"{what} must be 1 or more, got {count}")
    return count


_AT_ONCE: Final[dict[type, Callable[..., Session]]] = {
    GuardNode: check,
    ExecNode: _execute,
    ExitNode: leave,
}
"""Steps that wait for nothing."""

_WALKS: Final[dict[type, Callable[..., Walk]]] = {
    BlockingNode: _block,
    FeedNode: _feed,
    PaceNode: pace,
    RendezVousNode: meet,
    StopNode: stop,
    GroupNode: partial(group, walk),
    LoopNode: partial(loop, walk),
    TryNode: partial(attempts, walk),
    BranchNode: partial(branch, walk),
    ScenarioNode: partial(scenario, walk),
}
