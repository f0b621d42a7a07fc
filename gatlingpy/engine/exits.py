"""Ways out: of the scenario for one user, of the run for all."""

from gatlingpy.engine.effects import Sleep
from gatlingpy.engine.groups import log_groups
from gatlingpy.engine.jumps import Exit
from gatlingpy.engine.nodes import ExitNode, ScenarioNode, StopNode
from gatlingpy.engine.stage import Play, Stage, Walk, failed
from gatlingpy.errors import ExpressionError
from gatlingpy.plan.expression import text
from gatlingpy.session import Session


def scenario(play: Play, node: ScenarioNode, session: Session, due_ns: int, stage: Stage) -> Walk:
    """Play a whole scenario, up to its end or to where the user leaves it."""
    try:
        return (yield from play(node.body, session, due_ns, stage))
    except Exit as left:
        return left.session, left.due_ns


def leave(node: ExitNode, session: Session, due_ns: int, stage: Stage) -> Session:
    """Return the session, or raise Exit if the condition holds.

    Open groups end then, each with the status it has.
    """
    try:
        leaves = node.test is None or node.test(session)
    except ExpressionError as error:
        return failed(error, node.where, session, stage)
    if leaves:
        log_groups(session, due_ns, stage)
        raise Exit(session, due_ns)
    return session


def stop(node: StopNode, session: Session, due_ns: int, stage: Stage) -> Walk:
    """Stop the run if the condition holds; the user is held until the run has taken note."""
    try:
        if node.test is not None and not node.test(session):
            return session, due_ns
        message = text(node.message(session), "the message")
    except ExpressionError as error:
        return failed(error, node.where, session, stage), due_ns
    stage.stop_load(message, crash=node.crash)
    return (yield Sleep(session, due_ns))
