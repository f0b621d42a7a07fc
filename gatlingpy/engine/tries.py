"""Tries: steps that are begun again when one of them fails."""

from gatlingpy.counters import following
from gatlingpy.engine.effects import Sleep
from gatlingpy.engine.guards import check
from gatlingpy.engine.jumps import RETRY, Jump
from gatlingpy.engine.nodes import TryNode
from gatlingpy.engine.stage import Play, Stage, Walk, failed, has_to_give_way
from gatlingpy.errors import ExpressionError
from gatlingpy.plan.expression import whole_number
from gatlingpy.session import Session


def attempts(play: Play, node: TryNode, session: Session, due_ns: int, stage: Stage) -> Walk:
    """Play the steps until they succeed, or have failed as often as they may."""
    inside = session.enter_try(node.counter)
    done = 0
    while True:
        try:
            inside, due_ns = yield from play(node.body, inside, due_ns, stage)
            if node.check is not None:
                check(node.check, inside, due_ns, stage)
        except Jump as jump:
            inside, due_ns = jump.session, jump.due_ns
            if jump.to is not RETRY:
                jump.session = inside.leave_try(node.counter)
                raise
        done = following(inside.attributes, node.counter, done)
        if not inside.has_to_try_again() or not _has_another(node, inside, done, stage):
            return inside.leave_try(node.counter), due_ns
        inside = inside.mark_as_succeeded().set(node.counter, done)
        if has_to_give_way(stage):
            inside, due_ns = yield Sleep(inside, due_ns)


def _has_another(node: TryNode, session: Session, done: int, stage: Stage) -> bool:
    """Tell whether there is one more attempt after these; an error is none."""
    try:
        counted = session.set(node.counter, done)
        return done < whole_number(node.times(counted), "the attempts of try_max(...)")
    except ExpressionError as error:
        failed(error, node.where, session, stage)
        return False
