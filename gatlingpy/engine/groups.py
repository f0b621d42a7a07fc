"""Groups: entered, left and logged."""

from gatlingpy.engine.effects import Sleep
from gatlingpy.engine.jumps import Jump
from gatlingpy.engine.nodes import GroupNode
from gatlingpy.engine.stage import Play, Stage, Walk, failed
from gatlingpy.errors import ExpressionError
from gatlingpy.session import Session
from gatlingpy.stats.events import GROUP, GroupEvent
from gatlingpy.status import GroupBlock


def group(play: Play, node: GroupNode, session: Session, due_ns: int, stage: Stage) -> Walk:
    """Play the steps of a group; a user that jumps out of it has left it as well."""
    try:
        name = str(node.name(session))
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
    log_group(inside, len(inside.blocks) - 1, end_ns, stage)
    return inside.leave_group()


def log_groups(session: Session, end_ns: int, stage: Stage) -> None:
    """Log the end of every group that the user is inside, the innermost first."""
    for place in range(len(session.blocks) - 1, -1, -1):
        log_group(session, place, end_ns, stage)


def log_group(session: Session, place: int, end_ns: int, stage: Stage) -> None:
    """Log the end of the group at a place among the user's blocks, if it is a group."""
    block = session.blocks[place]
    if type(block) is GroupBlock:
        around = session.blocks[: place + 1]
        groups = tuple([b.name for b in around if type(b) is GroupBlock])
        stage.record(
            GroupEvent(
                GROUP, groups, block.start_ns, end_ns, block.cumulated_ns, not block.failed,
                session.user_id, session.scenario,
            )
        )  # fmt: skip
