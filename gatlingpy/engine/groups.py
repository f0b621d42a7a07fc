"""Groups: entered, left and logged."""

from gatlingpy.engine.effects import Sleep
from gatlingpy.engine.jumps import Jump
from gatlingpy.engine.nodes import GroupNode
from gatlingpy.engine.stage import Play, Stage, Walk, failed
from gatlingpy.errors import ExpressionError
from gatlingpy.plan.expression import text
from gatlingpy.session import Session
from gatlingpy.stats.events import GROUP
from gatlingpy.status import GroupBlock


def group(play: Play, node: GroupNode, session: Session, due_ns: int, stage: Stage) -> Walk:
    """Play the steps of a group; a user that jumps out of it has left it as well."""
    try:
        name = text(node.name(session), "the name of group(...)")
    except ExpressionError as error:
        return (yield Sleep(failed(error, node.where, session, stage), due_ns))
    try:
        inside, due_ns = yield from play(
            node.body, session.enter_group(name, due_ns), due_ns, stage
        )
    except Jump as jump:
        jump.session = _leave(jump.session, jump.due_ns, stage)
        raise
    return _leave(inside, due_ns, stage), due_ns


def _leave(inside: Session, end_ns: int, stage: Stage) -> Session:
    _log(inside, len(inside.blocks), end_ns, stage)
    return inside.leave_group()


def log_groups(session: Session, end_ns: int, stage: Stage) -> None:
    """Log the end of every group that the user is inside, the innermost first."""
    for depth in range(len(session.blocks), 0, -1):
        _log(session, depth, end_ns, stage)


def _log(session: Session, depth: int, end_ns: int, stage: Stage) -> None:
    """Log the end of the block at this depth, from 1, if it is a group."""
    block = session.blocks[depth - 1]
    if type(block) is GroupBlock:
        groups = tuple([b.name for b in session.blocks[:depth] if type(b) is GroupBlock])
        _, start_ns, cumulated_ns, failed_inside = block
        stage.record(
            (GROUP, groups, start_ns, end_ns, cumulated_ns, not failed_inside,
             session.user_id, session.scenario)  # type: ignore[arg-type]
        )  # fmt: skip
