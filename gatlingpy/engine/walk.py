"""One virtual user: a generator that yields what it waits for, and is sent what woke it.

No thread, clock wait or I/O stands here.  A walk is sent ``(session, due_ns)``: the due time is
the arrival, the end of the pause or the receipt of the reply, and so the intended start of the
next request.
"""

from collections.abc import Callable, Generator
from typing import Final, Protocol, TypeAlias

from gatlingpy.engine.effects import Block, Effect, Sleep, perform
from gatlingpy.engine.nodes import (
    ExecNode,
    FeedNode,
    GroupNode,
    LoopNode,
    Node,
    PauseNode,
    RequestNode,
    waits,
)
from gatlingpy.errors import ExpressionError, FeederError, FeederExhausted
from gatlingpy.plan.expression import Resolver
from gatlingpy.session import Session, merge_records
from gatlingpy.stats.events import GROUP, Event, GroupEvent

_MOST_AT_A_STRETCH: Final = 100
"""Iterations of a loop that does not wait before others have their turn."""

State: TypeAlias = tuple[Session, int]
Walk: TypeAlias = Generator[Effect, State, State]


class Stage(Protocol):
    """What walks share in one run.  Thread: the user thread."""

    def record(self, event: Event) -> None:
        """Give an event to the writers."""

    def user_error(self, message: str, session: Session) -> None:
        """Record that something failed that is no request."""

    def uniform(self, user_id: int) -> float:
        """Roll this user's dice."""

    def exhausted(self, error: FeederExhausted) -> None:
        """Stop the run: a feeder has nothing left."""


def walk(nodes: tuple[Node, ...], session: Session, due_ns: int, stage: Stage) -> Walk:
    """Play these steps for one user; returns its last session and due time."""
    for node in nodes:
        if type(node) is RequestNode:
            session, due_ns = yield perform((node.perform, session, due_ns))
        elif type(node) is PauseNode:
            # Here and not in a generator of its own: most users that wait, wait in a pause.
            session, due_ns = yield _pause(node, session, due_ns, stage)
        else:
            session, due_ns = yield from _WALKS[type(node)](node, session, due_ns, stage)
    return session, due_ns


def _failed(error: Exception, where: str, session: Session, stage: Stage) -> Session:
    text = str(error)
    stage.user_error(text if text.startswith(where) else f"{where}: {text}", session)
    return session.mark_as_failed()


def _pause(node: PauseNode, session: Session, due_ns: int, stage: Stage) -> Sleep:
    """Return the sleep; one that cannot be told how long takes no time, and the user has failed."""
    try:
        low = _seconds(node.duration, session)
        if node.until is not None:
            low += (_seconds(node.until, session) - low) * stage.uniform(session.user_id)
    except ExpressionError as error:
        return Sleep(_failed(error, node.where, session, stage), due_ns)
    return Sleep(session, due_ns + round(low * 1_000_000_000))


def _seconds(resolve: Resolver, session: Session) -> float:
    return max(0.0, _number(resolve(session), "a pause in seconds"))


def _number(value: object, what: str) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    try:
        return float(str(value))
    except ValueError:
        raise ExpressionError(f"{what} must be a number, got {value!r}") from None


def _exec(node: ExecNode, session: Session, due_ns: int, stage: Stage) -> Walk:
    if node.blocking:
        return (yield Block(node.function, session, due_ns))
    try:
        return as_session(node.function(session)), due_ns
    except ExpressionError as error:
        return _failed(error, node.where, session, stage), due_ns


def as_session(result: object) -> Session:
    """Return what a session function gave; raises ExpressionError if that is no session."""
    if isinstance(result, Session):
        return result
    raise ExpressionError(
        f"a session function must return the session, got {type(result).__name__} {result!r}; "
        "end it with `return session`"
    )


def _group(node: GroupNode, session: Session, due_ns: int, stage: Stage) -> Walk:
    try:
        name = str(node.name(session))
    except ExpressionError as error:
        return _failed(error, node.where, session, stage), due_ns
    inside = session.enter_group(name, due_ns)
    inside, end_ns = yield from walk(node.body, inside, due_ns, stage)
    block = inside.blocks[-1]
    stage.record(
        GroupEvent(
            GROUP, inside.groups, block.start_ns, end_ns, block.cumulated_ns, not block.failed,
            inside.user_id, inside.scenario,
        )
    )  # fmt: skip
    return inside.leave_group(), end_ns


def _loop(node: LoopNode, session: Session, due_ns: int, stage: Stage) -> Walk:
    try:
        times = None if node.times is None else int(_number(node.times(session), "repeat"))
    except ExpressionError as error:
        return _failed(error, node.where, session, stage), due_ns
    gives_way = waits(node.body)
    done = 0
    while times is None or done < times:
        session = session.set(node.counter, done)
        session, due_ns = yield from walk(node.body, session, due_ns, stage)
        done += 1
        if not gives_way and done % _MOST_AT_A_STRETCH == 0:
            # Nothing in the body is sure to wait: without this a loop would hold the thread.
            session, due_ns = yield Sleep(session, due_ns)
    return session.remove(node.counter), due_ns


def _feed(node: FeedNode, session: Session, due_ns: int, stage: Stage) -> Walk:
    try:
        if node.single:
            return session.set_all(node.source.next()), due_ns
        count = int(_number(node.how_many(session), "the number of records to feed"))
        records = [node.source.next() for _ in range(count)]
        return session.set_all(merge_records(records)), due_ns
    except (ExpressionError, FeederError) as error:
        return _failed(error, node.where, session, stage), due_ns
    except FeederExhausted as error:
        stage.exhausted(error)
        return (yield Sleep(session, due_ns))


_WALKS: dict[type, Callable[..., Walk]] = {
    ExecNode: _exec,
    GroupNode: _group,
    LoopNode: _loop,
    FeedNode: _feed,
}
