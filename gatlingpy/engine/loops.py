"""Loops: what their rounds depend on, and how a user goes round."""

import sys
from typing import Final, NamedTuple

from gatlingpy.attributes import as_sequence
from gatlingpy.counters import following, timestamp
from gatlingpy.engine.conditions import Resolve, tester, within
from gatlingpy.engine.effects import Sleep
from gatlingpy.engine.guards import check
from gatlingpy.engine.jumps import Jump
from gatlingpy.engine.nodes import Begin, Holds, LoopNode
from gatlingpy.engine.stage import Play, Stage, Walk, failed, has_to_give_way
from gatlingpy.errors import ExpressionError
from gatlingpy.plan.code import Const, Expr
from gatlingpy.plan.expression import whole_number
from gatlingpy.plan.frozen import thaw
from gatlingpy.plan.glimpse import glimpse, said
from gatlingpy.plan.loops import AsLongAs, DoWhile, During, Foreach, Forever, Loop, Repeat
from gatlingpy.session import Session

_ENDLESS: Final = sys.maxsize


class Rounds(NamedTuple):
    """What a loop depends on: see ``LoopNode``; ``holds`` is there for those left at once."""

    most: int = _ENDLESS
    begin: Begin | None = None
    timed: bool = False
    holds: Holds | None = None


def rounds(loop: Loop, resolve: Resolve) -> Rounds:
    """Compile what the rounds of a loop depend on."""
    match loop:
        case Forever():
            return Rounds()
        case Repeat(times, counter):
            return _repeat(times, counter, resolve)
        case Foreach(items, attribute, counter):
            return Rounds(begin=_foreach(items, attribute, counter, resolve))
        case During(duration, counter, exit_asap):
            holds = within(duration, timestamp(counter), resolve, "during(...)")
            return Rounds(begin=_while(holds), timed=True, holds=holds if exit_asap else None)
        case AsLongAs():
            return _as_long_as(loop, _both(loop, resolve, "as_long_as"))
        case DoWhile():
            holds = _both(loop, resolve, "do_while")
            return _as_long_as(loop, _after_the_first(loop.counter, holds))


def _repeat(times: Expr, counter: str, resolve: Resolve) -> Rounds:
    if isinstance(times, Const) and type(times.value) is int:
        return Rounds(most=times.value)
    get = resolve(times)

    def begin(session: Session, _now_ns: object) -> Session | None:
        goes_on = session.get_int(counter) < whole_number(get(session), "repeat(...)")
        return session if goes_on else None

    return Rounds(begin=begin)


def _foreach(items: Expr, attribute: str, counter: str, resolve: Resolve) -> Begin:
    get = resolve(items)
    constant = isinstance(items, Const)

    def begin(session: Session, _now_ns: object) -> Session | None:
        given, place = get(session), session.get_int(counter)
        sequence = as_sequence(given)
        if sequence is None:
            raise ExpressionError(
                f"foreach(...) goes through a list or a tuple, got {glimpse(given)}; "
                "put what else there is into a list, such as by list(...)"
            )
        try:
            if place >= len(sequence):
                return None
            item = sequence[place]
        except Exception as error:  # a sequence of the user's own
            raise ExpressionError(
                f"item {place} of foreach(...) cannot be had: {said(error)}"
            ) from error
        # A list or dict that was written in the simulation is one again, each user's own.
        return session.set(attribute, thaw(item) if constant else item)

    return begin


def _as_long_as(loop: AsLongAs | DoWhile, holds: Holds) -> Rounds:
    timed = loop.duration is not None
    return Rounds(begin=_while(holds), timed=timed, holds=holds if loop.exit_asap else None)


def _while(holds: Holds) -> Begin:
    return lambda session, now_ns: session if holds(session, now_ns) else None


def _both(loop: AsLongAs | DoWhile, resolve: Resolve, name: str) -> Holds:
    """Return whether the condition holds and, if there is a duration, it is not over."""
    if loop.duration is None:
        test = tester(loop.condition, resolve, f"{name}(...)")
        return lambda session, _now_ns: test(session)
    what = f"{name}_during(...)"
    condition = tester(loop.condition, resolve, what)
    in_time = within(loop.duration, timestamp(loop.counter), resolve, what)
    return lambda session, now_ns: condition(session) and in_time(session, now_ns)


def _after_the_first(counter: str, holds: Holds) -> Holds:
    """Return a condition that is not asked in the first round."""
    return lambda session, now_ns: session.get_int(counter) == 0 or holds(session, now_ns)


# --- on the way -----------------------------------------------------------------------------------


def loop(play: Play, node: LoopNode, session: Session, due_ns: int, stage: Stage) -> Walk:
    """Go round until the loop is over, or a step inside jumps out of it."""
    inside = session.enter_loop(node.counter, stage.now_ns() if node.timed else None)
    done = 0
    try:
        while done < node.most:
            if done or node.named:
                inside = inside.set(node.counter, done)
            if node.begin is not None:
                inside, goes_on = _begin(node.begin, node.where, inside, stage)
                if not goes_on:
                    break
            inside, due_ns = yield from play(node.body, inside, due_ns, stage)
            done = following(inside.attributes, node.counter, done) if node.named else done + 1
            if node.watched and _has_to_give_way(node, inside, due_ns, stage):
                inside, due_ns = yield Sleep(inside, due_ns)
    except Jump as jump:
        jump.session = jump.session.leave_loop(node.counter)
        if jump.to is not node.guard:
            raise
        return jump.session, jump.due_ns
    return inside.leave_loop(node.counter), due_ns


def _begin(begin: Begin, where: str, session: Session, stage: Stage) -> tuple[Session, bool]:
    """Return the session to begin a round with, and whether there is a round."""
    try:
        begun = begin(session, stage.now_ns)
    except ExpressionError as error:
        return failed(error, where, session, stage), False
    return (session, False) if begun is None else (begun, True)


def _has_to_give_way(node: LoopNode, session: Session, due_ns: int, stage: Stage) -> bool:
    """Tell after a round whether it is time to let others go on; raises Jump to leave."""
    if node.check is not None:
        check(node.check, session, due_ns, stage)
    return not node.waits and has_to_give_way(stage)
