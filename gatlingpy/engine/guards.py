"""The places from which a user may jump out of blocks (Gatling's exitable actions)."""

from gatlingpy.engine.jumps import RETRY, Jump
from gatlingpy.engine.nodes import GuardNode
from gatlingpy.engine.stage import Stage, failed
from gatlingpy.errors import ExpressionError
from gatlingpy.session import Session


def check(node: GuardNode, session: Session, due_ns: int, stage: Stage) -> Session:
    """Return the session; raises Jump if the user has to leave a loop or to begin a try again.

    Loops go first; of several to be left it is the outermost.  A condition that cannot be told
    fails the user, and is one that does not hold.
    """
    for guard in node.guards:
        try:
            if guard.holds(session, stage.now_ns):
                continue
        except ExpressionError as error:
            session = failed(error, guard.where, session, stage)
        raise Jump(guard, session, due_ns)
    if node.tries and session.has_to_try_again():
        raise Jump(RETRY, session, due_ns)
    return session
